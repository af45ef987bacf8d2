"""Exchange: one request through a shared door, and its conversation."""

from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass
from typing import Any

from litany.archive import Recalled
from litany.core.agenda import Agenda
from litany.errors import PolicyError
from litany.middleware.conversation import Conversation


@dataclass(slots=True, eq=False)
class Exchange:
    """One request and its conversation: the view to send, and what is done once the provider answered.

    All but `shrink` may be called by anyone at any time; nothing here waits for another caller but `shrink`.
    """

    view: list[Any]
    """The messages to send; of `Conversations.find` the host's own."""
    key: str
    """The name of the conversation in the store."""
    shared: bool
    """Whether others that open alike still stand here: an unnamed conversation before its second call."""
    stable: int
    """How many messages of the view the next one begins with, unless there is a cut: a cache may end there."""
    recital: str
    """The recitation that the view ends with; "" where none does."""
    anew: bool
    """Whether the record did not go on from the one before and was read anew, the agenda being as it was."""
    _talk: Conversation
    _sent: int
    _smaller: Callable[[int], "Exchange"]
    _smaller_async: Callable[[int], Awaitable["Exchange"]]

    @property
    def agenda(self) -> Agenda:
        """Goal, constraints, todos and notes as they stand."""
        return self._talk.state.agenda

    @property
    def head(self) -> str:
        """What the view's head says of goal and constraints, in the message that litany adds; "" where it adds none."""
        head = self._talk.state.head
        return "" if head is None else head.text

    def used(self, usage: object) -> None:
        """Takes what the provider reported for this view, and corrects the counting by it; see `Litany.used`."""
        self._talk.used(usage, self._sent)

    def shrink(self) -> list[Any]:
        """The one smaller view to send when the provider refused this one for its length; it is this exchange's now.

        Raises: WindowTooSmall when nothing smaller can be sent, or this record was shrunk before; else as a call.
        """
        return self._now(self._smaller(self._sent))

    async def shrink_async(self) -> list[Any]:
        """The same, for a task."""
        return self._now(await self._smaller_async(self._sent))

    def tools(self, dialect: str) -> list[dict[str, Any]]:
        """Schemas of litany's own tools; see `Litany.tools`."""
        return self._talk.tools(dialect)

    def answer(self, call: object) -> str:
        """Serves a call of one of litany's own tools; see `Litany.answer`.

        Raises: AgendaError when the call is another tool's, PolicyError while the conversation is shared.
        """
        return self._own().answer(call)

    def revise(
        self, goal: str | None = None, constraints: Sequence[str] | None = None, closed: bool | None = None
    ) -> None:
        """Sets another goal or other constraints, or closes the goal; see `Litany.revise`.

        Raises: AgendaError for a blank text, PolicyError while the conversation is shared.
        """
        self._own().revise(goal, constraints, closed)

    def pin(self, message: object) -> None:
        """Keeps a message of the record; see `Litany.pin`.

        Raises: RecallError when the record read last does not hold it, PolicyError while the conversation is shared.
        """
        self._own().pin(message)

    def recall(self, query: str) -> tuple[Recalled, ...]:
        """The messages under a handle, else those that hold the words; see `Litany.recall`."""
        return self._talk.recall(query)

    def _now(self, smaller: "Exchange") -> list[Any]:
        self.view, self.stable, self.recital = smaller.view, smaller.stable, smaller.recital
        self._sent = smaller._sent
        return self.view

    def _own(self) -> Conversation:
        """The conversation, to be changed. Raises: PolicyError while others may stand there, too."""
        if self.shared:
            raise PolicyError(
                "this request has no name, and others may open with the same messages; give a `key`, call it within "
                "`with litany.conversation(key)`, or find the conversation with the model's answer in the messages"
            )
        return self._talk
