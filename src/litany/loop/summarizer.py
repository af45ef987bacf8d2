"""Who writes the summaries of a run: the model itself on the prefix that it has cached, where LiteLLM reaches it."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

from litany.adapters.answers import Bill
from litany.loop.subtask import SCHEMA
from litany.loop.task import Task
from litany.loop.tools import Toolbox
from litany.middleware.tools import offered, schemas

OWN = ("api_base", "timeout", "window")
"""Options of the model that the summarizer takes by name."""
NEITHER = ("encoding", "max_tokens")


@dataclass(frozen=True, slots=True)
class Summarizer:
    """A summarizer, and what it took."""

    summarize: Callable[[Sequence[object], str], object] | None = None
    """None: outlines, made without a model."""
    bill: Callable[[], Bill] = Bill


def summarizer(task: Task, box: Toolbox) -> Summarizer:
    """The task's model, unless it is one of litany's own."""
    if task.model == "pocket" or task.model.startswith("scripted:"):
        return Summarizer()
    from litany.adapters.litellm import AsyncLiteLLMSummarizer

    own: dict[str, Any] = {name: task.options[name] for name in OWN if name in task.options}
    rest = {name: value for name, value in task.options.items() if name not in (*OWN, *NEITHER)}
    beside = own_tools(schemas("openai", True), box, task.subtasks)
    asked = AsyncLiteLLMSummarizer(
        task.model, tools=lambda: [*box.schemas(), *beside], dialect="openai", options=rest, **own
    )
    return Summarizer(asked, lambda: asked.bill)


def own_tools(litanys: Sequence[dict[str, Any]], box: Toolbox, subtasks: bool) -> list[dict[str, Any]]:
    """The schemas beside the toolbox's: litany's, but for a todo list that the box has too, and that of sub-tasks."""
    host = [tool.name for tool in box.tools]
    own = [each for each in litanys if offered(each["function"]["name"], host)]
    return [*own, *([SCHEMA] if subtasks else [])]
