"""What this process has in its memory stays there."""

import sys


def leave_no_core_file() -> None:
    """Let the system write no memory to the disk where the process crashes: secrets would be in it. Windows writes none by itself."""
    if sys.platform != "win32":
        import resource

        _, highest = resource.getrlimit(resource.RLIMIT_CORE)
        resource.setrlimit(resource.RLIMIT_CORE, (0, highest))
