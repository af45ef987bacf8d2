"""Strands' messages, which are those of Bedrock's Converse, as a dialect: read, and the few that litany writes."""

import json
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from litany.adapters.blocks import ROLES, Block, Blocks
from litany.core.message import Call, Role
from litany.dialects import canonical, leaves, media, parts
from litany.errors import MessageError

READ = ("role", "content")
"""What a model is sent of a message; its tracking id and metadata stay with the agent."""
CACHE = "cachePoint"
SIGNED = 4
"""Characters of a signature that count as a token."""


@dataclass(frozen=True, slots=True)
class Form:
    """How Strands writes a message: a dict of role and content, the results of a turn in one user message."""

    name: str = "strands"

    def role(self, native: object, /) -> Role:
        """Who speaks. Raises: MessageError when it is no message."""
        role = ROLES.get(native.get("role")) if isinstance(native, Mapping) else None
        if role not in (Role.USER, Role.ASSISTANT):
            raise MessageError(f"a message of Strands is a dict with role user or assistant, not {str(native)[:80]!r}")
        return role

    def blocks(self, native: object, /) -> Sequence[Block]:
        """What the message holds."""
        return [_block(block) for block in _held(native)]

    def plain(self, native: object, /) -> str:
        """The message as JSON."""
        return canonical.plain(native)

    def digest(self, native: object, /) -> str:
        """Hash of what a model reads of it, cache points aside."""
        content = [block for block in _held(native) if CACHE not in block]
        return canonical.digest({**{name: _fields(native).get(name) for name in READ}, "content": content})

    def holding(self, native: object, blocks: Sequence[object], /) -> object:
        """A copy with this content."""
        return {**_fields(native), "content": list(blocks)}

    def said(self, text: str, /) -> object:
        """A block of text."""
        return {"text": text}

    def user(self, text: str, /) -> object:
        """A user message."""
        return {"role": "user", "content": [{"text": text}]}

    def failed(self, calls: Sequence[Call], text: str, /) -> Sequence[object]:
        """One user message with an error for each call."""
        made = [{"toolUseId": call.id, "status": "error", "content": [{"text": text}]} for call in calls]
        return [{"role": "user", "content": [{"toolResult": result} for result in made]}]

    def changed(self, block: object, change: Callable[[str], str], /) -> object:
        """A result with other texts."""
        return _result(block, _walked(_fields(block)["toolResult"].get("content") or (), change))

    def stub(self, block: object, text: str, /) -> object:
        """A result of that text alone."""
        return _result(block, [{"text": text}])

    def longer(self, block: object, text: str, /) -> object:
        """A result with a text more."""
        return _result(block, [*(_fields(block)["toolResult"].get("content") or ()), {"text": text}])


STRANDS = Blocks(Form())


def merged(view: Sequence[Any]) -> list[Any]:
    """The view with messages of the user that stand side by side in one, as Bedrock demands."""
    out: list[Any] = []
    for message in view:
        if out and out[-1]["role"] == message["role"] == "user":
            out[-1] = {**out[-1], "content": [*out[-1]["content"], *message["content"]]}
        else:
            out.append(message)
    return out


def _fields(native: object) -> Mapping[str, Any]:
    return native if isinstance(native, Mapping) else {}


def _held(native: object) -> Sequence[Mapping[str, Any]]:
    content = _fields(native).get("content")
    if isinstance(content, str) or not isinstance(content, Sequence):
        raise MessageError(f"`content` is {type(content).__name__}; in Strands it is a list of blocks")
    return content


def _block(block: Mapping[str, Any]) -> Block:
    if "toolUse" in block:
        made = block["toolUse"]
        given = json.dumps(made.get("input"), ensure_ascii=False, default=str)
        return Block(block, call=Call(str(made.get("toolUseId")), str(made.get("name")), given))
    if "toolResult" in block:
        result = block["toolResult"]
        content = result.get("content") or ()
        tokens = sum(_beside(part) for part in content)
        return Block(
            block, answers=str(result.get("toolUseId")), slots=tuple(leaves.texts(content, _walked)), tokens=tokens
        )
    if "reasoningContent" in block:
        return _thought(block)
    text = block.get("text")
    return Block(block, text=text if isinstance(text, str) else None, tokens=_beside(block))


def _thought(block: Mapping[str, Any]) -> Block:
    """Signed thinking is bound to what stands before it: Claude signs."""
    held = block["reasoningContent"]
    said = held.get("reasoningText") or {}
    sealed = held.get("redactedContent") or b""
    signature = said.get("signature") or ""
    tokens = (len(signature) + len(sealed)) // SIGNED
    return Block(block, text=said.get("text"), thinks=True, bound=bool(signature or sealed), tokens=tokens)


def _beside(block: Mapping[str, Any]) -> int:
    """Tokens of a block beside its texts."""
    if "image" in block:
        return media.ANTHROPIC_MOST
    if "document" in block or "video" in block or "audio" in block:
        return media.UNKNOWN_FILE
    if "json" in block:
        return leaves.beside(block["json"])
    return 0 if "text" in block or CACHE in block else leaves.beside(block)


def _walked(content: object, change: Callable[[str], str]) -> object:
    """The content of a result with each text, and each text within its JSON, as `change` gives it."""
    listed = content if isinstance(content, Sequence) else ()
    out = [_part(part, change) for part in listed]
    return out if any(new is not old for new, old in zip(out, listed, strict=True)) else content


def _part(part: Mapping[str, Any], change: Callable[[str], str]) -> Mapping[str, Any]:
    for key in ("text", "json"):
        if key in part:
            new = parts.changed(part[key], change)
            return part if new is part[key] else {**part, key: new}
    return part


def _result(block: object, content: object) -> object:
    fields = _fields(block)
    return {**fields, "toolResult": {**fields["toolResult"], "content": content}}
