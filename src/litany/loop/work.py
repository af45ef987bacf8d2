"""Work: what the steps of one run work with."""

from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass
from typing import Any

from litany.adapters.answers import Bill
from litany.core.agenda import Agenda
from litany.loop.asking import Asking, Say
from litany.loop.folder import Order
from litany.loop.journal import Journal, Spent
from litany.loop.tools import Ran, Toolbox
from litany.middleware import AsyncLitany

Delegate = Callable[[str, str], Awaitable[tuple[Ran, Spent]]]
"""Has a sub-task done, by its name and the raw arguments. Gives what the model is told, and what it took."""


@dataclass(frozen=True, slots=True)
class Work:
    """One run at work."""

    name: str
    """Of the run, in the keys of its calls; a sub-task's begins with its parent's."""
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
