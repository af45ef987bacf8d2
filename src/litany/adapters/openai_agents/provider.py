"""Litany as a provider of models: `RunConfig(model_provider=LitanyProvider(...))` serves all agents of a run.

It wraps the model of each agent that names its model, or names none, handoffs and agents as tools included. An agent
that holds a Model of its own is given a LitanyModel.
"""

from collections.abc import Callable, Sequence
from os import PathLike
from typing import Any

from agents import FunctionTool, Model, ModelProvider, MultiProvider

from litany.adapters.openai_agents.door import Door
from litany.adapters.openai_agents.model import Wrapping
from litany.adapters.openai_agents.summarizer import Summarize
from litany.archive import Store
from litany.core.policy import Policy
from litany.middleware import Exchange
from litany.middleware.face import Trace


class LitanyProvider(ModelProvider):
    """A provider whose models are sent litany's views; see Litany."""

    def __init__(
        self,
        goal: str | None = None,
        constraints: Sequence[str] = (),
        policy: Policy | None = None,
        store: Store | None = None,
        summarize: Summarize = None,
        trace: Trace | str | PathLike[str] | None = None,
        redact: Callable[[str], str] | bool | None = None,
        provider: ModelProvider | None = None,
    ) -> None:
        """One object serves all runs that it is given to.

        goal, constraints, policy, store, summarize, trace, redact -- as a LitanyModel takes them.
        provider -- whose models are wrapped; None: the SDK's own, which knows models by their names.
        Raises: PolicyError, AgendaError for a blank goal or constraint.
        """
        self._provider = MultiProvider() if provider is None else provider
        self._door = Door(goal, constraints, policy, store, summarize, trace, redact)

    @property
    def tools(self) -> list[FunctionTool]:
        """update_todos, note and recall, for the agents' own tools: `Agent(tools=[*tools, *provider.tools])`.

        update_todos is left out beside a todo tool of the agent's own, whose list is read from its calls.
        """
        return list(self._door.tools)

    def get_model(self, model_name: str | None) -> Model:
        """The model of that name, sent litany's views."""
        return Wrapping(self._provider.get_model(model_name), self._door)

    def conversation(self, key: str) -> Exchange:
        """The conversation of that key, to look at its agenda, to revise, to pin or to recall."""
        return self._door.at(key)

    async def aclose(self) -> None:
        """Closes the inner provider."""
        await self._provider.aclose()

    def __getattr__(self, name: str) -> Any:
        """What else the SDK asks of a provider, the inner one answers."""
        if name in ("_provider", "_door") or name.startswith("__"):
            raise AttributeError(name)
        return getattr(self._provider, name)
