"""Chat messages as the reader's tokens, and its answer as a message.

The template: each message stands between the token of its speaker and <end>; a call is `<call> name ( key = value )`;
the tools on offer stand last, so that they are as near at any length, as names with their arguments' names.
"""

import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import chain
from typing import Any

from litany.errors import MessageError, PocketError
from litany.pocket.words import ASSISTANT, CALL, END, IDS, SYSTEM, TOOL, TOOLS, USER, Words

ROLES = {"system": SYSTEM, "developer": SYSTEM, "user": USER, "assistant": ASSISTANT, "tool": TOOL, "function": TOOL}
OPEN, CLOSE, EQUAL, COMMA, SEMI = (IDS[mark] for mark in "()=,;")


@dataclass(frozen=True, slots=True)
class Prompt:
    """A request in tokens, up to where the answer begins."""

    ids: tuple[int, ...]
    words: Words
    tools: Mapping[str, Mapping[str, Any]]
    """The schemas of each tool's arguments, by its name."""

    @property
    def names(self) -> dict[str, str]:
        """Each tool's name by its folded name."""
        return {name.lower(): name for name in self.tools}


def prompt(messages: Sequence[object], tools: Sequence[object] = ()) -> Prompt:
    """Messages and tools in OpenAI's words. Raises: MessageError, PocketError."""
    if not messages:
        raise MessageError("there are no messages; give at least the one that is to be answered")
    words = Words()
    offered = dict(_tool(tool, place) for place, tool in enumerate(tools))
    parts = chain.from_iterable(_message(message, place, words) for place, message in enumerate(messages))
    ids = [*parts, *_offered(offered, words), ASSISTANT]
    return Prompt(tuple(ids), words, offered)


def _message(message: object, place: int, words: Words) -> list[int]:
    if not isinstance(message, Mapping):
        said = f"a {type(message).__name__}, and pocket reads mappings with a role and a content"
        raise MessageError(f"message {place} is {said}; give objects as `message.model_dump(exclude_none=True)`")
    role = message.get("role")
    if not isinstance(role, str) or role not in ROLES:
        raise MessageError(f"message {place}: its role is {role!r}; pocket reads {', '.join(ROLES)}")
    text = words.ids(_text(message.get("content"), place))
    calls = chain.from_iterable(_call(call, place, words) for call in _calls(message, place))
    return [ROLES[role], *text, *calls, END]


def _text(content: object, place: int) -> str:
    if content is None or isinstance(content, str):
        return content or ""
    if not isinstance(content, Sequence) or isinstance(content, bytes):
        raise MessageError(f"message {place}: its content is {type(content).__name__}; it must be text or text parts")
    return "\n".join(_part(part, place) for part in content)


def _part(part: object, place: int) -> str:
    if isinstance(part, str):
        return part
    fields = part if isinstance(part, Mapping) else {}
    for text in (fields.get("text"), fields.get("refusal")):
        if isinstance(text, str):
            return text
    kind = fields.get("type", type(part).__name__)
    raise PocketError(f"message {place}: it holds a part of type {kind!r}, and pocket reads text only")


def _calls(message: Mapping[Any, Any], place: int) -> list[object]:
    """Its calls, one in the field of old included."""
    calls = message.get("tool_calls") or ()
    if not isinstance(calls, Sequence) or isinstance(calls, str | bytes):
        raise MessageError(f"message {place}: its tool_calls are {type(calls).__name__}; they must be a list")
    old = message.get("function_call")
    return [*calls, *([{"function": old}] if old else ())]


def _call(call: object, place: int, words: Words) -> list[int]:
    fields = call if isinstance(call, Mapping) else {}
    function = fields.get("function") or fields.get("custom")
    if not isinstance(function, Mapping) or not isinstance(function.get("name"), str):
        raise MessageError(f"message {place}: a tool call names no function")
    given = _given(function.get("arguments", function.get("input")))
    pairs = given.items() if isinstance(given, Mapping) else [("", given)]
    inner = [[*words.ids(str(key)), EQUAL, *words.ids(_plain(value))] for key, value in pairs]
    return [CALL, *words.ids(function["name"]), OPEN, *_joined(inner), CLOSE]


def _given(arguments: object) -> object:
    """The arguments, read where they are JSON; a model may have written what is none, and then that is what stood."""
    if not isinstance(arguments, str):
        return arguments or {}
    try:
        return json.loads(arguments or "{}")
    except (ValueError, RecursionError):
        return arguments


def _plain(value: object) -> str:
    return value if isinstance(value, str) else json.dumps(value, ensure_ascii=False, default=str)


def _tool(tool: object, place: int) -> tuple[str, Mapping[str, Any]]:
    function = tool.get("function", tool) if isinstance(tool, Mapping) else None
    if not isinstance(function, Mapping) or not isinstance(function.get("name"), str):
        raise MessageError(f"tool {place} has no name; give tools as OpenAI's chat completions take them")
    schema = function.get("parameters") or function.get("input_schema") or {}
    properties = (schema.get("properties") or {}) if isinstance(schema, Mapping) else None
    if not isinstance(properties, Mapping):
        raise MessageError(f"tool {place}, {function['name']!r}: its parameters are no JSON schema of an object")
    return function["name"], properties


def _offered(tools: Mapping[str, Mapping[str, Any]], words: Words) -> list[int]:
    if not tools:
        return []
    each = (
        [*words.ids(name), OPEN, *_joined([words.ids(key) for key in schema]), CLOSE, SEMI]
        for name, schema in tools.items()
    )
    return [TOOLS, *chain.from_iterable(each), END]


def _joined(parts: Sequence[Sequence[int]]) -> Iterator[int]:
    return (token for place, part in enumerate(parts) for token in ([COMMA, *part] if place else part))
