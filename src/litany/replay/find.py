"""Which files a list of paths means: the files themselves, and the trajectory files of folders."""

import os
from collections.abc import Iterable, Iterator
from pathlib import Path

from litany.errors import TrajectoryError

ENDINGS = (".json", ".jsonl", ".json.gz", ".jsonl.gz")


def find(paths: Iterable[Path]) -> Iterator[Path | TrajectoryError]:
    """The files behind `paths`, in order; a folder gives its trajectory files, sorted, at any depth.

    A file that is named is taken whatever its ending. What is not there comes as an error in its place.
    """
    for path in paths:
        if path.is_dir():
            yield from _folder(path)
        elif path.is_file():
            yield path
        elif path.exists():
            yield TrajectoryError(f"{path}: not a file or folder; name a .json or .jsonl file, or a folder of them")
        else:
            yield TrajectoryError(f"{path}: no such file or folder; check the path")


def _folder(folder: Path) -> Iterator[Path | TrajectoryError]:
    refused: list[OSError] = []
    inside = [Path(at, name) for at, _, names in os.walk(folder, onerror=refused.append) for name in names]
    found = sorted(path for path in inside if path.name.endswith(ENDINGS) and path.is_file())
    yield from found
    for error in refused:
        yield TrajectoryError(f"{error.filename}: the folder cannot be read ({error.strerror})")
    if not found and not refused:
        yield TrajectoryError(f"{folder}: no {', '.join(ENDINGS[:-1])} or {ENDINGS[-1]} file in this folder")
