"""Summaries by a model of Pydantic AI: the agent's own on the prefix that it has cached (a fork), or another one.

A fork sends the agent's own request with one user prompt more: same tools, instructions and settings, so that the
provider's prefix cache serves it. Another model is given the view as quoted data. What summaries take is no part of the
run's usage.
"""

from collections.abc import Awaitable, Callable, Sequence
from contextvars import ContextVar
from typing import Any, TypeAlias

from pydantic_ai.messages import ModelRequest, UserPromptPart
from pydantic_ai.models import Model, ModelRequestParameters, infer_model

from litany.adapters.answers import Answer, Bill, judged
from litany.adapters.asking import quoted
from litany.adapters.pydantic_ai.door import Sending
from litany.adapters.pydantic_ai.messages import PydanticAI
from litany.adapters.pydantic_ai.pieces import joined
from litany.errors import PolicyError
from litany.tokens import counter

Summarize: TypeAlias = Callable[[Sequence[Any], str], object] | Model | str | bool | None
"""What a host may give to summarize with."""
ROOM = 100_000
"""Tokens of a quoted view, where the model does not say what it takes."""
SHARE = 0.7
"""How much of a model's window a quoted view may fill by our own count."""
ASKING: ContextVar[Sending | None] = ContextVar("litany_pydantic_ai_asking", default=None)
"""The request that a summary is asked for beside of."""


def summarizer(given: object) -> Callable[[Sequence[object], str], object] | None:
    """What a host gives to summarize with: a function, a model or its name, True for the agent's own model.

    Raises: PolicyError for anything else.
    """
    if given is None or given is False:
        return None
    if given is True:
        return _forked
    if isinstance(given, str):
        return _asking(infer_model(given))
    if isinstance(given, Model):
        return _asking(given)
    if callable(given):
        return lambda pieces, prompt: given(joined(pieces), prompt)  # type: ignore[arg-type]  # a view's pieces
    raise PolicyError(f"`summarize` is a {type(given).__name__}; give a function, a model, its name, or True")


async def _forked(pieces: Sequence[Any], prompt: str) -> str:
    sending = ASKING.get()
    if sending is None:
        raise PolicyError("no request is under way, so that there is no model to ask for a summary")
    parameters = sending.parameters if pieces else ModelRequestParameters()
    settings: Any = dict(sending.settings) or None
    asked = [*joined(pieces), ModelRequest(parts=[UserPromptPart(prompt)])]
    return _judged(await sending.model.request(asked, settings, parameters))


def _asking(model: Model) -> Callable[[Sequence[Any], str], Awaitable[str]]:
    async def ask(pieces: Sequence[Any], prompt: str) -> str:
        dialect = PydanticAI()
        room = int(SHARE * (model.context_window or ROOM / SHARE))
        views = [{"said": dialect.plain(piece)} for piece in pieces]
        text = quoted(prompt, views, room, counter())
        request = [ModelRequest(parts=[UserPromptPart(text)])]
        return _judged(await model.request(request, None, ModelRequestParameters()))

    return ask


def _judged(response: Any) -> str:
    """Its text, when it is a summary. Raises: SummaryError when it is none."""
    called = response.tool_calls[0].tool_name if response.tool_calls else ""
    bill = Bill(completion=response.usage.output_tokens)
    return judged(Answer(response.text or "", response.finish_reason or "", called, bill))
