"""Work: what the steps of one run work with."""

from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from litany.adapters.answers import Bill
from litany.archive import Store
from litany.core.agenda import Agenda
from litany.loop.asking import Asking, Say
from litany.loop.crew import Crew, policy_of
from litany.loop.events import Event, Kind
from litany.loop.folder import Order
from litany.loop.journal import Journal, Spent
from litany.loop.offer import own_tools
from litany.loop.tools import Ran, Toolbox
from litany.middleware import AsyncLitany

KEY = "run"
"""The conversation's name in the run's store."""
Delegate = Callable[[str, str], Awaitable[tuple[Ran, Spent]]]
"""Has a sub-task done, by its name and the raw arguments. Gives what the model is told, and what it took."""


@dataclass(frozen=True, slots=True)
class Work:
    """One run at work."""

    name: str
    """Of the run, in what is told of it; a sub-task's begins with its parent's."""
    order: Order
    journal: Journal
    litany: AsyncLitany
    asking: Asking
    box: Toolbox
    own: Sequence[dict[str, Any]]
    """Schemas of litany's own tools, and of the loop's."""
    say: Say
    place: Callable[[], int]
    """Answers so far, of the whole run with its sub-tasks."""
    sections: Callable[[], dict[str, Any]]
    """What the last view was made of."""
    bill: Callable[[], Bill]
    """What summaries took so far."""
    delegate: Delegate | None = None

    @property
    def agenda(self) -> Agenda:
        """Goal, constraints, todos and notes as they stand."""
        return self.litany.agenda

    def told(self) -> None:
        """Tells the agenda as it stands."""
        agenda = self.agenda
        todos = [{"id": todo.id, "content": todo.content, "status": str(todo.status)} for todo in agenda.todos]
        goal = agenda.goal.text if agenda.goal else ""
        self.say("agenda", goal=goal, constraints=[item.text for item in agenda.constraints], todos=todos)


def work_of(
    name: str, order: Order, crew: Crew, journal: Journal, store: Store, trace: Callable[[dict[str, Any]], object]
) -> Work:
    """The work of a run, or of a sub-task of one."""
    line: dict[str, Any] = {}

    def traced(fields: dict[str, Any]) -> None:
        line.clear()
        line.update(fields)
        trace(fields)

    def say(kind: Kind, **fields: Any) -> None:
        crew.tell(Event(kind, name, journal.spent.steps, fields))

    def place() -> int:
        return sum(answers() for answers in crew.answers.values())

    crew.answers[name] = lambda: journal.answers

    task, asking = order.task, Asking(crew.models, say, crew.retries)
    policy, summarize = policy_of(order, crew.models), crew.summarizer.summarize
    litany = AsyncLitany(
        task.goal, task.constraints, policy, store, KEY, summarize=summarize, trace=traced, dialect="openai"
    )
    own = own_tools(litany.tools("openai"), crew.box, task.subtasks)
    bill = crew.summarizer.bill
    return Work(name, order, journal, litany, asking, crew.box, own, say, place, lambda: _shown(line), bill)


def _shown(line: Mapping[str, Any]) -> dict[str, Any]:
    """What a listener is told of a view."""
    names = ("tokens", "budget", "sections", "compacted", "due", "cleared", "reasons")
    return {name: line[name] for name in names if name in line}
