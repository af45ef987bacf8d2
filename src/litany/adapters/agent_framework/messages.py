"""Microsoft Agent Framework's messages as a dialect: read, and the few that litany writes."""

import json
from collections.abc import Callable, Sequence
from copy import copy
from dataclasses import dataclass
from typing import Any

from agent_framework import Content, Message

from litany.adapters.blocks import ROLES, Block, Blocks
from litany.core.message import Call, Role
from litany.dialects import canonical, media
from litany.errors import MessageError

SILENT = ("usage", "function_approval_request", "function_approval_response")
"""Contents that no model is sent."""
OWN = {"id", "exception", "annotations", "merge_mode"}
"""Fields of a content that are the framework's own."""


@dataclass(frozen=True, slots=True)
class Form:
    """How Agent Framework writes a message: a role and contents, the results of a turn in one message or in several."""

    name: str = "agent_framework"

    def role(self, native: object, /) -> Role:
        """Who speaks. Raises: MessageError when it is no message."""
        message = _message(native)
        role = ROLES.get(str(message.role))
        if role is None:
            raise MessageError(f"a message has role {message.role!r}; it is one of {', '.join(map(str, ROLES))}")
        return role

    def blocks(self, native: object, /) -> Sequence[Block]:
        """What the message holds."""
        return [_block(content) for content in _message(native).contents]

    def plain(self, native: object, /) -> str:
        """The message as `Message.from_dict` takes it."""
        return canonical.plain(_message(native).to_dict())

    def digest(self, native: object, /) -> str:
        """Hash of what a model reads of it; the author's name is written into a message only when its run has ended."""
        message = _message(native)
        held = [content.to_dict(exclude=OWN) for content in message.contents if content.type not in SILENT]
        return canonical.digest([message.role, held])

    def holding(self, native: object, blocks: Sequence[object], /) -> object:
        """A copy with these contents."""
        message = copy(_message(native))
        message.contents = list(blocks)
        return message

    def said(self, text: str, /) -> object:
        """A content of text."""
        return Content.from_text(text)

    def user(self, text: str, /) -> object:
        """A user message."""
        return Message("user", [text])

    def failed(self, calls: Sequence[Call], text: str, /) -> Sequence[object]:
        """One message of tools with an error for each call."""
        return [Message("tool", [Content.from_function_result(call.id, result=text) for call in calls])]

    def changed(self, block: object, change: Callable[[str], str], /) -> object:
        """A result with other texts."""
        content = _content(block)
        if not content.items:
            return _result(content, change(_given(content)), None)
        items = [Content.from_text(change(item.text or "")) if item.type == "text" else item for item in content.items]
        return _result(content, _joined(items), items)

    def stub(self, block: object, text: str, /) -> object:
        """A result of that text alone."""
        return _result(_content(block), text, [Content.from_text(text)])

    def longer(self, block: object, text: str, /) -> object:
        """A result with a text more."""
        content = _content(block)
        items = [*(content.items or [Content.from_text(_given(content))]), Content.from_text(text)]
        return _result(content, _joined(items), items)


AGENT_FRAMEWORK = Blocks(Form())


def _message(native: object) -> Message:
    if isinstance(native, Message):
        return native
    raise MessageError(f"a message is {type(native).__name__}; give Agent Framework's own (Message)")


def _content(block: object) -> Content:
    assert isinstance(block, Content)
    return block


def _block(content: Content) -> Block:
    match content.type:
        case "text":
            return Block(content, text=content.text or "")
        case "text_reasoning":
            sealed = len(content.protected_data or "") // 4
            return Block(content, text=content.text, thinks=True, bound=_bound(content), tokens=sealed)
        case "function_call" if not (content.informational_only or content.hosted):
            return Block(content, call=Call(str(content.call_id), str(content.name), _arguments(content)))
        case "function_result":
            items = content.items or ()
            texts = tuple(item.text or "" for item in items if item.type == "text") if items else (_given(content),)
            tokens = sum(_beside(item) for item in items if item.type != "text")
            return Block(content, answers=str(content.call_id), slots=texts, tokens=tokens)
    return Block(content, tokens=_beside(content))


def _bound(content: Content) -> bool:
    """Whether it is a thought of Claude's that is signed: bound to what stands before it."""
    return bool(content.protected_data) and type(content.raw_representation).__module__.startswith("anthropic")


def _arguments(content: Content) -> str:
    given = content.arguments
    return given if isinstance(given, str) else json.dumps(given or {}, ensure_ascii=False, default=str)


def _given(content: Content) -> str:
    return "" if content.result is None else str(content.result)


def _beside(content: Content) -> int:
    """Tokens of a content that holds no text to be clipped."""
    if content.type in SILENT:
        return 0
    if content.type in ("data", "uri"):
        data = (content.uri or "").partition(",")[2] or None
        image = str(content.media_type).startswith("image/")
        return media.anthropic_image(data) if image else media.document(data)
    return len(json.dumps(content.to_dict(), default=str)) // 4


def _joined(items: Sequence[Content]) -> str:
    return "\n".join(item.text for item in items if item.type == "text" and item.text)


def _result(content: Content, text: str, items: list[Any] | None) -> Content:
    new = copy(content)
    new.result, new.items = text, items
    return new
