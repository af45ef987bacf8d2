"""Rewriting: what stays of the state when the host edited, branched or rolled back the record."""

from collections.abc import Sequence
from dataclasses import replace
from functools import partial

from litany.core.recite import Since
from litany.core.record import Record
from litany.core.state import Pin, Scan, State
from litany.errors import RecordRewritten


def agrees(record: Record, state: State) -> bool:
    """Whether the record begins with everything that the state was decided on."""
    return state.length <= record.length and record.at(state.length) == state.at


def reconciled(record: Record, state: State, strict: bool) -> tuple[State, bool]:
    """The state without what was decided about messages that are no longer there, and whether the cut fell.

    The agenda stays. The record is then read anew; decisions whose messages still stand are kept.
    Raises: RecordRewritten when strict and the record was edited behind the cut.
    """
    cut = state.cut
    fell = cut is not None and record.at(cut.end) != cut.at
    if fell and strict:
        raise RecordRewritten(
            f"the record was edited before messages[{cut.end if cut else 0}], which was compacted; "
            "hand over the record as it was, or set strict=False to plan it anew"
        )
    kept = replace(
        state,
        length=0,
        at="",
        scan=Scan(),
        told=Since(),
        recited=None,
        finished=-1,
        headed=False,
        cut=None if fell else cut,
        edits=tuple(edit for edit in state.edits if record.at(edit.index + 1) == edit.at),
        placed=() if fell else tuple(placed for placed in state.placed if record.at(placed.index) == placed.at),
        pins=_pins(record, state.pins),
        repairs=(),
        lates=(),
        size=0,
        recital="",
        again=0,
        answered=(),
    )
    return kept, fell


def _pins(record: Record, pins: Sequence[Pin]) -> tuple[Pin, ...]:
    """The pins whose messages are still there: each at its index, else at the nearest that holds the same message."""
    if not pins:
        return ()
    places: dict[str, list[int]] = {}
    for index in range(record.length):
        places.setdefault(record[index].digest, []).append(index)
    found = [(pin, places[pin.digest]) for pin in pins if pin.digest in places]
    moved = [replace(pin, index=min(near, key=partial(_far, pin.index))) for pin, near in found]
    return tuple(dict.fromkeys(moved))


def _far(index: int, place: int) -> int:
    return abs(place - index)
