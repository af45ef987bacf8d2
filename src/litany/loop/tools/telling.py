"""How results and errors become text for the model: short, whole characters, nothing of litany's own inside."""

import os
import traceback
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from pydantic_core import ErrorDetails

LONGEST_ERROR = 2_000
"""Characters of an exception's own text that are told."""
OWN = f"{Path(__file__).parents[2]}{os.sep}"
"""Where litany's files lie: their frames say nothing to a model."""


def text_of(value: object) -> str:
    """What a function returned, as text: a string as it is, anything else as JSON, what has none as its repr."""
    if isinstance(value, str):
        return value
    if isinstance(value, bytes | bytearray | memoryview):
        return bytes(value).decode("utf-8", "replace")
    from pydantic_core import PydanticSerializationError, to_json

    try:
        return to_json(value, fallback=str).decode("utf-8")
    except (PydanticSerializationError, ValueError, RecursionError):
        return repr(value)


def capped(text: str, longest: int) -> str:
    """The text, or its beginning and its end with a line between them that says how much is left out."""
    if len(text) <= longest:
        return text
    half = longest // 2
    return text[:half] + left_out(len(text) - 2 * half, "characters") + text[len(text) - half :]


def left_out(count: int, of: str) -> str:
    """The line that stands for what was too long to be kept."""
    return f"\n[... {count:,} {of} were left out here: too long to be kept ...]\n"


def whole(text: str) -> str:
    """The text without half characters, which no provider takes."""
    return text.encode("utf-8", "replace").decode("utf-8")


def crash(error: BaseException) -> str:
    """An exception of a user's function: its kind, its words, and where in the user's code it arose."""
    try:
        said = str(error)
    except Exception:  # an exception whose __str__ raises is still an exception
        said = ""
    kind = type(error).__name__
    return f"{kind}: {capped(said, LONGEST_ERROR)}{_where(error)}" if said else f"{kind}{_where(error)}"


def wrong_arguments(errors: Sequence["ErrorDetails"], name: str, takes: Sequence[str]) -> str:
    """What is wrong with the arguments of a call: one line for each of the first two errors."""
    lines = [_one(error, name, takes) for error in errors[:2]]
    more = len(errors) - len(lines)
    return "\n".join(lines) + (f" (and {more} more)" if more else "")


def _one(error: "ErrorDetails", name: str, takes: Sequence[str]) -> str:
    where = ".".join(map(str, error["loc"]))
    if error["type"] == "missing":
        return f"`{where}` is missing: give it to {name}"
    if error["type"] == "extra_forbidden":
        return f"`{where}` is no argument of {name}; it takes {', '.join(takes) or 'none'}"
    given = repr(error["input"])
    return f"`{where}`: {error['msg']}, not {given if len(given) <= 80 else given[:79] + '…'}"


def _where(error: BaseException) -> str:
    """` (tools.py, line 12, in lookup: return prices[name])`; empty when it arose in no file of the user's."""
    frames = [frame for frame in traceback.extract_tb(error.__traceback__) if not frame.filename.startswith(OWN)]
    if not frames:
        return ""
    frame = next((frame for frame in reversed(frames) if _users(frame.filename)), frames[-1])
    line = f": {frame.line}" if frame.line else ""
    return f" ({Path(frame.filename).name}, line {frame.lineno}, in {frame.name}{line})"


def _users(file: str) -> bool:
    """Whether a file is the user's own, not the library's that it calls."""
    return "site-packages" not in file and not file.startswith(str(Path(traceback.__file__).parent))
