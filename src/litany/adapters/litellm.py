"""A summarizer that asks any model through LiteLLM, for `Litany(summarize=...)`.

Given the messages of a view it *forks*: it sends the host's own request with one user message more, so that the
provider's prefix cache serves all of it. What is part of the prefix must be the host's: tools, tool choice, system
text, and in `options` what else shapes it. An answer in a schema is asked for in fresh requests only: OpenAI reads the
schema before the messages, and for Anthropic it changes the request (for older models it becomes a tool), so that in a
fork it would cost the cache.

A view that the model has no room for is quoted in a fresh request, its middle left out. What the provider refuses for
its length is asked once more, afresh and half as long: its tokens may be more than ours.
"""

import asyncio
import importlib
import os
import sys
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cache
from threading import Lock
from types import ModuleType
from typing import Any

from litany.adapters.answers import Bill, judged, read
from litany.adapters.asking import FORMAT, ending, quoting, shortened
from litany.adapters.background import waited
from litany.dialects import dialect_named, dialect_of
from litany.dialects.canonical import mapping, plain
from litany.errors import PolicyError
from litany.overflow import overflowed
from litany.tokens import counter

FORKED = ("openai", "anthropic")
"""Dialects whose messages LiteLLM's completion takes; a view in another one is quoted."""
ANSWER = 4_096
"""Tokens left for an answer of no set length."""
MARGIN = 0.9
"""How much of the model's window a request may fill by our own count, which is not the provider's."""
BACKOFF = 0.5
"""Seconds before the second try; twice as long before each one after it."""
OURS = frozenset(
    (
        "model",
        "messages",
        "tools",
        "tool_choice",
        "stream",
        "stream_options",
        "n",
        "num_retries",
        "max_retries",
        "timeout",
    )
)
"""What `options` may not say."""
SHAPES = frozenset(("response_format", "cache_control_injection_points"))
"""What of the host's options a fresh request leaves out."""


@dataclass(frozen=True, slots=True)
class _Request:
    """What LiteLLM is called with."""

    arguments: Mapping[str, Any]
    native: bool = False
    """Whether the messages are Anthropic's own and go out as they are."""


