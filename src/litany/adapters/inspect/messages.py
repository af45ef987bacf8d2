"""Inspect's chat messages as a dialect: read, and the few that litany writes."""

import json
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

from inspect_ai.model import (
    ChatMessage,
    ChatMessageAssistant,
    ChatMessageTool,
    ChatMessageUser,
    Content,
    ContentImage,
    ContentReasoning,
    ContentText,
)
from inspect_ai.model._chat_message import ChatMessageBase
from inspect_ai.tool import ToolCall

from litany.adapters.blocks import ROLES, Block, Blocks
from litany.core.message import Call, Role
from litany.dialects import canonical, media
from litany.errors import MessageError

OURS = {"litany": True}
"""Metadata of what litany wrote into a view."""
READ = {"role", "content", "tool_calls", "tool_call_id", "function", "error"}
"""The fields that a model reads; ids and metadata are Inspect's."""


@dataclass(frozen=True, slots=True)
class Form:
    """How Inspect writes a message: a model of pydantic a role; a result is a message of its own."""

    name: str = "inspect"

    def role(self, native: object, /) -> Role:
        """Who speaks. Raises: MessageError when it is no message."""
        return ROLES[_message(native).role]

    def blocks(self, native: object, /) -> Sequence[Block]:
        """What the message holds; of a result the message itself."""
        message = _message(native)
        content = _listed(message)
        if isinstance(message, ChatMessageTool):
            texts = tuple(part.text for part in content if isinstance(part, ContentText))
            tokens = sum(_beside(part) for part in content) + (len(message.error.message) // 4 if message.error else 0)
            return [Block(message, answers=str(message.tool_call_id), slots=texts, tokens=tokens)]
        calls = message.tool_calls or () if isinstance(message, ChatMessageAssistant) else ()
        return [*(_block(part, message) for part in content), *(Block(call, call=_call(call)) for call in calls)]

    def plain(self, native: object, /) -> str:
        """The message as JSON."""
        return canonical.plain(_message(native))

    def digest(self, native: object, /) -> str:
        """Hash of what a model reads of it."""
        return canonical.digest(_message(native).model_dump(mode="json", include=READ, exclude_none=True))

    def holding(self, native: object, blocks: Sequence[object], /) -> object:
        """A copy with this content, and these calls."""
        message = _message(native)
        if isinstance(message, ChatMessageTool):
            return blocks[0]
        calls = [block for block in blocks if isinstance(block, ToolCall)]
        content: Any = [block for block in blocks if not isinstance(block, ToolCall)]
        if not content or (len(content) == 1 and isinstance(message.content, str)):
            content = content[0].text if content else ""
        return message.model_copy(update={"content": content, **({"tool_calls": calls} if calls else {})})

    def said(self, text: str, /) -> object:
        """A content of text."""
        return ContentText(text=text)

    def user(self, text: str, /) -> object:
        """A user message."""
        return ChatMessageUser(id=_named(text), content=text, metadata=dict(OURS))

    def failed(self, calls: Sequence[Call], text: str, /) -> Sequence[object]:
        """A tool message a call."""
        return [
            ChatMessageTool(
                id=_named(call.id, text),
                content=text,
                tool_call_id=call.id,
                function=call.name,
                metadata=dict(OURS),
            )
            for call in calls
        ]

    def changed(self, block: object, change: Callable[[str], str], /) -> object:
        """A result with other texts."""
        message = _message(block)
        if isinstance(message.content, str):
            return message.model_copy(update={"content": change(message.content)})
        out = [
            ContentText(text=change(part.text)) if isinstance(part, ContentText) else part for part in message.content
        ]
        return message.model_copy(update={"content": out})

    def stub(self, block: object, text: str, /) -> object:
        """A result of that text alone."""
        return _message(block).model_copy(update={"content": text})

    def longer(self, block: object, text: str, /) -> object:
        """A result that ends with the text."""
        message = _message(block)
        if isinstance(message.content, str):
            longer: Any = f"{message.content}\n\n{text}" if message.content else text
        else:
            longer = [*message.content, ContentText(text=text)]
        return message.model_copy(update={"content": longer})


INSPECT = Blocks(Form())


def ours(message: ChatMessage) -> bool:
    """Whether litany wrote it into a view, alone or where Inspect put it together with another message."""
    return bool((message.metadata or {}).get("litany"))


def _message(native: object) -> Any:
    if isinstance(native, ChatMessageBase) and getattr(native, "role", None) in ROLES:
        return native
    raise MessageError(f"a message is {type(native).__name__}; give Inspect's own (ChatMessageUser, …)")


def _named(*parts: str) -> str:
    """An id that is the same each time that the message is written."""
    return f"litany-{canonical.digest(parts)}"


def _listed(message: Any) -> Sequence[Content]:
    content = message.content
    return [ContentText(text=content)] if isinstance(content, str) else content


def _block(part: Content, message: Any) -> Block:
    if isinstance(part, ContentText):
        return Block(part, text=part.text)
    if isinstance(part, ContentReasoning):
        sealed = len(part.signature or "") // 4
        bound = bool(part.signature) and "claude" in str(getattr(message, "model", ""))
        return Block(part, text=part.reasoning, thinks=True, bound=bound, tokens=sealed)
    return Block(part, tokens=_beside(part))


def _call(call: ToolCall) -> Call:
    return Call(call.id, call.function, json.dumps(call.arguments, ensure_ascii=False, default=str))


def _beside(part: Content) -> int:
    """Tokens of a content that holds no text to be clipped."""
    if isinstance(part, ContentText):
        return 0
    if isinstance(part, ContentImage):
        data = part.image.partition(",")[2] if part.image.startswith("data:") else None
        return media.anthropic_image(data)
    return media.UNKNOWN_FILE
