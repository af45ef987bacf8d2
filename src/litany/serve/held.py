"""Held: requests that go on from what OpenAI's Responses hold, as a wrapped client sends them."""

from collections.abc import Sequence
from typing import Any

from litany.adapters.clients import body as clients
from litany.adapters.clients.elsewhere import Elsewhere
from litany.middleware.shared import Conversations, Exchange
from litany.serve.body import Body


class Holds:
    """What the provider holds, as far as it went through this proxy. For threads."""

    def __init__(self, door: Conversations) -> None:
        self._elsewhere = Elsewhere(door)

    def opened(self, body: Body, key: str | None, goal: str | None) -> Exchange | None:
        """The conversation of a request that goes on there; None when nothing can be said to it."""
        return self._elsewhere.opened(_plain(body), key, goal)

    def view(self, body: Body, exchange: Exchange | None) -> Sequence[Any]:
        """The messages to send: those that came, and what is to be said there."""
        return self._elsewhere.view(_plain(body), exchange)

    def keep(self, body: Body, key: str | None, read: bool, answer: object) -> None:
        """Remembers what an answer adds."""
        plain = _plain(body)
        self._elsewhere.keep(plain, self._elsewhere.record(plain, key), answer, read)


def _plain(body: Body) -> clients.Body:
    """The request as a wrapped client has it, its messages the very ones."""
    return clients.Body(clients.RESPONSES, {**body.before, **body.behind, body.name: body.messages})
