"""The office password's life: proving that it is the valid one, exchanging it, and finding it again."""
