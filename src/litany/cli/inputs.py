"""What a command is given to read: texts, chats and tools, from files or from standard input."""

import json
import sys
from pathlib import Path
from typing import Any

from litany.errors import MessageError

STDIN = Path("-")
MOST = 32_000_000
"""Bytes of a file: more than any model reads."""


def text_in(path: Path) -> str:
    """The text of a file, or of standard input for `-`. Raises: MessageError when it holds none."""
    body = _bytes(path)
    if len(body) > MOST:
        raise MessageError(f"{_named(path)} is larger than {MOST:,} bytes, and no model reads that much; give a part")
    try:
        text = body.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        byte = f"byte {body[error.start]:#04x} at {error.start:,}"
        raise MessageError(f"{_named(path)} is no UTF-8 text ({byte}); give a text file") from error
    if "\0" in text:
        raise MessageError(f"{_named(path)} is no text (byte 0x00 at {body.index(0):,}); give a text file")
    if not text.strip():
        raise MessageError(f"{_named(path)} is empty")
    return text


def chat_in(path: Path) -> tuple[list[Any], list[Any]]:
    """Messages, and the tools beside them: a list, an object that holds `messages`, or a message a line."""
    text = text_in(path)
    found = _lines(path, text) if _is_lines(path, text) else _json(path, text)
    tools: object = []
    if isinstance(found, dict) and "messages" in found:
        found, tools = found["messages"], found.get("tools") or []
    if isinstance(found, dict) and "role" in found:
        found = [found]
    if not isinstance(found, list) or not isinstance(tools, list):
        raise MessageError(f"{_named(path)} holds no chat; give a list of messages, or an object with `messages`")
    if any(isinstance(each, dict) and "messages" in each for each in found):
        raise MessageError(f"{_named(path)} holds {len(found)} chats; give a file of one")
    return found, tools


def tools_in(path: Path) -> list[Any]:
    """A list of tools, or an object that holds `tools`."""
    found = _json(path, text_in(path))
    tools = found.get("tools") if isinstance(found, dict) else found
    if not isinstance(tools, list):
        raise MessageError(f"{_named(path)} holds no tools; give a list of them, or an object with `tools`")
    return tools


def _bytes(path: Path) -> bytes:
    try:
        if path == STDIN:
            return sys.stdin.buffer.read(MOST + 1)
        with path.open("rb") as file:
            return file.read(MOST + 1)
    except OSError as error:
        raise MessageError(f"{_named(path)} cannot be read ({error.strerror or error})") from error


def _named(path: Path) -> str:
    return "standard input" if path == STDIN else str(path)


def _is_lines(path: Path, text: str) -> bool:
    """Whether it is a value a line: by its name, or, from standard input, by a first line that is whole."""
    if path != STDIN:
        return path.suffix == ".jsonl"
    first, _, rest = text.strip().partition("\n")
    try:
        return bool(rest) and isinstance(json.loads(first), dict)
    except (ValueError, RecursionError):
        return False


def _lines(path: Path, text: str) -> object:
    found = [_json(path, line, number) for number, line in enumerate(text.split("\n"), 1) if line.strip()]
    whole = len(found) == 1 and not (isinstance(found[0], dict) and "role" in found[0])
    return found[0] if whole else found


def _json(path: Path, text: str, line: int = 1) -> Any:
    try:
        return json.loads(text)
    except json.JSONDecodeError as error:
        where = f"line {line + error.lineno - 1}, column {error.colno}"
        raise MessageError(f"{_named(path)} is not JSON ({error.msg}, {where})") from error
    except (ValueError, RecursionError) as error:
        raise MessageError(f"{_named(path)} is not JSON that can be read ({error})") from error
