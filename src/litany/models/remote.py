"""A model that LiteLLM reaches, as an eval asks it: what went wrong becomes a Failure."""

import re
from collections.abc import Callable, Mapping, Sequence
from typing import Any

from litany.adapters.failing import NoAnswer
from litany.adapters.litellm_model import LiteLLMModel
from litany.core.completion import Completion, Usage
from litany.models.failure import Failure
from litany.models.model import Unanswered

SIGN_IN = re.compile("//[^/@]*@")
"""A name and a password in an address, which no result shows."""
SILENT = ("provider", "timeout")
"""The failures of which one wants to know where they came from."""


class Remote:
    """One of LiteLLM's models."""

    def __init__(self, name: str, own: Mapping[str, Any], options: Mapping[str, object]) -> None:
        """`own`: what LiteLLMModel takes by name. Raises: PolicyError when it cannot be asked."""
        self._model = LiteLLMModel(name, **own, options=options)
        self.name, self.window = self._model.name, self._model.window
        self.answer, self.longest = self._model.answer, self._model.longest
        base = own.get("api_base")
        self._at = f" (at {SIGN_IN.sub('//', base)})" if base else ""

    def count(self, messages: Sequence[object], tools: Sequence[object] = (), /) -> int:
        """Tokens of a request."""
        return self._model.count(messages, tools)

    def price(self, usage: Usage, /) -> float | None:
        """Dollars; None where no price is known."""
        return self._model.price(usage)

    async def streamed(
        self, messages: Sequence[object], tools: Sequence[object], heard: Callable[[str], object], /
    ) -> Completion:
        """The next message, told in pieces as it comes. Raises: Unanswered."""
        try:
            return await self._model.streamed(messages, tools, heard)
        except NoAnswer as error:
            raise Unanswered(Failure(error.kind, str(error)), passes=error.passes, wait=error.wait) from error

    def __call__(self, messages: Sequence[object], tools: Sequence[object] = (), /) -> Completion:
        """The next message. Raises: Unanswered."""
        try:
            return self._model(messages, tools)
        except NoAnswer as error:
            text = f"{error}{self._at if error.kind in SILENT else ''}"
            raise Unanswered(Failure(error.kind, text), passes=error.passes, wait=error.wait) from error
