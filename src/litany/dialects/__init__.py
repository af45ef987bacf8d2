"""Dialects: how each provider writes messages."""

from collections.abc import Iterable, Mapping, Sequence

from litany.core.ports import Dialect
from litany.dialects.anthropic import Anthropic
from litany.dialects.gemini import Gemini
from litany.dialects.items import OUTPUTS
from litany.dialects.openai import OpenAI
from litany.dialects.responses import Responses
from litany.errors import PolicyError

DIALECTS: Mapping[str, Dialect] = {
    "openai": OpenAI(),
    "anthropic": Anthropic(),
    "responses": Responses(),
    "gemini": Gemini(),
}
ANTHROPIC_BLOCKS = frozenset(
    ("tool_use", "tool_result", "thinking", "redacted_thinking", "server_tool_use", "document", "image")
)
RESPONSES_PARTS = frozenset(("input_text", "output_text", "input_image", "input_file"))
RESPONSES_ITEMS = frozenset(
    ("reasoning", "compaction", "item_reference", "mcp_list_tools", "program", "additional_tools", *OUTPUTS)
)
"""Items beside those that are called `…_call` or `…_output`."""


def dialect_named(name: str | Dialect) -> Dialect:
    """The dialect of that name; one that is given is it already. Raises: PolicyError when there is none."""
    if not isinstance(name, str):
        return name
    if name not in DIALECTS:
        raise PolicyError(f"there is no dialect {name!r}; there are {', '.join(DIALECTS)}")
    return DIALECTS[name]


def dialect_of(messages: Iterable[object]) -> Dialect | None:
    """The dialect that the messages are written in; None while they could be several."""
    told, hinted = None, False
    for message in messages:
        told = _told(message)
        if told is not None:
            return DIALECTS[told]
        hinted = hinted or _field(message, "role") in ("system", "developer")
    return DIALECTS["openai"] if hinted else None


def certain(messages: Iterable[object]) -> Dialect | None:
    """The same, but None where only a role speaks for one: a developer message stands in several."""
    return next((DIALECTS[told] for message in messages if (told := _told(message)) is not None), None)


def _told(message: object) -> str | None:
    """The one dialect that such a message can be written in."""
    if _field(message, "role") in ("tool", "function") or _field(message, "tool_calls"):
        return "openai"
    content, kind = _field(message, "content"), _field(message, "type")
    if content is None and isinstance(_field(message, "parts"), list | tuple):
        return "gemini"
    parts = content if isinstance(content, Sequence) and not isinstance(content, str) else ()
    kinds = {found for part in parts if isinstance(found := _field(part, "type"), str)}
    if kinds & ANTHROPIC_BLOCKS:
        return "anthropic"
    return "responses" if kinds & RESPONSES_PARTS or _item(kind, content) else None


def _item(kind: object, content: object) -> bool:
    """Whether a type is an item's; of a message, which Anthropic's answers are called as well, only with a text."""
    if kind == "message":
        return isinstance(content, str)
    return isinstance(kind, str) and (kind in RESPONSES_ITEMS or kind.endswith(("_call", "_output")))


def _field(value: object, name: str) -> object:
    found: object = value.get(name) if isinstance(value, Mapping) else getattr(value, name, None)
    return found
