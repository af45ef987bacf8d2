"""Litany as a compaction strategy of Inspect, for agents that take one: `react(compaction=LitanyCompaction(...))`.

Inspect asks a strategy only when what it would send passes a threshold, or after the model refused it for its length.
The view that it gets then ends with a recitation and holds goal and constraints word for word; until it asks again it
puts the newer messages behind that view, so that the recitation stays where it stood. For a recitation on every call
that is due take LitanyModel. The agent's own messages are not touched.
"""

from collections import OrderedDict
from collections.abc import Callable, Sequence
from os import PathLike
from threading import Lock

from inspect_ai.model import ChatMessage, ChatMessageUser, CompactionStrategy, Model
from inspect_ai.tool import ToolInfo

from litany.adapters.inspect.messages import INSPECT, ours
from litany.adapters.inspect.model import sample
from litany.archive import Store
from litany.core.policy import Policy
from litany.errors import WindowTooSmall
from litany.middleware import Conversations
from litany.middleware.face import Trace

HELD = 256
"""Conversations whose records are remembered, for Inspect keeps but the last view: the newest."""
SHARE = 0.9
"""How much of the policy's budget may be filled, by Inspect's count, before it asks."""


class LitanyCompaction(CompactionStrategy):
    """Compacts for the agents of an evaluation; see Litany."""

    def __init__(
        self,
        goal: str | None = None,
        constraints: Sequence[str] = (),
        policy: Policy | None = None,
        store: Store | None = None,
        summarize: Callable[[Sequence[object], str], object] | None = None,
        threshold: int | float | None = None,
        trace: Trace | str | PathLike[str] | None = None,
        redact: Callable[[str], str] | bool | None = None,
    ) -> None:
        """One object serves all samples.

        goal, constraints, policy, store, summarize, trace, redact -- as a Litany takes them; recitations come with
        compactions only, whatever the policy says of them. threshold -- Inspect's: tokens, or a share of the model's
        window, from which it asks; None: nine tenths of the policy's budget.
        Raises: PolicyError, AgendaError for a blank goal or constraint.
        """
        self._door = Conversations(goal, constraints, policy, store, summarize, trace, INSPECT, redact)
        own = int(SHARE * self._door.policy.budget)
        super().__init__(type="summary", threshold=own if threshold is None else threshold, memory=False)
        self._held: OrderedDict[tuple[str | None, str], list[ChatMessage]] = OrderedDict()
        self._lock = Lock()

    async def compact(
        self, model: Model, messages: list[ChatMessage], tools: list[ToolInfo]
    ) -> tuple[list[ChatMessage], ChatMessageUser | None]:
        """The view of all that was said so far; nothing is added to the agent's own messages."""
        record = self._record(messages)
        exchange = await self._door.open_async(record, None, tools, sample(), dialect=INSPECT)
        view = exchange.view
        if len(view) >= len(messages) and await model.count_tokens(view) >= await model.count_tokens(messages):
            try:
                view = await exchange.shrink_async()
            except WindowTooSmall:
                return list(messages), None
        return list(view), None

    def _record(self, messages: list[ChatMessage]) -> list[ChatMessage]:
        """All that was said: what was remembered, and what came behind it."""
        with self._lock:
            key = self._key(messages)
            held = self._held.get(key, [])
            known = {message.id for message in held}
            record = [*held, *(message for message in messages if not ours(message) and not known & _ids(message))]
            self._held[key] = record
            self._held.move_to_end(key)
            while len(self._held) > HELD:
                self._held.popitem(last=False)
        return record

    def _key(self, messages: list[ChatMessage]) -> tuple[str | None, str]:
        """Under which the record of these messages is remembered: its sample, and the id of its first message."""
        current, ids = sample(), {id for message in messages for id in _ids(message)}
        known = (key for key, held in reversed(self._held.items()) if key[0] == current and key[1] in ids)
        return next(known, (current, str(messages[0].id if messages else "")))


def _ids(message: ChatMessage) -> set[str | None]:
    """The ids of a message, and of those that Inspect put together in it."""
    return {message.id, *((message.metadata or {}).get("combined_from") or ())}
