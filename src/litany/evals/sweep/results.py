"""Results: outcomes.jsonl, one line a sample, written as it comes and read back after whatever ended the writer."""

import os
import shlex
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path
from threading import Lock
from time import monotonic

from litany.errors import EvalError
from litany.evals import files
from litany.evals.lines import NAME, line_of, parsed
from litany.evals.outcome import Outcome

START = b'{"key": "'
"""How each line begins."""
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


def there(out: Path) -> bool:
    """Whether a folder holds outcomes. Raises: EvalError where they are gzipped, as results that are kept are."""
    path, packed = out / NAME, out / f"{NAME}.gz"
    if packed.exists() and not path.exists():
        raise EvalError(f"{packed} is gzipped, and this reads plain lines; do this first: gunzip {packed}")
    return path.exists()


def read(path: Path) -> list[Outcome]:
    """The outcomes of a file, or of the folder it lies in; a torn last line is left out.

    Raises: EvalError when there is no such file, or a line is no outcome.
    """
    path = path / NAME if path.is_dir() else path
    with _told(path, "read"):
        body = path.read_bytes()
    outcomes, _ = _read(body, path)
    return outcomes


def some(out: Path) -> list[Outcome]:
    """The outcomes of a folder. Raises: EvalError when there are none, or not all can be read."""
    there(out)
    outcomes = read(out / NAME)
    if not outcomes:
        raise EvalError(f"{out / NAME} is empty: nothing was asked yet; run `litany eval --out {out}` first")
    return outcomes


@dataclass(frozen=True, slots=True)
class Held:
    """What a folder holds already."""

    path: Path
    outcomes: tuple[Outcome, ...] = ()
    """One a sample, without the failures that are worth asking again."""
    whole: bool = True
    """Whether the file holds just these, and nothing torn."""

    def mend(self) -> None:
        """Makes the file whole, in one step; one that is whole is not touched."""
        if not self.whole:
            write(self.path, self.outcomes)


def held(out: Path, keep: Mapping[str, bool]) -> Held:
    """What a folder holds already; nothing is written. `keep`: by kind of failure, whether it stays.

    Raises: EvalError when it cannot be read.
    """
    path = out / NAME
    if not there(out):
        return Held(path)
    with _told(path, "read"):
        body = path.read_bytes()
    outcomes, whole = _read(body, path)
    kept = {each.key: each for each in outcomes if each.error is None or keep[each.error.kind]}
    return Held(path, tuple(kept.values()), whole and len(kept) == len(outcomes))


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
            if not _torn(lines[number - 1 :]):
                raise EvalError(_broken(path, number, line, error)) from None
            return outcomes, False
    return outcomes, False


def _broken(path: Path, number: int, line: bytes, error: ValueError) -> str:
    """Which line it is, and a command that takes it out and loses nothing."""
    start = line[:60].decode("utf-8", "backslashreplace")
    mend = f"sed -i.broken {number}d {shlex.quote(str(path))}"
    return (
        f"{path}, line {number}: this is no outcome ({error}), it begins with {start!r}; this takes the line out, and "
        f"leaves the file as it was in {path.name}.broken: {mend}"
    )


def _torn(rest: Sequence[bytes]) -> bool:
    """Whether a file ends there as a writer leaves it that was killed: in half a line, or in zeros of a power cut."""
    *whole, last = rest
    return all(b"\0" in line for line in whole) and (b"\0" in last or last[: len(START)] == START[: len(last)])


@contextmanager
def _told(path: Path, verb: str = "written") -> Iterator[None]:
    try:
        yield
    except OSError as error:
        hint = "name the folder of a sweep" if verb == "read" else "free the disk or mend that, and run it again"
        raise EvalError(f"{path} cannot be {verb} ({error.strerror or error}); {hint}") from error
