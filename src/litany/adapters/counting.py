"""Counting a whole request with litany's own counter, for a model whose tokens cannot be asked for."""

import json
from collections.abc import Sequence
from functools import lru_cache

from litany.core.ports import Count
from litany.dialects import DIALECTS
from litany.middleware.reading import counted
from litany.tokens import counter

KNOWN = 4_096
"""Texts and messages whose size is remembered: an eval sends the same ones again in every arm."""

LONG = 20_000
"""Characters of a message beyond which it is not remembered, for there may be thousands."""


class Counting:
    """Tokens of messages and tools in OpenAI's words."""

    def __init__(self, encoding: str = "o200k_base") -> None:
        """`encoding`: tiktoken's. Raises: PolicyError when it has none of that name."""
        self._count: Count = lru_cache(KNOWN)(counter(encoding))
        self._size = lru_cache(KNOWN)(lambda written: self._read(json.loads(written)))
        self._offer = lru_cache(KNOWN)(lambda written: counted(json.loads(written), self._count))

    def __call__(self, messages: Sequence[object], tools: Sequence[object] = (), /) -> int:
        """Raises: MessageError for what is no message."""
        offered = _written(list(tools))
        tokens = counted(list(tools), self._count) if offered is None else self._offer(offered)
        return tokens + sum(map(self._tokens, messages))

    def _tokens(self, message: object) -> int:
        written = _written(message)
        return self._read(message) if written is None or len(written) > LONG else self._size(written)

    def _read(self, message: object) -> int:
        return DIALECTS["openai"].read(message, self._count, False).tokens


def _written(given: object) -> str | None:
    """As JSON, which is quicker than reading it; None for what is none, as an SDK's object."""
    try:
        return json.dumps(given)
    except (TypeError, ValueError, RecursionError):
        return None
