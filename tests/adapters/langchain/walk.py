"""Grows a LangChain history turn by turn and asks litany at each step, as an agent's loop does."""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from typing import Any

from langchain_core.messages import BaseMessage

from litany import Litany, Policy
from litany.adapters.langchain.messages import LangChain
from litany.errors import WindowTooSmall
from tests.adapters.langchain.turned import record, sent, turned
from tests.laws.drive import signed
from tests.laws.strategies import Case
from tests.laws.writing import MARK

DIALECT = LangChain()
Summarizer = Callable[[Sequence[object], str], object]


@dataclass(frozen=True, slots=True)
class Step:
    """One call: the record, the view, the view as a provider is sent it, the trace's line, the State after it."""

    record: list[BaseMessage]
    view: list[BaseMessage]
    sent: list[dict[str, Any]]
    line: dict[str, Any]
    state: dict[str, Any]


@dataclass(slots=True)
class Walk:
    """A conversation that was walked; it ends early where what must be sent did not fit."""

    litany: Litany
    policy: Policy
    steps: list[Step] = field(default_factory=list)


def walked(
    case: Case,
    policy: dict[str, Any],
    summarize: Summarizer | None = None,
    goal: str | None = None,
    constraints: Sequence[str] = (),
) -> Walk:
    """The whole case."""
    lines: list[dict[str, Any]] = []
    rules = Policy(**policy)
    litany = Litany(goal, constraints, rules, summarize=summarize, trace=lines.append, dialect=DIALECT, mark=MARK)
    walk = Walk(litany, rules)
    for natives in records(case, walk):
        try:
            view = litany(natives, system=case.system)
        except WindowTooSmall:
            break
        walk.steps.append(Step(natives, view, sent(case, view), lines[-1], litany.state))
    return walk


def records(case: Case, walk: Walk) -> Iterator[list[BaseMessage]]:
    """The record at each call; a thinking model's reply is bound to the view that it was given."""
    natives: list[BaseMessage] = []
    for turn in case.turns:
        for reply in turn.reply:
            answer = signed(reply, case.system, walk.steps[-1].sent) if case.thinking else reply
            natives = [*natives, *turned(answer, case.dialect)]
        natives = [*natives, *record(case, turn.after)]
        yield natives
