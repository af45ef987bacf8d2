"""Pairs: which call each result answers, who was never answered, and what came late.

Ids repeat in real runs, so a result is matched by position as well: it answers the open calls of the last
assistant turn, or a call of an earlier one that a repair stands in for.
"""

from collections.abc import Sequence
from dataclasses import dataclass

from litany.core.change import replace
from litany.core.indexed import at
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
    if pairs.open:
        pairs = replace(_repaired(record, setting, pairs), open=())
    if message.calls:
        return replace(pairs, open=tuple(call.id for call in message.calls), turn=index)
    if message.role is Role.ASSISTANT:
        return replace(pairs, turn=index)
    return pairs


def _answered(record: Record, state: State, setting: Setting, pairs: Pairs, index: int) -> Pairs:
    message = record[index]
    left = list(pairs.open)
    for id in message.answers:
        if id not in left:
            return _late(record, state, setting, pairs, index)
        left.remove(id)
    pairs = replace(pairs, open=tuple(left))
    return _unrepaired(record, setting, pairs, pairs.turn, message.answers)


def _late(record: Record, state: State, setting: Setting, pairs: Pairs, index: int) -> Pairs:
    message = record[index]
    for repair in reversed(pairs.repairs):
        waiting = [call.id for call in repair.calls]
        if all(id in waiting for id in message.answers) and not message.text.strip():
            gone = state.cut is not None and repair.index < state.cut.end and repair.index not in state.cut.kept
            late = Late(index, record.at(index + 1), repair.index, 0 if pairs.open else HELD)
            pairs = replace(pairs, lates=(*pairs.lates, late))
            return _unrepaired(record, setting, pairs, repair.index, message.answers, silent=gone)
    missing = next(id for id in message.answers if id not in pairs.open)
    raise PairError(
        f"the result at messages[{index}] answers the call {missing!r}, which is not open there; "
        f"{_open(pairs)}. Leave the result out, or put it behind its call"
    )


def _open(pairs: Pairs) -> str:
    return f"open calls: {', '.join(map(repr, pairs.open))}" if pairs.open else "no call is open"


def _unrepaired(
    record: Record, setting: Setting, pairs: Pairs, turn: int, ids: Sequence[str], silent: bool = False
) -> Pairs:
    """Without the repairs of calls that were answered after all."""
    found = at(pairs.repairs, turn)
    if found is None:
        return pairs
    calls = tuple(call for call in found.calls if call.id not in ids)
    still = [replace(found, calls=calls, tokens=_tokens(calls, setting))] if calls else []
    place = pairs.repairs.index(found)
    others = (*pairs.repairs[:place], *still, *pairs.repairs[place + 1 :])
    cut_at = turn if pairs.cut_at is None else min(turn, pairs.cut_at)
    return replace(pairs, repairs=others, cut_at=pairs.cut_at if silent else cut_at)


def _repaired(record: Record, setting: Setting, pairs: Pairs) -> Pairs:
    """With a repair for the calls that are open."""
    if at(pairs.repairs, pairs.turn) is not None:
        return pairs
    calls = _waiting(record[pairs.turn], pairs.open)
    repair = Repair(pairs.turn, record.at(pairs.turn + 1), calls, _tokens(calls, setting))
    return replace(pairs, repairs=(*pairs.repairs, repair))


def _waiting(message: Message, open: Sequence[str]) -> tuple[Call, ...]:
    left = list(open)
    calls = []
    for call in message.calls:
        if call.id in left:
            left.remove(call.id)
            calls.append(replace(call, arguments=""))
    return tuple(calls)


def _tokens(calls: Sequence[Call], setting: Setting) -> int:
    natives = setting.dialect.repair(calls, INTERRUPTED)
    return sum(setting.dialect.read(native, setting.count, False).tokens for native in natives)


def moved(scan: Scan, pairs: Pairs) -> Scan:
    """The scan with what pairing found."""
    return replace(scan, open=pairs.open, turn=pairs.turn)
