"""Litany as chat middleware of Agent Framework: around every call of the model, those within a run's tool loop as well.

List it last among the chat middleware: a recitation is last wherever it stands, but what stands behind it may change
the view. What the agent keeps (its history providers, its session) is never written to. A request that is too long is
sent once more, smaller, in a stream before any content came. Where the service holds what was said (a conversation id)
the request goes on as it came; OpenAI's Responses client has none where the agent's options say `{"store": False}`.
"""

from collections.abc import AsyncIterator, Awaitable, Callable, Mapping, Sequence
from os import PathLike
from typing import Any

from agent_framework import ChatContext, ChatMiddleware, FunctionInvocationContext, FunctionTool, ResponseStream

from litany.adapters.agent_framework.messages import AGENT_FRAMEWORK
from litany.adapters.refused import Refused, smaller_async
from litany.archive import Store
from litany.core.message import Call
from litany.core.policy import Policy
from litany.middleware import Conversations, Exchange
from litany.middleware.face import Trace
from litany.middleware.tools import calling

Next = Callable[[], Awaitable[None]]


class LitanyMiddleware(ChatMiddleware):
    """Recites, clips, clears and compacts for the agents, or the chat client, that it is given to; see Litany."""

    def __init__(
        self,
        goal: str | None = None,
        constraints: Sequence[str] = (),
        policy: Policy | None = None,
        store: Store | None = None,
        summarize: Callable[[Sequence[object], str], object] | None = None,
        trace: Trace | str | PathLike[str] | None = None,
        redact: Callable[[str], str] | bool | None = None,
    ) -> None:
        """One object serves all sessions; a conversation is told by its session's id, else by how it begins.

        goal, constraints, policy, store, summarize, trace, redact -- as a Litany takes them; the summarizer may be
        awaited. Raises: PolicyError, AgendaError for a blank goal or constraint.
        """
        self._door = Conversations(goal, constraints, policy, store, summarize, trace, AGENT_FRAMEWORK, redact)
        self.tools = [_tool(schema, self._served) for schema in self._door.tools("anthropic")]
        """update_todos, note and recall, for agents that run in a session: give them among the agent's own."""

    def conversation(self, session_id: str) -> Exchange:
        """The conversation of a session, to look at its agenda, to revise, to pin or to recall."""
        return self._door.find((), key=session_id, dialect=AGENT_FRAMEWORK, exact=True)

    async def process(self, context: ChatContext, call_next: Next) -> None:
        """Sends the view; when the model refuses it for its length, a smaller one, once."""
        options = context.options or {}
        if options.get("conversation_id") or not context.messages:
            await call_next()
            return
        exchange = await self._door.open_async(
            context.messages,
            options.get("instructions"),
            [_schema(tool) for tool in options.get("tools") or ()],
            None if context.session is None else context.session.session_id,
            dialect=AGENT_FRAMEWORK,
        )
        context.messages = exchange.view
        if context.stream:
            await self._streamed(context, call_next, exchange)
            return
        refused = Refused(self._door.policy.shadow)
        with refused:
            await call_next()
            refused.heard(context.result)
        if refused and (view := await smaller_async(exchange, refused)) is not None:
            context.messages = view
            await call_next()
        _heard(exchange, context.result)

    async def _streamed(self, context: ChatContext, call_next: Next, exchange: Exchange) -> None:
        """Puts a stream in the place of the answer's that goes on with another one where the first was too long."""
        await call_next()
        active: list[Any] = [context.result]

        async def updates() -> AsyncIterator[Any]:
            refused = Refused(self._door.policy.shadow)
            with refused:
                async for update in active[-1]:
                    if update.contents:
                        refused.begun()
                    yield update
            if refused and (view := await smaller_async(exchange, refused)) is not None:
                context.messages = view
                await call_next()
                active.append(context.result)
                async for update in active[-1]:
                    yield update

        async def final(_: Sequence[Any]) -> Any:
            response = await active[-1].get_final_response()
            _heard(exchange, response)
            return response

        context.result = ResponseStream(updates(), finalizer=final)

    def _served(self, call: Call, context: FunctionInvocationContext) -> str:
        if context.session is None:
            return "error: this agent runs without a session, so that nothing can be kept for it"
        return self.conversation(context.session.session_id).answer(call)


def _tool(schema: Mapping[str, Any], served: Callable[[Call, FunctionInvocationContext], str]) -> FunctionTool:
    """One of litany's own tools, answered by the conversation of its caller."""
    name = schema["name"]

    def answer(ctx: FunctionInvocationContext, **arguments: Any) -> str:
        return served(calling(str(ctx.metadata.get("call_id") or name), name, arguments), ctx)

    return FunctionTool(
        name=name, description=schema["description"], func=answer, input_model=dict(schema["input_schema"])
    )


def _schema(tool: object) -> object:
    """What a model is sent of a tool."""
    return tool.to_json_schema_spec() if isinstance(tool, FunctionTool) else tool


def _heard(exchange: Exchange, response: Any) -> None:
    """Takes what the provider reported."""
    details = getattr(response, "usage_details", None) or {}
    exchange.used({"prompt_tokens": details.get("input_token_count") or 0})
