"""The process that searches: what it is asked comes on standard input, what it found goes out as JSON."""

import json
import os
import re
import signal
import stat
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from litany.errors import LitanyError
from litany.loop.tools.files.confined import Folder
from litany.loop.tools.files.walking import DEEP, matches, plain, walked
from litany.loop.tools.tool import Told

FOUND = 200
"""Lines in one answer."""
LINE = 300
"""Characters of a line that are shown."""
LONGEST = 20_000_000
"""Bytes of a file; larger ones are passed over, and named."""
READ = 10_000
"""Characters of a line that are looked at with a regular expression."""


def main() -> None:
    """Searches once."""
    asked = json.load(sys.stdin)
    signal.alarm(asked.pop("seconds"))  # nothing catches it: the process ends, wherever it is
    try:
        answer = {"found": found(**asked)}
    except (Told, LitanyError) as error:
        answer = {"wrong": str(error)}
    json.dump(answer, sys.stdout)


def found(root: str, hidden: str | None, text: str, folder: str, pattern: str, regex: bool, ignore_case: bool) -> str:
    """The lines that hold the text. Raises: Told when the expression or the folder is none."""
    try:
        wanted = re.compile(text if regex else re.escape(text), re.IGNORECASE if ignore_case else 0)
    except (re.error, RecursionError, OverflowError) as error:
        raise Told(f"{text!r} is no regular expression ({error}); with regex=false it is taken as it stands") from None
    lines: list[str] = []
    passed: list[str] = []
    work = Folder(Path(root), None if hidden is None else Path(hidden))
    for line in _lines(work, folder, pattern, wanted, passed):
        lines.append(line)
        if len(lines) == FOUND:
            lines.append(f"[the first {FOUND}; there may be more: name a folder or a pattern]")
            break
    notes = [f"[not searched, for its size: {path}]" for path in passed[:5]]
    return "\n".join([*lines, *notes]) if lines else "\n".join(["[no line holds it]", *notes])


def _lines(work: Folder, folder: str, pattern: str, wanted: re.Pattern[str], passed: list[str]) -> Iterator[str]:
    for path in _files(work, folder, pattern):
        content = _content(work, path, passed)
        if content is None:
            continue
        for number, line in enumerate(content.split("\n"), 1):
            if hit := wanted.search(line[:READ]):
                yield f"{plain(path)}:{number}: {_shown(line, hit)}"


def _files(work: Folder, folder: str, pattern: str) -> Iterator[str]:
    """The files below a folder; a file that is named itself is the only one."""
    with work.opened(folder) as number:
        only = stat.S_ISREG(os.fstat(number).st_mode)
    if only:
        yield folder
        return
    for path, entry in walked(work, folder, DEEP):
        if entry.kind == "file" and matches(path, entry.name, pattern):
            yield path


def _content(work: Folder, path: str, passed: list[str]) -> str | None:
    try:
        with work.opened(path) as number:
            known: Any = os.fstat(number)
            if not stat.S_ISREG(known.st_mode) or b"\0" in os.pread(number, 8_192, 0):
                return None
            if known.st_size > LONGEST:
                passed.append(plain(path))
                return None
            with os.fdopen(os.dup(number), "rb") as file:
                return file.read(LONGEST).decode("utf-8", "replace")
    except Told:
        return None  # it went away, or may not be read


def _shown(line: str, hit: re.Match[str]) -> str:
    """The line without its end, cut around the hit when it is long."""
    line = line.rstrip("\r")
    if len(line) <= LINE:
        return line
    first = max(0, min(hit.start() - LINE // 3, len(line) - LINE))
    return f"{'…' if first else ''}{line[first : first + LINE]}{'…' if first + LINE < len(line) else ''}"
