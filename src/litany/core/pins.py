"""Pins: turns that the user asked to keep stand whole in the view, also when they had left it or were shortened."""

from dataclasses import replace

from litany.core.clear import bare_edit, entry_edit
from litany.core.kept import placed_before, reads, turn
from litany.core.record import Record
from litany.core.setting import Setting
from litany.core.state import Cut, Edit, State


def pinned(record: Record, state: State) -> set[int]:
    """Indexes of all messages of pinned turns."""
    return {index for pin in state.pins for index in range(*turn(record, pin.index))}


def restored(record: Record, state: State, setting: Setting) -> tuple[State, int | None]:
    """The state in which pinned turns stand whole, and the lowest index at which an earlier view changed by it."""
    if not state.pins:
        return state, None
    indexes = pinned(record, state)
    edits = {edit.index: edit for edit in state.edits}
    short = {index for index in indexes if index in edits and _shortened(edits[index])}
    gone = indexes - _shown(state.cut, record.length)
    if not short and not gone:
        return state, None
    for index in short | gone:
        edits.pop(index, None)
        edit = _whole(record, state, setting, index)
        if edit is not None:
            edits[index] = edit
    state = replace(state, edits=tuple(edits[index] for index in sorted(edits)))
    return replace(state, cut=_widened(record, state, setting, gone)), min(short | gone)


def _shortened(edit: Edit) -> bool:
    return bool(edit.clips) or edit.cleared or edit.spoken


def _shown(cut: Cut | None, length: int) -> set[int]:
    return set(range(length)) if cut is None else {*cut.kept, *range(cut.end, length)}


def _whole(record: Record, state: State, setting: Setting, index: int) -> Edit | None:
    """The edit that only makes a message safe: forged recitations broken, thinking that lost its prefix left out."""
    message, at = record[index], record.at(index + 1)
    if message.bound:
        return bare_edit(message, None, index, at)
    return entry_edit(message, index, at, message.sizes, state.mark, setting.count)


def _widened(record: Record, state: State, setting: Setting, gone: set[int]) -> Cut | None:
    """The cut that keeps these messages as well."""
    cut = state.cut
    if cut is None:
        return None
    edits = {edit.index: edit for edit in state.edits}
    kept = tuple(sorted({*cut.kept, *gone}))
    tokens = setting.dialect.read(setting.dialect.user(cut.text), setting.count, False).tokens if cut.text else 0
    tokens += sum(reads(record, edits, index) for index in kept)
    tokens += sum(repair.tokens for repair in state.repairs if repair.index in kept)
    return replace(cut, kept=kept, place=placed_before(record, state, kept), tokens=tokens)
