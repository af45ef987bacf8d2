"""The middleware of LangChain's own that litany stands beside in these tests."""

from collections.abc import Callable
from typing import Any

from langchain.agents.middleware import (
    ClearToolUsesEdit,
    ContextEditingMiddleware,
    HumanInTheLoopMiddleware,
    ModelRetryMiddleware,
    SummarizationMiddleware,
    TodoListMiddleware,
)
from langchain_core.messages import AIMessage

from litany.adapters.langchain import LitanyMiddleware
from tests.adapters.langchain.model import calling, in_turn, scripted

TODOS = [{"content": "mend the net", "status": "in_progress"}, {"content": "count the boats", "status": "pending"}]
WRITE = calling("write_todos", "w1", todos=TODOS)


def summarizing() -> SummarizationMiddleware:
    model = scripted(in_turn(AIMessage("short summary")))
    return SummarizationMiddleware(
        model, trigger=("messages", 24), keep=("messages", 10), trim_tokens_to_summarize=None
    )


def editing() -> ContextEditingMiddleware:
    return ContextEditingMiddleware(edits=[ClearToolUsesEdit(trigger=1_500, keep=2, exclude_tools=("write_todos",))])


OTHERS: dict[str, Callable[[], Any]] = {
    "summarization": summarizing,
    "editing": editing,
    "todos": TodoListMiddleware,
    "retry": ModelRetryMiddleware,
    "hitl": lambda: HumanInTheLoopMiddleware(interrupt_on={"swim": True}),
}


def placed(place: int, names: list[str], litany: LitanyMiddleware) -> list[Any]:
    others = [OTHERS[name]() for name in names]
    return [*others[:place], litany, *others[place:]]
