"""Google ADK: a plugin that sends the view of each agent's conversation in the place of its contents.

    app = App(name="sea", root_agent=agent, plugins=[LitanyPlugin(goal=..., constraints=[...])])

List it last: it sees what the plugins before it made of a request. For one agent alone its callbacks serve as well:
`Agent(before_model_callback=p.before_model_callback, after_model_callback=p.after_model_callback,
on_model_error_callback=p.on_model_error_callback)`. The session's events stay as they are, and nothing of a view is
stored in them. A request that is too long is sent once more, smaller; its answer comes in one piece also where the run
is streamed, for ADK takes one response there. An agent on the Interactions API, whose history the provider holds, is
left alone from its second request on, and so are live sessions.
"""

import json
from collections.abc import Callable, Sequence
from os import PathLike
from typing import Any

from google.adk.agents.callback_context import CallbackContext
from google.adk.models.llm_request import LlmRequest
from google.adk.models.llm_response import LlmResponse
from google.adk.plugins.base_plugin import BasePlugin
from google.adk.tools.base_tool import BaseTool
from google.adk.tools.tool_context import ToolContext
from google.genai import types

from litany.adapters.refused import Refused
from litany.adapters.underway import UnderWay
from litany.archive import Store
from litany.core.message import Call
from litany.core.policy import Policy
from litany.errors import WindowTooSmall
from litany.middleware import Conversations, Exchange
from litany.middleware.face import Trace
from litany.middleware.tools import calling
from litany.overflow import overflowed

DIALECT = "gemini"


class LitanyPlugin(BasePlugin):
    """Recites, clips, clears and compacts for every agent of an app; see Litany."""

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
        name: str = "litany",
    ) -> None:
        """One object serves all sessions. Each agent of a session is a conversation: `app/user/session/agent`.

        goal, constraints, policy, store, summarize, trace, redact -- as a Litany takes them; the summarizer may be
        awaited. store None: what litany remembers lives in this process; another one begins anew from the events.
        tools -- whether agents that have tools get update_todos, note and recall beside them.
        Raises: PolicyError, AgendaError for a blank goal or constraint.
        """
        super().__init__(name=name)
        self._door = Conversations(goal, constraints, policy, store, summarize, trace, DIALECT, redact)
        self._under_way = UnderWay()
        declared = self._door.tools(DIALECT)[0]["functionDeclarations"] if tools else ()
        self._tools = [_Tool(declaration, self._served) for declaration in declared]

    def conversation(self, key: str) -> Exchange:
        """The conversation of that key, to look at its agenda, to revise, to pin or to recall."""
        return self._door.find((), key=key, dialect=DIALECT, exact=True)

    async def before_model_callback(self, callback_context: CallbackContext, llm_request: LlmRequest) -> None:
        """Puts the view in the place of the request's contents."""
        if llm_request.previous_interaction_id or not llm_request.contents:
            return
        self._offer(llm_request)
        place, config = _place(callback_context), llm_request.config
        system, tools = config.system_instruction, config.tools or ()
        exchange = await self._door.open_async(llm_request.contents, system, tools, place, dialect=DIALECT)
        self._under_way.hold(place, exchange)
        llm_request.contents = written(exchange.view)

    async def after_model_callback(self, callback_context: CallbackContext, llm_response: LlmResponse) -> None:
        """Takes what the provider reported, from the last piece of a stream."""
        if llm_response.partial:
            return
        exchange = self._under_way.take(_place(callback_context))
        if exchange is not None:
            exchange.used(llm_response.usage_metadata)

    async def on_model_error_callback(
        self, callback_context: CallbackContext, llm_request: LlmRequest, error: Exception
    ) -> LlmResponse | None:
        """The answer to a smaller view, where this one was too long; None: the error stands."""
        place = _place(callback_context)
        exchange = self._under_way.take(place)
        if exchange is None or self._door.policy.shadow or not overflowed(error):
            return None
        try:
            llm_request.contents = written(await exchange.shrink_async())
        except WindowTooSmall:
            return None
        self._under_way.hold(place, exchange)
        model, answers = await _model(callback_context), list[LlmResponse]()
        with Refused():
            answers = [answer async for answer in model.generate_content_async(llm_request)]
        return answers[-1] if answers else None

    def _offer(self, request: LlmRequest) -> None:
        """Adds litany's tools to those of an agent that has some, but none of that name."""
        if request.tools_dict:
            plans = self._door.tools(DIALECT, request.config.tools or ())[0]["functionDeclarations"]
            names = {declaration["name"] for declaration in plans} - request.tools_dict.keys()
            request.append_tools([tool for tool in self._tools if tool.name in names])

    def _served(self, call: Call, context: ToolContext) -> str:
        place = _place(context)
        return self.conversation(self._under_way.key(place) or place).answer(call)


class _Tool(BaseTool):
    """One of litany's own tools, answered by the conversation of its caller."""

    def __init__(self, declaration: dict[str, Any], served: Callable[[Call, ToolContext], str]) -> None:
        super().__init__(name=declaration["name"], description=declaration["description"])
        self._declaration, self._served = declaration, served

    def _get_declaration(self) -> types.FunctionDeclaration:
        fields = {name: value for name, value in self._declaration.items() if name != "parameters"}
        return types.FunctionDeclaration(**fields, parameters_json_schema=self._declaration["parameters"])

    async def run_async(self, *, args: dict[str, Any], tool_context: ToolContext) -> dict[str, str]:
        call = calling(tool_context.function_call_id or self.name, self.name, args)
        return {"result": self._served(call, tool_context)}


def _place(context: CallbackContext) -> str:
    """The conversation's name: the session, and the agent in it, for each agent of a session has contents of its own.

    An agent that runs several times side by side is told by its branch, or by the task that it was given.
    """
    session = context.session
    parts = (session.app_name, session.user_id, session.id, context.branch, context.isolation_scope, context.agent_name)
    return "/".join(part for part in parts if part)


async def _model(context: CallbackContext) -> Any:
    """The model of the agent that asks, which may be chosen anew for each call."""
    agent: Any = context.get_invocation_context().agent
    chosen = getattr(agent, "canonical_model_async", None)
    return agent.canonical_model if chosen is None else await chosen(context)


def written(view: Sequence[Any]) -> list[types.Content]:
    """The view as ADK holds contents: its own objects as they are, what litany wrote as such an object."""
    return [
        message if isinstance(message, types.Content) else types.Content.model_validate_json(json.dumps(message))
        for message in view
    ]
