"""Memory: what of a record is sent at each call, within the tokens that there are."""

from collections.abc import Callable, Sequence
from hashlib import sha256

from litany import Litany
from litany.core.policy import Policy
from litany.errors import EvalError
from litany.evals.case import Agenda, Case, Message
from litany.evals.play import entered

Count = Callable[[Sequence[Message], Sequence[Message]], int]
Todos = Sequence[tuple[str, str]]


class LastMessages:
    """The system message and the last messages that fit; what was told before is gone."""

    def __init__(self, case: Case, count: Count) -> None:
        self._case, self._count = case, count
        self._start = 0
        """Where what is sent begins; it only moves on."""

    def view(self, record: Sequence[Message], _todos: Todos, /) -> list[Message]:
        """A call goes with its results. Raises: EvalError when not even the last turn fits."""
        first = int(record[0].get("role") == "system")
        self._start = max(self._start, first)
        while not self._fits(record, first):
            later = (place for place in range(self._start + 1, len(record)) if record[place].get("role") != "tool")
            start = next(later, None)
            if start is None:
                raise EvalError(f"the last message does not fit into {self._case.length:,} tokens; give more")
            self._start = start
        return [*record[:first], *record[self._start :]]

    def _fits(self, record: Sequence[Message], first: int) -> bool:
        sent = [*record[:first], *record[self._start :]]
        return self._count(sent, self._case.tools) <= self._case.length


class Kept:
    """A Litany's view of the record. The world marks the todos, in the place of an agent that keeps its list."""

    def __init__(self, case: Case, count: Count, policy: Policy, says: Agenda) -> None:
        """`says`: what is restated, the case's agenda or its placebo; goal and rule stand in the record in any case."""
        self._case, self._count, self._says = case, count, says
        self._litany = Litany(says.goal, says.constraints, policy, dialect="openai", mark=_mark(case))
        self._pinned = says is case.agenda

    def view(self, record: Sequence[Message], todos: Todos, /) -> list[Message]:
        """Raises: WindowTooSmall when what must stay does not fit."""
        self._told(todos, len(record))
        messages = list(record)
        sent = self._litany(messages, tools=self._case.tools)
        if not self._pinned:
            self._litany.pin(1)
            self._pinned = True
        tokens = self._count(sent, self._case.tools)
        self._litany.used({"prompt_tokens": tokens})
        return sent if tokens <= self._case.length else self._litany.shrink(messages, tools=self._case.tools)

    def _told(self, todos: Todos, number: int) -> None:
        """The todos; a placebo has a line of its own for one that is open."""
        if self._says is self._case.agenda:
            entered(self._litany, todos, number)
            return
        rules = len(self._case.agenda.constraints)
        lines = self._says.constraints[: rules + any(status == "pending" for _, status in todos)]
        if lines != tuple(item.text for item in self._litany.agenda.constraints):
            self._litany.revise(constraints=lines)


def _mark(case: Case) -> str:
    """The same for a case under all treatments, so that what they send alike is asked once."""
    return sha256(f"{case.question} {case.seed}".encode()).hexdigest()[:8]
