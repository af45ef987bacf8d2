"""Shrinking: one strictly smaller view for the retry after a provider refused the last one for its length."""

from dataclasses import replace

from litany.core.compact import Compaction, Levels, chosen, closed, compacted
from litany.core.due import recited
from litany.core.kept import refusal
from litany.core.plan import Plan, in_loop
from litany.core.record import Record
from litany.core.setting import MOST_DRIFT, Setting
from litany.core.state import State
from litany.errors import WindowTooSmall

REASON = "the provider refused the view for its length"


def shrunk(record: Record, state: State, setting: Setting, sent: int) -> Plan:
    """The plan of a view under three quarters of the `sent` tokens that were refused; its summary is an outline.

    The refusal is remembered: later views stay below what was refused.
    Raises: WindowTooSmall when nothing smaller can be sent, or a smaller view was given for this record before.
    """
    if state.shrunk == state.length:
        raise WindowTooSmall(
            f"a smaller view was given for these {state.length} messages, and {sent} tokens were refused again; "
            "the model's window is smaller than `window` says: lower it",
            culprit="window",
            tokens=sent,
            room=setting.limit(state),
        )
    drift = min(MOST_DRIFT, max(state.drift, setting.policy.window / max(1, sent)))
    state = replace(state, drift=drift, least=drift, shrunk=state.length)
    limit = min(setting.limit(state), sent * 3 // 4)
    levels = Levels(min(limit, sent // 2), limit, limit)
    whole = closed(record, state, setting, levels, True, REASON)
    wished = (
        whole if record.bound() and in_loop(record, state) else chosen(record, state, setting, levels, True, REASON)
    )
    for wish in (wished, whole):
        plan = None if wish is None else _carried(record, state, setting, wish, levels, sent)
        if plan is not None:
            return plan
    raise refusal(record, state, setting)


def _carried(
    record: Record, state: State, setting: Setting, wish: Compaction, levels: Levels, sent: int
) -> Plan | None:
    """The compaction carried out, when it is smaller than what was refused."""
    after = compacted(record, state, setting, wish, None)
    after, due, reason = recited(record, replace(after, touched=False), setting, True, levels.limit)
    recital = setting.count(after.recital) + 4 if after.recital else 0
    if after.size + setting.fixed + recital >= sent:
        return None
    reasons = (REASON, *([reason] if reason else []))
    return Plan(after, levels, changed=True, summarized="outline", due=due, reasons=reasons)
