"""Attacks on codalink, end to end: the real command line against servers and data that mean harm. SECURITY.md lists them all."""
