"""The domain and its use cases: what an office wants done. Knows no HTTP, no terminal and no files."""
