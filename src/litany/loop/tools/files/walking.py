"""Going through a folder and what lies below it, and showing a path on one line."""

import fnmatch
from collections.abc import Iterator

from litany.loop.tools.files.confined import Folder, Found

DEEP = 64
"""Folders inside folders, at most."""
SKIPPED = frozenset({".git", "node_modules", "__pycache__", ".venv"})
"""Folders that are gone into only when they are named."""


def walked(work: Folder, folder: str, deep: int) -> Iterator[tuple[str, Found]]:
    """Every entry below a folder with its path from the work folder, a folder before what lies in it. Raises: Told."""
    with work.listed(folder) as (_, found):
        pass
    for entry in found:
        path = entry.name if folder.strip("./") == "" else f"{folder.rstrip('/')}/{entry.name}"
        yield path, entry
        if entry.kind == "folder" and deep and entry.name not in SKIPPED:
            yield from walked(work, path, deep - 1)


def matches(path: str, name: str, pattern: str) -> bool:
    """Whether a pattern such as *.py or docs/* means this file."""
    return fnmatch.fnmatchcase(name, pattern) or fnmatch.fnmatchcase(path, pattern)


def plain(path: str) -> str:
    """A path on one line, without letters that steer a terminal or that are no letters."""
    shown = path.encode("utf-8", "replace").decode("utf-8")
    return "".join(letter if letter.isprintable() else f"\\x{ord(letter):02x}" for letter in shown)
