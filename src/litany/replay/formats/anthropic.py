"""Anthropic Messages: content blocks, and the system text beside the messages or in front of them."""

from itertools import takewhile
from typing import Any

from litany.errors import TrajectoryError
from litany.replay.formats.shape import Message, blocks, fields, messages_in, names_system, word
from litany.replay.run import Run

System = str | list[dict[str, Any]] | None
OWN_BLOCKS = frozenset(
    {"tool_use", "tool_result", "thinking", "redacted_thinking", "server_tool_use", "web_search_tool_result"}
)


def fits(value: object, messages: list[Message]) -> bool:
    """Blocks that only Anthropic has, or a system text beside messages that call nothing in OpenAI's way."""
    if any(word(block, "type") in OWN_BLOCKS for message in messages for block in blocks(message)):
        return True
    beside = isinstance(fields(value).get("system"), str | list)
    return beside and not any("tool_calls" in message or message["role"] in ("tool", "system") for message in messages)


def read(value: object, source: str, index: int) -> Run:
    """The messages as they are; a leading system message becomes `system`."""
    messages = messages_in(value)
    leading = list(takewhile(lambda message: message["role"] == "system", messages))
    if len(leading) == len(messages):
        raise TrajectoryError("a run with system messages and no other")
    beside = fields(value).get("system")
    return Run(
        source=source,
        index=index,
        format="anthropic",
        dialect="anthropic",
        messages=tuple(messages[len(leading) :]),
        system=_joined([*([beside] if beside else []), *(message.get("content") for message in leading)]),
        goal_is_system=names_system(value, messages),
    )


def _joined(parts: list[Any]) -> System:
    if len(parts) < 2:
        return parts[0] if parts else None
    return [block for part in parts for block in (part if isinstance(part, list) else [{"type": "text", "text": part}])]
