"""How a model is asked for a summary: the schema of the answer, a quoted view, the mark at a prefix's end."""

from collections.abc import Mapping, Sequence
from typing import Any

from litany.core.excerpt import fitting
from litany.core.ports import Count
from litany.core.summary import HEADINGS, QUOTED
from litany.dialects.canonical import plain

QUOTE = 4_000
"""Characters of one message that a quoted view shows."""
MARK = {"type": "ephemeral"}
LEFT_OUT = "\n[… the middle is left out …]\n"
SCHEMA = {
    "type": "object",
    "properties": {
        name: {"type": "array", "items": {"type": "string"}, "description": title} for name, title in HEADINGS.items()
    },
    "required": list(HEADINGS),
    "additionalProperties": False,
}
"""The fields of a Summary in their order, facts before conclusions: a model writes them in the order of the schema."""
FORMAT = {"type": "json_schema", "json_schema": {"name": "summary", "strict": True, "schema": SCHEMA}}


def quoting(prompt: str, messages: Sequence[Mapping[str, Any]]) -> str:
    """The prompt with the view as data, a line a message, long ones shortened."""
    lines = [plain(message) for message in messages]
    short = [line if len(line) <= QUOTE else f"{line[: QUOTE // 2]} … {line[-QUOTE // 2 :]}" for line in lines]
    return prompt + QUOTED + "\n".join(short) + "\n-----"


def quoted(prompt: str, messages: Sequence[Mapping[str, Any]], room: int, count: Count) -> str:
    """The prompt with the view as data, if there is one; no more tokens than there is room."""
    return shortened(quoting(prompt, messages) if messages else prompt, room, count)


def shortened(prompt: str, room: int, count: Count) -> str:
    """The prompt, its middle left out where it takes more tokens than there is room."""
    if count(prompt) <= room:
        return prompt
    tail = fitting(prompt, room - room // 4 - 16, count, end=True)
    return fitting(prompt, room // 4, count) + LEFT_OUT + tail


def ending(message: Mapping[str, Any]) -> Mapping[str, Any]:
    """The message with a cache mark on its last block: the prefix ends here."""
    content = message.get("content")
    if isinstance(content, str) and content:
        return {**message, "content": [{"type": "text", "text": content, "cache_control": MARK}]}
    blocks = [] if isinstance(content, str) else list(content or ())
    if not blocks or blocks[-1].get("type") in ("thinking", "redacted_thinking") or blocks[-1].get("text") == "":
        return message
    return {**message, "content": [*blocks[:-1], {**blocks[-1], "cache_control": MARK}]}
