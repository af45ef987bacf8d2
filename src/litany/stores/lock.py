"""A lock of one process on an open file: it goes when the file is let go of, or with the process, however that ends.

A forked process does not keep it: the file is closed there.
"""

import os
import sys
from pathlib import Path
from threading import RLock

MODE = 0o600
MADE = os.O_RDWR | os.O_CREAT
"""How a lock's file is opened, and made where there is none."""
_OPEN: set[int] = set()
_FORKING = RLock()
"""A file is opened and known, or neither, at the moment of a fork."""


def opened(path: Path, flags: int = MADE) -> int:
    """A descriptor of a lock's file. Raises: OSError."""
    with _FORKING:
        file = os.open(path, flags, MODE)
        _OPEN.add(file)
        return file


def locked(file: int) -> bool:
    """Whether the file is this process's alone now; False when another one has it. `file`: as `opened` gives it."""
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


def let_go(file: int) -> None:
    """Closes the file, and gives up the lock; in a process that was forked since, it is closed already."""
    with _FORKING:
        if file in _OPEN:
            _OPEN.discard(file)
            os.close(file)


def _forked() -> None:
    for file in tuple(_OPEN):
        let_go(file)
    _FORKING.release()


if hasattr(os, "register_at_fork"):  # not on Windows
    os.register_at_fork(before=_FORKING.acquire, after_in_parent=_FORKING.release, after_in_child=_forked)
