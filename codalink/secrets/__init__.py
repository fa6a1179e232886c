"""Secrets: the masked type, the OS keyring, office passwords and login secrets. Knows nothing of Odoo."""
