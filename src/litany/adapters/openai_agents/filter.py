"""Litany as a filter of a call's input: `RunConfig(call_model_input_filter=LitanyFilter(...))`.

The SDK calls it once before each model call, with the input alone. So it recites, clips, clears and compacts for any
model of any agent, and nothing of it is stored; but it can send nothing again: a provider that refuses a view for its
length ends the run, unless the policy's `window` is set no wider than the model's. Nor does it hear answers: it has no
tools, and no usage to correct its counting by. LitanyProvider and LitanyModel do all of that. Where the provider holds
what was said (`previous_response_id`, `conversation_id`) only they can be used: the filter is not told of it.
"""

from collections.abc import Callable, Sequence
from os import PathLike
from typing import Any

from agents.run import CallModelData, ModelInputData

from litany.adapters.openai_agents.asking import schema
from litany.adapters.openai_agents.summarizer import Summarize, summarizer
from litany.archive import Store
from litany.core.policy import Policy
from litany.middleware import Conversations, Exchange
from litany.middleware.face import Trace
from litany.middleware.given import policy_of

Goal = str | Callable[[Any], str | None] | None
Constraints = Sequence[str] | Callable[[Any], Sequence[str] | None]


class LitanyFilter:
    """Recites, clips, clears and compacts before each call of a run; see Litany."""

    def __init__(
        self,
        goal: Goal = None,
        constraints: Constraints = (),
        policy: Policy | None = None,
        store: Store | None = None,
        summarize: Summarize = None,
        trace: Trace | str | PathLike[str] | None = None,
        redact: Callable[[str], str] | bool | None = None,
    ) -> None:
        """One object serves all runs that it is given to.

        goal, constraints -- as a Litany takes them, or a function of the CallModelData that gives them for its run.
        policy, store, trace, redact -- as a Litany takes them.
        summarize -- as a Litany takes it (of items), or a model, or its name; None: an outline made without a model.
        Raises: PolicyError, AgendaError for a blank goal or constraint.
        """
        self._goal = goal if callable(goal) else None
        self._constraints = constraints if callable(constraints) else None
        own = None if callable(goal) else goal
        rules = () if callable(constraints) else constraints
        self._conversations = Conversations(
            own, rules, policy_of(policy), store, summarizer(summarize), trace, "responses", redact
        )

    async def __call__(self, data: CallModelData[Any]) -> ModelInputData:
        """The view of the input that a call is about to send. Raises: as a Litany's call."""
        given = data.model_data
        exchange = await self._conversations.open_async(
            given.input,
            given.instructions,
            [schema(tool) for tool in data.agent.tools],
            goal=self._goal(data) if self._goal else None,
            constraints=self._constraints(data) if self._constraints else None,
        )
        view = given.input if self._conversations.policy.shadow else exchange.view
        return ModelInputData(input=list(view), instructions=given.instructions)

    def conversation(self, key: str) -> Exchange:
        """The conversation of that key, to look at its agenda, to revise, to pin or to recall."""
        return self._conversations.find((), key=key, exact=True)
