"""Results in, text out: tables, live progress, json and csv. Doesn't know where results come from."""
