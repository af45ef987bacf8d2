"""Baselines: other ways to keep a history short, on the same calls and at the same prices, valid or not."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import Any

from litany import Policy
from litany.core.summary import prompted
from litany.dialects import DIALECTS
from litany.replay.check import verbatim, violations
from litany.replay.compact import compact
from litany.replay.goal import Goal
from litany.replay.parts import Parts
from litany.replay.price import Meter
from litany.replay.report import Rival
from litany.replay.run import Run
from litany.replay.sending import Loop, Sending

KEPT_RESULTS = 3
"""Most recent tool results that `clear` leaves alone."""
STUB = "[cleared]"


def rival(name: str, run: Run, policy: Policy, goal: Goal, answers: Sequence[int], parts: Parts) -> Rival:
    """What the baseline of that name comes to on the calls whose answers stand at those indexes."""
    loop = Loop(run, policy, goal, answers, parts)
    meter, broken, told = Meter(parts), 0, 0
    prompt = parts.count(prompted(policy.cap))
    for sending in BASELINES[name](loop):
        sent = meter.add(sending.view, sending.recital, prompt if sending.compacts else None)
        broken += len(violations(run, sending.view))
        told += verbatim(goal, sent, parts)
    return Rival(name, meter.cost, broken, told, meter.largest)


def full(loop: Loop) -> Iterator[Sending]:
    """The record, whole."""
    for answer in loop.answers:
        yield Sending(loop.run.messages[:answer])


def sliding(loop: Loop) -> Iterator[Sending]:
    """On every call the leading system messages and the last messages that fit, cut at any message."""
    head = loop.leading
    for answer in loop.answers:
        start, room = answer, loop.high - loop.parts.fixed - loop.tokens(0, head)
        while start > head and loop.tokens(start - 1, answer) <= room:
            start -= 1
        yield Sending([*loop.run.messages[:head], *loop.run.messages[start:answer]])


def clear(loop: Loop) -> Iterator[Sending]:
    """Once over the trigger, on every call all but the most recent tool results are stubs."""
    dialect, stubs = DIALECTS[loop.run.dialect], dict[int, Any]()
    for answer in loop.answers:
        view: list[Any] = list(loop.run.messages[:answer])
        if loop.parts.fixed + loop.tokens(0, answer) > loop.high:
            results = [index for index in range(answer) if loop.observed(index)]
            for index in results[:-KEPT_RESULTS]:
                view[index] = stubs.setdefault(index, dialect.cleared(view[index], STUB))
        yield Sending(view)


BASELINES: Mapping[str, Callable[[Loop], Iterator[Sending]]] = {
    "full": full,
    "sliding": sliding,
    "clear": clear,
    "compact": compact,
}
"""What `--against` takes."""
