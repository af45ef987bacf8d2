"""Trace: one JSON line a call in a file, readable while it is written; and that file read again."""

import json
import os
import warnings
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from threading import Lock
from time import time
from typing import Any

from litany.errors import PolicyError
from litany.redact import redacted

VERSION = 1
"""Of the lines: a reader refuses another one."""
MODE = 0o600
"""What an agent did is nobody else's to read."""


class TraceFile:
    """A file of trace lines, for `Litany(trace=TraceFile(path))`. Many writers may share it, processes too.

    Each line is one write at the end of the file: a reader sees whole lines. At `max_bytes` the file becomes
    `path.1`, that one `path.2`, and so on. A disk that takes no more loses lines, with one warning, and no call.
    """

    def __init__(
        self,
        path: str | os.PathLike[str],
        *,
        redact: Callable[[str], str] | None = None,
        max_bytes: int | None = 64_000_000,
        keep: int = 4,
        stamp: bool = True,
    ) -> None:
        """Opens the file, to write behind what stands there.

        redact -- applied to every text of a line. max_bytes -- size at which the file is rotated; None: never.
        keep -- how many rotated files stay. stamp -- whether a line tells when it was written.
        Raises: PolicyError when the file cannot be written or a number cannot work.
        """
        if (max_bytes is not None and max_bytes < 1) or keep < 0:
            raise PolicyError(
                f"`max_bytes` is {max_bytes} and `keep` is {keep}; give a size above 0, and 0 files or more"
            )
        self.path = Path(path)
        self._redact, self._most, self._keep, self._stamp = redact, max_bytes, keep, stamp
        self._lock = Lock()
        self._torn = False
        self._warned = False
        try:
            self._file = self._opened()
        except OSError as error:
            raise PolicyError(f"the trace {path} cannot be written ({error.strerror or error})") from error

    def __call__(self, line: Mapping[str, Any]) -> None:
        """Writes one line."""
        fields = {"version": VERSION, **({"time": round(time(), 3)} if self._stamp else {}), **line}
        if self._redact is not None:
            fields = redacted(fields, self._redact)
        body = json.dumps(fields, separators=(",", ":")).encode() + b"\n"
        with self._lock:
            try:
                self._write(body)
            except OSError as error:
                self._warn(error)

    def close(self) -> None:
        """Closes the file; a later line opens it again."""
        with self._lock:
            if self._file >= 0:
                os.close(self._file)
            self._file = -1

    def _opened(self) -> int:
        file = os.open(self.path, os.O_WRONLY | os.O_APPEND | os.O_CREAT, MODE)
        self._torn = not _ended(self.path)
        return file

    def _write(self, body: bytes) -> None:
        if self._file < 0 or not self._current():
            self._reopen()
        if self._most is not None and os.fstat(self._file).st_size + len(body) > self._most:
            self._rotate()
        body = b"\n" + body if self._torn else body
        written = os.write(self._file, body)
        self._torn = written < len(body)
        if self._torn:
            raise OSError(0, f"{written} of {len(body)} bytes of a line were written")

    def _current(self) -> bool:
        """Whether the open file is still the one at the path: another writer may have rotated it."""
        try:
            there, here = os.stat(self.path), os.fstat(self._file)
        except FileNotFoundError:
            return False
        return (there.st_ino, there.st_dev) == (here.st_ino, here.st_dev)

    def _reopen(self) -> None:
        if self._file >= 0:
            os.close(self._file)
        self._file = -1
        self._file = self._opened()

    def _rotate(self) -> None:
        with _held(self._file):
            if self._current() and os.fstat(self._file).st_size:
                for number in range(self._keep, 0, -1):
                    older = rotated(self.path, number - 1)
                    if older.exists():
                        older.replace(rotated(self.path, number))
                if not self._keep:
                    self.path.unlink()
        self._reopen()

    def _warn(self, error: OSError) -> None:
        if not self._warned:
            self._warned = True
            text = (
                f"the trace {self.path} cannot be written ({error.strerror or error}); its lines are lost until it can"
            )
            warnings.warn(text, RuntimeWarning, stacklevel=4)


@dataclass(frozen=True, slots=True)
class Torn:
    """A line that cannot be read, and why."""

    path: Path
    number: int
    why: str

    def __str__(self) -> str:
        return f"{self.path}, line {self.number}: {self.why}"


def rotated(path: Path, number: int) -> Path:
    """The name of the number-th rotated file; 0 is the one that is written."""
    return path.with_name(f"{path.name}.{number}") if number else path


def files(path: Path) -> list[Path]:
    """The files of a trace that are there, oldest first."""
    if not path.name:
        return [path]  # "." or "/": a folder, which no file was rotated from
    number = 1
    while rotated(path, number).exists():
        number += 1
    return [rotated(path, each) for each in range(number - 1, 0, -1)] + [path]


def lines(path: Path) -> Iterator[dict[str, Any] | Torn]:
    """The lines of one file, and what is no line in its place. Raises: OSError."""
    with path.open("rb") as file:
        for number, body in enumerate(file, start=1):
            if body.strip():
                yield _line(path, number, body)


def _line(path: Path, number: int, body: bytes) -> dict[str, Any] | Torn:
    try:
        fields = json.loads(body)
    except (ValueError, RecursionError):
        torn = "not a whole line (its writer ended, or is at work)" if not body.endswith(b"\n") else "not JSON"
        return Torn(path, number, torn)
    if not isinstance(fields, dict) or "version" not in fields:
        return Torn(path, number, "not a line of a trace")
    if fields["version"] != VERSION:
        return Torn(path, number, f"written in version {fields['version']!r}; this litany reads {VERSION}")
    return fields


def _ended(path: Path) -> bool:
    """Whether the file is empty or ends with a line break; else a killed writer left half a line."""
    if not path.is_file():
        return True  # a pipe or a device
    with path.open("rb") as file:
        if not file.seek(0, os.SEEK_END):
            return True
        file.seek(-1, os.SEEK_END)
        return file.read(1) == b"\n"


@contextmanager
def _held(file: int) -> Iterator[None]:
    """The file locked against other processes that would rotate it too, where the system has such locks."""
    try:
        from fcntl import LOCK_EX, LOCK_UN, flock
    except ImportError:
        yield
        return
    flock(file, LOCK_EX)
    try:
        yield
    finally:
        flock(file, LOCK_UN)
