"""Litany as a model around a model of the Agents SDK: what the inner one is sent is a view of the input.

A run's items stay as they are, and nothing of the view is stored in a session, nor in what a run gives back. It stands
behind `call_model_input_filter` and everything else that changes a call's input, so that a recitation that is due is
what the model reads last.
"""

from collections.abc import AsyncIterator, Callable, Sequence
from os import PathLike
from typing import Any

from agents import FunctionTool, Model, MultiProvider

from litany.adapters.openai_agents.asking import Asking
from litany.adapters.openai_agents.door import Door
from litany.adapters.openai_agents.summarizer import Summarize
from litany.archive import Store
from litany.core.policy import Policy
from litany.middleware import Exchange
from litany.middleware.face import Trace


class Wrapping(Model):
    """A model whose calls go through a door."""

    def __init__(self, wrapped: Model | str, door: Door) -> None:
        self._wrapped = MultiProvider().get_model(wrapped) if isinstance(wrapped, str) else wrapped
        self._door = door

    async def get_response(
        self,
        system_instructions: str | None,
        input: str | list[Any],
        model_settings: Any,
        tools: list[Any],
        output_schema: Any,
        handoffs: list[Any],
        tracing: Any,
        **beside: Any,
    ) -> Any:
        """The model's answer to the view; when it was refused for its length, to a smaller one, once."""
        given = system_instructions, model_settings, tools, output_schema, handoffs, tracing
        return await self._door.response(Asking(self._wrapped, *given, beside), input)

    def stream_response(
        self,
        system_instructions: str | None,
        input: str | list[Any],
        model_settings: Any,
        tools: list[Any],
        output_schema: Any,
        handoffs: list[Any],
        tracing: Any,
        **beside: Any,
    ) -> AsyncIterator[Any]:
        """The same, streamed: what is refused before the first content is sent again, smaller, once."""
        given = system_instructions, model_settings, tools, output_schema, handoffs, tracing
        return self._door.events(Asking(self._wrapped, *given, beside), input)

    def get_retry_advice(self, request: Any) -> Any:
        """The inner model's."""
        return self._wrapped.get_retry_advice(request)

    async def close(self) -> None:
        """Closes the inner model."""
        await self._wrapped.close()

    async def _cleanup_on_run_end(self, owner: object) -> None:
        await self._wrapped._cleanup_on_run_end(owner)

    def __getattr__(self, name: str) -> Any:
        """What else the SDK asks of a model, the inner one answers."""
        if name in ("_wrapped", "_door") or name.startswith("__"):
            raise AttributeError(name)
        return getattr(self._wrapped, name)


class LitanyModel(Wrapping):
    """A model that is sent litany's views; see Litany."""

    def __init__(
        self,
        wrapped: Model | str,
        goal: str | None = None,
        constraints: Sequence[str] = (),
        policy: Policy | None = None,
        store: Store | None = None,
        summarize: Summarize = None,
        trace: Trace | str | PathLike[str] | None = None,
        redact: Callable[[str], str] | bool | None = None,
    ) -> None:
        """One object serves all runs of all agents that it is given to.

        wrapped -- the model, or its name as the SDK takes it. goal, constraints, policy, store, trace, redact -- as a
        Litany takes them; a conversation's own goal is given by `with litany.conversation(key, goal=...)`.
        summarize -- as a Litany takes it (of items), or another model, or its name; True: the agent's own model, asked
        on the prefix that it has cached. None: an outline made without a model.
        Raises: PolicyError, AgendaError for a blank goal or constraint.
        """
        super().__init__(wrapped, Door(goal, constraints, policy, store, summarize, trace, redact))

    @property
    def tools(self) -> list[FunctionTool]:
        """update_todos, note and recall, for the agent's own tools; see LitanyProvider."""
        return list(self._door.tools)

    def conversation(self, key: str) -> Exchange:
        """The conversation of that key, to look at its agenda, to revise, to pin or to recall."""
        return self._door.at(key)
