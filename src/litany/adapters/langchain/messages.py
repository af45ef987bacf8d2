"""LangChain messages as a dialect: read, and the few that litany writes.

A dialect of its own, and not a mapping onto dicts of another one: what is unchanged leaves as the very object that
came, what is changed as a `model_copy` in which one field differs, and nothing is converted back and forth on every
call. Its rules are LangChain's: a result is a ToolMessage of its own, whoever the provider is; each provider's package
then merges and orders what its API asks for. What that cannot mend is obeyed here: thinking that is bound to its prefix
(Claude's, told by what the message says of its model) and system messages, which only OpenAI takes in mid-conversation.
"""

import base64
import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from hashlib import sha256
from typing import Any

from langchain_core.messages import AIMessage, BaseMessage, ChatMessage, HumanMessage, SystemMessage, ToolMessage

from litany.adapters.langchain import blocks
from litany.core.message import Call, Message, Role
from litany.core.ports import Count
from litany.dialects.canonical import CACHE_MARK, CACHE_MARKS, modelled
from litany.errors import MessageError

FRAME = 4
CALL_FRAME = 6
SOURCE = {"lc_source": "litany"}
"""What says of a message in a view that litany wrote it, as LangChain's own summaries do."""
GATE = {"lc_source": "litany_gate"}
"""What says of a message in the record that the gate before the end wrote it."""
SUMMARIZED = "summarization"
"""What says of a message that LangChain's or deepagents' summarizer wrote it."""
ROLES = {
    "system": Role.SYSTEM,
    "developer": Role.SYSTEM,
    "human": Role.USER,
    "user": Role.USER,
    "ai": Role.ASSISTANT,
    "AIMessageChunk": Role.ASSISTANT,
    "assistant": Role.ASSISTANT,
    "tool": Role.TOOL,
    "function": Role.TOOL,
}
READ = ("content", "name", "tool_calls", "invalid_tool_calls", "tool_call_id", "additional_kwargs")
"""The fields that a model reads."""


@dataclass(frozen=True, slots=True)
class LangChain:
    """The dialect of LangChain's messages. `system`: whether the model takes system messages in mid-conversation."""

    system_anywhere: bool = False
    name: str = "langchain"
    alternates: bool = False

    def read(self, native: object, count: Count, observed: bool, /) -> Message:
        """The message, counted. Raises: MessageError when it is none, or one that no model is sent."""
        message = _message(native)
        role = _role(message)
        content = blocks.listed(message.content)
        calls = tuple(_calls(message)) if role is Role.ASSISTANT else ()
        carries = role is Role.TOOL or (role is Role.USER and (observed or told(message)))
        thought = [block for block in content if blocks.thinks(block)]
        said = [block for block in content if not blocks.thinks(block) and not (calls and blocks.calls(block))]
        slots = tuple(blocks.texts(said)) if carries else ()
        sizes = tuple(count(text) for text in slots)
        loose = sum(blocks.thinking(block, count) for block in thought)
        tokens = FRAME + loose + sum(sizes) + sum(map(blocks.beside, said))
        tokens += 0 if carries else sum(map(count, blocks.texts(said)))
        tokens += sum(CALL_FRAME + count(call.name) + count(call.arguments) for call in calls)
        return Message(
            role=Role.TOOL if carries else role,
            text="" if carries else "\n".join(text for block in said if (text := blocks.spoken(block)) is not None),
            calls=calls,
            answers=(_answered(message),) if role is Role.TOOL else (),
            slots=slots,
            sizes=sizes,
            summary=message.additional_kwargs.get("lc_source") == SUMMARIZED,
            bound=any(blocks.binds(block, message.response_metadata) for block in thought),
            loose=loose,
            tokens=tokens,
            digest=self.digest(message),
        )

    def plain(self, native: object, /) -> str:
        """The message as `messages_from_dict` takes it; what no model reads (metadata, artifacts) is left out."""
        message = _message(native)
        fields = _read(message) | ({"id": message.id} if message.id else {})
        return _json({"type": message.type, "data": fields}, sort=False)

    def digest(self, native: object, /) -> str:
        """Hash of what a model reads of the message, cache marks aside."""
        message = _message(native)
        text = _json([message.type, _read(message)], sort=True)
        if any(f'"{mark}"' in text for mark in CACHE_MARKS):
            text = _json(_unmarked(json.loads(text)), sort=True)
        return sha256(text.encode()).hexdigest()[:16]

    def user(self, text: str, /) -> object:
        """A user message."""
        return HumanMessage(content=text, additional_kwargs=dict(SOURCE))

    def system(self, text: str, after: object, /) -> object | None:
        """A system message, where the model takes one in mid-conversation."""
        return SystemMessage(content=text, additional_kwargs=dict(SOURCE)) if self.system_anywhere else None

    def repair(self, calls: Sequence[Call], text: str, /) -> Sequence[object]:
        """A tool message a call, of status `error`."""
        return [
            ToolMessage(content=text, tool_call_id=call.id, name=call.name or None, status="error") for call in calls
        ]

    def joined(self, extra: Sequence[object], own: object | None, /) -> Sequence[object]:
        """The messages as they are: LangChain has a message a result."""
        return extra if own is None else [*extra, own]

    def rewritten(self, native: object, texts: Mapping[int, str], /) -> object:
        """A copy in which the named texts of its content read otherwise."""
        message = _message(native)
        return _copied(message, blocks.replaced(message.content, texts))

    def cleared(self, native: object, stub: str, /) -> object:
        """A copy whose content is the stub."""
        return _copied(_message(native), stub)

    def spoken(self, native: object, /) -> object:
        """The message: in LangChain a result is a message of its own."""
        return native

    def bare(self, native: object, /) -> object:
        """A copy without thinking blocks."""
        message = _message(native)
        kept = [block for block in blocks.listed(message.content) if not blocks.thinks(block)]
        says = bool(kept) or bool(getattr(message, "tool_calls", None))
        return _copied(message, kept if says else "(thinking left out)")

    def appended(self, native: object, text: str, /) -> object | None:
        """A copy of a tool message that ends with the text; None where there is no result, or a cache mark ends it."""
        message = _message(native)
        if not isinstance(message, ToolMessage):
            return None
        if isinstance(message.content, str):
            return _copied(message, f"{message.content}\n\n{text}" if message.content else text)
        last = message.content[-1] if message.content else {}
        if isinstance(last, Mapping) and CACHE_MARK in last:
            return None
        return _copied(message, [*message.content, {"type": "text", "text": text}])


