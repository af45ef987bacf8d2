"""Lock: one sweep at a time writes into a folder; the lock goes with the process, however that ends."""

import os
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from litany.errors import EvalError

NAME = ".running"


@contextmanager
def alone(out: Path) -> Iterator[None]:
    """No other sweep writes there meanwhile. Raises: EvalError when one does, or the folder cannot be written."""
    try:
        out.mkdir(parents=True, exist_ok=True)
        file = os.open(out / NAME, os.O_RDWR | os.O_CREAT, 0o600)
    except OSError as error:
        raise EvalError(f"{out} cannot be written ({error.strerror or error}); give another folder") from None
    try:
        if not _locked(file):
            raise EvalError(f"another sweep is at work in {out}; wait for it, or give another folder")
        yield
    finally:
        os.close(file)


def _locked(file: int) -> bool:
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
