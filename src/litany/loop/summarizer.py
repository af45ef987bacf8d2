"""Who writes the summaries of a run: the model itself on the prefix that it has cached, where LiteLLM reaches it."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from litany.adapters.answers import Bill
from litany.loop.offer import own_tools
from litany.loop.task import Task
from litany.loop.tools import Toolbox
from litany.middleware.tools import schemas
from litany.models import is_remote

OWN = ("api_base", "timeout", "window")
"""Options of the model that the summarizer takes by name."""
NEITHER = ("encoding", "max_tokens")


@dataclass(frozen=True, slots=True)
class Summarizer:
    """A summarizer, and what it took."""

    summarize: Callable[..., object] | None = None
    """None: outlines, made without a model."""
    bill: Callable[[], Bill] = Bill


def summarizer(task: Task, box: Toolbox) -> Summarizer:
    """The task's model, unless it is one of litany's own."""
    if not is_remote(task.model):
        return Summarizer()
    from litany.adapters.litellm import AsyncLiteLLMSummarizer

    own: dict[str, Any] = {name: task.options[name] for name in OWN if name in task.options}
    rest = {name: value for name, value in task.options.items() if name not in (*OWN, *NEITHER)}
    beside = own_tools(schemas("openai", True), box, task.subtasks)
    asked = AsyncLiteLLMSummarizer(
        task.model, tools=lambda: [*box.schemas(), *beside], dialect="openai", options=rest, **own
    )
    return Summarizer(asked, lambda: asked.bill)
