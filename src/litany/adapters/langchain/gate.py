"""The gate before the end: an agent that would stop while todos are open is told so, a few times, then let go."""

from collections.abc import Callable, Mapping, Sequence
from typing import Any

from langchain.agents.middleware.types import AgentMiddleware, AgentState, hook_config
from langchain_core.messages import AIMessage, BaseMessage, HumanMessage

from litany.adapters.langchain.messages import GATE
from litany.core.agenda import Todo
from litany.core.excerpt import line
from litany.errors import PolicyError

MOST = 10
"""Todos that are named."""


class LitanyGate(AgentMiddleware[AgentState[Any], Any, Any]):
    """Stands beside a LitanyMiddleware: `litany.gate(times=2)`.

    It is off unless it is listed: an agent may stop to ask its user something while todos are open. What it says is a
    message of the agent's own state, as LangChain's middleware do it; to litany it is no user's word.
    """

    def __init__(self, open_todos: Callable[[Mapping[str, Any]], Sequence[Todo]], times: int = 2) -> None:
        """times -- how often one request of the user may be sent back. Raises: PolicyError when it is not from 1."""
        super().__init__()
        if times < 1:
            raise PolicyError(f"`times` is {times!r}; give a whole number from 1, or leave the gate out")
        self._open_todos, self._times = open_todos, times

    @hook_config(can_jump_to=["model"])
    def after_agent(self, state: Any, runtime: Any) -> dict[str, Any] | None:
        """Sends the agent back, or lets it go."""
        messages = state["messages"]
        if not _stops(messages) or state.get("structured_response") is not None or _told(messages) >= self._times:
            return None
        todos = self._open_todos(state)
        if not todos:
            return None
        return {"messages": [HumanMessage(_said(todos), additional_kwargs=dict(GATE))], "jump_to": "model"}

    @hook_config(can_jump_to=["model"])
    async def aafter_agent(self, state: Any, runtime: Any) -> dict[str, Any] | None:
        """The same for a task."""
        sent_back: dict[str, Any] | None = self.after_agent(state, runtime)
        return sent_back


def _stops(messages: Sequence[BaseMessage]) -> bool:
    """Whether the model ended its turn by itself."""
    last = messages[-1] if messages else None
    return isinstance(last, AIMessage) and not last.tool_calls


def _told(messages: Sequence[BaseMessage]) -> int:
    """How often the agent was sent back since its user last spoke."""
    told = 0
    for message in reversed(messages):
        if isinstance(message, HumanMessage):
            if message.additional_kwargs.get("lc_source") != GATE["lc_source"]:
                break
            told += 1
    return told


def _said(todos: Sequence[Todo]) -> str:
    named = [f"- {line(todo.content, 200)}" for todo in todos[:MOST]]
    more = [f"- (and {len(todos) - MOST} more)"] if len(todos) > MOST else []
    number = f"{len(todos)} todo{'s are' if len(todos) > 1 else ' is'} still open"
    end = "Go on with them, or mark what is done or no longer needed; if you need something from the user, say what."
    return "\n".join([f"You stopped, and {number}:", *named, *more, end])
