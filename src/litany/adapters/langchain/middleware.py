"""Litany as middleware of an agent: `create_agent(middleware=[LitanyMiddleware(...)])`; deepagents takes it likewise.

The agent's messages stay in its state as they are; what is sent is a view of them, and nothing of it is stored. Give it
the last place among the middleware that changes messages: a recitation is last wherever it stands, but what stands
behind it may change the view. What litany remembers lives in the agent's own state, in a private channel that neither
input nor output shows, so that its checkpointer keeps, resumes and branches it; or in a Store that is given.
"""

from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass
from os import PathLike
from typing import Annotated, Any

from langchain.agents.middleware.types import (
    AgentMiddleware,
    AgentState,
    ExtendedModelResponse,
    ModelRequest,
    ModelResponse,
    PrivateStateAttr,
)
from langchain_core.messages import AIMessage, ToolMessage
from langgraph.prebuilt.tool_node import ToolRuntime
from langgraph.types import Command

from litany.adapters.langchain import schemas
from litany.adapters.langchain.channel import Channel, newest
from litany.adapters.langchain.door import Door, Sending, listed
from litany.adapters.langchain.gate import LitanyGate
from litany.adapters.langchain.summarizer import Agent, Summarize, summarizer
from litany.adapters.langchain.thread import config, place, thread
from litany.adapters.langchain.tools import own_tools
from litany.adapters.refused import Refused, smaller, smaller_async
from litany.archive import Store
from litany.core.agenda import CLOSED, Todo
from litany.core.message import Call
from litany.core.policy import Policy
from litany.errors import PolicyError
from litany.middleware.face import Trace
from litany.middleware.shared import Exchange

Goal = str | Callable[[ModelRequest[Any]], str | None] | None
Constraints = Sequence[str] | Callable[[ModelRequest[Any]], Sequence[str] | None]
CHANNEL = "litany"
"""The private channel's name."""


class LitanyState(AgentState[Any]):
    """The agent's state with litany's private channel."""

    litany: Annotated[Channel | None, PrivateStateAttr, newest]


