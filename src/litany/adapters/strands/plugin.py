"""Litany as a plugin of Strands' agents: `Agent(plugins=[LitanyPlugin(...)])`, around each call of the model.

The agent's messages stay in it, and in its session, as they are; what is sent is a view of them. Give the agent a
NullConversationManager: the sliding window that it has else throws its older messages away, and the record with them.
A request that is too long is sent once more, smaller, before a conversation manager hears of it.
"""

from collections.abc import AsyncIterator, Callable, Mapping, Sequence
from os import PathLike
from typing import Any

from strands import Agent
from strands.middleware import InvokeModelContext, InvokeModelStage, ModelStopReason
from strands.plugins import Plugin
from strands.tools.tools import PythonAgentTool

from litany.adapters.refused import Refused, smaller_async
from litany.adapters.strands.messages import STRANDS, merged
from litany.archive import Store
from litany.core.policy import Policy
from litany.middleware import Conversations, Exchange
from litany.middleware.face import Trace
from litany.middleware.tools import calling

Next = Callable[[InvokeModelContext], AsyncIterator[Any]]


class LitanyPlugin(Plugin):
    """Recites, clips, clears and compacts for the agents that it is given to; see Litany."""

    name = "litany"

    def __init__(
        self,
        goal: str | None = None,
        constraints: Sequence[str] = (),
        policy: Policy | None = None,
        store: Store | None = None,
        summarize: Callable[[Sequence[object], str], object] | None = None,
        tools: bool = True,
        trace: Trace | str | PathLike[str] | None = None,
        redact: Callable[[str], str] | bool | None = None,
    ) -> None:
        """One object serves many agents; each is a conversation, named by its session's id and its own.

        goal, constraints, policy, store, summarize, trace, redact -- as a Litany takes them; the summarizer may be
        awaited. An agent without a session manager has a session id of its own each time that it is made.
        tools -- whether the agents get update_todos, note and recall; update_todos is left out beside a todo tool.
        Raises: PolicyError, AgendaError for a blank goal or constraint.
        """
        super().__init__()
        self._door = Conversations(goal, constraints, policy, store, summarize, trace, STRANDS, redact)
        self._offers = tools

    def init_agent(self, agent: Agent) -> None:
        """Stands around the agent's calls of its model, and gives it litany's tools."""
        agent.add_middleware(InvokeModelStage, self._invoked)
        if self._offers:
            registry = agent.tool_registry
            schemas = self._door.tools("anthropic", list(registry.get_all_tool_specs()))
            registry.process_tools([self._tool(schema) for schema in schemas])

    def conversation(self, agent: Agent) -> Exchange:
        """The conversation of an agent, to look at its agenda, to revise, to pin or to recall."""
        return self._door.find((), key=_key(agent), dialect=STRANDS, exact=True)

    async def _invoked(self, context: InvokeModelContext, next_fn: Next) -> AsyncIterator[Any]:
        """The events of the call with the view; when the model refuses it for its length, of a smaller one, once."""
        record, trailing = _parted(context.messages, context.dynamic_trailing_blocks)
        exchange = await self._door.open_async(
            record, context.system_prompt, context.tool_specs, _key(context.agent), dialect=STRANDS
        )
        refused = Refused(self._door.policy.shadow)
        with refused:
            async for event in next_fn(self._sent(context, exchange, trailing)):
                _heard(exchange, event)
                if _tells(event):
                    refused.begun()
                yield event
        if refused and await smaller_async(exchange, refused) is not None:
            async for event in next_fn(self._sent(context, exchange, trailing)):
                _heard(exchange, event)
                yield event

    def _sent(self, context: InvokeModelContext, exchange: Exchange, trailing: list[Any]) -> InvokeModelContext:
        """The call with the view; what others put at its end for this once stands before the recitation."""
        if self._door.policy.shadow:
            return context
        fixed = exchange.stable if _alone(exchange) else len(exchange.view)
        late = exchange.view[fixed:]
        extra = [{"role": "user", "content": trailing}] if trailing else []
        changing = len(trailing) + sum(len(message["content"]) for message in late)
        messages = merged([*exchange.view[:fixed], *extra, *late])
        return context.replace(messages=messages, dynamic_trailing_blocks=changing)

    def _tool(self, schema: Mapping[str, Any]) -> PythonAgentTool:
        """One of litany's own tools, answered by the conversation of its caller."""

        def served(use: Mapping[str, Any], **state: Any) -> Any:
            text = self.conversation(state["agent"]).answer(calling(use["toolUseId"], use["name"], use["input"]))
            return {"toolUseId": use["toolUseId"], "status": "success", "content": [{"text": text}]}

        name = schema["name"]
        spec = {"name": name, "description": schema["description"], "inputSchema": {"json": schema["input_schema"]}}
        return PythonAgentTool(name, spec, served)


def _key(agent: Any) -> str:
    """The conversation's name."""
    return f"{agent.session_id}/{agent.agent_id}"


def _parted(messages: Sequence[Any], number: int) -> tuple[list[Any], list[Any]]:
    """The messages without so many blocks at their end, and those: they are no part of what was said."""
    if not number or not messages:
        return list(messages), []
    last = messages[-1]
    kept = last["content"][:-number]
    return [*messages[:-1], *([{**last, "content": kept}] if kept else [])], last["content"][-number:]


def _alone(exchange: Exchange) -> bool:
    """Whether the view ends with a recitation in a message of its own that the next one will not have."""
    return exchange.stable == len(exchange.view) - 1 and list(exchange.view[-1]["content"][0]) == ["text"]


def _tells(event: object) -> bool:
    """Whether an event carries content of the answer."""
    return isinstance(event, Mapping) and "contentBlockDelta" in (event.get("event") or ())


def _heard(exchange: Exchange, event: object) -> None:
    """Takes what the provider reported."""
    if isinstance(event, ModelStopReason):
        usage = event.usage
        written = usage.get("outputTokens", 0)
        prompt = max(usage.get("inputTokens", 0), usage.get("totalTokens", 0) - written)
        exchange.used({"prompt_tokens": prompt})
