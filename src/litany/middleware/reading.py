"""Reading the host's messages into a Record: each one once in its life, told from earlier ones by identity first."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from itertools import repeat
from operator import attrgetter, call, is_, methodcaller

from litany.core.message import Message, Role
from litany.core.ports import Count, Dialect
from litany.core.record import Record
from litany.dialects.canonical import digest, plain
from litany.errors import MessageError

CLOSE = 256
"""Messages at the end that are looked into on every call, and older ones that are, in turn."""


@dataclass(frozen=True, slots=True)
class Reading:
    """The record as it was read last, and what it was read from."""

    record: Record = Record()
    contents: Sequence[object] = ()
    """The content objects at the time: an edit in place is told by them."""
    spoken: bool = False
    """Whether an assistant message was read: what a text-only agent reads after it are observations."""
    same: bool = True
    """Whether every earlier message is the very object that came before."""
    turn: int = 0
    """How many times it was read: which of the older messages are looked into next."""


def read(before: Reading, messages: Sequence[object], dialect: Dialect, count: Count, observations: str) -> Reading:
    """The record of these messages. Only what is new or changed is read.

    Raises: MessageError that names the message that cannot be read.
    """
    natives = list(messages)
    known = before.record.length
    if len(natives) >= known and _identical(before, natives):
        contents: Sequence[object] = [*before.contents, *_contents(natives[known:])]
        return _grown(before, natives, contents, known, dialect, count, observations, True)
    common = _common(before.record, natives)
    contents = _contents(natives)
    back = Reading(before.record.back(common), (), _spoken(before.record, common))
    return _grown(back, natives, contents, common, dialect, count, observations, False)


def _contents(natives: Sequence[object]) -> Sequence[object]:
    """The content object of each message, by loops in C."""
    try:
        return list(map(dict.get, natives, repeat("content")))  # type: ignore[arg-type]  # else TypeError
    except TypeError:
        ways = {kind: _way(kind) for kind in set(map(type, natives))}
    try:
        return list(map(call, map(ways.__getitem__, map(type, natives)), natives))
    except AttributeError:
        return [_content(native) for native in natives]


def _way(kind: type) -> Callable[[object], object]:
    return methodcaller("get", "content") if issubclass(kind, Mapping) else attrgetter("content")


def _content(native: object) -> object:
    return native.get("content") if isinstance(native, Mapping) else getattr(native, "content", None)


def _identical(before: Reading, natives: Sequence[object]) -> bool:
    """Whether all that was read before came again, unedited.

    The lists are compared by C, which takes the same object for equal without looking into it. Which messages are
    equal copies, and which were edited in place, is asked of the last CLOSE messages and of as many older ones in
    turn: looking into every message on every call would take longer than all the rest of it.
    """
    known = before.record.length
    if before.record.natives != natives[:known]:
        return False
    close = max(0, known - CLOSE)
    turn = before.turn * CLOSE % close if close else 0
    return _unedited(before, natives, close, known) and _unedited(before, natives, turn, min(turn + CLOSE, close))


def _unedited(before: Reading, natives: Sequence[object], start: int, end: int) -> bool:
    part = natives[start:end]
    return all(map(is_, before.record.natives[start:end], part)) and before.contents[start:end] == _contents(part)


def _common(record: Record, natives: Sequence[object]) -> int:
    """How many messages still read as before, by their bytes."""
    for index, native in enumerate(natives[: record.length]):
        if _digest(native, index) != record[index].digest:
            return index
    return min(record.length, len(natives))


def _digest(native: object, index: int) -> str:
    try:
        return digest(native)
    except MessageError as error:
        raise MessageError(f"messages[{index}]: {error}") from None


def _spoken(record: Record, length: int) -> bool:
    return any(message.role is Role.ASSISTANT for message in record.span(0, length))


def _grown(
    before: Reading,
    natives: Sequence[object],
    contents: Sequence[object],
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
    return Reading(before.record.grown(new, natives), contents, spoken, same, before.turn + 1)


def _observed(native: object, spoken: bool, observations: str) -> bool:
    """Whether a user message is an observation: what a text-only agent reads instead of a tool result."""
    if not spoken or not isinstance(native, Mapping) or native.get("role") != "user":
        return False
    return observations == "user" or native.get("message_type") == "observation"


def counted(value: object, count: Count) -> int:
    """Tokens of a system text or of tool schemas beside the messages."""
    if not value:
        return 0
    if isinstance(value, str):
        return count(value) + 4
    return count(_plain(value)) + 4


def texts(system: object) -> str:
    """The system text beside the messages, block by block."""
    if isinstance(system, str):
        return system
    blocks: Iterable[object] = system if isinstance(system, Sequence) else ()
    return "\n".join(str(block.get("text", "")) for block in blocks if isinstance(block, Mapping))


def _plain(value: object) -> str:
    return plain([_jsonable(part) for part in value] if isinstance(value, Sequence) else value)


def _jsonable(part: object) -> object:
    """A schema as it is; of a tool that is an object, a function or a class its name and what it says of itself."""
    if isinstance(part, Mapping | str) or (hasattr(part, "model_dump") and not isinstance(part, type)):
        return part
    name = getattr(part, "name", None) or getattr(part, "__name__", type(part).__name__)
    return {"name": str(name), "description": str(getattr(part, "description", None) or part.__doc__ or "")}
