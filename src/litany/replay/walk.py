"""The walk: one run, call by call, through one Litany; each view checked, priced and timed."""

from collections.abc import Iterable, Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from statistics import median
from time import perf_counter
from typing import Any

from litany import Litany, Policy
from litany.archive import MemoryStore, Store
from litany.core.summary import prompted
from litany.dialects import DIALECTS
from litany.dialects.canonical import digest, plain
from litany.errors import WindowTooSmall
from litany.replay.against import rival
from litany.replay.check import verbatim, violations
from litany.replay.goal import Goal, call_indexes, goal_of, mark_of
from litany.replay.parts import Part, Parts
from litany.replay.price import Meter
from litany.replay.report import Broken, Refused, Report, Rival
from litany.replay.run import Run

KEY = "replay"
"""The conversation's name in the store of its walk."""
Line = dict[str, Any]
"""A trace line."""


@dataclass(frozen=True, slots=True)
class Walk:
    """What a walk gives: its report, and the trace line of each call."""

    report: Report
    trace: tuple[Line, ...]


@dataclass(slots=True)
class _Tally:
    """What is counted on the way."""

    run: Run
    goal: Goal
    meter: Meter
    served: list[int] = field(default_factory=list)
    """Indexes of the answers of the calls that were not refused."""
    refused: list[Refused] = field(default_factory=list)
    broken: list[Broken] = field(default_factory=list)
    verbatim: int = 0
    last: int = 0
    over: int = 0
    """Calls whose view, as the meter counts it, is larger than the budget."""
    seconds: list[float] = field(default_factory=list)
    lines: list[Line] = field(default_factory=list)
    seen: set[Part] = field(default_factory=set)
    """Messages of the record so far."""
    carriers: dict[Part, Part] = field(default_factory=dict)
    """A result that carries a recital, and the result of the record that stands whole in it."""
    left: set[Part] = field(default_factory=set)
    """Messages of the record that a view was without, as they were."""


def walked(
    run: Run, policy: Policy, wish: str | None, against: Iterable[str], parts: Parts, store: Store | None = None
) -> Walk:
    """The run replayed under the policy, what left its views kept in the store (None: one in memory).

    Raises: PairError or MessageError for a run that no provider takes, PolicyError for a trigger that can never hold.
    """
    calls = call_indexes(run, parts)
    tally, heard = _Tally(run, goal_of(run, parts, wish), Meter(parts)), list[Line]()
    store = MemoryStore() if store is None else store
    litany = Litany(
        tally.goal.given, (), policy, store, KEY, trace=heard.append, dialect=run.dialect, mark=mark_of(run)
    )
    prompt = parts.count(prompted(policy.cap))
    for number, index in enumerate(calls, start=1):
        history = list(run.messages[:index])
        started = perf_counter()
        try:
            view = litany(history, system=run.system)
        except WindowTooSmall as small:
            tally.refused.append(Refused(number, small.culprit, small.tokens))
            continue
        tally.seconds.append(perf_counter() - started)
        line = {**heard[-1], "call": number}
        passing = "" if line["kept"] else line["recital"] or ""
        sent = tally.meter.add(view, passing, None if line["compacted"] is None else prompt)
        tally.over += tally.meter.latest > policy.budget
        _count(tally, index, view, sent, line)
    rivals = tuple(rival(name, run, policy, tally.goal, tally.served, parts) for name in against)
    report = _report(tally, policy, len(calls), _missing(store, tally.left), rivals)
    _read_whole(litany, run)
    return Walk(report, tuple(tally.lines))


def _count(tally: _Tally, index: int, view: Sequence[object], sent: Sequence[Part], line: Line) -> None:
    tally.broken += [Broken.of(line["call"], found) for found in violations(tally.run, view)]
    tally.verbatim += verbatim(tally.goal, sent, tally.meter.parts)
    tally.last += bool(line["due"] and line["recital"] and _last_text(sent).endswith(line["recital"]))
    tally.seen.update(map(tally.meter.parts.of, tally.run.messages[tally.served[-1] if tally.served else 0 : index]))
    _carried(tally, tally.run.messages[index - 1], sent[-1], line["recital"] or "")
    tally.left |= tally.seen.difference(sent, map(tally.carriers.get, sent))
    tally.served.append(index)
    tally.lines.append(line)


def _carried(tally: _Tally, native: object, last: Part, recital: str) -> None:
    longer = DIALECTS[tally.run.dialect].appended(native, recital) if recital and last not in tally.seen else None
    if longer is not None and tally.meter.parts.of(longer) is last:
        tally.carriers[last] = tally.meter.parts.of(native)


def _last_text(sent: Sequence[Part]) -> str:
    return next((part.texts[-1] for part in reversed(sent) if part.texts), "")


def _read_whole(litany: Litany, run: Run) -> None:
    """Reads what follows the last answer too; no figure counts it. Raises: PairError, MessageError."""
    with suppress(WindowTooSmall):  # all of it was read before it was measured
        litany(list(run.messages), system=run.system)


def _missing(store: Store, left: Iterable[Part]) -> int:
    """How many of the messages that left a view the store does not give back byte for byte."""
    return sum(not _returns(store, part.native) for part in left)


def _returns(store: Store, native: object) -> bool:
    return any(kept.plain == plain(native) for kept in store.find(KEY, digest(native)))


def _full(tally: _Tally) -> float:
    """What the record itself costs, sent whole on every call."""
    meter = Meter(tally.meter.parts)
    for index in tally.served:
        meter.add(tally.run.messages[:index])
    return meter.cost


def _report(tally: _Tally, policy: Policy, calls: int, missing: int, rivals: tuple[Rival, ...]) -> Report:
    run, goal, meter, lines = tally.run, tally.goal, tally.meter, tally.lines
    ms = sorted(second * 1_000 for second in tally.seconds)
    return Report(
        source=run.source,
        index=run.index,
        format=run.format,
        window=policy.window,
        calls=calls,
        messages=len(run.messages),
        tokens=meter.parts.fixed + sum(meter.parts.of(native).tokens for native in run.messages),
        goal_source=goal.source,
        goal_tokens=meter.parts.count(goal.text),
        violations=tuple(tally.broken),
        due_calls=sum(bool(line["due"]) for line in lines),
        recital_last_calls=tally.last,
        goal_calls=len(lines) if goal.text else 0,
        goal_verbatim_calls=tally.verbatim,
        max_view_tokens=meter.largest,
        over_budget_calls=tally.over,
        refused_calls=len(tally.refused),
        refused=tuple(tally.refused),
        compactions=sum(line["compacted"] is not None for line in lines),
        clears=sum(bool(line["cleared"]) for line in lines),
        clips=len({index for line in lines for index in line["clipped"]}),
        prefix_reuse=meter.reuse,
        cost=meter.cost,
        cost_full=_full(tally),
        cost_floor=meter.floor,
        recall_missing=missing,
        ms_median=median(ms) if ms else 0.0,
        ms_p99=ms[-1 - len(ms) // 100] if ms else 0.0,
        against=rivals,
    )
