"""Finding the customer databases, and what opens them."""
