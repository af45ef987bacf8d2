"""Wire: what the fake asks of one provider's API. Nobody inherits from it."""

from collections.abc import Iterator, Mapping, Sequence
from typing import Any, Protocol

from litany.core.ports import Count
from litany.testing.fake.cache import Cache, Unit, Usage
from litany.testing.fake.script import Fault, Received, Reply


class Wire(Protocol):
    """How one provider writes answers, streams, usage and errors."""

    @property
    def dialect(self) -> str: ...

    def unauthorized(self, request: Received) -> bool: ...

    def missing(self, request: Mapping[str, Any], headers: Mapping[str, str]) -> str | None:
        """What a request lacks before its messages are looked at."""

    def whole(self, request: Received) -> Mapping[str, Any]:
        """The body with all that belongs to it: the model, whether it streams, what the server holds of it."""

    def known(self) -> Mapping[str, Any]:
        """What the validator is told beside the request."""

    def units(self, request: Mapping[str, Any], count: Count) -> list[Unit]: ...

    def used(self, cache: Cache, model: str, units: Sequence[Unit]) -> Usage: ...

    def counted(self, tokens: int) -> dict[str, Any]:
        """The answer to a question for a request's tokens."""

    def error(self, status: int, text: str, param: str | None = None, code: str | None = None) -> dict[str, Any]: ...

    def overflow(self, request: Mapping[str, Any], prompt: int, window: int) -> dict[str, Any]:
        """The error of a context that overflowed."""

    def overflows(self, request: Mapping[str, Any], prompt: int, window: int) -> bool: ...

    def overflow_event(self, request: Mapping[str, Any], prompt: int, window: int) -> bytes: ...

    def overflown(self) -> str:
        """The finish or stop reason of a prompt that left no room for an answer."""

    def body(
        self, number: int, request: Mapping[str, Any], reply: Reply, fault: Fault, usage: Usage, count: Count
    ) -> dict[str, Any]:
        """The whole answer."""

    def events(self, request: Mapping[str, Any], body: Mapping[str, Any], fault: Fault) -> Iterator[bytes]:
        """The same answer as a stream."""
