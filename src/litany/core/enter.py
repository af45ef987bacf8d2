"""Entering: what is decided once about each new message, and remembered."""

from collections.abc import Callable, Mapping, Sequence

from litany.core.agenda import Agenda, Item
from litany.core.change import replace
from litany.core.clear import entry_edit, shares
from litany.core.indexed import INDEX, TOKENS, since
from litany.core.inserted import asked, summarizes
from litany.core.kept import last_turn, measured, reads, standing
from litany.core.message import Role
from litany.core.pairs import moved, paired
from litany.core.recite import Since
from litany.core.record import Record
from litany.core.setting import Setting
from litany.core.state import Edit, Placed, Scan, State
from litany.core.stated import states
from litany.core.todos import host_todos


def entered(record: Record, state: State, setting: Setting) -> tuple[State, int | None]:
    """The state after the new messages of the record, and the lowest index at which an earlier view changed.

    `size` grows by what is new; where an earlier view changed the caller measures anew.
    Raises: PairError for a result without a call.
    """
    state = _replied(record, state, setting)
    pairs = paired(record, state, setting)
    first, before = state.length, sum(map(TOKENS, state.repairs))
    state = _found(record, state, moved(state.scan, pairs), first, setting.redact)
    edits = _edits(record, state, setting, first)
    told = state.told if state.told.length < first else _since(record, state, edits, first, state.told.length)
    scan = _since(record, state, edits, first, record.length)
    repairs = sum(map(TOKENS, pairs.repairs)) - before
    came_late = pairs.lates is not state.lates
    state = replace(
        state,
        told=told,
        repairs=pairs.repairs,
        lates=pairs.lates,
        placed=state.placed if pairs.cut_at is None else _before(state.placed, pairs.cut_at),
        scan=replace(state.scan, answered=scan.turns, entered=scan.tokens),
        edits=_merged(state.edits, edits),
        size=state.size + scan.tokens - state.scan.entered + repairs,
        length=record.length,
        at=record.at(record.length),
    )
    if came_late:
        state = replace(state, size=measured(record, state))
    return _rested(state), pairs.cut_at


def _before(placed: tuple[Placed, ...], index: int) -> tuple[Placed, ...]:
    """The kept recitations up to a cut: one behind it may stand between a call and its real result."""
    return tuple(item for item in placed if item.index <= index)


def _replied(record: Record, state: State, setting: Setting) -> State:
    """With the last recitation kept after all, when the reply to it holds thinking that is bound to it."""
    first = state.length
    if not state.recital or first >= record.length or not record[first].bound:
        return state
    if setting.policy.keep_recitations != "auto":
        return state
    tokens = setting.dialect.read(setting.dialect.user(state.recital), setting.count, False).tokens
    placed = Placed(first, record.at(first), state.recital, state.carrier, tokens)
    return replace(state, placed=(*state.placed, placed), recital="", size=state.size + tokens)


def _merged(old: tuple[Edit, ...], new: dict[int, Edit]) -> tuple[Edit, ...]:
    """All edits by index: the new ones stand behind the old, but where a record is read anew."""
    if not new:
        return old
    both = (*old, *new.values())
    return tuple(sorted(both, key=INDEX)) if old and min(new) < old[-1].index else both


def _since(record: Record, state: State, edits: dict[int, Edit], first: int, end: int) -> Since:
    """Turns and tokens up to `end`, the new messages counted as they read."""
    new = range(first, min(end + 1, record.length))
    turns = sum(record[index].role is Role.ASSISTANT and not record.joined(index) for index in new)
    tokens = sum(reads(record, edits, index) for index in new)
    return Since(end, state.scan.answered + turns, state.scan.entered + tokens)


def _found(record: Record, state: State, scan: Scan, first: int, redact: Callable[[str], str]) -> State:
    """Goal, latest user message and todos, as the new messages tell them."""
    agenda, told = state.agenda, state.told.length
    for index in range(first, record.length):
        message = record[index]
        request = asked(message)
        if request.strip() or (message.speaks and (summarizes(message) or not message.text.strip())):
            scan = replace(scan, user=index)
            if agenda.goal is None and state.finds and request.strip():
                agenda = replace(agenda, goal=Item(request, "found", index))
        todos = host_todos(message.calls, index) if message.calls else None
        if todos is not None:
            todos = tuple(replace(todo, content=redact(todo.content)) for todo in todos)
            agenda, told = replace(agenda, todos=todos), index
    goal = goal_at(record, agenda, scan, first)
    told = goal if goal > told and goal != state.scan.goal else told
    since = state.told if told == state.told.length else replace(state.told, length=told)
    scan = scan if goal == scan.goal else replace(scan, goal=goal)
    return replace(state, scan=scan, agenda=agenda, told=since)


def goal_at(record: Record, agenda: Agenda, scan: Scan, first: int) -> int:
    """Index of the first user or system message that holds the goal word for word; -1 when none does."""
    if scan.goal != -1 or agenda.goal is None:
        return scan.goal
    for index in range(first, record.length):
        message = record[index]
        if message.role in (Role.USER, Role.SYSTEM) and states(message.text, agenda.goal.text):
            return index
    return -1


def _rested(state: State) -> State:
    """With the length at which the agenda was finished."""
    if not state.agenda.finished:
        return state if state.finished < 0 else replace(state, finished=-1)
    return state if state.finished >= 0 else replace(state, finished=state.length)


def _edits(record: Record, state: State, setting: Setting, first: int) -> dict[int, Edit]:
    """What the new results read like: each within the clip, those of the last turn together within the room."""
    known = set(map(INDEX, since(state.edits, first)))
    news = [index for index in range(first, record.length) if record[index].slots and index not in known]
    limits = _limits(record, state, setting, [index for index in news if index > state.scan.turn])
    edits: dict[int, Edit] = {}
    for index in news:
        message = record[index]
        most = limits.get(index) or (setting.policy.clip,) * len(message.slots)
        edit = entry_edit(message, index, record.at(index + 1), most, state.mark, setting.count)
        if edit is not None:
            edits[index] = edit
    return edits


def _limits(record: Record, state: State, setting: Setting, turn: Sequence[int]) -> Mapping[int, tuple[int, ...]]:
    """Limits of the results of the last turn, slot by slot, so that they fit when all else is compacted."""
    most = setting.policy.clip
    sizes = [size for index in turn for size in record[index].sizes]
    if sum(min(size, most) for size in sizes) * 4 < setting.policy.budget:
        return {}
    beside = sum(record[index].tokens - sum(record[index].sizes) for index in turn)
    asked = sum(record[index].tokens for index in last_turn(record, state) if not record[index].observed)
    stays = standing(record, state, setting, record.length).tokens + setting.summary + setting.recital(state)
    every = iter(shares(sizes, max(0, setting.limit(state) - stays - beside - asked), most))
    return {index: tuple(next(every) for _ in record[index].sizes) for index in turn}
