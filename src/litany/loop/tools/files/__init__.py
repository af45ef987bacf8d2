"""Tools on the files of a work folder: read, write, edit, list, search. None leads out of it."""

import threading
from pathlib import Path
from typing import Annotated

from litany.loop.tools.files import reading
from litany.loop.tools.files.confined import Folder, Found
from litany.loop.tools.files.search import searched
from litany.loop.tools.files.walking import DEEP, matches, plain, walked
from litany.loop.tools.functions import tool
from litany.loop.tools.threads import Beside
from litany.loop.tools.tool import Told, Tool

SHOWN = 1_000
"""Entries in one list."""
Within = Annotated[str, "relative to the work folder"]


def tools(folder: Path, longest: int, hidden: Path | None = None) -> tuple[Tool, ...]:
    """The five tools. `hidden`: a folder that they do not see.

    Raises: ToolError when the folder is not there, or the system cannot confine it.
    """
    work = Files(Folder(folder, hidden), hidden)
    called = (work.read_file, work.write_file, work.edit_file, work.list_files, work.search_files)
    beside = Beside()  # never begun: none of them is async
    made = (tool(function, function.__name__, f"files: {function.__name__}", beside, longest) for function in called)
    return tuple(
        Tool(one.name, one.description, one.parameters, one.run, idempotent=one.name != "edit_file") for one in made
    )


class Files:
    """What the tools do."""

    def __init__(self, folder: Folder, hidden: Path | None) -> None:
        self._folder, self._hidden, self._writing = folder, hidden, threading.Lock()

    def read_file(
        self, path: Within, first: Annotated[int, "the line to begin with"] = 1, lines: int = reading.LINES
    ) -> str:
        """Read a text file, in pages of lines."""
        return reading.page(self._folder, path, max(1, first), max(1, lines))

    def write_file(self, path: Within, content: str) -> str:
        """Write a text file whole. What it held before is gone; folders that lack are made."""
        with self._writing:
            new = self._folder.write(path, _encoded(content))
        return f"{'made' if new else 'wrote'} {path}: {len(content):,} characters"

    def edit_file(
        self,
        path: Within,
        old: Annotated[str, "the text to be replaced, exactly as it stands, long enough to stand there once"],
        new: Annotated[str, "the text to stand in its place"],
        every: Annotated[bool, "replace it wherever it stands"] = False,
    ) -> str:
        """Replace a piece of a text file."""
        if not old:
            raise Told("`old` is empty; give the text that is to be replaced, or write the file with write_file")
        with self._writing:
            text = reading.whole(self._folder, path)
            if old not in text and "\r\n" in text:
                old, new = (part.replace("\r\n", "\n").replace("\n", "\r\n") for part in (old, new))
            count = text.count(old)
            if not count:
                raise Told(f"`old` does not stand in {path}; read it and give the text exactly as it stands there")
            if count > 1 and not every:
                raise Told(f"`old` stands {count} times in {path}; give more of the text around it, or every=true")
            self._folder.write(path, _encoded(text.replace(old, new)))
        return f"replaced {'it' if count == 1 else f'{count} times'} in {path}"

    def list_files(
        self,
        folder: Within = ".",
        pattern: Annotated[str, "of names or paths, such as *.py"] = "*",
        deep: Annotated[bool, "also what lies in folders inside"] = False,
    ) -> str:
        """List a folder: folders end in /, files show their bytes."""
        found: list[str] = []
        for path, entry in walked(self._folder, folder, DEEP if deep else 0):
            if matches(path, entry.name, pattern):
                found.append(_line(path, entry))
            if len(found) > SHOWN:
                return "\n".join([*found[:SHOWN], f"[more than {SHOWN:,}: name a folder inside, or a pattern]"])
        return "\n".join(found) or "[nothing there]"

    def search_files(
        self,
        text: Annotated[str, "what to look for, as it stands; with regex=true a regular expression of Python"],
        folder: Within = ".",
        pattern: Annotated[str, "only in files of such names or paths, such as *.py"] = "*",
        regex: bool = False,
        ignore_case: bool = False,
    ) -> str:
        """Find the lines of the files in a folder that hold a text."""
        return searched(self._folder.root, self._hidden, text, folder, pattern, regex, ignore_case)


def _line(path: str, entry: Found) -> str:
    shown = plain(path)
    if entry.kind == "folder":
        return f"{shown}/"
    return f"{shown}  {entry.size:,}" if entry.kind == "file" else f"{shown}  ({entry.kind})"


def _encoded(text: str) -> bytes:
    try:
        return text.encode("utf-8")
    except UnicodeEncodeError as error:
        raise Told(f"the text holds half a character at {error.start}; send whole ones") from None
