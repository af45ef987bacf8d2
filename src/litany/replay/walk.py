"""The walk: one run, call by call, through one Litany; each view checked, priced and timed."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from statistics import median
from time import perf_counter
from typing import Any

from litany import Litany, Policy
from litany.core.summary import prompted
from litany.dialects.canonical import digest, plain
from litany.errors import RecallError, WindowTooSmall
from litany.replay.against import rival
from litany.replay.check import verbatim, violations
from litany.replay.goal import Goal, call_indexes, goal_of, mark_of
from litany.replay.parts import Part, Parts
from litany.replay.price import Meter
from litany.replay.report import Broken, Refused, Report, Rival
from litany.replay.run import Run

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
    seconds: list[float] = field(default_factory=list)
    lines: list[Line] = field(default_factory=list)
    seen: set[Part] = field(default_factory=set)
    """Messages of the record so far."""
    left: set[Part] = field(default_factory=set)
    """Messages of the record that a view was without, as they were."""


def walked(run: Run, policy: Policy, wish: str | None, against: Iterable[str], parts: Parts) -> Walk:
    """The run replayed under the policy.

    Raises: PairError or MessageError for a run that no provider takes, PolicyError for a trigger that can never hold.
    """
    calls = call_indexes(run, parts)
    tally, heard = _Tally(run, goal_of(run, parts, wish), Meter(parts)), list[Line]()
    litany = Litany(goal=tally.goal.given, policy=policy, trace=heard.append, dialect=run.dialect, mark=mark_of(run))
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
        _count(tally, index, view, sent, line)
    rivals = tuple(rival(name, run, policy, tally.goal, tally.served, parts) for name in against)
    return Walk(_report(tally, policy, len(calls), _missing(litany, tally.left), rivals), tuple(tally.lines))


def _count(tally: _Tally, index: int, view: Sequence[object], sent: Sequence[Part], line: Line) -> None:
    tally.broken += [Broken.of(line["call"], found) for found in violations(tally.run, view)]
    tally.verbatim += verbatim(tally.goal, sent, tally.meter.parts)
    tally.last += bool(line["due"] and line["recital"] and _last_text(sent).endswith(line["recital"]))
    tally.seen.update(map(tally.meter.parts.of, tally.run.messages[tally.served[-1] if tally.served else 0 : index]))
    tally.left |= tally.seen.difference(sent)
    tally.served.append(index)
    tally.lines.append(line)


def _last_text(sent: Sequence[Part]) -> str:
    return next((part.texts[-1] for part in reversed(sent) if part.texts), "")


def _missing(litany: Litany, left: Iterable[Part]) -> int:
    """How many of the messages that left a view do not come back byte for byte."""
    return sum(not _returns(litany, part.native) for part in left)


def _returns(litany: Litany, native: object) -> bool:
    try:
        found = litany.recall(digest(native))
    except RecallError:
        return False
    return any(plain(recalled.message) == plain(native) for recalled in found)


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
        max_view_tokens=max((line["tokens"] for line in lines), default=0),
        over_budget_calls=sum(line["tokens"] > policy.budget for line in lines),
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
