"""What a run says to its agent: the system text, the first message, and what is told of a call that was interrupted."""

from litany.core.agenda import Agenda
from litany.loop.task import Task

SYSTEM = """\
You work on a task by calling tools, one step after the other. Nobody is beside you.
Keep a list of what is still to be done with update_todos, and close each item as soon as it is done. Keep what you \
must not forget with note. What was cleared, clipped or compacted comes back with recall.
When a tool fails, read why and try another way. When all is done, and you have looked that it is, answer without \
calling a tool and say in a few sentences what came of it. Where only the user can decide, ask one question and stop."""
UNKNOWN = (
    "error: the run was stopped while this call of {tool} was under way, and its outcome is unknown: it may have "
    "taken effect or not. It was not made again. Look what came of it before you make it again."
)
PART = "\n\nThis is a part of a larger task that another agent works on: "
GO_ON = "Go on."


def first(task: Task) -> list[dict[str, str]]:
    """The messages that a record begins with."""
    rules = "".join(f"\n- {each}" for each in task.constraints)
    todos = "".join(f"\n{number}. {each}" for number, each in enumerate(task.todos, 1))
    asked = task.goal + (f"\n\nKeep to this:{rules}" if rules else "")
    asked += f"\n\nYour todos so far:{todos}" if todos else ""
    system = SYSTEM if task.system is None else task.system
    before = [{"role": "system", "content": system}] if system else []
    return [*before, {"role": "user", "content": asked}]


def part(text: str, agenda: Agenda) -> str:
    """The goal of a sub-task."""
    return f"{text}{PART}{agenda.goal.text}" if agenda.goal else text
