"""Sub-tasks: a part of a task that an agent of its own does, as a run within the run.

It inherits goal and constraints, and keeps a todo list of its own: the parent's is out of its reach. It is a run like
any other, so that a call that was interrupted goes on where the sub-task stood.
"""

import json
from collections.abc import Awaitable, Callable
from dataclasses import asdict, replace
from typing import TYPE_CHECKING

from litany.loop.folder import Folder
from litany.loop.journal import Spent
from litany.loop.prompt import part
from litany.loop.task import Limits
from litany.loop.tools import Ran
from litany.loop.work import Work

if TYPE_CHECKING:
    from litany.loop.crew import Crew
    from litany.loop.run import Ended

Walk = Callable[..., Awaitable["Ended"]]


async def done(parent: Work, folder: Folder, arguments: str, crew: "Crew", walk: Walk) -> tuple[Ran, Spent]:
    """What the sub-task reports, and what it took."""
    text = _text(arguments)
    if not text:
        return Ran('error: `task` is missing; give {"task": "what is to be done"}', True), Spent()
    id = f"{parent.order.id}/{folder.name}"
    if (folder.path / "task.json").is_file():
        order = replace(folder.order, id=id)
    else:
        agenda, task = parent.agenda, parent.order.task
        own = tuple(item.text for item in agenda.constraints)
        limits = _left(task.limits, parent.journal.spent)
        alone = replace(task, todos=(), done=(), subtasks=False, limits=limits)
        order = replace(parent.order, id=id, task=replace(alone, goal=part(text, agenda), constraints=own))
        folder.write(order)
    ended = await walk(f"{parent.name}/{folder.name}", folder, order, crew)
    open = "".join(f"\n- {item}" for item in ended.open)
    report = ended.text or "(it said nothing)"
    if ended.status == "done":
        return Ran(report, False), ended.spent
    return Ran(f"[the sub-task ended as: {ended.status}]\n{report}{open}", True), ended.spent


def _text(arguments: str) -> str:
    try:
        given = json.loads(arguments or "{}")
    except (ValueError, RecursionError):
        return ""
    text = given.get("task") if isinstance(given, dict) else None
    return text.strip() if isinstance(text, str) else ""


def _left(limits: Limits, spent: Spent) -> Limits:
    """What of the parent's limits is left: the sub-task's own part."""
    given = {name: limit for name, limit in asdict(limits).items() if limit is not None}
    took = {"steps": spent.steps, "tokens": spent.tokens, "usd": spent.cost, "seconds": spent.seconds}
    return Limits(**{name: max(limit - took[name], 1e-9 if name == "usd" else 1) for name, limit in given.items()})
