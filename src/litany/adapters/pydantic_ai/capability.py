"""Litany as a capability of an agent: `Agent(model, capabilities=[LitanyCapability(...)])`.

It wraps the model that serves each request, behind every hook that changes messages, wherever it stands in the list.
The agent's history stays as it is: nothing that litany sends is stored in it. A conversation is told by its
`conversation_id`; what litany remembers lives in the Store that is given, else in this process.
"""

from collections.abc import Callable
from os import PathLike
from typing import Any

from pydantic_ai import RunContext, Tool
from pydantic_ai.capabilities import AbstractCapability
from pydantic_ai.models import Model
from pydantic_ai.toolsets import FunctionToolset

from litany.adapters.pydantic_ai.door import Constraints, Door, Goal
from litany.adapters.pydantic_ai.model import RUN, Wrapping
from litany.adapters.pydantic_ai.summarizer import Summarize, summarizer
from litany.archive import Store
from litany.core.policy import Policy
from litany.middleware import Exchange
from litany.middleware.face import Trace
from litany.middleware.tools import NAMES, SCHEMAS, calling, offered, schemas


class LitanyCapability(AbstractCapability[Any]):
    """Recites, clips, clears and compacts for an agent; see Litany."""

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
        """One object serves all runs of all agents that it is given to.

        goal, constraints -- as a Litany takes them, or a function of the RunContext that gives them for its run.
        policy, store, trace, redact -- as a Litany takes them.
        summarize -- as a Litany takes it (of Pydantic AI's messages), or a model, or its name; True: the agent's own
        model, asked on the prefix that it has cached. None: an outline made without a model.
        tools -- whether the agent gets update_todos, note and recall; update_todos is left out beside a todo tool of
        its own, whose list is read from its calls.
        Raises: PolicyError, AgendaError for a blank goal or constraint.
        """
        super().__init__()
        self._door = Door(goal, constraints, policy, store, summarizer(summarize), trace, redact)
        self._toolset = FunctionToolset(list(map(self._tool, NAMES)), id="litany") if tools else None

    def get_wrapper_model(self, model: Model) -> Model:
        """The model, sent litany's views."""
        return Wrapping(model, self._door)

    def get_toolset(self) -> Any:
        """The tools update_todos, note and recall."""
        return self._toolset

    async def prepare_tools(self, ctx: RunContext[Any], tool_defs: list[Any]) -> list[Any]:
        """The tools without update_todos where the agent has a todo tool of its own."""
        names = [tool.name for tool in tool_defs]
        return [tool for tool in tool_defs if offered(tool.name, names)]

    async def wrap_model_request(self, ctx: RunContext[Any], *, request_context: Any, handler: Any) -> Any:
        """The request as it is: the run is remembered for the model that it reaches."""
        token = RUN.set(ctx)
        try:
            return await handler(request_context)
        finally:
            RUN.reset(token)

    def conversation(self, key: str) -> Exchange:
        """The conversation of that `conversation_id`, to look at its agenda, to revise, to pin or to recall.

        What is pinned is a response, or a part of a request.
        """
        return self._door.at(key)

    def _tool(self, name: str) -> Tool[Any]:
        shapes = {schema["function"]["name"]: schema["function"]["parameters"] for schema in schemas("openai", True)}

        def served(ctx: RunContext[Any], **arguments: Any) -> str:
            return self._door.find(ctx).answer(calling(ctx.tool_call_id or "", name, arguments))

        return Tool.from_schema(served, name, SCHEMAS[name][0], shapes[name], takes_ctx=True)
