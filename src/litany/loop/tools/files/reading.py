"""Reading a file in pages of lines, however large it is, and what is no text told as such."""

import os
import stat
from typing import IO

from litany.loop.tools.files.confined import Folder
from litany.loop.tools.tool import Told

LINES = 2_000
"""Of a file, in one answer."""
PAGE = 200_000
"""Bytes of lines in one answer."""
LINE = 20_000
"""Bytes of one line that are shown."""
PROBED = 8_192
"""Bytes in which a NUL tells that a file is no text."""
WHOLE = 20_000_000
"""Bytes of a file that is read at once, to be edited."""


def page(folder: Folder, path: str, first: int, lines: int) -> str:
    """The lines from `first` on, counted from 1, and where to go on. Raises: Told."""
    with folder.opened(path) as number, _text(path, number) as file:
        size = os.fstat(number).st_size
        skipped = _skipped(file, first - 1)
        if skipped < first - 1:
            raise Told(f"{path} has {skipped:,} lines; line {first:,} is not there")
        shown, more, cut = _shown(file, min(lines, LINES))
        last = first + len(shown) - 1
        notes = [f"line {n:,} is longer than {LINE:,} bytes and cut here" for n in (first + place for place in cut)]
        if more:
            notes.append(f"lines {first:,} to {last:,} of a file of {size:,} bytes; go on with first={last + 1}")
        text = b"".join(shown).decode("utf-8", "replace")
        if not shown and first == 1:
            return "[the file is empty]"
        return text + "".join(f"\n[{note}]" for note in notes)


def whole(folder: Folder, path: str) -> str:
    """The text of a file, line ends and all. Raises: Told when it is no UTF-8 text, or too large."""
    with folder.opened(path) as number, _text(path, number) as file:
        if (size := os.fstat(number).st_size) > WHOLE:
            raise Told(f"{path} has {size:,} bytes; files up to {WHOLE:,} can be edited")
        try:
            return file.read().decode("utf-8")
        except UnicodeDecodeError as error:
            raise Told(f"{path} is no UTF-8 text (byte {error.start:,}) and cannot be edited") from None


def _text(path: str, number: int) -> IO[bytes]:
    """The open file, at its beginning. Raises: Told when it holds no text."""
    mode, size = os.fstat(number).st_mode, os.fstat(number).st_size
    if stat.S_ISDIR(mode):
        raise Told(f"{path} is a folder; list_files shows what it holds")
    if not stat.S_ISREG(mode):
        raise Told(f"{path} is no file that can be read")
    if is_binary(os.pread(number, PROBED, 0)):
        raise Told(f"{path} is binary ({size:,} bytes) and cannot be shown")
    return os.fdopen(os.dup(number), "rb")


def is_binary(beginning: bytes) -> bool:
    """Whether a file that begins so is no text."""
    return b"\0" in beginning


def _skipped(file: IO[bytes], lines: int) -> int:
    """How many lines were skipped: as many as asked, or all there are."""
    done, within = 0, False
    while done < lines:
        piece = file.readline(LINE)
        if not piece:
            return done + within
        within = not piece.endswith(b"\n")
        done += not within
    return done


def _shown(file: IO[bytes], lines: int) -> tuple[list[bytes], bool, list[int]]:
    """The next lines, as many as a page holds; whether more follow; the places of those that were cut."""
    shown: list[bytes] = []
    cut: list[int] = []
    size = 0
    while len(shown) < lines and size < PAGE:
        line = file.readline(LINE)
        if not line:
            return shown, False, cut
        if not line.endswith(b"\n") and len(line) == LINE:
            while (rest := file.readline(LINE)) and not rest.endswith(b"\n"):
                continue
            cut.append(len(shown))
            line += b"\n" if rest else b""
        shown.append(line)
        size += len(line)
    return shown, bool(file.read(1)), cut
