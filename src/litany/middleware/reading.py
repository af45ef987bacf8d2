"""Reading the host's messages into a Record: each one once in its life, told from earlier ones by identity first."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from operator import is_

from litany.core.message import Message, Role
from litany.core.ports import Count, Dialect
from litany.core.record import Record
from litany.dialects.canonical import plain
from litany.errors import MessageError

CLOSE = 64
"""Messages at the end that are looked into on every call, and older ones that are, in turn."""


@dataclass(frozen=True, slots=True)
class Reading:
    """The record as it was read last, and what it was read from."""

    record: Record = field(default_factory=Record)
    looks: Sequence[object] = ()
    """What each message held at its first level at the time: an edit in place is told by it."""
    spoken: bool = False
    """Whether an assistant message was read: what a text-only agent reads after it are observations."""
    same: bool = True
    """Whether every earlier message is the very object that came before."""
    turn: int = 0
    """How many times it was read: which of the older messages are looked into next."""


def read(
    before: Reading,
    messages: Sequence[object],
    dialect: Dialect,
    count: Count,
    observations: str,
    deep: bool = False,
) -> Reading:
    """The record of these messages. Only what is new or changed is read; `deep`: every message is looked into.

    Raises: MessageError that names the message that cannot be read.
    """
    natives = list(messages)
    known = before.record.length
    if not deep and len(natives) >= known and _identical(before, natives, dialect):
        looks: Sequence[object] = [*before.looks, *_looks(natives[known:])]
        return _grown(before, natives, looks, known, dialect, count, observations, True)
    common = _common(before.record, natives, dialect)
    looks = _looks(natives)
    back = Reading(before.record.back(common), (), _spoken(before.record, common))
    return _grown(back, natives, looks, common, dialect, count, observations, False)


def _looks(natives: Sequence[object]) -> Sequence[object]:
    """What each message holds at its first level: the very objects."""
    try:
        return list(map(tuple, map(dict.values, natives)))  # type: ignore[arg-type]  # else TypeError
    except TypeError:
        return list(map(_look, natives))


def _look(native: object) -> object:
    return tuple(native.values()) if isinstance(native, Mapping) else tuple(getattr(native, "__dict__", {}).values())


def _identical(before: Reading, natives: Sequence[object], dialect: Dialect) -> bool:
    """Whether all that was read before came again, unedited.

    The lists are compared by C, which takes the same object for equal without looking into it. Which messages are
    equal copies, and which were edited in place, is asked of the last CLOSE messages and of as many older ones in
    turn, and of the last one, which hosts stream into, to the bottom: looking into every message on every call would
    take longer than all the rest of it. `edited` does before a cut.
    """
    known = before.record.length
    if before.record.natives != natives[:known]:
        return False
    if known and hashed(natives[known - 1], known - 1, dialect) != before.record[known - 1].digest:
        return False
    close = max(0, known - CLOSE)
    turn = before.turn * CLOSE % close if close else 0
    return _unedited(before, natives, close, known) and _unedited(before, natives, turn, min(turn + CLOSE, close))


def _unedited(before: Reading, natives: Sequence[object], start: int, end: int) -> bool:
    part = natives[start:end]
    return all(map(is_, before.record.natives[start:end], part)) and before.looks[start:end] == _looks(part)


def edited(record: Record, natives: Sequence[object], dialect: Dialect) -> bool:
    """Whether a message of the record no longer reads as it did: asked before a cut, which is dear anyway."""
    return _common(record, natives[: record.length], dialect) < record.length


def _common(record: Record, natives: Sequence[object], dialect: Dialect) -> int:
    """How many messages still read as before, by their bytes."""
    for index, native in enumerate(natives[: record.length]):
        if hashed(native, index, dialect) != record[index].digest:
            return index
    return min(record.length, len(natives))


def hashed(native: object, index: int, dialect: Dialect) -> str:
    """The digest of a message. Raises: MessageError that names its place."""
    try:
        return dialect.digest(native)
    except MessageError as error:
        raise MessageError(f"messages[{index}]: {error}") from None


def _spoken(record: Record, length: int) -> bool:
    return any(message.role is Role.ASSISTANT for message in record.span(0, length))


def _grown(
    before: Reading,
    natives: Sequence[object],
    looks: Sequence[object],
    start: int,
    dialect: Dialect,
    count: Count,
    observations: str,
    same: bool,
) -> Reading:
    spoken = before.spoken
    new: list[Message] = []
    for index in range(start, len(natives)):
        try:
            message = dialect.read(natives[index], count, _observed(natives[index], spoken, observations))
        except MessageError as error:
            raise MessageError(f"messages[{index}]: {error}") from None
        spoken = spoken or message.role is Role.ASSISTANT
        new.append(message)
    return Reading(before.record.grown(new, natives), looks, spoken, same, before.turn + 1)


def _observed(native: object, spoken: bool, observations: str) -> bool:
    """Whether a user message is an observation: what a text-only agent reads instead of a tool result."""
    if not spoken or not (_field(native, "role") == "user" or _field(native, "type") == "human"):
        return False
    return observations == "user" or _field(native, "message_type") == "observation"


def _field(native: object, name: str) -> object:
    found: object = native.get(name) if isinstance(native, Mapping) else getattr(native, name, None)
    return found


def counted(value: object, count: Count) -> int:
    """Tokens of a system text or of tool schemas beside the messages."""
    if not value:
        return 0
    if isinstance(value, str):
        return count(value) + 4
    return count(_plain(value)) + 4


def texts(system: object) -> str:
    """The system text beside the messages, block by block: blocks, a content of parts, or messages that hold them."""
    if system is None or isinstance(system, str):
        return system or ""
    blocks = system if isinstance(system, Sequence) else _field(system, "parts")
    found = [_said(block) for block in blocks] if isinstance(blocks, Sequence) else [_said(system)]
    return "\n".join(text for text in found if text is not None)


def _said(block: object) -> str | None:
    text = block if isinstance(block, str) else _field(block, "text")
    inner = _field(block, "content")
    return text if isinstance(text, str) else None if inner is None else texts(inner)


def _plain(value: object) -> str:
    return plain([_jsonable(part) for part in value] if isinstance(value, Sequence) else value)


def _jsonable(part: object) -> object:
    """A schema as it is; of a tool that is an object, a function or a class its name and what it says of itself."""
    if isinstance(part, Mapping | str) or (hasattr(part, "model_dump") and not isinstance(part, type)):
        return part
    name = getattr(part, "name", None) or getattr(part, "__name__", type(part).__name__)
    return {"name": str(name), "description": str(getattr(part, "description", None) or part.__doc__ or "")}
