"""The README's pictures, made from the program's own output."""
