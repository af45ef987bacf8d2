"""The script of a fake provider: what it answers, and what goes wrong, request by request."""

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from litany.testing.violation import Violation


@dataclass(frozen=True, slots=True)
class Received:
    """One request as it came over the wire."""

    number: int
    """Its place among the requests, from 0."""
    method: str
    path: str
    headers: Mapping[str, str]
    """Names in lower case."""
    raw: bytes
    body: Any
    """The parsed JSON; None when there was none."""
    violations: tuple[Violation, ...] = ()
    """Every rule that it breaks."""
    query: str = ""
    """What stands behind the path's question mark."""


@dataclass(frozen=True, slots=True)
class Fault:
    """What goes wrong with one request. Several at once work together."""

    status: int | None = None
    """This HTTP status instead of an answer: 429, 500, 529, ..."""
    retry_after: float | None = None
    """Seconds, for the Retry-After header."""
    text: str = ""
    """The error's words; empty: the provider's own."""
    silence: float = 0.0
    """Seconds before anything is answered."""
    reset_after: int | None = None
    """The connection is reset after that many events (of a plain answer: after half of its bytes)."""
    overflow_after: int | None = None
    """After that many events comes an error event that says the context overflowed (a plain answer: HTTP 400)."""
    half: bool = False
    """The answer ends in the middle of its last call (or text), for it reached the output limit."""
    stop: str | None = None
    """The finish or stop reason that is said: "content_filter", "model_context_window_exceeded", ..."""
    pause: float = 0.0
    """Seconds between two events: a slow drip."""
    twice: bool = False
    """Each event is sent twice."""

    @property
    def delivered(self) -> bool:
        """Whether the answer arrives; one that does not stays in the script for the retry."""
        return self.status is None and self.reset_after is None and self.overflow_after is None and not self.silence


@dataclass(frozen=True, slots=True)
class Reply:
    """An assistant message in the dialect of the request, and how its answer ends."""

    message: Mapping[str, Any]
    finish: str | None = None
    """The finish or stop reason; None: what follows from the message."""


Said = str | Mapping[str, Any] | Reply
"""One line of the script; a text is a message in either dialect."""
Replies = Iterable[Said] | Callable[[Received], Said]
Faults = Iterable[Fault | None] | Callable[[Received], Fault | None]


class Script:
    """Gives out replies and faults in order."""

    def __init__(self, replies: Replies | None, faults: Faults) -> None:
        self._replies = (lambda request: "ok") if replies is None else replies if callable(replies) else list(replies)
        self._faults = faults if callable(faults) else None
        self._queue: Iterator[Fault | None] = iter(()) if callable(faults) else iter(tuple(faults))
        self._said = 0

    def fault(self, request: Received) -> Fault:
        """What goes wrong now; a list that is played out means that nothing does."""
        found = self._faults(request) if self._faults else next(self._queue, None)
        return found or Fault()

    def reply(self, request: Received, fault: Fault) -> Reply | None:
        """The next answer, or None when the script is played out."""
        if callable(self._replies):
            return _reply(self._replies(request))
        if self._said >= len(self._replies):
            return None
        self._said += fault.delivered
        return _reply(self._replies[self._said - fault.delivered])


def _reply(said: Said) -> Reply:
    if isinstance(said, Reply):
        return said
    return Reply({"role": "assistant", "content": said} if isinstance(said, str) else said)
