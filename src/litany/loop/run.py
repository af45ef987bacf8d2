"""A run: begun, or gone on with after whatever stopped it, and walked to its end."""

from collections.abc import Mapping, Sequence
from contextlib import ExitStack, closing
from dataclasses import dataclass, replace
from functools import partial
from pathlib import Path

from litany.adapters.langgraph import Place, Steps
from litany.errors import StateError, TaskError
from litany.loop import subtask
from litany.loop.asking import RETRIES
from litany.loop.crew import Crew, counted, models_of
from litany.loop.events import Tell
from litany.loop.folder import Folder, Order
from litany.loop.journal import Journal, Spent
from litany.loop.offer import SUBTASK
from litany.loop.prompt import GO_ON, first
from litany.loop.steps import Loop
from litany.loop.summarizer import Summarizer, summarizer
from litany.loop.tools import Ran, toolbox
from litany.loop.work import Work, work_of
from litany.models import Model
from litany.stores import SqliteStore
from litany.trace import TraceFile

SEED = "litany_task"
"""The id of the call that writes the task's own todos."""


@dataclass(frozen=True, slots=True)
class Ended:
    """How a run ended."""

    status: str
    """"done"; "open": it stopped with items open; "asks": a question; "stuck"; "limit"."""
    text: str
    """What the agent said last."""
    open: tuple[str, ...]
    """What is still open: todos, and what the task names as its end."""
    spent: Spent


async def run(
    folder: Folder,
    order: Order,
    tell: Tell = lambda event: None,
    *,
    said: str | None = None,
    environment: Mapping[str, str] | None = None,
    models: Sequence[Model] | None = None,
    summarize: Summarizer | None = None,
    retries: int = RETRIES,
) -> Ended:
    """Walks a run to its end: a new one from the beginning, another one on from its last completed step.

    said -- what the user says to a run that has stopped. environment -- the variables for `$NAME` in the tools' specs
    and, but for what looks like a secret, for the shell; None: no such name is known, and the shell sees what this
    process does. models -- who is asked,
    the first that answers; None: those that the task names. summarize -- None: the model itself, where LiteLLM reaches
    it. retries -- of each model.
    Raises: TaskError, Busy, StateError, Unanswered, and what the tools' own set-up raises.
    """
    with folder.alone():
        asked = tuple(models or models_of(order))
        async with toolbox(
            order.task.tools,
            order.folder,
            shell=order.shell,
            near=order.folder,
            environment=environment,
            passed=order.passed,
            taken=(SUBTASK,),
            hidden=_kept(folder, order),
        ) as box:
            crew = Crew(box, asked, tell, counted(folder), summarize or summarizer(order.task, box), retries)
            return await walked(folder.name, folder, order, crew, said)


def _kept(folder: Folder, order: Order) -> Path:
    """What the agent's files must not be: the store, or this run where the store is the work folder itself."""
    store = folder.path.resolve().parent
    return folder.path if order.folder.resolve().is_relative_to(store) else store


async def walked(
    name: str, folder: Folder, order: Order, crew: Crew, said: str | None = None, *, part: bool = False
) -> Ended:
    """The run, or a sub-task of one, on its crew's models and tools.

    part -- of another run: where it has ended it has, and its report is due. Nobody says anything to it.
    """
    with ExitStack() as stack:
        journal = stack.enter_context(closing(Journal(folder.journal)))
        store = stack.enter_context(closing(SqliteStore(folder.state)))
        trace = stack.enter_context(closing(TraceFile(folder.trace)))
        work = _worked(work_of(name, order, crew, journal, store, trace), folder, crew)
        loop = Loop(work)
        nodes = {"model": loop.model, "tools": loop.tools, "gate": loop.gate}
        steps = stack.enter_context(closing(Steps(folder.steps, nodes)))
        held = _whole(folder, steps.held(), len(journal.messages))
        rests = held if held is not None and _rests(held, said, part) else None
        begin = None if rests else _begun(work, held, said)
        fresh = held is None
        work.say("begun", goal=order.task.goal, model=crew.models[0].name, folder=str(folder.path), resumed=not fresh)
        if rests is None:
            work.told()
            journal.stand("")
        place = rests or await steps.walk(begin)
        open = () if place["end"] == "done" else tuple(await loop.open())
        if rests is None:
            loop.rested()
        journal.stand(place["end"])
        return _ended(work, place, open)


def _whole(folder: Folder, held: Place | None, messages: int) -> Place | None:
    """The checkpoint, whose messages are there. Raises: StateError when the journal was lost or shortened."""
    if held is not None and held["at"] > messages:
        raise StateError(
            f"{folder.journal} holds {messages} messages, and the checkpoint stands at {held['at']}: the run cannot go "
            "on without its record; restore a copy of it, or begin a new run"
        )
    return held


def _rests(held: Place, said: str | None, part: bool) -> bool:
    """Whether a run that has ended stays so."""
    return held["end"] != "" and (part or (held["end"] == "done" and said is None))


def _worked(work: Work, folder: Folder, crew: Crew) -> Work:
    """The work with the means to give a part of it away, where the task allows it."""
    if not work.order.task.subtasks:
        return work

    async def delegate(child: str, arguments: str) -> tuple[Ran, Spent]:
        return await subtask.done(work, folder.child(child), arguments, crew, partial(walked, part=True))

    return replace(work, delegate=delegate)


def _begun(work: Work, held: Place | None, said: str | None) -> Place | None:
    """Where to begin; None to go on from the last completed step. Raises: TaskError when nothing may be said now."""
    journal = work.journal
    if held is None:
        at = _seeded(work)
        return Place(at=at, told=0, cut=False, next="model", end="")
    if held["next"]:
        if said is not None:
            raise TaskError("the run was stopped at work and goes on where it was; say something once it has stopped")
        return None
    at, end = held["at"], held["end"]
    if end == "asks" and said is None and len(journal.messages) == at:
        raise TaskError(f"the agent asked: {_last(journal)!r}; answer with --say TEXT")
    if end != "limit" or said is not None:
        journal.add(at, {"role": "user", "content": GO_ON if said is None else said})
        at += 1
    return Place(at=at, told=0, cut=False, next="model", end="")


def _seeded(work: Work) -> int:
    """The beginning of the record, and the task's own todos in the agenda; done once, however often it is begun."""
    task = work.order.task
    messages = first(task)
    for place, message in enumerate(messages):
        work.journal.add(place, message)
    if task.todos and not work.agenda.todos:
        operations = [{"op": "add", "content": todo} for todo in task.todos]
        told = work.litany.answer({"id": SEED, "name": "update_todos", "arguments": {"operations": operations}})
        if told.startswith("error:"):
            raise TaskError(f"`todos` cannot be taken up: {told.removeprefix('error: ')}")
    return len(messages)


def _ended(work: Work, place: Place, open: tuple[str, ...]) -> Ended:
    ended = Ended(place["end"], _last(work.journal), open, work.journal.spent)
    work.say("ended", status=ended.status, text=ended.text, open=list(open))
    return ended


def _last(journal: Journal) -> str:
    said = (each["content"] for each in reversed(journal.messages) if each["role"] == "assistant" and each["content"])
    return str(next(said, ""))
