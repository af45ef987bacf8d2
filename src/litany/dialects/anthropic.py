"""Anthropic Messages: read, and the few that litany writes. The system text stands beside the messages.

Source of the shapes: docs.anthropic.com/en/api/messages.
"""

import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from litany.core.message import Call, Message, Role
from litany.core.ports import Count
from litany.dialects import media
from litany.dialects.canonical import CACHE_MARK, digest, mapping, plain
from litany.errors import MessageError

FRAME = 4
CALL_FRAME = 6
ROLES = {"user": Role.USER, "assistant": Role.ASSISTANT, "system": Role.SYSTEM}
THINKING = ("thinking", "redacted_thinking")


@dataclass(frozen=True, slots=True)
class Anthropic:
    """The dialect of Anthropic Messages."""

    name: str = "anthropic"

    def read(self, native: object, count: Count, observed: bool, /) -> Message:
        """The message, counted. Raises: MessageError when it is none."""
        fields = mapping(native)
        role = ROLES.get(str(fields.get("role")))
        if role is None:
            raise MessageError(f"a message has role {fields.get('role')!r}; Anthropic knows user and assistant")
        blocks = _blocks(fields.get("content"))
        results = [block for block in blocks if block.get("type") == "tool_result"]
        texts = [str(block.get("text", "")) for block in blocks if block.get("type") == "text"]
        slots = texts if observed else [text for block in results for text in _texts(block.get("content"))]
        calls = tuple(_call(block) for block in blocks if block.get("type") == "tool_use")
        sizes = tuple(count(text) for text in slots)
        loose = sum(_thinking(block, count) for block in blocks if block.get("type") in THINKING)
        said = FRAME + (0 if observed else sum(map(count, texts)))
        said += sum(_block(block, count) for block in blocks if block.get("type") != "tool_result")
        tokens = said + loose + sum(sizes) + sum(_block(block, count) for block in results)
        tokens += sum(CALL_FRAME + count(call.name) + count(call.arguments) for call in calls)
        return Message(
            role=Role.TOOL if observed or (results and not "".join(texts).strip()) else role,
            text="" if observed else "\n".join(texts),
            calls=calls,
            answers=tuple(str(block.get("tool_use_id")) for block in results),
            slots=tuple(slots),
            sizes=sizes,
            bound=any(block.get("type") in THINKING for block in blocks),
            loose=loose,
            tokens=tokens,
            said=said if results else 0,
            digest=digest(native),
        )

    def plain(self, native: object, /) -> str:
        """The message as JSON."""
        return plain(native)

    def user(self, text: str, /) -> object:
        """A user message; providers merge it with a user message beside it."""
        return {"role": "user", "content": text}

    def system(self, text: str, after: object, /) -> object | None:
        """A system message, which may follow a user message only."""
        fields = mapping(after)
        return {"role": "system", "content": text} if fields.get("role") == "user" else None

    def repair(self, calls: Sequence[Call], text: str, /) -> Sequence[object]:
        """One user message with an error result a call."""
        blocks = [{"type": "tool_result", "tool_use_id": call.id, "content": text, "is_error": True} for call in calls]
        return [{"role": "user", "content": blocks}]

    def rewritten(self, native: object, texts: Mapping[int, str], /) -> object:
        """A copy in which the named texts of its results read otherwise."""
        fields = mapping(native)
        if isinstance(fields.get("content"), str):
            return {**fields, "content": texts.get(0, fields["content"])}
        blocks = [_plain_block(block) for block in fields.get("content") or ()]
        carries = any(block.get("type") == "tool_result" for block in blocks)
        slot = 0
        out: list[object] = []
        for block in blocks:
            if carries and block.get("type") == "tool_result":
                content, slot = _replaced(block.get("content"), texts, slot)
                out.append({**block, "content": content} if content is not block.get("content") else block)
            elif not carries and block.get("type") == "text":
                out.append({**block, "text": texts[slot]} if slot in texts else block)
                slot += 1
            else:
                out.append(block)
        return {**fields, "content": out}

    def cleared(self, native: object, stub: str, /) -> object:
        """A copy in which the content of each result is the stub."""
        fields = mapping(native)
        blocks = _blocks(fields.get("content"))
        if not any(block.get("type") == "tool_result" for block in blocks):
            return {**fields, "content": stub}
        out = [{**block, "content": stub} if block.get("type") == "tool_result" else block for block in blocks]
        return {**fields, "content": out}

    def spoken(self, native: object, /) -> object:
        """A copy without tool results."""
        fields = mapping(native)
        said = [block for block in _blocks(fields.get("content")) if block.get("type") != "tool_result"]
        return {**fields, "content": said}

    def bare(self, native: object, /) -> object:
        """A copy without thinking blocks."""
        fields = mapping(native)
        kept = [block for block in _blocks(fields.get("content")) if block.get("type") not in THINKING]
        return {**fields, "content": kept or "(thinking left out)"}

    def appended(self, native: object, text: str, /) -> object | None:
        """A copy whose last result ends with the text; None where a cache mark or no result stands last."""
        fields = mapping(native)
        blocks = _blocks(fields.get("content"))
        if not blocks or blocks[-1].get("type") != "tool_result" or CACHE_MARK in blocks[-1]:
            return None
        content = blocks[-1].get("content")
        if isinstance(content, str):
            longer: object = f"{content}\n\n{text}" if content else text
        else:
            longer = [*(content or ()), {"type": "text", "text": text}]
        return {**fields, "content": [*blocks[:-1], {**blocks[-1], "content": longer}]}


