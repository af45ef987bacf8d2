"""An agent of the user's own as a model: a function of messages and tools that gives the assistant's next message."""

import json
from collections.abc import Awaitable, Callable, Mapping, Sequence
from typing import Any

from litany.adapters.background import waited
from litany.adapters.counting import Counting
from litany.core.completion import Completion, Usage
from litany.dialects.canonical import mapping
from litany.errors import EvalError, MessageError
from litany.models.failure import Failure
from litany.models.model import Unanswered

WINDOW = 2_000_000
"""Tokens that an agent takes, unless told otherwise: more than any eval sends."""
Answers = Callable[[list[dict[str, Any]], list[dict[str, Any]]], object]
"""Messages and tools in OpenAI's words; what comes is a text, a message, an SDK's object of one, or a promise of it."""


class Agent:
    """Whatever a function answers. Litany counts its tokens; its price is not known."""

    answer, longest = 0, None

    def __init__(
        self, answers: Answers, *, version: str | None = None, name: str | None = None, window: int = WINDOW
    ) -> None:
        """`version`: what changes whenever the agent does, so that its answers may be kept; None: they never are.

        name -- in results; None: the function's own. window -- tokens that it takes.
        Raises: EvalError for what cannot be called, or a window of nothing.
        """
        if not callable(answers):
            raise EvalError(f"an agent is {type(answers).__name__}; give a function of messages and tools")
        if window < 1:
            raise EvalError(f"`window` is {window}; give the tokens that the agent takes")
        self.version, self.window = version, window
        self.name = (name or _named(answers)) + (f"@{version}" if version else "")
        self._answers, self._count = answers, Counting()

    def count(self, messages: Sequence[object], tools: Sequence[object] = (), /) -> int:
        """Tokens of a request, by litany's own counter."""
        return self._count(messages, tools)

    def price(self, _usage: Usage, /) -> float | None:
        """Nobody knows."""
        return None

    def __call__(self, messages: Sequence[object], tools: Sequence[object] = (), /) -> Completion:
        """The agent's message. Raises: Unanswered for what is none, and whatever the agent raises."""
        given, offered = json.loads(json.dumps([list(messages), list(tools)]))  # it may write into what it is given
        said = self._answers(given, offered)
        message = _message(waited(_awaited(said)) if isinstance(said, Awaitable) else said)
        usage = Usage(self.count(messages, tools), self.count([message]))
        return Completion(message, usage, "tool_calls" if message.get("tool_calls") else "stop")


async def _awaited(said: Awaitable[object]) -> object:
    return await said


def _message(said: object) -> Mapping[str, object]:
    if isinstance(said, str):
        return {"role": "assistant", "content": said}
    try:
        message = mapping(said)
    except MessageError:
        raise _none(f"the agent gives {type(said).__name__}") from None
    if message.get("role") != "assistant":
        raise _none(f"the agent gives a message of the role {message.get('role')!r}")
    return message


def _none(found: str) -> Unanswered:
    return Unanswered(Failure("provider", f"{found}; give a text, or an assistant's message in OpenAI's words"))


def _named(answers: object) -> str:
    """The function as Python finds it; of anything else its class."""
    found = answers if hasattr(answers, "__qualname__") else type(answers)
    return f"{found.__module__}.{found.__qualname__}"
