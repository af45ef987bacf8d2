"""Kept: what no cut may take, and how many tokens stand where."""

from collections.abc import Sequence
from dataclasses import dataclass

from litany.core.indexed import TOKENS, at, since
from litany.core.message import Role
from litany.core.record import Record
from litany.core.setting import Setting
from litany.core.state import Edit, State
from litany.errors import WindowTooSmall


@dataclass(frozen=True, slots=True)
class Fixture:
    """What stays when everything before an index is compacted."""

    kept: tuple[int, ...]
    place: int
    """How many of the kept stand before the summary."""
    tokens: int
    """Tokens of all that stays, the tail and the summary aside: fixed, head, kept."""


def standing(record: Record, state: State, setting: Setting, end: int) -> Fixture:
    """What stays of the messages before `end`."""
    kept = _kept(record, state, setting, end)
    edits = {index: edit for index in kept if (edit := at(state.edits, index)) is not None}
    place = placed_before(record, state, kept)
    head = 0 if state.head is None else state.head.tokens
    tokens = sum(record[index].said if parted(record, kept, index) else reads(record, edits, index) for index in kept)
    return Fixture(kept, place, setting.fixed + head + tokens)


def placed_before(record: Record, state: State, kept: Sequence[int]) -> int:
    """How many of the kept stand before the summary: leading system messages, and all up to the goal's message."""
    return sum(index < record.leading or index <= state.scan.goal for index in kept)


def parted(record: Record, kept: Sequence[int], index: int) -> bool:
    """Whether a message that stays carries results, and their calls leave: then only what the user says stays."""
    return bool(record[index].answers) and record[index].speaks and turn(record, index)[0] not in kept


def reads(record: Record, edits: dict[int, Edit], index: int) -> int:
    """Tokens of a message as it reads now."""
    edit = edits.get(index)
    return record[index].tokens if edit is None else edit.tokens


def turn(record: Record, index: int) -> tuple[int, int]:
    """The turn that a message stands in: from its start up to, not including, its end."""
    start = index
    while start > 0 and not begins(record, start):
        start -= 1
    end = index + 1
    while end < record.length and not begins(record, end):
        end += 1
    return start, end


def last_turn(record: Record, state: State) -> range:
    """The turn of the last reply; empty before the first one."""
    start = state.scan.turn
    return range(start, turn(record, start)[1]) if 0 <= start < record.length else range(0)


def whole(record: Record, state: State, index: int) -> set[int]:
    """Indexes of the turn that a message belongs to: with its late results, without those of other turns."""
    moved = at(state.lates, index)
    indexes = set(range(*turn(record, index if moved is None else moved.after)))
    indexes -= {late.index for late in state.lates}
    return indexes | {late.index for late in state.lates if late.after in indexes}


def pinned(record: Record, state: State) -> set[int]:
    """Indexes of all messages of pinned turns."""
    return {index for pin in state.pins for index in whole(record, state, pin.index)}


def begins(record: Record, index: int) -> bool:
    """Whether a turn begins there: the message answers nothing, observes nothing and goes on with no reply."""
    if index >= record.length:
        return True
    return not (record[index].answers or record[index].role is Role.TOOL or record.joined(index))


def _kept(record: Record, state: State, setting: Setting, end: int) -> tuple[int, ...]:
    everywhere = setting.dialect.name != "anthropic"  # there a system message may not stand beside another
    kept = {index for index in record.systems(end) if everywhere or index < record.leading}
    kept |= {state.scan.goal, state.scan.user, record.fold(end), *(pinned(record, state) if state.pins else ())}
    kept |= {late.index for late in state.lates if late.after in kept}  # a late result stands behind its call
    return tuple(sorted(index for index in kept if 0 <= index < end))


def measured(record: Record, state: State) -> int:
    """Tokens of the view's body, fixed parts aside."""
    start = 0 if state.cut is None else state.cut.end
    tokens = record.tokens(start, state.length) + (0 if state.head is None else state.head.tokens)
    tokens += sum(edit.tokens - record[edit.index].tokens for edit in since(state.edits, start))
    tokens += sum(map(TOKENS, since(state.repairs, start)))
    tokens += sum(map(TOKENS, state.placed))
    for late in since(state.lates, start):
        if state.noted(late):
            edit = at(state.edits, late.index)
            tokens += late.tokens - (record[late.index].tokens if edit is None else edit.tokens)
    return tokens + (0 if state.cut is None else state.cut.tokens)


def refusal(record: Record, state: State, setting: Setting) -> WindowTooSmall:
    """The error that names what takes the room when not even the irreducible fits."""
    room = setting.limit(state)
    sizes = {
        "system text": setting.system + sum(record[index].tokens for index in record.systems(record.length)),
        "tools": setting.tools,
        "goal": record[state.scan.goal].tokens if state.scan.goal >= 0 else 0,
        "goal and constraints given in code": 0 if state.head is None else state.head.tokens,
        "pinned messages": sum(record[index].tokens for index in pinned(record, state)),
        "latest user message": record[state.scan.user].tokens if state.scan.user >= 0 else 0,
    }
    culprit = max(sizes, key=lambda name: sizes[name])
    return WindowTooSmall(
        f"what must be sent does not fit: {sizes[culprit]} tokens of {culprit}, and the window holds {room} in all "
        f"(window {setting.policy.window} - reserve {setting.policy.spare}); "
        "shorten it, raise `window` or lower `reserve`",
        culprit=culprit,
        tokens=sizes[culprit],
        room=room,
    )
