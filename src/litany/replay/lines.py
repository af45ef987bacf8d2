"""Files as parsed JSON: each value with the line it began on, each fault as an error in its place."""

import gzip
import json
import zlib
from collections.abc import Iterator
from dataclasses import dataclass
from io import BufferedReader
from pathlib import Path
from typing import Any

from litany.errors import TrajectoryError


@dataclass(frozen=True, slots=True)
class Line:
    """A parsed value and where it stands."""

    number: int
    value: Any


def lines(path: Path) -> Iterator[Line | TrajectoryError]:
    """The values of a .jsonl file, read line by line; of any other file, its one value as line 1."""
    last = 0
    try:
        with _open(path) as file:
            for number, body in enumerate(file if is_lines(path) else iter((file.read(),)), start=1):
                if body.strip():
                    last = number
                    yield _parsed(path, body, number)
    except EOFError:
        yield TrajectoryError(f"{path}: the gzip file breaks off after line {last}; the lines before were read")
    except (gzip.BadGzipFile, zlib.error) as error:
        yield TrajectoryError(f"{path}: not a sound gzip file after line {last} ({error})")
    except OSError as error:
        yield TrajectoryError(f"{path}: cannot be read ({error.strerror or error})")
    else:
        if not last:
            yield TrajectoryError(f"{path}: the file is empty")


def is_lines(path: Path) -> bool:
    """Whether the file's name promises a value a line."""
    return path.name.removesuffix(".gz").endswith(".jsonl")


def _open(path: Path) -> gzip.GzipFile | BufferedReader:
    return gzip.open(path, "rb") if path.name.endswith(".gz") else path.open("rb")


def _parsed(path: Path, body: bytes, number: int) -> Line | TrajectoryError:
    try:
        return Line(number, json.loads(body.decode("utf-8-sig")))
    except UnicodeDecodeError as error:
        line = number + body.count(b"\n", 0, error.start)
        return TrajectoryError(f"{path}, line {line}: not UTF-8 text (byte {body[error.start]:#04x})")
    except json.JSONDecodeError as error:
        line = number + error.lineno - 1
        return TrajectoryError(f"{path}, line {line}: not JSON ({error.msg}, column {error.colno})")
    except RecursionError:
        return TrajectoryError(f"{path}, line {number}: the JSON is nested too deeply to be a trajectory")
    except ValueError as error:
        return TrajectoryError(f"{path}, line {number}: not JSON that can be read ({error})")
