"""A lock of one process on an open file: it goes when the file is closed, or with the process, however that ends."""

import sys


def locked(file: int) -> bool:
    """Whether the file is this process's alone now; False when another one has it. `file`: a descriptor."""
    try:
        if sys.platform == "win32":
            import msvcrt

            msvcrt.locking(file, msvcrt.LK_NBLCK, 1)
        else:
            import fcntl

            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except OSError:
        return False
    return True
