"""The pocket reader as an eval asks it: no key, no network, no price."""

from collections.abc import Sequence

from litany.core.completion import Completion, Usage
from litany.errors import PocketError
from litany.models.failure import Failure
from litany.models.model import Unanswered
from litany.pocket.reader import ANSWER, Pocket, pocket


class PocketModel:
    """The reader that ships with litany, or another one."""

    answer = longest = ANSWER

    def __init__(self, reader: Pocket | None = None) -> None:
        """Raises: PocketError when the weights are missing or damaged."""
        self._reader = reader or pocket()

    @property
    def name(self) -> str:
        """`pocket`, with the beginning of its weights' hash."""
        return self._reader.name

    @property
    def window(self) -> int:
        """Tokens of prompt and answer together."""
        return self._reader.window

    def count(self, messages: Sequence[object], tools: Sequence[object] = (), /) -> int:
        """Tokens of a request. Raises: MessageError, PocketError when it cannot be read."""
        return self._reader.count(messages, tools)

    def price(self, _usage: Usage, /) -> float | None:
        """Nothing."""
        return 0.0

    def __call__(self, messages: Sequence[object], tools: Sequence[object] = (), /) -> Completion:
        """The next message. Raises: Unanswered for more tokens, or more different words, than the reader takes."""
        try:
            return self._reader(messages, tools)
        except PocketError as error:
            raise Unanswered(Failure("window", str(error))) from error
