"""Gemini contents: read, and the few that litany writes. The system text stands beside them.

All calls of a turn stand in one content, and all their responses in the next: repairs and late results are put into
that one. Thought signatures are bound to their part, which is never edited; only those behind the last thing that the
user said are asked for, so that a user's content at the end is always taken.
Source of the shapes: ai.google.dev/api/generate-content, and of the google-genai package.
"""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from litany.core.message import Call, Message, Role
from litany.core.ports import Count
from litany.dialects import parts
from litany.dialects.canonical import digest, mapping, plain
from litany.dialects.parts import Part
from litany.errors import MessageError

FRAME = 4
CALL_FRAME = 6
ROLES = {
    "user": Role.USER,
    "model": Role.ASSISTANT,
    "None": Role.USER,
    "function": Role.USER,
    "tool": Role.USER,
}
"""A content without a role is the user's; responses stood under roles of their own in earlier versions."""
CODE = ("executableCode", "codeExecutionResult", "toolCall", "toolResponse")
"""What the model ran at the provider, and what came of it."""


@dataclass(frozen=True, slots=True)
class Gemini:
    """The dialect of Gemini's generateContent."""

    name: str = "gemini"
    alternates: bool = True

    def read(self, native: object, count: Count, observed: bool, /) -> Message:
        """The content, counted. Raises: MessageError when it is none."""
        fields = mapping(native)
        role = ROLES.get(str(fields.get("role")))
        if role is None:
            raise MessageError(
                f"a content has role {fields.get('role')!r}; Gemini knows user and model, and system text beside them"
            )
        hashed, held = digest(native), _parts(fields)
        texts = [text for part in held if (text := parts.text_of(part)) is not None]
        answers = [answer for part in held if (answer := parts.answered(part)) is not None]
        observed = observed and not answers
        slots = texts if observed else [text for part in held for text in parts.slots(part)]
        sizes = tuple(map(count, slots))
        calls = tuple(call for part in held if (call := parts.call_of(part)) is not None)
        said = FRAME + (0 if observed else sum(map(count, texts))) + sum(_beside(part, count) for part in held)
        carried = sum(parts.beside(part) + FRAME for part in held if parts.answered(part) is not None)
        return Message(
            role=Role.TOOL if observed or (answers and not "".join(texts).strip()) else role,
            text="" if observed else "\n".join(texts),
            calls=calls,
            answers=tuple(id for id, _ in answers),
            names=tuple(name for _, name in answers),
            slots=tuple(slots),
            sizes=sizes,
            tokens=said + carried + sum(sizes) + sum(_call(call, count) for call in calls),
            said=said if answers else 0,
            digest=hashed,
        )

    def plain(self, native: object, /) -> str:
        """The content as JSON."""
        return plain(native)

    def digest(self, native: object, /) -> str:
        """Hash of the content, cache marks aside."""
        return digest(native)

    def user(self, text: str, /) -> object:
        """A user's content; it may stand behind another."""
        return {"role": "user", "parts": [{"text": text}]}

    def system(self, text: str, after: object, /) -> object | None:
        """None: system text stands only beside the contents."""
        return None

    def repair(self, calls: Sequence[Call], text: str, /) -> Sequence[object]:
        """One content with an error for each call."""
        return [{"role": "user", "parts": [{"functionResponse": _failed(call, text)} for call in calls]}]

    def joined(self, extra: Sequence[object], own: object | None, /) -> Sequence[object]:
        """One content of all: without ids a response answers by its place, so that the record's own come first."""
        results = extra if own is None else [own, *extra]
        held = [part for native in results for part in _parts(mapping(native))]
        held.sort(key=lambda part: parts.answered(part) is None)
        return results if len(results) == 1 else [{**mapping(results[0]), "parts": held}]

    def rewritten(self, native: object, texts: Mapping[int, str], /) -> object:
        """A copy in which the named texts of its responses read otherwise."""
        fields = mapping(native)
        held = _parts(fields)
        carries = any(parts.answered(part) is not None for part in held)
        slot, out = 0, list[Part]()
        for part in held:
            if carries:
                new, slot = parts.rewritten(part, texts, slot)
            else:
                said = parts.text_of(part)
                new = part if said is None else {**part, "text": texts.get(slot, said)}
                slot += said is not None
            out.append(new)
        return {**fields, "parts": out}

    def cleared(self, native: object, stub: str, /) -> object:
        """A copy in which each response is only the stub."""
        fields = mapping(native)
        held = _parts(fields)
        if all(parts.answered(part) is None for part in held):
            return {**fields, "parts": [{"text": stub}]}
        return {**fields, "parts": [parts.cleared(part, stub) for part in held]}

    def spoken(self, native: object, /) -> object:
        """A copy without responses."""
        fields = mapping(native)
        return {**fields, "parts": [part for part in _parts(fields) if parts.answered(part) is None]}

    def bare(self, native: object, /) -> object:
        """The content: a thought is bound to its own part, not to what stands before."""
        return native

    def appended(self, native: object, text: str, /) -> object | None:
        """A copy whose last response ends with the text; None where no response of one text stands last."""
        fields = mapping(native)
        held = _parts(fields)
        last = parts.appended(held[-1], text) if held else None
        return None if last is None else {**fields, "parts": [*held[:-1], last]}


def _parts(fields: Mapping[str, Any]) -> list[Part]:
    value = fields.get("parts")
    if isinstance(value, str) or not isinstance(value, Sequence | None):
        raise MessageError(f"`parts` is {type(value).__name__}; it is a list of parts")
    return [{"text": part} if isinstance(part, str) else mapping(part) for part in value or ()]


def _beside(part: Part, count: Count) -> int:
    """Tokens of a part that is neither said, called nor answered: thoughts, pictures, code and what it gave."""
    if parts.answered(part) is not None:
        return 0
    tokens = parts.beside(part)
    if part.get("thought") and isinstance(part.get("text"), str):
        tokens += count(part["text"])
    for name in CODE:
        run = parts.inner(part, name)
        tokens += 0 if run is None else count(json.dumps(run, ensure_ascii=False, default=str))
    return tokens


def _call(call: Call, count: Count) -> int:
    return CALL_FRAME + count(call.name) + count(call.arguments)


def _failed(call: Call, text: str) -> Mapping[str, Any]:
    id = {} if call.id == call.name else {"id": call.id}
    return {**id, "name": call.name, "response": {"error": text}}
