"""The command line: one file per command. Knows Typer, exit codes, and who gets what."""
