"""How a conversation begins: anew, with a copy of what those share that open alike, or parting from another."""

from collections.abc import Sequence
from dataclasses import replace

from litany.archive import Kept, Store
from litany.core.agenda import Agenda, Item, Todo, revised
from litany.core.compact import span_handle
from litany.core.ledger import left
from litany.core.record import Record
from litany.core.state import State
from litany.middleware.shared.request import Request


def fresh(goal: str | None, constraints: Sequence[str]) -> State:
    """The State before the first call."""
    agenda = revised(Agenda(), 0, "developer", goal or None, constraints or None)
    return State("", finds=goal is None, agenda=agenda)


def inherited(state: State, agenda: Agenda, common: int) -> State:
    """The State with what stood on the agenda of another conversation before the two parted."""
    own = state.agenda
    goal = agenda.goal if agenda.goal is not None and _before(agenda.goal, common) else own.goal
    constraints = tuple(item for item in agenda.constraints if _before(item, common)) or own.constraints
    todos = tuple(todo for todo in agenda.todos if _before(todo, common)) or own.todos
    notes = tuple(note for note in agenda.notes if _before(note, common)) or own.notes
    return replace(state, agenda=replace(own, goal=goal, constraints=constraints, todos=todos, notes=notes))


def archived(request: Request, state: State, store: Store, key: str) -> tuple[Sequence[Kept], str]:
    """What is kept of a conversation that another one goes on from, and the handle of its cut."""
    digests = request.digests()
    gone = departed(request, state)
    kept = {(item.handle, item.index): item for index in gone for item in store.find(key, digests[index])}
    return list(kept.values()), cut_handle(request, state)


def departed(request: Request, state: State) -> Sequence[int]:
    """The messages of the request that are not in the view of that State."""
    return left(Record(len(request)), State(""), state)


def cut_handle(request: Request, state: State) -> str:
    """The handle of everything before the cut; empty where there is none."""
    return "" if state.cut is None else span_handle(request.at(state.cut.end))


def _before(item: Item | Todo, common: int) -> bool:
    """Whether it was written in answer to messages that both share: the model's, and what was answered to it."""
    return item.since + 2 <= common
