"""Ledger: what a call sent, in tokens by section, and which messages left the view by it."""

from dataclasses import dataclass

from litany.core.plan import Plan
from litany.core.record import Record
from litany.core.setting import Setting
from litany.core.state import State


@dataclass(frozen=True, slots=True)
class Line:
    """One line of the trace."""

    tokens: int
    """Tokens of the whole request in our own count."""
    fields: dict[str, object]


def left(record: Record, before: State, after: State) -> list[int]:
    """Indexes of the messages that left the view by this call: cut, cleared, clipped or otherwise changed."""
    known = {edit.index: edit for edit in before.edits} if before.edits is not after.edits else {}
    gone = (
        {edit.index for edit in after.edits if known.get(edit.index) != edit} if before.edits != after.edits else set()
    )
    if after.cut is not None and after.cut is not before.cut:
        first = 0 if before.cut is None else before.cut.end
        earlier = () if before.cut is None else before.cut.kept
        stays = set(after.cut.kept)
        gone |= {index for index in (*earlier, *range(first, after.cut.end)) if index not in stays}
    if after.lates is not before.lates:
        gone |= {late.index for late in after.lates if late.after < 0}
    return sorted(index for index in gone if index < record.length)


def line(record: Record, before: State, plan: Plan, setting: Setting, sent: int) -> Line:
    """One line of the trace."""
    state = plan.state
    recital = setting.count(state.recital) + 4 if state.recital else 0
    new = {edit.index: edit for edit in before.edits}
    changed = [edit for edit in state.edits if new.get(edit.index) != edit] if state.edits is not before.edits else []
    placed = bool(state.placed) and state.placed[-1].index == state.length and plan.due
    tokens = setting.fixed + state.size + recital
    fields: dict[str, object] = {
        "messages": record.length,
        "sent": sent,
        "tokens": tokens,
        "budget": setting.policy.budget,
        "sections": _sections(record, state, setting, recital),
        "due": plan.due,
        "recital": state.recital or (state.placed[-1].text if placed else None),
        "kept": placed,
        "clipped": [edit.index for edit in changed if edit.clips and not edit.cleared and edit.index >= before.length],
        "cleared": list(plan.cleared),
        "compacted": _compacted(before, state),
        "summary": plan.summarized or None,
        "repaired": [repair.index for repair in state.repairs if repair not in before.repairs],
        "changed": plan.changed,
        "reasons": list(plan.reasons),
    }
    return Line(tokens, fields)


def _compacted(before: State, state: State) -> list[int] | None:
    if state.cut is None or state.cut == before.cut:
        return None
    return [0 if before.cut is None else before.cut.end, state.cut.end]


def _sections(record: Record, state: State, setting: Setting, recital: int) -> dict[str, int]:
    summary = setting.count(state.cut.text) + 4 if state.cut is not None and state.cut.text else 0
    head = (0 if state.head is None else state.head.tokens) + (0 if state.cut is None else state.cut.tokens - summary)
    placed = sum(item.tokens for item in state.placed)
    return {
        "system": setting.system,
        "tools": setting.tools,
        "head": head,
        "summary": summary,
        "tail": state.size - head - summary - placed,
        "recitation": recital + placed,
    }
