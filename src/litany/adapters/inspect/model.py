"""Litany around each call that an Inspect agent makes of its model: `react(model=LitanyModel(...).generate)`.

The agent's messages, which Inspect logs and scores, stay as they are; what is sent is a view of them. A request that is
too long (Inspect says `model_length`) is sent once more, smaller; what comes then is the agent's answer.
"""

from collections.abc import Callable, Mapping, Sequence
from os import PathLike
from typing import Any

from inspect_ai.agent import AgentState
from inspect_ai.model import Model, ModelUsage, get_model
from inspect_ai.solver._task_state import sample_state
from inspect_ai.tool import Tool, ToolDef, ToolParams

from litany.adapters.inspect.messages import INSPECT
from litany.adapters.refused import Refused, smaller_async
from litany.archive import Store
from litany.core.message import Call
from litany.core.policy import Policy
from litany.middleware import Conversations, Exchange
from litany.middleware.face import Trace
from litany.middleware.tools import calling


class LitanyModel:
    """Recites, clips, clears and compacts for the agents of an evaluation; see Litany."""

    def __init__(
        self,
        goal: str | None = None,
        constraints: Sequence[str] = (),
        policy: Policy | None = None,
        store: Store | None = None,
        summarize: Callable[[Sequence[object], str], object] | None = None,
        model: str | Model | None = None,
        trace: Trace | str | PathLike[str] | None = None,
        redact: Callable[[str], str] | bool | None = None,
    ) -> None:
        """One object serves all samples; a conversation is told by its sample, and by how it begins.

        goal, constraints, policy, store, summarize, trace, redact -- as a Litany takes them; the summarizer may be
        awaited. goal None: the sample's own input. model -- None: the one that is evaluated.
        Raises: PolicyError, AgendaError for a blank goal or constraint.
        """
        self._door = Conversations(goal, constraints, policy, store, summarize, trace, INSPECT, redact)
        self._model = model
        self.tools = [_tool(schema, self._served) for schema in self._door.tools("anthropic")]
        """update_todos, note and recall: give them among the agent's own."""

    async def generate(self, state: AgentState, tools: list[Tool]) -> AgentState:
        """Asks the model for its next message, as `react` does.

        Args:
            state: The agent's state.
            tools: The agent's tools.
        """
        model = get_model(self._model)
        schemas = [_schema(tool) for tool in tools]
        exchange = await self._door.open_async(state.messages, None, schemas, sample(), dialect=INSPECT)
        refused = Refused(self._door.policy.shadow)
        with refused:
            output = await model.generate(exchange.view, tools)
            refused.heard(output)
        if refused and (view := await smaller_async(exchange, refused)) is not None:
            output = await model.generate(view, tools)
        exchange.used({"prompt_tokens": prompted(output.usage)})
        state.output = output
        state.messages.append(output.message)
        return state

    def conversation(self, sample: str) -> Exchange:
        """The conversation of a sample (its `uuid`), to look at its agenda, to revise, to pin or to recall."""
        return self._door.find((), key=sample, dialect=INSPECT, exact=True)

    def _served(self, call: Call) -> str:
        key = sample()
        if key is None:
            return "error: this agent runs outside of a sample, so that nothing can be kept for it"
        return self.conversation(key).answer(call)


def sample() -> str | None:
    """The sample under way; None outside of an evaluation."""
    state = sample_state()
    return None if state is None else str(state.uuid)


def prompted(usage: ModelUsage | None) -> int:
    """Tokens of a prompt, cached ones included."""
    if usage is None:
        return 0
    cached = (usage.input_tokens_cache_read or 0) + (usage.input_tokens_cache_write or 0)
    return int(usage.input_tokens + cached)


def _tool(schema: Mapping[str, Any], served: Callable[[Call], str]) -> ToolDef:
    """One of litany's own tools, answered by the conversation of its caller."""
    name = schema["name"]

    async def answer(**kwargs: Any) -> str:  # the name by which Inspect knows to hand over all arguments
        return served(calling(name, name, kwargs))

    said, shape = schema["description"], schema["input_schema"]
    described = {key: {"description": said, **field} for key, field in shape["properties"].items()}
    parameters = ToolParams.model_validate({**shape, "properties": described})
    return ToolDef(answer, name=name, description=said, parameters=parameters)


def _schema(tool: Tool) -> Mapping[str, Any]:
    """What a model is sent of a tool."""
    known = ToolDef(tool)
    shape = known.parameters.model_dump(mode="json", exclude_none=True)
    return {"name": known.name, "description": known.description, "parameters": shape}
