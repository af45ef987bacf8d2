"""OpenAI Responses input items: read, and the few that litany writes. The instructions stand beside the items.

A reply is several items in a row: reasoning, messages, calls, what tools at the provider did. Each is a Message that is
joined to the item before it, so that reasoning never loses what it led to, and the calls of one reply stay with all
their outputs. A compaction item stands for all before it: the newest one stays in every view.
Source of the shapes: the types of the openai package, platform.openai.com/docs/api-reference/responses.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from litany.core.message import Call, Joint, Message, Role
from litany.core.ports import Count
from litany.dialects import items, leaves
from litany.dialects.canonical import digest, mapping, plain
from litany.errors import MessageError

FRAME = 4
CALL_FRAME = 6
ROLES = {"system": Role.SYSTEM, "developer": Role.SYSTEM, "user": Role.USER, "assistant": Role.ASSISTANT}
APPENDED = ("function_call_output", "custom_tool_call_output")
"""Outputs that may end with a recitation."""


@dataclass(frozen=True, slots=True)
class Responses:
    """The dialect of OpenAI Responses, and of everything compatible with it."""

    name: str = "responses"
    alternates: bool = False

    def read(self, native: object, count: Count, observed: bool, /) -> Message:
        """The item, counted. Raises: MessageError when it is none."""
        fields = mapping(native)
        hashed = digest(native)
        match items.kind_of(fields):
            case "message":
                return _message(fields, count, observed, hashed)
            case "additional_tools":
                return Message(Role.SYSTEM, tokens=_whole(fields, count), digest=hashed)
            case "compaction_trigger":
                raise MessageError(
                    "an item is a compaction_trigger, which must be the last one that the provider gets; litany "
                    "compacts by itself: send that request without it, or leave the trigger out"
                )
            case "":
                raise MessageError(f"an item has no `type` and no `role`: {sorted(map(str, fields))}")
        answered, call = items.answered(fields), items.call_of(fields)
        if answered is not None:
            return _output(fields, answered, count, hashed)
        return _reply(fields, call, count, hashed)

    def plain(self, native: object, /) -> str:
        """The item as JSON."""
        return plain(native)

    def digest(self, native: object, /) -> str:
        """Hash of the item, cache marks aside."""
        return digest(native)

    def user(self, text: str, /) -> object:
        """A user message, in the form that OpenAI chat shares."""
        return {"role": "user", "content": text}

    def system(self, text: str, after: object, /) -> object | None:
        """A developer message, which the provider takes anywhere."""
        return {"role": "developer", "content": text}

    def repair(self, calls: Sequence[Call], text: str, /) -> Sequence[object]:
        """An output a call, each of its own kind."""
        return [items.output(call, text) for call in calls]

    def joined(self, extra: Sequence[object], own: object | None, /) -> Sequence[object]:
        """The outputs as they are: each is an item of its own."""
        return extra if own is None else [*extra, own]

    def rewritten(self, native: object, texts: Mapping[int, str], /) -> object:
        """A copy in which the named texts of what it holds read otherwise."""
        fields = mapping(native)
        if items.kind_of(fields) == "message":
            return {**fields, "content": leaves.replaced(fields.get("content"), texts, 0)[0]}
        return {**fields, **leaves.replaced(items.held(fields), texts, 0)[0]}

    def cleared(self, native: object, stub: str, /) -> object:
        """A copy in which what the tool gave is only the stub."""
        fields = mapping(native)
        return {**fields, "content": stub} if items.kind_of(fields) == "message" else items.cleared(fields, stub)

    def spoken(self, native: object, /) -> object:
        """The item: an output is an item of its own."""
        return native

    def bare(self, native: object, /) -> object:
        """The item: reasoning is bound to what follows it, not to what stands before."""
        return native

    def appended(self, native: object, text: str, /) -> object | None:
        """A copy of a function's output that ends with the text."""
        fields = mapping(native)
        output = fields.get("output")
        if fields.get("type") not in APPENDED:
            return None
        if isinstance(output, str):
            return {**fields, "output": f"{output}\n\n{text}" if output else text}
        return {**fields, "output": [*(output or ()), {"type": "input_text", "text": text}]}


def _message(fields: Mapping[str, Any], count: Count, observed: bool, hashed: str) -> Message:
    role = ROLES.get(str(fields.get("role")))
    if role is None:
        raise MessageError(f"a message has role {fields.get('role')!r}; OpenAI Responses knows {', '.join(ROLES)}")
    content = fields.get("content")
    if not isinstance(content, Sequence):
        raise MessageError(f"`content` is {type(content).__name__}; it is a text or a list of parts")
    texts = leaves.texts(content) if observed else _texts(content)
    sizes = tuple(map(count, texts))
    return Message(
        role=Role.TOOL if observed else role,
        text="" if observed else "\n".join(texts),
        slots=tuple(texts) if observed else (),
        sizes=sizes if observed else (),
        joint=Joint.REPLY if role is Role.ASSISTANT else Joint.NONE,
        tokens=FRAME + sum(sizes) + items.beside(content) + (0 if observed else _others(content, count)),
        digest=hashed,
    )


def _texts(content: Sequence[object]) -> list[str]:
    """What the speaker says: annotations and probabilities beside it are not read by a model."""
    if isinstance(content, str):
        return [content]
    parts = [{"text": part} if isinstance(part, str) else mapping(part) for part in content]
    said = [part.get("text", part.get("refusal")) for part in parts]
    return [text for text in said if isinstance(text, str)]


def _others(content: Sequence[object], count: Count) -> int:
    """Tokens of texts in parts that say nothing themselves: the name of a file."""
    parts = [] if isinstance(content, str) else [part for part in content if not isinstance(part, str)]
    return sum(count(text) for part in parts if not _texts([part]) for text in leaves.texts(part))


def _output(fields: Mapping[str, Any], answered: str, count: Count, hashed: str) -> Message:
    held = items.held(fields)
    slots = leaves.texts(held)
    sizes = tuple(map(count, slots))
    beside = sum(map(items.beside, held.values())) if held else _whole(fields, count)
    return Message(
        role=Role.TOOL,
        answers=(answered,),
        slots=tuple(slots),
        sizes=sizes,
        tokens=FRAME + sum(sizes) + beside,
        digest=hashed,
    )


def _reply(fields: Mapping[str, Any], call: Call | None, count: Count, hashed: str) -> Message:
    """An item that the model or the provider made."""
    kind = items.kind_of(fields)
    slots = () if call else tuple(leaves.texts(items.held(fields)))
    caller = fields.get("caller")
    programmed = isinstance(caller, Mapping) and caller.get("type") == "program"
    tokens = CALL_FRAME + count(call.name) + count(call.arguments) if call else _whole(fields, count)
    return Message(
        role=Role.ASSISTANT,
        calls=(call,) if call else (),
        slots=slots,
        sizes=tuple(map(count, slots)),
        joint=Joint.TURN if programmed or kind == "program_output" else Joint.REPLY,
        folds=kind == "compaction",
        tokens=tokens,
        digest=hashed,
    )


def _whole(fields: Mapping[str, Any], count: Count) -> int:
    """Tokens of all that an item holds; what is encrypted counts by its length."""
    return FRAME + leaves.beside(fields) + sum(map(count, leaves.texts(fields)))
