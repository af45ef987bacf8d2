"""Prefix: how much of the view before begins this view too, and so can be read from a provider's cache."""

from collections.abc import Iterator
from dataclasses import dataclass, field

from litany.core.indexed import at, since
from litany.core.record import Record
from litany.core.setting import Setting
from litany.core.state import Cut, State


@dataclass(frozen=True, slots=True)
class Prefix:
    """The whole messages, system text and tools included, that both views begin with."""

    tokens: int
    to: int | None
    """Index of the first message of the record that is not in it, or whose place is taken; None: all of the view
    before stands in it."""


def prefix(record: Record, before: State, after: State, setting: Setting, common: int, changed: bool) -> Prefix:
    """What stays of the view before. `common`: how many messages the record then and now have in common."""
    if not before.length:
        return Prefix(0, 0)
    if not changed and common == before.length:
        last = before.length - 1
        if not before.recital or before.carrier != "result" or not record[last].answers:
            return Prefix(setting.fixed + before.size, None)
        return Prefix(setting.fixed + before.size - _reads(record, before, last), last)
    then, now = _laid(record, before, common), _laid(record, after, record.length)
    tokens = setting.fixed
    for was, stands in zip(then, now, strict=False):
        if was != stands:
            return Prefix(tokens, was.index)
        tokens += was.tokens
    return Prefix(tokens, None if common == before.length else common)


@dataclass(frozen=True, slots=True)
class _Laid:
    """One piece of a view: equal to another when the same bytes stand there."""

    index: int = field(compare=False)
    tokens: int = field(compare=False)
    reads: object


def _laid(record: Record, state: State, end: int) -> Iterator[_Laid]:
    """The view piece by piece, as far as the record reaches up to `end`."""
    head, cut = state.head, state.cut
    kept = range(0 if head is None else head.index) if cut is None else cut.kept
    start = len(kept) if cut is None else cut.end
    for place, index in enumerate((*kept, start)):
        last = place == len(kept)
        if head is not None and (place == head.index or (last and place < head.index)):
            yield _Laid(index, head.tokens, head.text)
        if cut is not None:
            yield from _folded(cut, place, index, last)
        if index >= end and not last:
            return
        if not last:
            yield from _message(record, state, index)
    yield from _placed(state, start)
    for index in range(start, min(end, state.length)):
        yield from _message(record, state, index)
        yield from _placed(state, index + 1)


def _folded(cut: Cut, place: int, index: int, last: bool) -> Iterator[_Laid]:
    """The summary and a bridge, where they stand before that index."""
    if cut.text and (place == cut.place or (last and place < cut.place)):
        yield _Laid(index, cut.said, cut.text)
    if index in cut.bridges:
        yield _Laid(index, 0, "bridge")


def _message(record: Record, state: State, index: int) -> Iterator[_Laid]:
    late = at(state.lates, index)
    if late is not None:
        if state.noted(late) and late.tokens:
            yield _Laid(index, late.tokens, ("note", late))
        return
    yield _Laid(index, _reads(record, state, index), (index, at(state.edits, index)))
    for moved in state.lates:
        if moved.after == index:
            yield _Laid(index, _reads(record, state, moved.index), moved)
    repair = at(state.repairs, index)
    if repair is not None:
        yield _Laid(index, repair.tokens, repair)


def _placed(state: State, index: int) -> Iterator[_Laid]:
    for placed in since(state.placed, index):
        if placed.index != index:
            return
        yield _Laid(index, placed.tokens, placed.text)


def _reads(record: Record, state: State, index: int) -> int:
    edit = at(state.edits, index)
    return record[index].tokens if edit is None else edit.tokens
