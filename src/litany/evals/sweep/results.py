"""Results: outcomes.jsonl, one line a sample, written as it comes and read back after whatever ended the writer."""

import json
import os
from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager, suppress
from dataclasses import asdict, fields, replace
from pathlib import Path
from threading import Lock
from time import monotonic
from typing import Any, get_args, get_type_hints

from litany.errors import EvalError
from litany.evals.outcome import Failure, Outcome

NAME = "outcomes.jsonl"
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
    beside = path.with_name(f".{path.name}.new")
    with _told(path):
        with beside.open("wb") as file:
            file.write(body)
            file.flush()
            os.fsync(file.fileno())
        os.replace(beside, path)


def line_of(outcome: Outcome) -> bytes:
    """The outcome as a line."""
    plain = {name: getattr(outcome, name) for name in FIELDS}
    plain["error"] = None if outcome.error is None else asdict(outcome.error)
    return json.dumps(plain).encode() + b"\n"


FIELDS = tuple(each.name for each in fields(Outcome))
KINDS = get_args(get_type_hints(Failure)["kind"])


def _read(body: bytes, path: Path) -> tuple[list[Outcome], bool]:
    """The outcomes, and whether nothing is torn at the end."""
    lines = body.split(b"\n")
    outcomes: list[Outcome] = []
    for number, line in enumerate(lines, 1):
        if not line and number == len(lines):
            return outcomes, True
        try:
            outcomes.append(_outcome(line))
        except (ValueError, TypeError, KeyError, RecursionError) as error:
            if any(_readable(other) for other in lines[number:]):
                raise EvalError(
                    f"{path}, line {number}: this is no outcome ({error}); take the line out, or give another folder"
                ) from None
            return outcomes, False
    return outcomes, False


def _readable(line: bytes) -> bool:
    try:
        _outcome(line)
    except (ValueError, TypeError, KeyError, RecursionError):
        return False
    return True


def _outcome(line: bytes) -> Outcome:
    plain: dict[str, Any] = json.loads(line)
    if not isinstance(plain, dict):
        raise ValueError(f"{type(plain).__name__}, not an object")  # noqa: TRY004  # what is in a file is a value
    outcome = Outcome(**plain)
    for name, kinds in CHECKED.items():
        value = plain[name]
        if not isinstance(value, kinds) or isinstance(value, bool):
            raise ValueError(f"`{name}` is {value!r}")  # noqa: TRY004  # what is in a file is a value
    if outcome.score is not None and not 0 <= outcome.score <= 1:
        raise ValueError(f"`score` is {outcome.score!r}")
    if (outcome.score is None) == (outcome.error is None):
        raise ValueError("it has a score or an error, not both or none")
    return outcome if plain["error"] is None else replace(outcome, error=_failure(plain["error"]))


def _failure(plain: Mapping[str, str]) -> Failure:
    failure = Failure(**plain)  # type: ignore[arg-type]  # asked in the next line
    if failure.kind not in KINDS or not isinstance(failure.text, str):
        raise ValueError(f"`error` is {plain!r}")
    return failure


_TEXT, _WHOLE, _NUMBER, _NONE = (str,), (int,), (int, float), (type(None),)
CHECKED: Mapping[str, tuple[type, ...]] = {
    **dict.fromkeys(("key", "task", "arm", "policy", "model", "question", "truth"), _TEXT),
    **dict.fromkeys(("seed", "trial", "length", "tokens", "cached", "completion"), _WHOLE),
    **dict.fromkeys(("depth", "latency"), _NUMBER),
    **dict.fromkeys(("score", "cost"), _NUMBER + _NONE),
    **dict.fromkeys(("answer", "commit"), _TEXT + _NONE),
    "error": (dict, *_NONE),
    "details": (dict, *_NONE),
}
"""What each field may be."""


@contextmanager
def _told(path: Path, verb: str = "written") -> Iterator[None]:
    try:
        yield
    except OSError as error:
        hint = "name the folder of a sweep" if verb == "read" else "free the disk or mend that, and run it again"
        raise EvalError(f"{path} cannot be {verb} ({error.strerror or error}); {hint}") from error
