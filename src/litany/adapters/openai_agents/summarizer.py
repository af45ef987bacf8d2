"""Summaries by a model of the Agents SDK: the agent's own on the prefix that it has cached (a fork), or another one.

A fork sends the agent's own call with one user message more: same instructions, tools and settings, so that the
provider's prefix cache serves it. Another model is given the view as quoted data. What summaries take is no part of the
run's usage.
"""

from collections.abc import Awaitable, Callable, Sequence
from contextvars import ContextVar
from dataclasses import replace
from typing import Any, TypeAlias

from agents import Model, ModelSettings, ModelTracing, MultiProvider

from litany.adapters.answers import Answer, Bill, judged
from litany.adapters.asking import quoted
from litany.adapters.openai_agents.asking import Asking
from litany.errors import PolicyError
from litany.tokens import counter

Summarize: TypeAlias = Callable[[Sequence[Any], str], object] | Model | str | bool | None
"""What a host may give to summarize with."""
ROOM = 100_000
"""Tokens of a quoted view."""
ASKING: ContextVar[Asking | None] = ContextVar("litany_openai_agents_asking", default=None)
"""The call that a summary is asked for beside of."""
BESIDE = {"previous_response_id": None, "conversation_id": None, "prompt": None}


def summarizer(given: object) -> Callable[[Sequence[Any], str], object] | None:
    """What a host gives to summarize with: a function, a model or its name, True for the agent's own model.

    Raises: PolicyError for anything else.
    """
    if given is None or given is False:
        return None
    if given is True:
        return _forked
    if isinstance(given, str):
        return _quoted(MultiProvider().get_model(given))
    if isinstance(given, Model):
        return _quoted(given)
    if callable(given):
        return given
    raise PolicyError(f"`summarize` is a {type(given).__name__}; give a function, a model, its name, or True")


async def _forked(items: Sequence[Any], prompt: str) -> str:
    asking = ASKING.get()
    if asking is None:
        raise PolicyError("no call of a wrapped model is under way, so that there is none to ask; give another model")
    settings = replace(asking.settings, tool_choice="none" if asking.tools or asking.handoffs else None)
    quiet = replace(asking, settings=settings, output=None, tracing=ModelTracing.DISABLED, beside=BESIDE)
    alone = quiet if items else replace(quiet, tools=[], handoffs=[], settings=replace(settings, tool_choice=None))
    return _judged(await alone.response([*items, {"role": "user", "content": prompt}]))


def _quoted(model: Model) -> Callable[[Sequence[Any], str], Awaitable[str]]:
    async def ask(items: Sequence[Any], prompt: str) -> str:
        text = quoted(prompt, items, ROOM, counter())
        asking = Asking(model, None, ModelSettings(), [], None, [], ModelTracing.DISABLED, BESIDE)
        return _judged(await asking.response([{"role": "user", "content": text}]))

    return ask


def _judged(response: Any) -> str:
    """Its text, when it is a summary. Raises: SummaryError when it is none."""
    parts = [part for item in response.output if item.type == "message" for part in item.content]
    text = "".join(getattr(part, "text", "") for part in parts)
    refused = any(part.type == "refusal" for part in parts)
    called = next(
        (str(getattr(item, "name", item.type)) for item in response.output if item.type.endswith("_call")), ""
    )
    bill = Bill(completion=response.usage.output_tokens)
    return judged(Answer(text, "refusal" if refused else "", called, bill))
