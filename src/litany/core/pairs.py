"""Pairs: which call each result answers, who was never answered, and what came late.

Ids repeat in real runs, so a result is matched by position as well: it answers the open calls of the last
assistant turn, or a call of an earlier one that a repair stands in for. A turn's calls may stand in several items;
its repair stands right behind the last item that made a call.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from litany.core.change import replace
from litany.core.indexed import since
from litany.core.kept import begins
from litany.core.message import Call, Message, Role
from litany.core.record import Record
from litany.core.setting import Setting
from litany.core.state import HELD, Late, Repair, Scan, State
from litany.core.view import INTERRUPTED
from litany.errors import PairError


@dataclass(frozen=True, slots=True)
class Pairs:
    """How far pairing came."""

    open: tuple[str, ...]
    turn: int
    repairs: tuple[Repair, ...]
    lates: tuple[Late, ...]
    cut_at: int | None = None
    """Lowest index whose rendering changed: a real result replaced a repair."""


def paired(record: Record, state: State, setting: Setting) -> Pairs:
    """Pairing after the messages that are new.

    Raises: PairError for a result that answers no call, or a call that was answered already.
    """
    pairs = Pairs(state.scan.open, state.scan.turn, state.repairs, state.lates)
    for index in range(state.length, record.length):
        pairs = _next(record, state, setting, pairs, index)
    return _repaired(record, setting, pairs) if pairs.open else pairs


def _next(record: Record, state: State, setting: Setting, pairs: Pairs, index: int) -> Pairs:
    message = record[index]
    if message.answers:
        return _answered(record, state, setting, pairs, index)
    if record.joined(index):
        return _joined(record, state, pairs, index)
    if pairs.open:
        pairs = replace(_repaired(record, setting, pairs), open=())
    if message.calls:
        return replace(pairs, open=tuple(call.id for call in message.calls), turn=index)
    if message.role is Role.ASSISTANT:
        return replace(pairs, turn=index)
    return pairs


def _joined(record: Record, state: State, pairs: Pairs, index: int) -> Pairs:
    """One more item of a reply. What litany wrote behind the item before it, when that stood last, is taken back."""
    if record[index].calls:
        opened = tuple(call.id for call in record[index].calls)
        pairs = replace(pairs, open=(*pairs.open, *opened), turn=index if pairs.turn < 0 else pairs.turn)
    if index != state.length:
        return pairs
    early = since(pairs.repairs, pairs.turn) if pairs.open else ()
    if not early and not (state.placed and state.placed[-1].index == index):
        return pairs
    kept = pairs.repairs[: len(pairs.repairs) - len(early)]
    return replace(pairs, repairs=kept, cut_at=_least(pairs.cut_at, early[0].index if early else index - 1))


def _answered(record: Record, state: State, setting: Setting, pairs: Pairs, index: int) -> Pairs:
    found = _matched(record[index], [call for _, call in _waiting(record, pairs)])
    if found is None:
        return _late(record, state, setting, pairs, index)
    left = list(pairs.open)
    for id in found:
        left.remove(id)
    pairs = replace(pairs, open=tuple(left))
    return _unrepaired(record, setting, pairs, next(iter(since(pairs.repairs, pairs.turn)), None), found)


def _matched(message: Message, waiting: Sequence[Call]) -> tuple[str, ...] | None:
    """Ids of the calls that the results answer, by id, else in order by the tool's name; None: one answers no call."""
    left = list(waiting)
    found: dict[int, str] = {}
    for named in (False, True):
        for place, id in enumerate(message.answers):
            if place in found:
                continue
            name = message.names[place] if named and message.names else None
            fits = (call for call in left if call.id == id or (call.name == name and name in (call.id, id)))
            call = next(fits, None)
            if call is not None:
                left.remove(call)
                found[place] = call.id
    return tuple(found[place] for place in sorted(found)) if len(found) == len(message.answers) else None


def _late(record: Record, state: State, setting: Setting, pairs: Pairs, index: int) -> Pairs:
    message = record[index]
    for repair in reversed(pairs.repairs):
        found = _matched(message, repair.calls)
        if found is not None and not message.text.strip():
            gone = state.cut is not None and repair.index < state.cut.end and repair.index not in state.cut.kept
            late = Late(index, record.at(index + 1), repair.index, 0 if pairs.open else HELD)
            pairs = replace(pairs, lates=(*pairs.lates, late))
            return _unrepaired(record, setting, pairs, repair, found, silent=gone)
    missing = next((id for id in message.answers if id not in pairs.open), message.answers[-1])
    raise PairError(
        f"the result at messages[{index}] answers the call {missing!r}, which is not open there; "
        f"{_open(pairs)}. Leave the result out, or put it behind its call"
    )


def _open(pairs: Pairs) -> str:
    return f"open calls: {', '.join(map(repr, pairs.open))}" if pairs.open else "no call is open"


def _unrepaired(
    record: Record, setting: Setting, pairs: Pairs, repair: Repair | None, ids: Sequence[str], silent: bool = False
) -> Pairs:
    """Without the repairs of calls that were answered after all."""
    if repair is None:
        return pairs
    calls = _without(repair.calls, ids)
    still = [replace(repair, calls=calls, tokens=_tokens(calls, setting))] if calls else []
    place = pairs.repairs.index(repair)
    others = (*pairs.repairs[:place], *still, *pairs.repairs[place + 1 :])
    return replace(pairs, repairs=others, cut_at=pairs.cut_at if silent else _least(pairs.cut_at, repair.index))


def _without(calls: Sequence[Call], ids: Sequence[str]) -> tuple[Call, ...]:
    """The calls but those of these ids, one an id: several calls may go by one name."""
    left = list(calls)
    for id in ids:
        found = next((call for call in left if call.id == id), None)
        if found is not None:
            left.remove(found)
    return tuple(left)


def _least(cut_at: int | None, index: int) -> int:
    return index if cut_at is None else min(index, cut_at)


def _repaired(record: Record, setting: Setting, pairs: Pairs) -> Pairs:
    """With a repair for the calls that are open, behind the last item that made one of the turn's calls."""
    if since(pairs.repairs, pairs.turn):
        return pairs
    waiting = list(_waiting(record, pairs))
    calls = tuple(replace(call, arguments="") for _, call in waiting)
    last = max(index for index, _ in waiting)
    repair = Repair(last, record.at(last + 1), calls, _tokens(calls, setting))
    return replace(pairs, repairs=(*pairs.repairs, repair))


def _waiting(record: Record, pairs: Pairs) -> Iterator[tuple[int, Call]]:
    """The calls of the last turn that are open, each with the index of its item."""
    left = list(pairs.open)
    for index in range(pairs.turn, record.length) if left else ():
        if index > pairs.turn and begins(record, index):
            return
        for call in record[index].calls:
            if call.id in left:
                left.remove(call.id)
                yield index, call


def _tokens(calls: Sequence[Call], setting: Setting) -> int:
    natives = setting.dialect.repair(calls, INTERRUPTED)
    return sum(setting.dialect.read(native, setting.count, False).tokens for native in natives)


def moved(scan: Scan, pairs: Pairs) -> Scan:
    """The scan with what pairing found."""
    return replace(scan, open=pairs.open, turn=pairs.turn)
