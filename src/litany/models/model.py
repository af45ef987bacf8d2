"""Model: what an eval or a run asks; Unanswered: what a model raises when it has no answer."""

from collections.abc import Sequence
from typing import Protocol

from litany.core.completion import Completion, Usage
from litany.errors import EvalError
from litany.models.failure import Failure


class Model(Protocol):
    """A model that answers at once, in whatever thread it is asked, and knows its price."""

    @property
    def name(self) -> str:
        """What a result says was asked."""

    @property
    def window(self) -> int:
        """Tokens that prompt and answer may take together, by `count`."""

    @property
    def answer(self) -> int:
        """Tokens of the window that are kept for the answer."""

    @property
    def longest(self) -> int | None:
        """Tokens of the longest answer that it can give; None where nobody knows."""

    def count(self, messages: Sequence[object], tools: Sequence[object] = (), /) -> int:
        """Tokens of a request."""

    def price(self, usage: Usage, /) -> float | None:
        """Dollars; None where no price is known."""

    def __call__(self, messages: Sequence[object], tools: Sequence[object] = (), /) -> Completion:
        """The next message. Raises: Unanswered."""


class Unanswered(EvalError):
    """A model gave no answer.

    failure -- what an outcome says of it. passes -- whether the same request may succeed later. wait -- seconds that
    the provider asks for; None: it says nothing of that.
    """

    def __init__(self, failure: Failure, *, passes: bool = False, wait: float | None = None) -> None:
        super().__init__(failure.text)
        self.failure = failure
        self.passes = passes
        self.wait = wait
