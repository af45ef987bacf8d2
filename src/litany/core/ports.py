"""Protocols: what the core asks of the world. Nobody inherits from them."""

from collections.abc import Awaitable, Mapping, Sequence
from typing import Protocol

from litany.core.completion import Completion
from litany.core.message import Call, Message


class Count(Protocol):
    """Counts the tokens of a text."""

    def __call__(self, text: str, /) -> int: ...


class Dialect(Protocol):
    """One provider's way to write messages: reads them, and writes the few that litany changes.

    Every method returns a new object; a message that is given is never changed.
    """

    @property
    def name(self) -> str: ...

    @property
    def alternates(self) -> bool:
        """Whether a message with calls must stand right behind what the user said or a tool gave."""

    def read(self, native: object, count: Count, observed: bool, /) -> Message:
        """The message, counted. `observed`: its text is the observation of a text-only agent."""

    def plain(self, native: object, /) -> str:
        """The message as canonical JSON, byte for byte what recall gives back."""

    def digest(self, native: object, /) -> str:
        """Hash of the message as a model reads it, cache marks aside: the handle by which it is recalled."""

    def user(self, text: str, /) -> object:
        """A user message."""

    def system(self, text: str, after: object, /) -> object | None:
        """A system message in mid-conversation, or None where it may not stand after `after`."""

    def repair(self, calls: Sequence[Call], text: str, /) -> Sequence[object]:
        """Error results for calls that nobody answered."""

    def joined(self, extra: Sequence[object], own: object | None, /) -> Sequence[object]:
        """Results that came late and repairs, and the record's own first result if there is one, behind one message."""

    def rewritten(self, native: object, texts: Mapping[int, str], /) -> object:
        """A shallow copy in which only the named slots read otherwise."""

    def cleared(self, native: object, stub: str, /) -> object:
        """A shallow copy in which each result is only the stub."""

    def spoken(self, native: object, /) -> object:
        """A shallow copy without its tool results: what the user says beside them."""

    def bare(self, native: object, /) -> object:
        """A shallow copy without its thinking blocks."""

    def appended(self, native: object, text: str, /) -> object | None:
        """A shallow copy whose last result ends with the text, or None where that cannot be."""


class Summarize(Protocol):
    """Writes a summary: of the messages when they are given (a fork), else of what the prompt quotes."""

    def __call__(self, messages: Sequence[object], prompt: str, /) -> str | Awaitable[str]: ...


class Complete(Protocol):
    """Asks a model for its next message."""

    @property
    def name(self) -> str:
        """What a result says was asked: the model and, where it is known, which version of it."""

    @property
    def window(self) -> int:
        """Tokens that prompt and answer may take together, by the model's own counting."""

    def count(self, messages: Sequence[object], tools: Sequence[object] = (), /) -> int:
        """Tokens of a request by the model's own counting."""

    def __call__(
        self, messages: Sequence[object], tools: Sequence[object] = (), /
    ) -> Completion | Awaitable[Completion]: ...
