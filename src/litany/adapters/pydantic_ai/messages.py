"""Pydantic AI's messages as a dialect: their pieces read, and the few that litany writes.

What is unchanged leaves as the very part that came, what is changed as a copy in which one field differs. What each
provider's API asks for beyond that is done by Pydantic AI's own models.
"""

import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from hashlib import sha256
from typing import Any

from pydantic_ai.messages import ModelResponse, SystemPromptPart, TextPart, ToolReturnPart
from pydantic_core import to_jsonable_python

from litany.adapters.pydantic_ai import content
from litany.adapters.pydantic_ai.pieces import Piece, alone, told
from litany.core.message import Call, Message, Role
from litany.core.ports import Count
from litany.errors import MessageError

FRAME = 4
CALL_FRAME = 6
ROLES = {"system": Role.SYSTEM, "user": Role.USER, "tool": Role.TOOL, "assistant": Role.ASSISTANT}
UNREAD = ("timestamp", "metadata", "part_kind", "identifier", "outcome", "retry", "tool_kind")
"""Fields of a part that no model reads, or that are told otherwise."""
LEFT_OUT = "(thinking left out)"
SIGNED = 4
"""Characters of a signature that count as a token."""


@dataclass(frozen=True, slots=True)
class PydanticAI:
    """The dialect of Pydantic AI. `system_anywhere`: whether the model takes system prompts in mid-conversation."""

    system_anywhere: bool = False
    name: str = "pydantic_ai"
    alternates: bool = True

    def read(self, native: object, count: Count, observed: bool, /) -> Message:
        """The piece, counted. Raises: MessageError when it is none."""
        piece = _piece(native)
        if piece.role == "assistant":
            return _response(piece.part, count, self.digest(piece))
        if piece.role == "tool":
            return _result(piece.part, count, self.digest(piece))
        items = content.listed(getattr(piece.part, "content", None))
        texts = [piece.part.model_response()] if piece.part.part_kind in TOLD else content.said(items)
        carries = piece.role == "user" and (observed or piece.part.part_kind in TOLD)
        sizes = tuple(map(count, texts))
        return Message(
            role=Role.TOOL if carries else ROLES[piece.role],
            text="" if carries else "\n".join(texts),
            slots=tuple(texts) if carries else (),
            sizes=sizes if carries else (),
            folds=piece.part.part_kind == "compaction",
            tokens=FRAME + sum(sizes) + content.tokens(items),
            digest=self.digest(piece),
        )

    def plain(self, native: object, /) -> str:
        """The piece as a message that Pydantic AI's ModelMessagesTypeAdapter takes; what no model reads is left out."""
        piece = _piece(native)
        parts = piece.part.parts if piece.role == "assistant" else [piece.part]
        kind = "response" if piece.role == "assistant" else "request"
        return _json({"kind": kind, "parts": [_fields(part) for part in parts]}, sort=False)

    def digest(self, native: object, /) -> str:
        """Hash of what a model reads of the piece."""
        piece = _piece(native)
        parts = piece.part.parts if piece.role == "assistant" else [piece.part]
        text = _json([piece.role, [_fields(part) for part in parts]], sort=True)
        return sha256(text.encode("utf-8", "surrogatepass")).hexdigest()[:16]

    def user(self, text: str, /) -> object:
        """A user's piece."""
        return told(text)

    def system(self, text: str, after: object, /) -> object | None:
        """A system prompt, where the model takes one in mid-conversation."""
        return Piece(SystemPromptPart(text), "system") if self.system_anywhere else None

    def repair(self, calls: Sequence[Call], text: str, /) -> Sequence[object]:
        """A result a call, whose outcome is `interrupted`."""
        return [Piece(ToolReturnPart(call.name, text, call.id, outcome="interrupted"), "tool") for call in calls]

    def joined(self, extra: Sequence[object], own: object | None, /) -> Sequence[object]:
        """The pieces as they are: each result is one of its own."""
        return extra if own is None else [*extra, own]

    def rewritten(self, native: object, texts: Mapping[int, str], /) -> object:
        """A copy in which the named texts of its content read otherwise."""
        piece = _piece(native)
        read = content.result if piece.role == "tool" else lambda part, new: content.reading(part.content, new)
        return piece.reading(content=read(piece.part, texts))

    def cleared(self, native: object, stub: str, /) -> object:
        """A copy whose content is the stub."""
        return _piece(native).reading(content=stub)

    def spoken(self, native: object, /) -> object:
        """The piece: a result is one of its own."""
        return native

    def bare(self, native: object, /) -> object:
        """A copy without thinking."""
        piece = _piece(native)
        kept = [part for part in piece.part.parts if part.part_kind != "thinking"]
        return piece.reading(parts=kept or [TextPart(LEFT_OUT)])

    def appended(self, native: object, text: str, /) -> object | None:
        """A copy of a result of text that ends with the text; None where there is no such result."""
        piece = _piece(native)
        old = getattr(piece.part, "content", None)
        if piece.role != "tool" or not isinstance(old, str) or not content.clippable(piece.part):
            return None
        return piece.reading(content=f"{old}\n\n{text}" if old else text)


