"""Counting a whole request with litany's own counter, for a model whose tokens cannot be asked for."""

from collections.abc import Sequence
from functools import lru_cache

from litany.core.ports import Count
from litany.dialects import DIALECTS
from litany.middleware.reading import counted
from litany.tokens import counter

KNOWN = 4_096
"""Texts whose size is remembered: an eval sends the same ones again in every arm."""


class Counting:
    """Tokens of messages and tools in OpenAI's words."""

    def __init__(self, encoding: str = "o200k_base") -> None:
        """`encoding`: tiktoken's. Raises: PolicyError when it has none of that name."""
        self._count: Count = lru_cache(KNOWN)(counter(encoding))

    def __call__(self, messages: Sequence[object], tools: Sequence[object] = (), /) -> int:
        """Raises: MessageError for what is no message."""
        read, count = DIALECTS["openai"].read, self._count
        return sum(read(message, count, False).tokens for message in messages) + counted(list(tools), count)
