"""What stands between a company and its statements: reading it, judging it, and putting in order what can be."""
