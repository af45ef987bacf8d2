"""Tasks: questions drawn from a seed, their truth known by construction; and a case of one at a length and a depth."""

from collections.abc import Mapping
from difflib import get_close_matches
from pathlib import Path

from litany.errors import EvalError
from litany.evals.case import Case
from litany.evals.tasks.draft import Draft, Task
from litany.evals.tasks.fit import Counter, Fitted, fitted
from litany.evals.tasks.goal import GOALS
from litany.evals.tasks.kv import KEY_VALUES, Kv, load
from litany.evals.tasks.needle import NEEDLES
from litany.evals.tasks.semantic import SEMANTICS
from litany.evals.tasks.todo import TODOS
from litany.evals.tasks.variable import VARIABLES

__all__ = ["TASKS", "Counter", "Draft", "Fitted", "Task", "case", "fitted", "load", "task_named"]

ALL: tuple[Task, ...] = (*NEEDLES, *KEY_VALUES, *VARIABLES, *SEMANTICS, *GOALS, *TODOS)
TASKS: Mapping[str, Task] = {task.name: task for task in ALL}
"""By the name that the command line gives."""


def task_named(name: str) -> Task:
    """One of TASKS; `kv:75`, so many pairs of uuids; or `kv:FILE`, a published file. Raises: EvalError, OSError."""
    if name in TASKS:
        return TASKS[name]
    kind, _, rest = name.partition(":")
    if kind == "kv" and rest.isascii() and rest.isdigit() and int(rest) > 1:
        return Kv(name, "uuid", int(rest))
    if kind == "kv" and rest and Path(rest).is_file():
        return load(Path(rest))
    near = get_close_matches(name, TASKS, 1)
    hint = f"did you mean {near[0]}? " if near else ""
    known = ", ".join([*TASKS, "kv:NUMBER", "kv:FILE"])
    raise EvalError(f"there is no task {name!r}; {hint}there is {known}")


def case(task: Task, seed: int, length: int, depth: float, count: Counter, spare: int = 0) -> Case:
    """The task's question with this seed, in a history of at most `length` tokens, `spare` of them left to the arms.

    The text is the same at all depths but for where the pieces stand. For many depths: `fitted` once, then its `at`.
    Raises: EvalError when the question takes more without any filler, or when there is no such depth.
    """
    return fitted(task, seed, length, count, spare).at(depth)
