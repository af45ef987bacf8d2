"""Dialects: how each provider writes messages."""

from collections.abc import Iterable, Mapping, Sequence

from litany.core.ports import Dialect
from litany.dialects.anthropic import Anthropic
from litany.dialects.openai import OpenAI
from litany.errors import PolicyError

DIALECTS: Mapping[str, Dialect] = {"openai": OpenAI(), "anthropic": Anthropic()}
ANTHROPIC_BLOCKS = frozenset(
    ("tool_use", "tool_result", "thinking", "redacted_thinking", "server_tool_use", "document", "image")
)


def dialect_named(name: str) -> Dialect:
    """The dialect of that name. Raises: PolicyError when there is none."""
    if name not in DIALECTS:
        raise PolicyError(f"there is no dialect {name!r}; there are {', '.join(DIALECTS)}")
    return DIALECTS[name]


def dialect_of(messages: Iterable[object]) -> Dialect | None:
    """The dialect that the messages are written in; None while they could be either."""
    for message in messages:
        if not isinstance(message, Mapping):
            continue
        if message.get("role") in ("tool", "developer", "function", "system") or message.get("tool_calls"):
            return DIALECTS["openai"]
        content = message.get("content")
        if isinstance(content, Sequence) and not isinstance(content, str) and _anthropic(content):
            return DIALECTS["anthropic"]
    return None


def _anthropic(blocks: Sequence[object]) -> bool:
    kinds = {block.get("type") if isinstance(block, Mapping) else getattr(block, "type", None) for block in blocks}
    return bool(kinds & ANTHROPIC_BLOCKS)
