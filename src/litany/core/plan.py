"""Plan: what this call does. `planned` decides, `settled` takes the summary in; both are pure."""

from dataclasses import dataclass, replace

from litany.core.compact import Compaction, Levels, accepted, bared, chosen, clearing, closed, compacted
from litany.core.due import recited
from litany.core.enter import entered
from litany.core.kept import last_turn, measured, refusal, standing
from litany.core.message import Role
from litany.core.pins import restored
from litany.core.record import Record
from litany.core.setting import Setting
from litany.core.state import State
from litany.core.summary import Summary, SummaryError, parsed
from litany.errors import PolicyError

BREAKER = 3
"""Failed summaries in a row after which no summarizer is asked before the view is over its limit."""
RECENT = 5
"""Turns that break-even leaves in the tail."""


@dataclass(frozen=True, slots=True)
class Plan:
    """One call, decided."""

    state: State
    levels: Levels
    compaction: Compaction | None = None
    cleared: tuple[int, ...] = ()
    changed: bool = False
    """Whether this call cuts: changes a part of the view that was sent before."""
    summarized: str = ""
    """Who wrote the summary of this call: "model", "outline", or nobody."""
    due: bool = False
    reasons: tuple[str, ...] = ()


def planned(record: Record, state: State, setting: Setting, changed: bool = False, unbind: int | None = None) -> Plan:
    """What to do with this record. `changed`: an earlier view was already changed, by an edit or a revision;
    `unbind`: from which message on thinking blocks lost their prefix by it.

    Raises: PairError for a result without a call, PolicyError for a trigger that can never hold,
    WindowTooSmall when what must be sent does not fit.
    """
    again = record.length == state.length and not changed
    first = state.length == 0 and not changed
    state, cut_at = entered(record, state, setting)
    state, restored_at = restored(record, state, setting)
    cut_at = restored_at if cut_at is None else cut_at if restored_at is None else min(cut_at, restored_at)
    changed = changed or cut_at is not None
    unbind = cut_at if unbind is None else unbind
    if changed:
        state = replace(state, size=measured(record, state))
    levels = _levels(record, state, setting, first)
    plan = Plan(state, levels, changed=changed, reasons=_noticed(changed, levels))
    if unbind is not None and record.bound(unbind):
        return _unbound(record, plan, setting, unbind)
    size = state.size + setting.fixed + setting.recital(state)
    if again and not state.touched and state.size + setting.fixed <= levels.limit:
        return plan
    if size > levels.limit:
        return _compacting(record, plan, setting, True, "the view would be over its budget")
    return _wanted(record, plan, setting, size)


def rested(plan: Plan) -> Plan:
    """The plan without a compaction that would ask a summarizer which failed too often, while there is still room."""
    if plan.compaction is None or plan.compaction.forced or plan.state.failures < BREAKER:
        return plan
    reason = f"{plan.compaction.reason}; the summarizer failed {plan.state.failures} times in a row"
    return replace(plan, compaction=None, reasons=(*plan.reasons, reason))


def settled(record: Record, plan: Plan, setting: Setting, answer: object) -> Plan:
    """The plan carried out: its compaction with the summarizer's answer (a text, an exception, or None for
    the outline), then the recitation.

    Raises: WindowTooSmall when what must be sent does not fit.
    """
    if plan.compaction is not None:
        plan = _settled(record, plan, setting, plan.compaction, answer)
    if plan.state.size + setting.fixed > plan.levels.limit:
        plan = _squeezed(record, plan, setting)
    state, due, reason = recited(record, plan.state, setting, plan.changed, plan.levels.limit)
    return replace(plan, state=state, due=due, reasons=(*plan.reasons, *([reason] if reason else [])))


