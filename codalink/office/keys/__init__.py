"""The databases' API keys: importing, listing and exchanging them."""
