"""A model's answer, waited for where it is one to wait for."""

from collections.abc import Awaitable, Sequence

from litany.adapters.background import waited
from litany.core.completion import Completion
from litany.core.ports import Complete


def completed(model: Complete, messages: Sequence[object], tools: Sequence[object]) -> Completion:
    """The completion; an asynchronous model works on a loop of its own, beside the caller's thread."""
    answer = model(messages, tools)
    return waited(_awaited(answer)) if isinstance(answer, Awaitable) else answer


async def _awaited(answer: Awaitable[Completion]) -> Completion:
    return await answer
