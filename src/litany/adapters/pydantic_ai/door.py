"""The door through which requests of Pydantic AI's models go: it finds the conversation, and gives what is to be sent.

A conversation is told by Pydantic AI's own `conversation_id`, which a run gives to its messages and takes over from the
history that it is given; else by the messages that it begins with.
"""

from collections import OrderedDict
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from os import PathLike
from threading import Lock
from typing import Any

from litany.adapters.clients.elsewhere import rare
from litany.adapters.pydantic_ai import models
from litany.adapters.pydantic_ai.messages import PydanticAI
from litany.adapters.pydantic_ai.pieces import Pieces, joined
from litany.archive import Store
from litany.core.policy import Policy
from litany.middleware import Conversations, Exchange
from litany.middleware.face import Trace
from litany.middleware.given import policy_of, writer
from litany.middleware.shared.named import named

Goal = str | Callable[[Any], str | None] | None
Constraints = Sequence[str] | Callable[[Any], Sequence[str] | None]
RUNS = 2_048
"""Runs whose conversations are remembered: the most recent ones."""


@dataclass(frozen=True, slots=True)
class Sending:
    """What the host is about to send."""

    messages: Sequence[Any]
    model: Any
    settings: Mapping[str, Any]
    parameters: Any
    run: Any = None
    """The run's context, where there is a run."""

    @property
    def system(self) -> str | None:
        """The instructions, which stand beside the messages."""
        parts = self.parameters.instruction_parts
        if parts is not None:
            return "\n\n".join(part.content for part in parts) or None
        requests = (message for message in reversed(self.messages) if message.kind == "request")
        return next((message.instructions for message in requests if message.instructions), None)

    @property
    def tools(self) -> list[dict[str, Any]]:
        """The schemas that go with the messages."""
        given = self.parameters
        own = [
            {"name": tool.name, "description": tool.description or "", "parameters": tool.parameters_json_schema}
            for tool in (*given.function_tools, *given.output_tools)
        ]
        return [*own, *({"type": tool.kind} for tool in given.native_tools)]


@dataclass(frozen=True, slots=True)
class Talking:
    """The conversation of a run."""

    key: str
    """Its name in the store."""
    root: str | None
    system: str | None


class Door:
    """Conversations, for hosts that speak in Pydantic AI's messages."""

    def __init__(
        self,
        goal: Goal = None,
        constraints: Constraints = (),
        policy: Policy | None = None,
        store: Store | None = None,
        summarize: Callable[[Sequence[object], str], object] | None = None,
        trace: Trace | str | PathLike[str] | None = None,
        redact: Callable[[str], str] | bool | None = None,
    ) -> None:
        """The options of a Litany; goal and constraints may be functions of the run's context.

        Raises: PolicyError, AgendaError for a blank goal or constraint.
        """
        self._goal, self._constraints = goal, constraints
        own = None if callable(goal) else goal
        rules = () if callable(constraints) else constraints
        self._policy = policy
        self._first = Conversations(own, rules, policy_of(policy), store, summarize, writer(trace), None, redact)
        self._doors: dict[Policy, Conversations] = {self._first.policy: self._first}
        self._runs: OrderedDict[str, Talking] = OrderedDict()
        self._pieces, self._lock = Pieces(), Lock()

    @property
    def shadow(self) -> bool:
        """Whether litany only looks on."""
        return self._first.policy.shadow

    async def open(self, sending: Sending) -> Exchange:
        """The conversation of a request, and its view. Raises: as a Litany's call."""
        key, run, system = self._key(sending), sending.run, sending.system
        exchange = await self._fitting(sending).open_async(
            self._pieces.of(sending.messages),
            system,
            sending.tools,
            key,
            self._goal(run) if callable(self._goal) and run is not None else None,
            self._constraints(run) if callable(self._constraints) and run is not None else None,
            PydanticAI(models.system_anywhere(sending.model)),
        )
        if run is not None and run.run_id:
            self._remember(run.run_id, Talking(exchange.key, key, system))
        return exchange

    def sent(self, sending: Sending, exchange: Exchange) -> list[Any]:
        """The messages to send: the host's own where litany only looks on.

        Where the provider holds what was said nothing is cut, and each recitation stays: Pydantic AI sends what is new,
        and goes on from an answer only while all before it is as it was.
        """
        return list(sending.messages) if self.shadow else joined(exchange.view)

    def mends(self, sending: Sending) -> bool:
        """Whether a request that is too long is sent again, smaller."""
        return not self.shadow and not models.elsewhere(sending.settings)

    def find(self, run: Any) -> Exchange:
        """The conversation of a run that called one of litany's tools."""
        talking = self._runs.get(run.run_id or "")
        if talking is None:
            return self.at(run.conversation_id or "")
        exchange = self.at(talking.key)
        if not exchange.shared:
            return exchange
        pieces = self._pieces.of(run.messages)
        return self._first.find(pieces, talking.system, key=talking.root, dialect=PydanticAI())

    def at(self, key: str) -> Exchange:
        """The conversation of that key, begun when there is none."""
        return self._first.find((), key=key, exact=True, dialect=PydanticAI())

    def _key(self, sending: Sending) -> str | None:
        """The conversation's name, where the host says it, and the user did not by `with litany.conversation(…)`."""
        if named() is not None:
            return None
        own = None if sending.run is None else sending.run.conversation_id
        return own or next((said for message in reversed(sending.messages) if (said := message.conversation_id)), None)

    def _fitting(self, sending: Sending) -> Conversations:
        """The conversations under the policy that fits the model."""
        policy = models.fitted(self._policy, sending.model, sending.settings)
        policy = rare(policy) if models.elsewhere(sending.settings) else policy
        with self._lock:
            door = self._doors.get(policy)
            if door is None:
                door = self._doors[policy] = self._first.under(policy)
            return door

    def _remember(self, run: str, talking: Talking) -> None:
        with self._lock:
            self._runs[run] = talking
            self._runs.move_to_end(run)
            while len(self._runs) > RUNS:
                self._runs.popitem(last=False)
