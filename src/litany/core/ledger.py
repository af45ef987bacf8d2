"""Ledger: what a call sent, in tokens by section, and which messages left the view by it."""

from litany.core.indexed import INDEX, TOKENS, fresh, since
from litany.core.news import news
from litany.core.plan import Plan
from litany.core.record import Record
from litany.core.setting import Setting
from litany.core.state import State


def left(record: Record, before: State, after: State) -> list[int]:
    """Indexes of the messages that left the view by this call: cut, cleared, clipped or otherwise changed."""
    gone = set(map(INDEX, fresh(before.edits, after.edits)))
    if after.cut is not None and after.cut is not before.cut:
        first = 0 if before.cut is None else before.cut.end
        earlier = () if before.cut is None else before.cut.kept
        stays = set(after.cut.kept)
        gone |= {index for index in (*earlier, *range(first, after.cut.end)) if index not in stays}
    if after.lates is not before.lates or after.cut is not before.cut:
        told = after.lates if after.cut is None else since(after.lates, after.cut.end)
        gone |= {late.index for late in told if after.noted(late)}
    return sorted(index for index in gone if index < record.length)


def total(state: State, setting: Setting) -> int:
    """Tokens of the whole request in our own count."""
    return setting.fixed + state.size + _recital(state, setting)


def line(
    record: Record, before: State, plan: Plan, setting: Setting, sent: int, common: int | None = None
) -> dict[str, object]:
    """One line of the trace. `common`: how many messages the record and the one read before have in common."""
    state = plan.state
    changed = fresh(before.edits, state.edits)
    placed = bool(state.placed) and state.placed[-1].index == state.length and plan.due
    return {
        "messages": record.length,
        "sent": sent,
        "tokens": total(state, setting),
        "budget": setting.policy.budget,
        "sections": _sections(record, state, setting),
        "due": plan.due,
        "recital": state.recital or (state.placed[-1].text if placed else None),
        "kept": placed,
        "passing": _recital(state, setting),
        "clipped": [edit.index for edit in changed if edit.clips and not edit.cleared and edit.index >= before.length],
        "cleared": list(plan.cleared),
        "compacted": _compacted(before, state),
        "summary": plan.summarized or None,
        "repaired": list(map(INDEX, fresh(before.repairs, state.repairs))),
        "changed": plan.changed,
        "reasons": list(plan.reasons),
        **news(record, before, plan, setting, before.length if common is None else common),
    }


def _recital(state: State, setting: Setting) -> int:
    return setting.count(state.recital) + 4 if state.recital else 0


def _compacted(before: State, state: State) -> list[int] | None:
    if state.cut is None or state.cut == before.cut:
        return None
    return [0 if before.cut is None else before.cut.end, state.cut.end]


def _sections(record: Record, state: State, setting: Setting) -> dict[str, int]:
    """Tokens by section; system text is what stands beside the messages and what leads them."""
    leading = record.tokens(0, min(record.leading, state.length))
    summary = 0 if state.cut is None else state.cut.said
    kept = 0 if state.cut is None else state.cut.tokens - summary - leading
    head = kept + (0 if state.head is None else state.head.tokens)
    placed = sum(map(TOKENS, state.placed))
    return {
        "system": setting.system + leading,
        "tools": setting.tools,
        "head": head,
        "summary": summary,
        "tail": state.size - leading - head - summary - placed,
        "recitation": _recital(state, setting) + placed,
    }
