"""UnderWay: requests that were sent and not answered yet, for hosts that call before a request and again after it."""

from collections import OrderedDict
from collections.abc import Hashable
from threading import Lock

from litany.middleware.shared import Exchange

MOST = 1_024
"""Requests that are held; the oldest are let go, as those of a host that never said what became of them."""


class UnderWay:
    """The exchange of each request under way, and under which key the conversation of each place was found last."""

    def __init__(self) -> None:
        self._held: OrderedDict[Hashable, Exchange] = OrderedDict()
        self._keys: OrderedDict[Hashable, str] = OrderedDict()
        self._lock = Lock()

    def hold(self, place: Hashable, exchange: Exchange) -> None:
        """Holds it until it is taken. `place`: what tells this request from all others under way."""
        with self._lock:
            self._held[place], self._keys[place] = exchange, exchange.key
            self._keys.move_to_end(place)
            for table in (self._held, self._keys):
                while len(table) > MOST:
                    table.popitem(last=False)

    def take(self, place: Hashable) -> Exchange | None:
        """The exchange, which is held no longer; None when there is none."""
        with self._lock:
            return self._held.pop(place, None)

    def key(self, place: Hashable) -> str | None:
        """The key of the conversation that asked last from there."""
        return self._keys.get(place)
