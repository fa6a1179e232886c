"""`python -m codalink`."""

from codalink.cli.app import main

if __name__ == "__main__":
    main()
