"""Heard: the answers after which a conversation that the provider holds may go on."""

from collections import OrderedDict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from threading import Lock
from typing import Any

from litany.archive import Store
from litany.core.state import State
from litany.errors import StateError
from litany.middleware.shared.keys import SAID

MOST = 16_384
"""Ids of answers that are remembered: the newest."""
ENDS = ("response.completed", "response.incomplete")
"""Kinds of events that hold the whole answer."""


@dataclass(frozen=True, slots=True)
class Response:
    """An answer of Responses: its id, and what the model said."""

    id: str
    output: Sequence[Any]


def whole(answer: object) -> Response | None:
    """The response in an answer, or in the last event of one; None when there is none."""
    response = _field(answer, "response") if _field(answer, "type") in ENDS else answer
    id, output = _field(response, "id"), _field(response, "output")
    if not isinstance(id, str) or not isinstance(output, Sequence):
        return None
    return Response(id, output)


class Said:
    """The answers, and conversations of a provider, behind which goal and constraints stand; with what names them.

    A store that the host gave holds them for other processes, too.
    """

    def __init__(self, store: Store | None) -> None:
        self._store = store
        self._names: OrderedDict[str, str] = OrderedDict()
        self._lock = Lock()

    def of(self, id: str | None) -> str | None:
        """The name of the conversation, "" where its messages tell it; None when nothing was said there."""
        if id is None:
            return ""
        with self._lock:
            name = self._names.get(id)
        if name is not None or self._store is None:
            return name
        held = self._store.load(f"{id}{SAID}")
        return None if held is None else "".join(held[1].index)

    def note(self, ids: Sequence[str], name: str, stores: bool) -> None:
        """Remembers ids under that name. `stores`: other processes may go on from there."""
        with self._lock:
            new = [id for id in ids if self._names.get(id) is None]
            for id in ids:
                self._names[id] = name
                self._names.move_to_end(id)
            while len(self._names) > MOST:
                self._names.popitem(last=False)
        if self._store is None or not stores:
            return
        try:
            for id in new:
                self._store.save(f"{id}{SAID}", 0, State("", index=(name,) if name else ()), (), "")
        except StateError:
            return  # the answer came all the same; another process may say goal and constraints once more


def _field(value: object, name: str) -> Any:
    return value.get(name) if isinstance(value, Mapping) else getattr(value, name, None)
