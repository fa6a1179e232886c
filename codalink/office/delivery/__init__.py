"""What CodaBox delivers: fetching it, bringing the originals home, and proving that nothing is missing."""