TOLD = ("retry-feedback", "retry-prompt")
"""What the host told the model about its answer: no user's word."""


def _piece(native: object) -> Piece:
    """The piece; of a response, or a part of a request, as the user may pin one, too."""
    if isinstance(native, Piece):
        return native
    if isinstance(native, ModelResponse):
        return Piece(native, "assistant", native)
    if hasattr(native, "part_kind"):
        return alone(native)
    raise MessageError(f"a message is {type(native).__name__}; give a ModelResponse, or a part of a ModelRequest")


def _result(part: Any, count: Count, digest: str) -> Message:
    texts = content.given(part)
    sizes, slots = tuple(map(count, texts)), content.clippable(part)
    return Message(
        role=Role.TOOL,
        answers=(part.tool_call_id,),
        slots=tuple(texts) if slots else (),
        sizes=sizes if slots else (),
        tokens=FRAME + sum(sizes) + content.tokens(getattr(part, "files", ())),
        digest=digest,
    )


def _response(response: Any, count: Count, digest: str) -> Message:
    parts = response.parts
    calls = tuple(
        Call(part.tool_call_id, part.tool_name, part.args_as_json_str())
        for part in parts
        if part.part_kind == "tool-call"
    )
    texts = [part.content for part in parts if part.part_kind == "text"]
    thought = [part for part in parts if part.part_kind == "thinking"]
    loose = sum(_thinking(part, count) for part in thought)
    tokens = FRAME + loose + sum(map(count, texts)) + sum(_beside(part, count) for part in parts)
    return Message(
        role=Role.ASSISTANT,
        text="\n".join(texts),
        calls=calls,
        bound=any(_binds(part, response) for part in thought),
        loose=loose,
        folds=any(part.part_kind == "compaction" for part in parts),
        tokens=tokens + sum(CALL_FRAME + count(call.name) + count(call.arguments) for call in calls),
        digest=digest,
    )


def _binds(part: Any, response: Any) -> bool:
    """Whether thinking is bound to the prefix that produced it: Claude's, whoever serves it."""
    if not part.signature:
        return False
    return "anthropic" in (part.provider_name, response.provider_name) or "claude" in str(response.model_name).lower()


def _thinking(part: Any, count: Count) -> int:
    return count(part.content) + len(part.signature or "") // SIGNED + FRAME


def _beside(part: Any, count: Count) -> int:
    """Tokens of what is neither text, thinking nor a call of the host's tools."""
    if part.part_kind in ("text", "thinking", "tool-call"):
        return 0
    if part.part_kind == "file":
        return content.tokens([part.content])
    return FRAME + count(_json(_fields(part), sort=False))


def _fields(part: Any) -> dict[str, Any]:
    """What a model reads of a part, empty fields left out."""
    return {"part_kind": part.part_kind, **dict(_read(part))}


def _read(part: Any) -> Iterator[tuple[str, Any]]:
    for name, value in vars(part).items():
        if value is not None and value != [] and name not in UNREAD and not name.startswith("_"):
            yield name, value
    if getattr(part, "outcome", "success") != "success":
        yield "outcome", part.outcome


def _json(value: object, sort: bool) -> str:
    try:
        return (_SORTED if sort else _ORDERED).encode(value)
    except (TypeError, ValueError, RecursionError) as error:
        raise MessageError(f"a message cannot be written as JSON: {error}; give texts and plain values") from None


def _default(value: object) -> object:
    """What is no JSON by itself: files, models, dates. What cannot be written at all is told by its type alone."""
    return to_jsonable_python(value, bytes_mode="base64", fallback=lambda other: {"type": type(other).__name__})


_ORDERED = json.JSONEncoder(separators=(",", ":"), default=_default)
_SORTED = json.JSONEncoder(separators=(",", ":"), default=_default, sort_keys=True)