def told(message: BaseMessage) -> bool:
    """Whether litany said this to the agent through the record: no user did, so that it has no user's authority."""
    return message.additional_kwargs.get("lc_source") in (SOURCE["lc_source"], GATE["lc_source"])


def _message(native: object) -> BaseMessage:
    if isinstance(native, BaseMessage):
        return native
    raise MessageError(f"a message is {type(native).__name__}; give LangChain messages (HumanMessage, AIMessage, …)")


def _role(message: BaseMessage) -> Role:
    named = message.role if isinstance(message, ChatMessage) else message.type
    role = ROLES.get(named)
    if role is None:
        raise MessageError(
            f"a {type(message).__name__} is {named!r}; a model is sent human, ai, tool and system messages"
        )
    return role


def _calls(message: BaseMessage) -> Iterator[Call]:
    """Its calls, those whose arguments could not be parsed among them: a provider asks for their results, too."""
    if not isinstance(message, AIMessage):
        return
    for call in message.tool_calls:
        yield Call(str(call["id"]), call["name"], json.dumps(call["args"], ensure_ascii=False, default=str))
    for broken in message.invalid_tool_calls:
        yield Call(str(broken["id"]), broken["name"] or "", broken["args"] or "")
    legacy = message.additional_kwargs.get("function_call")
    if isinstance(legacy, Mapping) and not message.tool_calls:
        yield Call(str(legacy.get("name")), str(legacy.get("name")), str(legacy.get("arguments", "")))


def _answered(message: BaseMessage) -> str:
    return message.tool_call_id if isinstance(message, ToolMessage) else str(message.name)


def _copied(message: BaseMessage, content: object) -> BaseMessage:
    return message.model_copy(update={"content": content})


def _read(message: BaseMessage) -> dict[str, Any]:
    """What a model reads, empty fields left out."""
    held = message.__dict__  # an attribute that a message has not takes pydantic long to find out
    fields = {name: held[name] for name in READ if held.get(name)}
    if held.get("status") == "error":
        fields["status"] = "error"
    if isinstance(message, ChatMessage):
        fields["role"] = message.role
    return {"content": "", **fields}


def _json(value: object, sort: bool) -> str:
    try:
        return (_SORTED if sort else _ORDERED).encode(value)
    except (TypeError, ValueError, RecursionError) as error:
        raise MessageError(f"a message cannot be written as JSON: {error}; give texts and plain blocks") from None


def _default(value: object) -> object:
    """Bytes, which some providers take in blocks; the objects of an SDK; what no model is sent by its type alone."""
    if isinstance(value, bytes):
        return {"base64": base64.b64encode(value).decode()}
    dumped = modelled(value)
    return {"type": type(value).__name__} if dumped is None else dumped


_ORDERED = json.JSONEncoder(separators=(",", ":"), default=_default)
_SORTED = json.JSONEncoder(separators=(",", ":"), default=_default, sort_keys=True)


def _unmarked(value: Any) -> Any:
    if isinstance(value, dict):
        return {key: _unmarked(inner) for key, inner in value.items() if key not in CACHE_MARKS}
    return [_unmarked(inner) for inner in value] if isinstance(value, list) else value
