"""Whatever a server or a file says, codalink makes a typed value of it or an error of its own family.

`make test` tries some thousand inputs, the same ones each time; `make fuzz` tries new ones, as many for each test as `FUZZ_EXAMPLES` says.
Both say at the end how many were tried. What was found once stands as an `@example` at its test, or has a test of its own elsewhere.
"""
