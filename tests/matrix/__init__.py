"""The fault matrix: everything that can go wrong at every call of the main commands.

A *cell* is one run of one command with one trouble at one place, and a second run without it. `commands` is the table of commands: a new
one is a row there. Where something can go wrong (the *places*) is found out by one clean run of each command; what can (the *troubles*)
stands in `network`, `keyrings` and `disks`. `verdict` says what each cell must end in.

    make matrix                        # all cells, some minutes; prints their number by command
    pytest tests/matrix                # the cells that a fixed rule chooses (cells.py)
    pytest tests/matrix -k connect     # of some commands
    MATRIX_CELL='cut JSON for good' pytest tests/matrix    # all cells with this in their name
"""