def _plain_block(block: object) -> Mapping[str, Any]:
    return {"type": "text", "text": block} if isinstance(block, str) else mapping(block)


def _blocks(content: object) -> list[Mapping[str, Any]]:
    if isinstance(content, str):
        return [{"type": "text", "text": content}]
    if isinstance(content, Sequence):
        return [_plain_block(block) for block in content]
    raise MessageError(f"`content` is {type(content).__name__}; it is a text or a list of blocks")


def _texts(content: object) -> Iterator[str]:
    if isinstance(content, str):
        yield content
    elif isinstance(content, Sequence):
        for block in map(_plain_block, content):
            if block.get("type") == "text":
                yield str(block.get("text", ""))


def _replaced(content: object, texts: Mapping[int, str], slot: int) -> tuple[object, int]:
    """The content with its texts replaced, and the number of the next slot."""
    if isinstance(content, str):
        return texts.get(slot, content), slot + 1
    if not isinstance(content, Sequence):
        return content, slot
    out: list[object] = []
    changed = False
    for block in map(_plain_block, content):
        is_text = block.get("type") == "text"
        changed |= is_text and slot in texts
        out.append({**block, "text": texts[slot]} if is_text and slot in texts else block)
        slot += is_text
    return (out if changed else content), slot


def _call(block: Mapping[str, Any]) -> Call:
    given = block.get("input")
    return Call(str(block.get("id")), str(block.get("name")), json.dumps(given, ensure_ascii=False, default=str))


def _thinking(block: Mapping[str, Any], count: Count) -> int:
    return count(str(block.get("thinking", ""))) + len(str(block.get("data", ""))) // 4 + 4


def _block(block: Mapping[str, Any], count: Count) -> int:
    """Tokens of a block beyond the texts, calls and thinking that are counted apart."""
    match block.get("type"):
        case "text" | "tool_use" | "thinking" | "redacted_thinking":
            return 0
        case "tool_result":
            content = block.get("content")
            inner = content if isinstance(content, Sequence) and not isinstance(content, str) else ()
            return FRAME + sum(_block(part, count) for part in map(_plain_block, inner))
        case "image":
            return media.anthropic_image(_data(block))
        case "document":
            return _document(block, count)
    return count(json.dumps(block, default=str)[:40_000])


def _data(block: Mapping[str, Any]) -> str | None:
    source = block.get("source")
    data = source.get("data") if isinstance(source, Mapping) else None
    return data if isinstance(data, str) else None


def _document(block: Mapping[str, Any], count: Count) -> int:
    source = block.get("source")
    if isinstance(source, Mapping) and source.get("type") == "text":
        return count(str(source.get("data", "")))
    if isinstance(source, Mapping) and source.get("type") == "content":
        return count(json.dumps(source.get("content"), default=str)[:400_000])
    return media.document(_data(block))