def _levels(record: Record, state: State, setting: Setting, first: bool) -> Levels:
    limit = setting.limit(state)
    high = _level(setting.policy.trigger, limit)
    low = min(_level(setting.policy.keep, limit), high - 1)
    if first and setting.policy.trigger[0] == "tokens":
        _possible(record, state, setting, high)
    if state.size + setting.fixed + setting.recital(state) <= high:
        return Levels(low, high, limit)
    start = state.scan.turn if state.scan.turn >= 0 else record.length
    last = min(record.tokens(start, record.length), setting.policy.clip * 2)
    base = standing(record, state, setting, record.length).tokens + setting.summary + setting.recital(state) + last
    if base <= low:
        return Levels(low, high, limit)
    low = min(base, limit)
    return Levels(low, max(high, min(limit, low + max(limit // 6, 2 * setting.gain(state)))), limit, raised=True)


def _noticed(changed: bool, levels: Levels) -> tuple[str, ...]:
    raised = f"the trigger was raised to {levels.high} tokens, for what must stay takes {levels.low}"
    return (*(("an earlier view changed",) if changed else ()), *((raised,) if levels.raised else ()))


def _level(size: tuple[str, float], limit: int) -> int:
    unit, number = size
    return int(number * limit) if unit == "fraction" else int(number) if unit == "tokens" else limit


def _possible(record: Record, state: State, setting: Setting, high: int) -> None:
    fixture = standing(record, state, setting, record.length)
    user = record[state.scan.user].tokens if state.scan.user >= 0 and state.scan.user != state.scan.goal else 0
    least = fixture.tokens - user + setting.summary + setting.recital(state)
    if least > high:
        raise PolicyError(
            f"`trigger` is {high} tokens, and system text, tools, goal, summary and recitation alone take {least}: "
            f"raise `trigger` above {least}, or shorten them"
        )


def _wanted(record: Record, plan: Plan, setting: Setting, size: int) -> Plan:
    """The plan with what the policy wants below the limit."""
    state = plan.state
    if size > plan.levels.high or _crowded(record, state, setting):
        if size < state.again:
            return plan
        return _cheapest(record, plan, setting)
    if setting.policy.prefer == "cost":
        return _by_cost(record, plan, setting, size)
    return plan


def _crowded(record: Record, state: State, setting: Setting) -> bool:
    unit, number = setting.policy.trigger
    if unit != "messages":
        return False
    start = 0 if state.cut is None else state.cut.end - len(state.cut.kept) - 1
    return record.length - start > number


def _cheapest(record: Record, plan: Plan, setting: Setting) -> Plan:
    """Clearing when it alone brings the view well down, else compaction."""
    reason = f"the view passed its trigger of {plan.levels.high} tokens"
    cleared = _cleared(record, plan, setting, (plan.levels.low + plan.levels.high) // 2, reason)
    return cleared or _compacting(record, plan, setting, False, reason)


def _cleared(record: Record, plan: Plan, setting: Setting, target: int, reason: str) -> Plan | None:
    if record.bound():
        return None
    state, done = clearing(record, plan.state, setting)
    if not done or state.size + setting.fixed + setting.recital(state) > target:
        return None
    return replace(plan, state=state, cleared=done, changed=True, reasons=(*plan.reasons, f"{reason}: cleared"))


def _by_cost(record: Record, plan: Plan, setting: Setting, size: int) -> Plan:
    """Break-even: compact when the reads paid on the excess equal what compacting now costs."""
    state, prices = plan.state, setting.policy.prices
    tail = _recent(record, plan.levels.low)
    base = standing(record, state, setting, record.length).tokens if size > 2 * tail else 0
    excess = size - base - tail - setting.summary
    if not base or excess <= 0:
        return plan
    spent = state.spent + prices.read * excess
    price = prices.write * (tail + setting.summary) + prices.read * size + prices.write * 150 + prices.output * 300
    if spent < price or size < state.again:
        return replace(plan, state=replace(state, spent=spent))
    low = min(plan.levels.low, base + tail + setting.summary + setting.recital(state))
    return _compacting(record, replace(plan, levels=replace(plan.levels, low=low)), setting, False, "break-even")


def _recent(record: Record, most: int) -> int:
    """Tokens of the last turns."""
    start = record.length
    turns = 0
    while start > 0 and turns < RECENT:
        start -= 1
        turns += record[start].role is Role.ASSISTANT and not record.joined(start)
    return min(most, record.tokens(start, record.length))


def _compacting(record: Record, plan: Plan, setting: Setting, force: bool, reason: str) -> Plan:
    if record.bound() and in_loop(record, plan.state):
        wish = closed(record, plan.state, setting, plan.levels, force, reason)
    else:
        wish = chosen(record, plan.state, setting, plan.levels, force, reason)
    size = plan.state.size + setting.fixed + setting.recital(plan.state)
    if wish is None and not force:
        return plan
    if wish is None:
        raise refusal(record, plan.state, setting)
    if not force and size - wish.total < setting.gain(plan.state):
        state = replace(plan.state, again=size + setting.gain(plan.state))
        return replace(plan, state=state, reasons=(*plan.reasons, f"{reason}; compacting would free too little"))
    return replace(plan, compaction=wish)


def in_loop(record: Record, state: State) -> bool:
    """Whether the last assistant turn made calls: its results and what is said behind them are one turn."""
    return any(record[index].calls for index in last_turn(record, state))


def _unbound(record: Record, plan: Plan, setting: Setting, start: int) -> Plan:
    """A cut before bound thinking: the blocks behind it go; inside a tool loop the loop is closed by a summary."""
    if in_loop(record, plan.state):
        wish = closed(record, plan.state, setting, plan.levels, True, "bound thinking stood behind a cut")
        if wish is None:
            raise refusal(record, plan.state, setting)
        return replace(plan, compaction=wish)
    state = bared(record, plan.state, start)
    return replace(plan, state=replace(state, size=measured(record, state)))


def _settled(record: Record, plan: Plan, setting: Setting, wish: Compaction, answer: object) -> Plan:
    state, summary, failure = plan.state, None, ""
    if answer is not None:
        try:
            summary = accepted(_summary(answer), state, setting, wish)
        except SummaryError as error:
            failure = str(error)
    if failure and not wish.forced:
        again = state.size + setting.fixed + setting.recital(state) + setting.gain(state)
        state = replace(state, failures=state.failures + 1, again=again)
        return replace(plan, state=state, reasons=(*plan.reasons, f"{wish.reason}; nothing compacted: {failure}"))
    after = compacted(record, state, setting, wish, summary)
    if summary is not None and state.size - after.size < setting.gain(state) and not wish.forced:
        again = state.size + setting.fixed + setting.recital(state) + setting.gain(state)
        return replace(plan, state=replace(state, failures=state.failures + 1, again=again))
    reasons = (*plan.reasons, wish.reason, *([f"outline, for {failure}"] if failure else []))
    writer = "outline" if summary is None else "model"
    after = replace(after, failures=state.failures + 1 if failure else 0)
    return replace(plan, state=after, changed=True, summarized=writer, reasons=reasons)


def _summary(answer: object) -> Summary:
    if isinstance(answer, BaseException):
        raise SummaryError(f"the summarizer failed: {type(answer).__name__}: {answer}")
    return answer if isinstance(answer, Summary) else parsed(answer)


def _squeezed(record: Record, plan: Plan, setting: Setting) -> Plan:
    """The last step that always fits: nothing but what must stay, and an outline as far as there is room."""
    levels = replace(plan.levels, low=plan.levels.limit)
    wish = chosen(record, plan.state, setting, levels, True, "the view was still over its budget")
    for attempt in (wish, closed(record, plan.state, setting, levels, True, "the view was still over its budget")):
        if attempt is None:
            raise refusal(record, plan.state, setting)
        state = compacted(record, plan.state, setting, attempt, None)
        if state.size + setting.fixed <= levels.limit:
            reasons = (*plan.reasons, attempt.reason)
            return replace(plan, state=state, changed=True, summarized=plan.summarized or "outline", reasons=reasons)
    raise refusal(record, plan.state, setting)
