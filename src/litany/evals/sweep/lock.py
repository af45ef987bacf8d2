"""Lock: one sweep at a time writes into a folder; the lock goes with the process, however that ends."""

import os
from collections.abc import Iterator, Sequence
from contextlib import contextmanager, suppress
from pathlib import Path

from litany.errors import EvalError
from litany.stores.lock import MADE, let_go, locked, opened

NAME = ".running"
WRITES = ("outcomes.jsonl", "cache.sqlite", "cache.sqlite-wal", "cache.sqlite-shm", "suite.toml")
"""What a sweep writes beside it."""


class Claim:
    """A folder that is locked. Until it is kept, whatever fails leaves it as it was found."""

    def __init__(self, out: Path, made: Sequence[Path], fresh: bool) -> None:
        """`made`: the folders that were not there, the innermost last. `fresh`: neither was the lock."""
        names = (*WRITES, NAME) if fresh else WRITES
        self._new = [out / name for name in names if name == NAME or not os.path.lexists(out / name)]
        self._made, self._kept = made, False

    def keep(self) -> None:
        """From now on what is written stays: something may be paid for."""
        self._kept = True

    def leave(self) -> None:
        """Takes away what was not there before, unless it is kept."""
        if self._kept:
            return
        for path in self._new:
            with suppress(OSError):
                path.unlink(missing_ok=True)
        _emptied(self._made)


@contextmanager
def alone(out: Path) -> Iterator[Claim]:
    """No other sweep writes there meanwhile. Raises: EvalError when one does, or the folder cannot be written."""
    made: list[Path] = []
    try:
        file, fresh = _taken(out, made)
    except OSError as error:
        _emptied(made)
        raise EvalError(f"{out} cannot be written ({error.strerror or error}); give another folder") from None
    claim = Claim(out, made, fresh)
    try:
        yield claim
    except BaseException:
        claim.leave()
        raise
    finally:
        let_go(file)


def _taken(out: Path, made: list[Path]) -> tuple[int, bool]:
    """The lock's file, locked, and whether it was made now. Raises: EvalError when somebody else has it."""
    while True:
        file, fresh = _opened(out, made)
        if not locked(file):
            let_go(file)
            raise EvalError(f"another sweep is at work in {out}; wait for it, or give another folder")
        if _is(file, out / NAME):
            return file, fresh
        let_go(file)  # who had it was refused, and took it away while this one waited


def _opened(out: Path, made: list[Path]) -> tuple[int, bool]:
    """The lock's file, and whether it was made now; `made` takes the folders that were."""
    for folder in reversed((out, *out.parents)):
        if not folder.is_dir():
            with suppress(FileExistsError):
                folder.mkdir()
                made.append(folder)
    path = out / NAME
    with suppress(FileExistsError):
        return opened(path, MADE | os.O_EXCL), True
    return opened(path), False


def _is(file: int, path: Path) -> bool:
    try:
        return os.path.samestat(os.fstat(file), path.stat())
    except FileNotFoundError:
        return False


def _emptied(made: Sequence[Path]) -> None:
    """Takes back the folders that were made, as far as nothing is in them."""
    for folder in reversed(made):
        with suppress(OSError):
            folder.rmdir()
