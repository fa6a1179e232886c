"""What to tell people: explanations, situations and letters."""
