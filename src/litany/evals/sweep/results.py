"""Results: outcomes.jsonl, one line a sample, written as it comes and read back after whatever ended the writer."""

import os
from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager, suppress
from pathlib import Path
from threading import Lock
from time import monotonic

from litany.errors import EvalError
from litany.evals import files
from litany.evals.lines import NAME, line_of, parsed
from litany.evals.outcome import Outcome

LINES, SECONDS = 64, 1.0
"""After so many lines, or so long, what was written is put on the disk: more than a power cut loses nobody."""


class Results:
    """The file, open for adding. A line is with the system as soon as `add` returns, and outlives the process."""

    def __init__(self, out: Path) -> None:
        """Raises: EvalError when the file cannot be written."""
        self._path, self._lock = out / NAME, Lock()
        with _told(self._path):
            self._file = os.open(self._path, os.O_WRONLY | os.O_CREAT | os.O_APPEND, 0o644)
        self._unsynced, self._synced = 0, monotonic()

    def add(self, outcome: Outcome) -> None:
        """Writes one line. Raises: EvalError when that fails; half a line is taken back."""
        line = line_of(outcome)
        with self._lock, _told(self._path):
            self._write(line)
            self._unsynced += 1
            if self._unsynced >= LINES or monotonic() - self._synced > SECONDS:
                self._sync()

    def close(self) -> None:
        """Puts all on the disk and lets go of the file."""
        with self._lock, _told(self._path):
            try:
                self._sync()
            finally:
                file, self._file = self._file, -1  # a call that ends after this is refused
                os.close(file)

    def _write(self, line: bytes) -> None:
        size = os.fstat(self._file).st_size
        try:
            written = os.write(self._file, line)
            while written < len(line):
                written += os.write(self._file, line[written:])
        except OSError:
            with suppress(OSError):
                os.ftruncate(self._file, size)
            raise

    def _sync(self) -> None:
        os.fsync(self._file)
        self._unsynced, self._synced = 0, monotonic()


def read(path: Path) -> list[Outcome]:
    """The outcomes of a file, or of the folder it lies in; a torn last line is left out.

    Raises: EvalError when there is no such file, or a line is no outcome.
    """
    path = path / NAME if path.is_dir() else path
    with _told(path, "read"):
        body = path.read_bytes()
    outcomes, _ = _read(body, path)
    return outcomes


def repaired(out: Path, keep: Mapping[str, bool]) -> list[Outcome]:
    """What a folder holds already; its file made whole. `keep`: by kind of failure, whether it stays.

    A line that was torn goes, and so does a failure that is worth asking again: so a sample has one line. The file is
    replaced in one step, or not touched.
    """
    path = out / NAME
    if not path.exists():
        return []
    with _told(path, "read"):
        body = path.read_bytes()
    outcomes, whole = _read(body, path)
    kept = {each.key: each for each in outcomes if each.error is None or keep[each.error.kind]}
    if len(kept) < len(outcomes) or not whole:
        write(path, kept.values())
    return list(kept.values())


def write(path: Path, outcomes: Iterable[Outcome]) -> None:
    """Replaces the file in one step. Raises: EvalError when it cannot be written."""
    replaced(path, b"".join(map(line_of, outcomes)))


def replaced(path: Path, body: bytes) -> None:
    """Replaces a file in one step: whoever reads it, after whatever happens, reads the old or the new."""
    with _told(path):
        files.replaced(path, body)


def _read(body: bytes, path: Path) -> tuple[list[Outcome], bool]:
    """The outcomes, and whether nothing is torn at the end."""
    lines = body.split(b"\n")
    outcomes: list[Outcome] = []
    for number, line in enumerate(lines, 1):
        if not line and number == len(lines):
            return outcomes, True
        try:
            outcomes.append(parsed(line))
        except ValueError as error:
            if any(_readable(other) for other in lines[number:]):
                raise EvalError(
                    f"{path}, line {number}: this is no outcome ({error}); take the line out, or give another folder"
                ) from None
            return outcomes, False
    return outcomes, False


def _readable(line: bytes) -> bool:
    try:
        parsed(line)
    except ValueError:
        return False
    return True


@contextmanager
def _told(path: Path, verb: str = "written") -> Iterator[None]:
    try:
        yield
    except OSError as error:
        hint = "name the folder of a sweep" if verb == "read" else "free the disk or mend that, and run it again"
        raise EvalError(f"{path} cannot be {verb} ({error.strerror or error}); {hint}") from error
