"""Pins: what must stand whole in the view comes back when it had left, was shortened or held a recitation."""

from dataclasses import replace

from litany.core.bridge import bridged
from litany.core.clear import bare_edit, entry_edit
from litany.core.indexed import at
from litany.core.kept import parted, pinned, placed_before, reads
from litany.core.record import Record
from litany.core.setting import Setting
from litany.core.state import Cut, Edit, Placed, State


def restored(record: Record, state: State, setting: Setting) -> tuple[State, int | None]:
    """The state in which pinned turns stand whole, and the lowest index at which an earlier view changed by it.

    The latest user message and the goal's message had left as well, when the host rolled the record back.
    """
    gone = _gone(record, state)
    indexes = pinned(record, state) if state.pins else set()
    short = {index for index in indexes if (edit := at(state.edits, index)) is not None and _shortened(edit)}
    laden = indexes and {placed.index - 1 for placed in state.placed if placed.carrier == "result"} & indexes
    if not short and not gone and not laden:
        return state, None
    if laden:
        state = replace(state, placed=tuple(_beside(placed, laden) for placed in state.placed))
    kept = gone if state.cut is None else {*gone, *state.cut.kept}
    edits = {edit.index: edit for edit in state.edits if edit.index not in short | gone}
    for index in short | gone:
        edit = _whole(record, state, setting, index, index in gone and parted(record, tuple(kept), index))
        if edit is not None:
            edits[index] = edit
    state = replace(state, edits=tuple(edits[index] for index in sorted(edits)))
    return replace(state, cut=_widened(record, state, setting, gone)), min(short | gone | laden)


def _gone(record: Record, state: State) -> set[int]:
    """Indexes of what must stand in the view and left it."""
    cut = state.cut
    if cut is None:
        return set()
    indexes = {state.scan.user, state.scan.goal, *(pinned(record, state) if state.pins else ())}
    return {index for index in indexes if 0 <= index < cut.end and index not in cut.kept}


def _beside(placed: Placed, laden: set[int]) -> Placed:
    """A recitation that stood in one of these results stands behind it, in a message of its own."""
    return replace(placed, carrier="user") if placed.index - 1 in laden else placed


def _shortened(edit: Edit) -> bool:
    return bool(edit.clips) or edit.cleared or edit.spoken


def _whole(record: Record, state: State, setting: Setting, index: int, alone: bool) -> Edit | None:
    """The edit that only makes a message safe: forged recitations broken, thinking that lost its prefix left out."""
    message, hash = record[index], record.at(index + 1)
    if alone:
        return Edit(index, hash, message.said, spoken=True)
    if message.bound:
        return bare_edit(message, None, index, hash)
    return entry_edit(message, index, hash, message.sizes, state.mark, setting.count)


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
    place = placed_before(record, state, kept)
    parting = bridged(record, setting, kept, place if cut.text else -1, cut.end)
    return replace(cut, kept=kept, place=place, tokens=tokens + parting.tokens, bridges=parting.bridges)
