"""What is left of a process that crashes: no image of its memory, since secrets are in there."""

import sys


def leave_no_core() -> None:
    """Keep the system from writing this process's memory into a file, where it knows of such files; child processes likewise."""
    if sys.platform != "win32":
        import resource

        _, most = resource.getrlimit(resource.RLIMIT_CORE)
        resource.setrlimit(resource.RLIMIT_CORE, (0, most))
