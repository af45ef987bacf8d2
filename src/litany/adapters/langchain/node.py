"""Litany in a graph of one's own: a node that asks the model, or a hook before a node that does. LangGraph is enough.

    node = LitanyNode(model, tools, goal=...)
    graph.add_node("model", node)
    graph.add_node("tools", ToolNode(node.tools))

    create_react_agent(model, hook.tools, pre_model_hook=hook)        # hook = LitanyHook(tools, goal=...)

Both leave the graph's messages as they are. A conversation is told by its thread id, else by the messages that it
begins with; what litany remembers lives in the Store that is given, else in this process. For one conversation without
a graph `Litany(goal, dialect=LangChain())` is a function from messages to messages.
"""

from abc import abstractmethod
from collections.abc import Callable, Sequence
from os import PathLike
from typing import Any

from langchain_core.language_models import BaseChatModel
from langchain_core.messages import AIMessage, BaseMessage, SystemMessage, ToolMessage
from langchain_core.runnables import Runnable, RunnableConfig, RunnableLambda
from langgraph.prebuilt.tool_node import ToolRuntime

from litany.adapters.langchain import schemas
from litany.adapters.langchain.door import Door, Sending
from litany.adapters.langchain.summarizer import Agent, Summarize, summarizer
from litany.adapters.langchain.thread import held, thread
from litany.adapters.langchain.tools import own_tools as litanys
from litany.adapters.refused import Refused, smaller, smaller_async
from litany.archive import Store
from litany.core.message import Call
from litany.core.policy import Policy
from litany.errors import PolicyError
from litany.middleware.face import Trace
from litany.middleware.shared import Exchange

State = Any
"""A graph's state, of any schema that has `messages`."""


class _Node(RunnableLambda[Any, dict[str, Any]]):
    """What the node and the hook share: the door, and the tools."""

    def __init__(self, door: Door, tools: Sequence[Any], own_tools: bool, system: str | SystemMessage | None) -> None:
        super().__init__(self._ran, afunc=self._ran_async, name=type(self).__name__)
        self._door = door
        self._system = SystemMessage(system) if isinstance(system, str) else system
        self.tools = schemas.offered([*tools, *(litanys(self._answer) if own_tools else ())])
        """The tools that were given, and litany's own: what the model is bound to, and a ToolNode runs."""

    def conversation(self, thread: str) -> Exchange:
        """The conversation of a thread, to look at its agenda, to revise, to pin or to recall."""
        return self._door.at(thread)

    @abstractmethod
    def _ran(self, state: State, config: RunnableConfig) -> dict[str, Any]:
        """What the node gives for a state."""

    @abstractmethod
    async def _ran_async(self, state: State, config: RunnableConfig) -> dict[str, Any]:
        """The same for a task."""

    def _sending(self, state: State, config: RunnableConfig, model: object = None) -> Sending:
        return Sending(
            messages=held(state, "messages") or (),
            model=model,
            system=None if self._system is None else self._system.content,
            tools=schemas.schemas(self.tools),
            thread=thread(config.get("configurable") or {}),
            todos=held(state, "todos"),
        )

    def _answer(self, call: Call, runtime: ToolRuntime[Any, Any]) -> ToolMessage:
        """Serves one of litany's own tools."""
        exchange = self._door.find(self._sending(runtime.state, runtime.config))
        return ToolMessage(exchange.answer(call), tool_call_id=call.id, name=call.name)


class LitanyNode(_Node):
    """A node that asks the model for its next message, and gives `{"messages": [that message]}`."""

    def __init__(
        self,
        model: BaseChatModel,
        tools: Sequence[Any] = (),
        goal: str | None = None,
        constraints: Sequence[str] = (),
        policy: Policy | None = None,
        store: Store | None = None,
        summarize: Summarize = None,
        system: str | SystemMessage | None = None,
        own_tools: bool = True,
        trace: Trace | str | PathLike[str] | None = None,
        redact: Callable[[str], str] | bool | None = None,
    ) -> None:
        """One node serves all threads.

        model -- not bound to tools: the node binds it to its `tools`. tools -- the agent's. system -- what is sent
        before the messages. own_tools -- whether the agent gets update_todos, note and recall.
        goal, constraints, policy, store, trace, redact -- as a Litany takes them; summarize: as LitanyMiddleware.
        Raises: PolicyError, AgendaError for a blank goal or constraint.
        """
        door = Door(goal, constraints, policy, store, summarizer(summarize), trace, redact)
        super().__init__(door, tools, own_tools, system)
        self._model = model
        self._bound: Runnable[Any, Any] = model.bind_tools(self.tools) if self.tools else model

    def _ran(self, state: State, config: RunnableConfig) -> dict[str, Any]:
        with self._agent(waits=False):
            exchange = self._door.open(self._sending(state, config, self._model))
        with Refused(self._door.shadow) as refused:
            answer = self._bound.invoke(self._sent(exchange.view), config)
            refused.heard(answer.response_metadata)
        view = smaller(exchange, refused) if refused else None
        return self._ended(exchange, answer if view is None else self._bound.invoke(self._sent(view), config))

    async def _ran_async(self, state: State, config: RunnableConfig) -> dict[str, Any]:
        with self._agent(waits=True):
            exchange = await self._door.open_async(self._sending(state, config, self._model))
        with Refused(self._door.shadow) as refused:
            answer = await self._bound.ainvoke(self._sent(exchange.view), config)
            refused.heard(answer.response_metadata)
        view = await smaller_async(exchange, refused) if refused else None
        return self._ended(exchange, answer if view is None else await self._bound.ainvoke(self._sent(view), config))

    def _agent(self, waits: bool) -> Agent:
        return Agent(self._model, self.tools, system=self._system, waits=waits)

    def _sent(self, view: list[BaseMessage]) -> list[BaseMessage]:
        return view if self._system is None else [self._system, *view]

    def _ended(self, exchange: Exchange, answer: AIMessage) -> dict[str, Any]:
        exchange.used(answer.usage_metadata)
        return {"messages": [answer]}


class LitanyHook(_Node):
    """A node before the one that asks the model, for `create_react_agent`; it gives `{"llm_input_messages": view}`.

    It sees no error of the model, so that nothing is tried again where the model refuses a view for its length.
    """

    def __init__(
        self,
        tools: Sequence[Any] = (),
        goal: str | None = None,
        constraints: Sequence[str] = (),
        policy: Policy | None = None,
        store: Store | None = None,
        summarize: Summarize = None,
        system: str | SystemMessage | None = None,
        own_tools: bool = True,
        trace: Trace | str | PathLike[str] | None = None,
        redact: Callable[[str], str] | bool | None = None,
    ) -> None:
        """The arguments of a LitanyNode; the agent binds its model to `tools`, and sends `system` itself.

        Raises: PolicyError, also for summarize=True: a hook knows no model; AgendaError as a LitanyNode.
        """
        if summarize is True:
            raise PolicyError("`summarize` is True and a hook knows no model; give a chat model or its name")
        door = Door(goal, constraints, policy, store, summarizer(summarize), trace, redact)
        super().__init__(door, tools, own_tools, system)

    def _ran(self, state: State, config: RunnableConfig) -> dict[str, Any]:
        return {"llm_input_messages": self._door.open(self._sending(state, config)).view}

    async def _ran_async(self, state: State, config: RunnableConfig) -> dict[str, Any]:
        with Agent(None, waits=True):
            return {"llm_input_messages": (await self._door.open_async(self._sending(state, config))).view}
