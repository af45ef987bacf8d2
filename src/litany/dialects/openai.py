"""OpenAI Chat Completions messages: read, and the few that litany writes.

Source of the shapes: platform.openai.com/docs/api-reference/chat.
"""

import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from litany.core.message import Call, Message, Role
from litany.core.ports import Count
from litany.dialects import leaves, media
from litany.dialects.canonical import digest, mapping, plain
from litany.errors import MessageError

FRAME = 4
"""Tokens that a message takes beside its texts."""
CALL_FRAME = 6
ROLES = {
    "system": Role.SYSTEM,
    "developer": Role.SYSTEM,
    "user": Role.USER,
    "assistant": Role.ASSISTANT,
    "tool": Role.TOOL,
    "function": Role.TOOL,
}


@dataclass(frozen=True, slots=True)
class OpenAI:
    """The dialect of OpenAI chat, and of everything compatible with it."""

    name: str = "openai"
    alternates: bool = False

    def read(self, native: object, count: Count, observed: bool, /) -> Message:
        """The message, counted. Raises: MessageError when it is none."""
        fields = mapping(native)
        role = ROLES.get(str(fields.get("role")))
        if role is None:
            raise MessageError(f"a message has role {fields.get('role')!r}; OpenAI knows {', '.join(ROLES)}")
        hashed = digest(native)
        calls = tuple(_calls(fields))
        carries = observed or role is Role.TOOL
        texts = list(_texts(fields.get("content"), carries))
        sizes = tuple(count(text) for text in texts)
        tokens = FRAME + sum(sizes) + _others(fields, count, carries)
        tokens += sum(CALL_FRAME + count(call.name) + count(call.arguments) for call in calls)
        return Message(
            role=Role.TOOL if carries else role,
            text="" if carries else "\n".join(texts),
            calls=calls,
            answers=() if role is not Role.TOOL else (str(fields.get("tool_call_id") or fields.get("name")),),
            slots=tuple(texts) if carries else (),
            sizes=sizes if carries else (),
            tokens=tokens,
            digest=hashed,
        )

    def plain(self, native: object, /) -> str:
        """The message as JSON."""
        return plain(native)

    def digest(self, native: object, /) -> str:
        """Hash of the message, cache marks aside."""
        return digest(native)

    def user(self, text: str, /) -> object:
        """A user message."""
        return {"role": "user", "content": text}

    def system(self, text: str, after: object, /) -> object | None:
        """A system message, which OpenAI takes anywhere."""
        return {"role": "system", "content": text}

    def repair(self, calls: Sequence[Call], text: str, /) -> Sequence[object]:
        """A tool message a call."""
        return [{"role": "tool", "tool_call_id": call.id, "content": text} for call in calls]

    def joined(self, extra: Sequence[object], own: object | None, /) -> Sequence[object]:
        """The messages as they are: the provider takes a message a result."""
        return extra if own is None else [*extra, own]

    def rewritten(self, native: object, texts: Mapping[int, str], /) -> object:
        """A copy in which the named texts of its parts read otherwise."""
        fields = mapping(native)
        return {**fields, "content": leaves.replaced(fields.get("content"), texts, 0)[0]}

    def cleared(self, native: object, stub: str, /) -> object:
        """A copy whose content is the stub."""
        return {**mapping(native), "content": stub}

    def spoken(self, native: object, /) -> object:
        """The message: in OpenAI chat a result is a message of its own."""
        return native

    def bare(self, native: object, /) -> object:
        """The message: OpenAI chat binds no thinking."""
        return native

    def appended(self, native: object, text: str, /) -> object | None:
        """A copy of a tool message that ends with the text."""
        fields = mapping(native)
        content = fields.get("content")
        if fields.get("role") != "tool":
            return None
        if isinstance(content, str):
            return {**fields, "content": f"{content}\n\n{text}" if content else text}
        return {**fields, "content": [*(content or ()), {"type": "text", "text": text}]}


def _text(part: object) -> str | None:
    if isinstance(part, str):
        return part
    if isinstance(part, Mapping):
        for key in ("text", "refusal"):
            if isinstance(part.get(key), str):
                return str(part[key])
    return None


def _texts(content: object, every: bool) -> Iterator[str]:
    """The texts of the parts; of a result every text that a model reads."""
    if isinstance(content, str):
        yield content
    elif isinstance(content, Sequence):
        yield from leaves.texts(content) if every else (text for part in content if (text := _text(part)) is not None)
    elif content is not None:
        raise MessageError(f"`content` is {type(content).__name__}; it is a text, a list of parts, or null")


def _calls(fields: Mapping[str, Any]) -> Iterator[Call]:
    for call in fields.get("tool_calls") or ():
        made = mapping(call)
        inner = made.get("function") or made.get("custom")
        if not isinstance(inner, Mapping):
            raise MessageError(f"the call {made.get('id')!r} has no `function`; a call is {{id, type, function}}")
        yield Call(str(made.get("id")), str(inner.get("name")), _arguments(inner))
    legacy = fields.get("function_call")
    if isinstance(legacy, Mapping):
        yield Call(str(legacy.get("name")), str(legacy.get("name")), _arguments(legacy))


def _arguments(inner: Mapping[str, Any]) -> str:
    value = inner.get("arguments", inner.get("input", ""))
    return value if isinstance(value, str) else json.dumps(value)


def _others(fields: Mapping[str, Any], count: Count, carries: bool) -> int:
    """Tokens of what is neither text nor a call: images, audio, files, reasoning, names."""
    tokens = 0
    for key in ("name", "reasoning_content", "refusal"):
        value = fields.get(key)
        tokens += count(value) + 1 if isinstance(value, str) else 0
    content = fields.get("content")
    parts = content if isinstance(content, Sequence) and not isinstance(content, str) else ()
    others = [part for part in parts if _text(part) is None]
    return tokens + sum(map(_part, others)) + (0 if carries else sum(map(count, leaves.texts(others))))


def _part(part: object) -> int:
    """Tokens of a part beside its texts."""
    if not isinstance(part, Mapping):
        return leaves.beside(part)
    inner = part.get(str(part.get("type")))
    fields = inner if isinstance(inner, Mapping) else {"url": inner}
    match part.get("type"):
        case "image_url":
            return media.openai_image(str(fields.get("url")), str(fields.get("detail", "auto")))
        case "input_audio":
            return media.audio(str(fields.get("data", "")))
        case "file":
            return media.document(fields.get("file_data"))
    return leaves.beside(part)
