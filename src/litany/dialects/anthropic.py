"""Anthropic Messages: read, and the few that litany writes. The system text stands beside the messages.

Source of the shapes: docs.anthropic.com/en/api/messages.
"""

import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from litany.core.message import Call, Message, Role
from litany.core.ports import Count
from litany.dialects import leaves
from litany.dialects.canonical import CACHE_MARK, digest, mapping, plain
from litany.errors import MessageError

FRAME = 4
CALL_FRAME = 6
ROLES = {"user": Role.USER, "assistant": Role.ASSISTANT, "system": Role.SYSTEM}
THINKING = ("thinking", "redacted_thinking")
APART = ("tool_result", "tool_use", *THINKING)
"""Blocks that are counted apart from what is said."""


@dataclass(frozen=True, slots=True)
class Anthropic:
    """The dialect of Anthropic Messages."""

    name: str = "anthropic"
    alternates: bool = False

    def read(self, native: object, count: Count, observed: bool, /) -> Message:
        """The message, counted. Raises: MessageError when it is none."""
        fields = mapping(native)
        role = ROLES.get(str(fields.get("role")))
        if role is None:
            raise MessageError(f"a message has role {fields.get('role')!r}; Anthropic knows user and assistant")
        hashed = digest(native)
        blocks = _blocks(fields.get("content"))
        results = [block for block in blocks if block.get("type") == "tool_result"]
        others = [block for block in blocks if block.get("type") not in APART]
        observed = observed and not results
        texts = [str(block.get("text", "")) for block in others if block.get("type") == "text"]
        slots = leaves.texts(others if observed else [block.get("content") for block in results])
        calls = tuple(_call(block) for block in blocks if block.get("type") == "tool_use")
        sizes = tuple(count(text) for text in slots)
        loose = sum(_thinking(block, count) for block in blocks if block.get("type") in THINKING)
        said = FRAME + leaves.beside(others) + (0 if observed else sum(map(count, _words(others))))
        tokens = said + loose + sum(sizes) + sum(FRAME + leaves.beside(block.get("content") or ()) for block in results)
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
            digest=hashed,
        )

    def plain(self, native: object, /) -> str:
        """The message as JSON."""
        return plain(native)

    def digest(self, native: object, /) -> str:
        """Hash of the message, cache marks aside."""
        return digest(native)

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

    def joined(self, extra: Sequence[object], own: object | None, /) -> Sequence[object]:
        """The messages as they are: the provider merges messages of one role."""
        return extra if own is None else [*extra, own]

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
                content, slot = leaves.replaced(block.get("content"), texts, slot)
                out.append({**block, "content": content} if content is not block.get("content") else block)
            elif not carries and block.get("type") not in APART:
                new, slot = leaves.replaced(block, texts, slot)
                out.append(new)
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


def _words(blocks: Sequence[Mapping[str, Any]]) -> Iterator[str]:
    """What the speaker gives to read: of a text block its text, of any other block all its texts."""
    for block in blocks:
        yield from (str(block.get("text", "")),) if block.get("type") == "text" else leaves.texts(block)


def _call(block: Mapping[str, Any]) -> Call:
    given = block.get("input")
    return Call(str(block.get("id")), str(block.get("name")), json.dumps(given, ensure_ascii=False, default=str))


def _thinking(block: Mapping[str, Any], count: Count) -> int:
    return count(str(block.get("thinking", ""))) + len(str(block.get("data", ""))) // 4 + 4
