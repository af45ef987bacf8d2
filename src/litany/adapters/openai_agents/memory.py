"""Memory: what the answers of models leave behind: which conversation a call of litany's own tools belongs to.

Where the provider holds what was said, also all that was said up to each answer.
"""

from collections import OrderedDict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from agents import ModelResponse, Usage

from litany.adapters.clients.body import Body
from litany.adapters.clients.elsewhere import Elsewhere
from litany.adapters.clients.heard import ENDS
from litany.errors import PolicyError
from litany.middleware import Conversations, Exchange
from litany.middleware.shared.named import named
from litany.middleware.tools import NAMES

CALLS = 2_048
"""Calls of litany's tools whose conversations are remembered: the newest."""


@dataclass(frozen=True, slots=True)
class Answer:
    """A model's answer, as OpenAI's own client gives one."""

    id: str | None
    output: Sequence[Any]

    @property
    def items(self) -> list[Any]:
        """The answer as the SDK gives it back to the model."""
        response = ModelResponse(output=list(self.output), usage=Usage(), response_id=self.id)
        items: list[Any] = response.to_input_items()
        return items

    @property
    def calls(self) -> Iterator[str]:
        """Ids of the calls of litany's own tools."""
        named = ((getattr(item, "name", None), getattr(item, "call_id", None)) for item in self.output)
        return (id for name, id in named if name in NAMES and id)


@dataclass(frozen=True, slots=True)
class Standing:
    """Where a call was made."""

    body: Body
    record: Sequence[Any]
    """All that was said, the answer with the call last."""


class Memory(Elsewhere):
    """Answers and calls that went through one door."""

    def __init__(self, conversations: Conversations) -> None:
        super().__init__(conversations)
        self._own = conversations
        self._calls: OrderedDict[str, Standing] = OrderedDict()

    def keep(self, body: Body, record: Sequence[Any] | None, answer: object, read: bool) -> None:
        """Remembers what an answer, or the last event of one, adds."""
        told = answered(answer)
        if told is None or record is None:
            return
        super().keep(body, record, told, read)
        said = told.items if body.elsewhere is None else told.output
        with self._lock:
            for call in told.calls:
                self._calls[call] = Standing(body, [*record, *said])
            while len(self._calls) > CALLS:
                self._calls.popitem(last=False)

    def find(self, call: str) -> Exchange:
        """The conversation of a call of one of litany's tools. Raises: PolicyError when none is known."""
        with self._lock:
            standing = self._calls.get(call)
        if standing is None:
            raise PolicyError(
                f"no answer with the call {call!r} came through here; give these tools to agents whose model is "
                "wrapped by the very object that the tools are of"
            )
        body = standing.body
        if body.elsewhere is None:
            return self._own.find(standing.record, body.system, body.tools, dialect=body.route.dialect)
        key = self.rooted(body) if named() is None else None
        return self._door.find(
            standing.record, body.system, body.tools, key, dialect=body.route.dialect, exact=key is not None
        )


def answered(answer: object) -> Answer | None:
    """The answer of a call, or of the event that ends a stream; None for any other event."""
    if isinstance(answer, ModelResponse):
        return Answer(answer.response_id, answer.output)
    response = getattr(answer, "response", None) if getattr(answer, "type", None) in ENDS else None
    return None if response is None else Answer(response.id, response.output)