class _Summarizer:
    """What both summarizers share: all but how they wait."""

    def __init__(
        self,
        model: str,
        *,
        tools: Sequence[object] | Callable[[], Sequence[object]] = (),
        tool_choice: object = None,
        system: object = None,
        timeout: float = 60.0,
        max_tokens: int | None = None,
        api_base: str | None = None,
        api_key: str | None = None,
        retries: int = 3,
        fork: bool = True,
        dialect: str | None = None,
        window: int | None = None,
        options: Mapping[str, object] | None = None,
    ) -> None:
        """A summarizer on this model, named as LiteLLM names it.

        tools, tool_choice, system -- as in the host's requests. tools: a list, or a function that gives it when it is
        needed (`lambda: [*mine, *litany.tools("openai")]`). system: only what stands beside the messages.
        timeout -- seconds for one summary, retries included. retries -- of a 429, a 5xx or a lost connection.
        max_tokens -- most tokens of an answer; None: the model's own limit (for Claude 4,096 beside its thinking).
        fork -- False: the view is quoted in a fresh request; for a model that is not the host's, which has no cache.
        dialect -- of the messages; None: read from them. window -- tokens of the model's context; None: as LiteLLM
        knows it.
        options -- further arguments for LiteLLM, as the host gives them (temperature, thinking, extra_headers).
        Raises: PolicyError when no summary could come of it.
        """
        _fitted(model, timeout, retries, tool_choice if fork else None, options or {})
        package()  # now, and not in the middle of the first summary
        self.model, self.timeout, self.retries = model, timeout, retries
        self._tools = tools if callable(tools) else lambda: tools
        self._tool_choice, self._system = tool_choice, system
        self._max_tokens, self._fork, self._window = max_tokens, fork, window
        self._dialect = None if dialect is None else dialect_named(dialect).name
        access = {"api_base": api_base, "api_key": api_key}
        self._options = {**{key: value for key, value in access.items() if value is not None}, **(options or {})}
        self._count = counter()
        self._bill, self._lock = Bill(), Lock()

    @property
    def bill(self) -> Bill:
        """What the summaries took so far."""
        return self._bill

    @property
    def cost(self) -> float:
        """Dollars so far, where prices are known."""
        return self._bill.cost

    @property
    def calls(self) -> int:
        """Answers so far."""
        return self._bill.calls

    @property
    def tokens(self) -> int:
        """Tokens so far, sent and written."""
        return self._bill.prompt + self._bill.completion

    async def _said(self, messages: Sequence[object], prompt: str) -> str:
        """The summary's text; every wait is in here."""
        try:
            async with asyncio.timeout(self.timeout):
                return self._judged(await self._answered([mapping(message) for message in messages], prompt))
        except TimeoutError:
            raise TimeoutError(f"no summary from {self.model} within {self.timeout:g} seconds") from None

    async def _answered(self, messages: Sequence[Mapping[str, Any]], prompt: str) -> object:
        """The response; after an overflow, to a fresh request of half the tokens."""
        until = time.monotonic() + self.timeout
        request = self._asked(messages, prompt)
        try:
            return await self._sent(request, until)
        except _refusing(package()) as error:
            if not overflowed(error):
                raise
        return await self._sent(self._fresh(messages, prompt, self._tokens(request) // 2), until)

    async def _sent(self, request: _Request, until: float) -> object:
        """The response; after what passes it is asked for again, until then."""
        litellm = package()
        send = litellm.anthropic.messages.acreate if request.native else litellm.acompletion
        for attempt in range(self.retries + 1):
            left = until - time.monotonic()
            try:
                return await send(**request.arguments, stream=False, timeout=left, num_retries=0, max_retries=0)
            except _passing(litellm) as error:
                seconds = wait(error, attempt)
                if attempt == self.retries or seconds >= until - time.monotonic() or not passes(error):
                    raise
            await asyncio.sleep(seconds)
        raise AssertionError("the last try returns or raises")

    def _asked(self, messages: Sequence[Mapping[str, Any]], prompt: str) -> _Request:
        """A fork where there is room for one, else a fresh request."""
        room = self._room()
        if messages and self._fork and self._written(messages) in FORKED:
            fork = self._forked(messages, prompt)
            if room is None or self._tokens(fork) <= room:
                return fork
        return self._fresh(messages, prompt, room)

    def _forked(self, messages: Sequence[Mapping[str, Any]], prompt: str) -> _Request:
        """The host's request and one message more."""
        native = self._written(messages) == "anthropic"
        marks = claude(self.model) and '"cache_control"' not in plain([self._options, *messages])
        last = {"role": "user", "content": prompt}
        request = {**self._options, "model": self.model, **self._shape(list(self._tools())), **self._length(native)}
        if native:
            view = [*messages[:-1], ending(messages[-1])] if marks else messages
            request |= {"messages": [*view, last], "system": self._system}
        else:
            system = [{"role": "system", "content": self._system}] if self._system else []
            request["messages"] = [*system, *messages, last]
            if marks:
                request.setdefault("cache_control_injection_points", [{"location": "message", "index": -2}])
        return _Request(request, native)

    def _written(self, messages: Sequence[object]) -> str:
        found = dialect_of(messages)
        return self._dialect or (found.name if found else "openai")

    def _tokens(self, request: _Request) -> int:
        """What the request takes by our own count."""
        dialect = dialect_named("anthropic" if request.native else "openai")
        asked = request.arguments
        tokens = sum(dialect.read(message, self._count, False).tokens for message in asked["messages"])
        return tokens + self._count(plain([asked.get("tools"), asked.get("system")]))

    def _fresh(self, messages: Sequence[Mapping[str, Any]], prompt: str, room: int | None) -> _Request:
        """One user message that quotes the view, without tools; its middle is left out where the room is short."""
        prompt = quoting(prompt, messages) if messages else prompt
        prompt = prompt if room is None else shortened(prompt, room, self._count)
        asked = [{"role": "user", "content": prompt}]
        schema = {"response_format": FORMAT} if package().supports_response_schema(self.model) else {}
        options = {name: value for name, value in self._options.items() if name not in SHAPES}
        return _Request({**options, "model": self.model, "messages": asked, **schema, **self._length(False)})

    def _shape(self, tools: Sequence[object]) -> dict[str, Any]:
        """Tools and tool choice. Tools make LiteLLM look for its MCP gateway, a package of its own; few need it."""
        if not tools:
            return {}
        choice = {} if self._tool_choice is None else {"tool_choice": self._tool_choice}
        gateway = any(isinstance(tool, Mapping) and tool.get("type") == "mcp" for tool in tools)
        return {"tools": tools, **choice, **({} if gateway else {"_skip_mcp_handler": True})}

    def _length(self, native: bool) -> dict[str, int]:
        """Claude refuses a request whose answer might not fit beside it, and LiteLLM would ask for the longest."""
        if self._max_tokens is not None:
            return {"max_tokens": self._max_tokens}
        thinking = self._options.get("thinking")
        budget = thinking.get("budget_tokens", 0) if isinstance(thinking, Mapping) else 0
        return {"max_tokens": ANSWER + budget} if native or claude(self.model) else {}

    def _room(self) -> int | None:
        """Most tokens of a request; None where the window is not known."""
        window = self._window or known_window(self.model)
        return None if not window else max(256, int(window * MARGIN) - (self._max_tokens or min(ANSWER, window // 4)))

    def _judged(self, response: object) -> str:
        """The text of a response that is a summary; it is paid for in any case. Raises: SummaryError."""
        answer = read(response)
        with self._lock:
            self._bill += _priced(answer.bill, self.model)
        return judged(answer)


class LiteLLMSummarizer(_Summarizer):
    """`(messages, prompt) -> text`, for Litany. It waits on a loop of its own, in a thread beside the caller's.

    Raises: SummaryError when what came is no summary, TimeoutError, and what LiteLLM raises; litany answers each with
    an outline.
    """

    def __call__(self, messages: Sequence[object], prompt: str) -> str:
        """The summary: of the messages when they are given, else of what the prompt quotes."""
        return waited(self._said(messages, prompt))


class AsyncLiteLLMSummarizer(_Summarizer):
    """The same for AsyncLitany, on the caller's loop."""

    async def __call__(self, messages: Sequence[object], prompt: str) -> str:
        """The summary: of the messages when they are given, else of what the prompt quotes."""
        return await self._said(messages, prompt)


def _fitted(model: object, timeout: float, retries: int, choice: object, options: Mapping[str, object]) -> None:
    if not isinstance(model, str) or not model:
        raise PolicyError(f'`model` is {model!r}; name one as LiteLLM does, such as "openai/gpt-4o-mini"')
    if timeout <= 0 or retries < 0:
        raise PolicyError(
            f"`timeout` is {timeout!r} and `retries` {retries!r}; give seconds above 0 and 0 or more tries"
        )
    for name in sorted(OURS & set(options)):
        raise PolicyError(f"`options` may not set {name!r}: the summarizer does; a summary is one answer, not streamed")
    kind = choice.get("type") if isinstance(choice, Mapping) else choice
    if kind in ("required", "any", "tool", "function"):
        raise PolicyError(
            f"`tool_choice` is {choice!r}, so a fork answers with a call and never a summary; use fork=False"
        )


def package() -> ModuleType:
    """LiteLLM, imported when it is first needed: that takes seconds. By name, for its types take minutes to check."""
    first = "litellm" not in sys.modules
    os.environ.setdefault("LITELLM_LOCAL_MODEL_COST_MAP", "True")
    os.environ.setdefault("LITELLM_LOCAL_ANTHROPIC_BETA_HEADERS", "True")
    try:
        litellm = importlib.import_module("litellm")
    except ModuleNotFoundError as error:
        if error.name != "litellm":
            raise
        raise PolicyError("LiteLLM is not installed; install litany[litellm]") from None
    if first:
        litellm.suppress_debug_info = True  # type: ignore[attr-defined]  # else it prints on every error
    return litellm


def _passing(litellm: ModuleType) -> tuple[type[Exception], ...]:
    """Errors after which the same request may succeed. A context that overflowed is none of them."""
    names = (
        "RateLimitError",
        "InternalServerError",
        "ServiceUnavailableError",
        "BadGatewayError",
        "APIError",
        "APIConnectionError",
    )
    return tuple(getattr(litellm.exceptions, name) for name in names)


def _refusing(litellm: ModuleType) -> tuple[type[Exception], ...]:
    """Errors that may say that a request was too long."""
    names = ("BadRequestError", "UnprocessableEntityError", "APIError")
    return tuple(getattr(litellm.exceptions, name) for name in names)


def passes(error: Exception) -> bool:
    """Whether the error is one of load; an empty purse is a 429 that stays."""
    status = getattr(error, "status_code", None)
    loaded = status is None or status in (408, 409, 429) or status >= 500
    return loaded and "insufficient_quota" not in str(error)


def wait(error: Exception, attempt: int) -> float:
    """Seconds until the next try: what the provider asks for, else longer each time."""
    asked = asked_wait(error)
    return float(BACKOFF * 2**attempt) if asked is None else asked


def asked_wait(error: Exception) -> float | None:
    """Seconds that the provider asks to wait; None where it says nothing of that."""
    for headers in (
        getattr(error, "litellm_response_headers", None),
        getattr(getattr(error, "response", None), "headers", None),
    ):
        try:
            return max(0.0, float((headers or {})["retry-after"]))
        except (KeyError, ValueError):
            continue
    return None


@cache
def known_window(model: str) -> int | None:
    """Tokens of the model's context; None where LiteLLM does not know the model."""
    return _known(model, "max_input_tokens")


def known_answer(model: str) -> int | None:
    """Tokens of the longest answer of the model; None where LiteLLM does not know the model."""
    return _known(model, "max_output_tokens")


def _known(model: str, field: str) -> int | None:
    litellm = package()
    try:
        tokens = litellm.get_model_info(model).get(field)
    except litellm.exceptions.ModelNotMappedError:
        return None
    return int(tokens) if tokens else None


def claude(model: str) -> bool:
    """Whether the provider caches only what is marked."""
    return "claude" in model.lower() or model.startswith("anthropic/")


def _priced(bill: Bill, model: str) -> Bill:
    """With its cost, where LiteLLM knows what the model takes."""
    if known_window(model) is None:
        return replace(bill, unpriced=1)
    sent, said = package().cost_per_token(
        model=model,
        prompt_tokens=bill.prompt,
        completion_tokens=bill.completion,
        cache_read_input_tokens=bill.cached,
        cache_creation_input_tokens=bill.written,
    )
    return replace(bill, cost=float(sent + said))