class LitanyMiddleware(AgentMiddleware[LitanyState, Any, Any]):
    """Recites, clips, clears and compacts for an agent; see Litany."""

    state_schema = LitanyState

    def __init__(
        self,
        goal: Goal = None,
        constraints: Constraints = (),
        policy: Policy | None = None,
        store: Store | None = None,
        summarize: Summarize = None,
        tools: bool = True,
        trace: Trace | str | PathLike[str] | None = None,
        redact: Callable[[str], str] | bool | None = None,
    ) -> None:
        """One object serves all threads of all agents that it is given to.

        goal, constraints -- as a Litany takes them, or a function of the request that gives them for its thread.
        policy, store, trace, redact -- as a Litany takes them; store None: the agent's own state, and its checkpointer.
        summarize -- as a Litany takes it, or a chat model, or its name as `init_chat_model` takes it; True: the agent's
        own model, asked on the prefix that it has cached. None: an outline made without a model.
        tools -- whether the agent gets update_todos, note and recall; update_todos is left out beside write_todos.
        Raises: PolicyError, AgendaError for a blank goal or constraint.
        """
        super().__init__()
        self._goal = goal if callable(goal) else None
        self._constraints = constraints if callable(constraints) else None
        own = None if callable(goal) else goal
        rules = () if callable(constraints) else constraints
        self._door = Door(own, rules, policy, store, summarizer(summarize), trace, redact)
        self.tools = list(own_tools(self._answer)) if tools else []

    def wrap_model_call(
        self, request: ModelRequest[Any], handler: Callable[[ModelRequest[Any]], ModelResponse[Any]]
    ) -> ExtendedModelResponse[Any]:
        """Sends the view; when the model refuses it for its length, a smaller one, once."""
        call = self._call(request, waits=False)
        with call.agent:
            exchange = self._door.open(call.sending)
        with Refused(self._door.shadow) as refused:
            response = handler(call.request(exchange.view))
            refused.heard(_answered(response).response_metadata)
        view = smaller(exchange, refused) if refused else None
        return self._ended(call, exchange, response if view is None else handler(call.request(view)))

    async def awrap_model_call(
        self, request: ModelRequest[Any], handler: Callable[[ModelRequest[Any]], Awaitable[ModelResponse[Any]]]
    ) -> ExtendedModelResponse[Any]:
        """The same for a task."""
        call = self._call(request, waits=True)
        with call.agent:
            exchange = await self._door.open_async(call.sending)
        with Refused(self._door.shadow) as refused:
            response = await handler(call.request(exchange.view))
            refused.heard(_answered(response).response_metadata)
        view = await smaller_async(exchange, refused) if refused else None
        return self._ended(call, exchange, response if view is None else await handler(call.request(view)))

    def gate(self, times: int = 2) -> LitanyGate:
        """Middleware that sends an agent back which would stop while todos are open, so many times a request."""
        return LitanyGate(self._open_todos, times)

    def conversation(self, thread: str) -> Exchange:
        """The conversation of a thread, to look at its agenda, to revise, to pin or to recall."""
        return self._door.at(thread)

    def _call(self, request: ModelRequest[Any], waits: bool) -> "_Call":
        configurable = config()
        _in_order(request)
        offered = schemas.offered(request.tools)
        sending = Sending(
            messages=request.messages,
            model=request.model,
            system=None if request.system_message is None else request.system_message.content,
            tools=schemas.schemas(offered),
            thread=thread(configurable),
            place=place(configurable),
            todos=request.state.get("todos"),
            kept=request.state.get(CHANNEL),
            goal=self._goal(request) if self._goal else None,
            constraints=self._constraints(request) if self._constraints else None,
        )
        agent = Agent(
            request.model, offered, request.tool_choice, request.system_message, request.model_settings, waits
        )
        return _Call(request.override(tools=offered), sending, agent)

    def _ended(self, call: "_Call", exchange: Exchange, response: ModelResponse[Any]) -> ExtendedModelResponse[Any]:
        exchange.used(_answered(response).usage_metadata)
        return ExtendedModelResponse(response, Command(update={CHANNEL: self._door.channel(exchange, call.sending)}))

    def _answer(self, call: Call, runtime: ToolRuntime[Any, Any]) -> Command[Any]:
        """Serves one of litany's own tools, and writes the channel, so that a killed run has what it did."""
        standing = _standing(runtime.state, runtime.config.get("configurable") or {})
        exchange = self._door.find(standing)
        message = ToolMessage(exchange.answer(call), tool_call_id=call.id, name=call.name)
        return Command(update={"messages": [message], CHANNEL: self._door.channel(exchange, standing, asked=False)})

    def _open_todos(self, state: Mapping[str, Any]) -> list[Todo]:
        """The todos that are not done: of the agent's own list where it keeps one, else of litany's."""
        if "todos" in state:
            todos: Sequence[Todo] = listed(state["todos"])
        else:
            todos = self._door.find(_standing(state, config())).agenda.todos
        return [todo for todo in todos if todo.status not in CLOSED]


@dataclass(frozen=True, slots=True)
class _Call:
    """A call of the model under way."""

    whole: ModelRequest[Any]
    sending: Sending
    agent: Agent

    def request(self, view: list[Any]) -> ModelRequest[Any]:
        """The request with this view."""
        return self.whole.override(messages=view)


def _standing(state: Mapping[str, Any], configurable: Mapping[str, Any]) -> Sending:
    """What tells the conversation in another node than the model's."""
    where = thread(configurable), place(configurable)
    return Sending(state["messages"], thread=where[0], place=where[1], kept=state.get(CHANNEL))


def _answered(response: ModelResponse[Any] | AIMessage) -> AIMessage:
    """The model's own message in a response."""
    if isinstance(response, AIMessage):
        return response
    return next((message for message in response.result if isinstance(message, AIMessage)), AIMessage(""))


def _in_order(request: ModelRequest[Any]) -> None:
    """Refuses to stand before deepagents' summarization, whose cuts are indexes into what it is given.

    Raises: PolicyError when what it cut is among the messages.
    """
    event = request.state.get("_summarization_event")
    if event and len(request.messages) == len(request.state["messages"]) >= event.get("cutoff_index", 0):
        raise PolicyError(
            "LitanyMiddleware stands before deepagents' summarization middleware, which counts the messages that it "
            "summarized, and would miscount those of a view; list LitanyMiddleware after it, as create_deep_agent does"
        )
