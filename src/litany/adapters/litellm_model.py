"""A model that is asked through LiteLLM: one request, one answer, and what it took.

It never asks twice: whoever runs many of these waits and repeats, by what a NoAnswer says.
"""

import asyncio
from collections.abc import Callable, Mapping, Sequence
from types import ModuleType
from typing import Any

from litany.adapters.answers import REFUSED, read
from litany.adapters.background import waited
from litany.adapters.counting import Counting
from litany.adapters.failing import NoAnswer, brief
from litany.adapters.litellm import ANSWER, OURS, asked_wait, claude, known_answer, known_window, package, passes
from litany.core.completion import Completion, Finish, Usage
from litany.dialects.canonical import mapping
from litany.errors import PolicyError
from litany.overflow import overflowed

NO_KEY = "none"
"""The key that is sent to a server of one's own where none is set: it looks at none, but the client wants one."""
RAISES = (
    "BadRequestError",
    "AuthenticationError",
    "PermissionDeniedError",
    "NotFoundError",
    "UnprocessableEntityError",
    "RateLimitError",
    "Timeout",
    "InternalServerError",
    "ServiceUnavailableError",
    "BadGatewayError",
    "APIConnectionError",
    "APIResponseValidationError",
    "APIError",
)
"""What LiteLLM raises for a request that came to nothing."""


class LiteLLMModel:
    """Any model that LiteLLM reaches. Thread-safe: all requests run on one loop beside the callers."""

    def __init__(
        self,
        model: str,
        *,
        api_base: str | None = None,
        api_key: str | None = None,
        window: int | None = None,
        timeout: float = 120.0,
        max_tokens: int | None = None,
        encoding: str = "o200k_base",
        options: Mapping[str, object] | None = None,
    ) -> None:
        """A model, named as LiteLLM names it ("openai/gpt-4o-mini", "anthropic/claude-sonnet-4-5", "ollama/llama3").

        api_base -- a server of one's own; it gets a key only where one is set. api_key -- None: from the environment.
        window -- tokens of prompt and answer; None: as LiteLLM knows it. timeout -- seconds for one answer.
        max_tokens -- most tokens of an answer; None: the model's own limit (for Claude 4,096).
        encoding -- tiktoken's, that prompts are counted with. options -- further arguments (temperature, ...).
        Raises: PolicyError when LiteLLM, a key or the window is missing, or the name is no model's.
        """
        _fitted(timeout, window, max_tokens, options or {})
        provider = _provider(model)
        self._access = _access(model, provider, api_base, api_key)
        self.name, self.timeout = model, timeout
        self.window = window or _window(model)
        self.answer = max_tokens or (ANSWER if claude(model) else 0)
        self.longest = self.answer or known_answer(model)
        self._options = dict(options or {})
        self._count = Counting(encoding)

    def count(self, messages: Sequence[object], tools: Sequence[object] = (), /) -> int:
        """Tokens of a request as tiktoken counts them: OpenAI's own; for others near enough to plan by."""
        return self._count(messages, tools)

    def price(self, usage: Usage, /) -> float | None:
        """Dollars of a request; None where LiteLLM knows no price."""
        litellm = package()
        try:
            sent, said = litellm.cost_per_token(
                model=self.name,
                prompt_tokens=usage.prompt,
                completion_tokens=usage.completion,
                cache_read_input_tokens=usage.cached,
            )
        except (litellm.exceptions.ModelNotMappedError, litellm.exceptions.BadRequestError):
            return None
        return float(sent + said)

    def __call__(self, messages: Sequence[object], tools: Sequence[object] = (), /) -> Completion:
        """The model's next message. Raises: NoAnswer, with its kind."""
        return waited(self._answered(messages, tools))

    async def _answered(self, messages: Sequence[object], tools: Sequence[object]) -> Completion:
        litellm = package()
        try:
            async with asyncio.timeout(self.timeout):
                response = await litellm.acompletion(**self._request(messages, tools))
        except TimeoutError:
            raise NoAnswer("timeout", f"no answer within {self.timeout:g} seconds", passes=True) from None
        except _raised(litellm) as error:
            raise _missed(litellm, error) from error
        return self._completion(response, messages, tools)

    async def streamed(
        self, messages: Sequence[object], tools: Sequence[object], heard: Callable[[str], object], /
    ) -> Completion:
        """The model's next message, each piece of its text told as it comes. Raises: NoAnswer, with its kind."""
        litellm = package()
        request = self._request(messages, tools) | {"stream": True, "stream_options": {"include_usage": True}}
        pieces: list[Any] = []
        try:
            async with asyncio.timeout(self.timeout):
                async for piece in await litellm.acompletion(**request):
                    pieces.append(piece)
                    if piece.choices and piece.choices[0].delta.content:
                        heard(piece.choices[0].delta.content)
        except TimeoutError:
            raise NoAnswer("timeout", f"no whole answer within {self.timeout:g} seconds", passes=True) from None
        except _raised(litellm) as error:
            raise _missed(litellm, error) from error
        whole = litellm.stream_chunk_builder(pieces) if pieces else None
        if whole is None:
            raise NoAnswer("provider", "the stream ended before it held anything", passes=True)
        return self._completion(whole, messages, tools)

    def _request(self, messages: Sequence[object], tools: Sequence[object]) -> dict[str, Any]:
        request: dict[str, Any] = {**self._options, **self._access, "model": self.name, "timeout": self.timeout}
        request |= {"messages": [dict(mapping(message)) for message in messages], "num_retries": 0, "max_retries": 0}
        if tools:  # tools make LiteLLM look for its MCP gateway, a package of its own
            request |= {"tools": [dict(mapping(tool)) for tool in tools], "_skip_mcp_handler": True}
        return request | ({"max_tokens": self.answer} if self.answer else {})

    def _completion(self, response: Any, messages: Sequence[object], tools: Sequence[object]) -> Completion:
        if not response.choices:
            raise NoAnswer("provider", "the answer holds no choice")
        answer, said = read(response), response.choices[0].message
        if answer.finish in REFUSED:
            raise NoAnswer("refused", f"the answer was {REFUSED[answer.finish]}")
        message: dict[str, object] = {"role": "assistant", "content": said.content}
        if said.tool_calls:
            message["tool_calls"] = [_call(call) for call in said.tool_calls]
        bill = answer.bill
        usage = Usage(bill.prompt or self.count(messages, tools), bill.completion, bill.cached)
        ended: Finish = "tool_calls" if said.tool_calls else "stop"
        return Completion(message, usage, "length" if answer.finish == "length" else ended)


def _call(call: Any) -> dict[str, object]:
    function = {"name": call.function.name or "", "arguments": call.function.arguments or "{}"}
    return {"id": call.id, "type": "function", "function": function}


def _fitted(timeout: object, window: object, most: object, options: Mapping[str, object]) -> None:
    for name, value in (("timeout", timeout), ("window", window), ("max_tokens", most)):
        if value is None and name != "timeout":
            continue
        kinds = int | float if name == "timeout" else int
        if isinstance(value, bool) or not isinstance(value, kinds) or value <= 0:
            raise PolicyError(f"`{name}` is {value!r}; give a number above 0")
    for name in sorted(OURS & set(options)):
        raise PolicyError(f"`{name}` cannot be set for a model: litany sets it, for one answer that is not streamed")


def _provider(model: str) -> str:
    litellm = package()
    try:
        return str(litellm.get_llm_provider(model)[1])
    except litellm.exceptions.BadRequestError:
        raise PolicyError(
            f"LiteLLM reaches no model {model!r}; name it with its provider, such as openai/gpt-4o-mini"
        ) from None


def _access(model: str, provider: str, api_base: str | None, api_key: str | None) -> dict[str, str]:
    """Base and key for each request. Raises: PolicyError when the provider's key is set nowhere."""
    access = {} if api_base is None else {"api_base": api_base}
    if api_key is not None:
        return {**access, "api_key": api_key}
    missing = [name for name in package().validate_environment(model)["missing_keys"] if name.endswith("_API_KEY")]
    if missing and api_base is not None:
        return {**access, "api_key": NO_KEY}
    if missing:
        raise PolicyError(f"{model} needs a key of {provider}; set {' or '.join(missing)} in the environment")
    return access


def _window(model: str) -> int:
    window = known_window(model)
    if window is None:
        raise PolicyError(f"LiteLLM does not know the window of {model}; give it as the option window=TOKENS")
    return window


def _raised(litellm: ModuleType) -> tuple[type[Exception], ...]:
    return tuple(getattr(litellm.exceptions, name) for name in RAISES)


def _missed(litellm: ModuleType, error: Exception) -> NoAnswer:
    """What an error of LiteLLM means: by its kind, or its text where an overflow goes under another name."""
    raised, text, wait = litellm.exceptions, brief(str(error).removeprefix("litellm.")), asked_wait(error)
    if isinstance(error, raised.ContextWindowExceededError) or overflowed(error):
        return NoAnswer("window", text)
    if isinstance(error, raised.ContentPolicyViolationError):
        return NoAnswer("refused", text)
    if isinstance(error, raised.Timeout):
        return NoAnswer("timeout", text, passes=True, wait=wait)
    kind: Any = "rate_limit" if isinstance(error, raised.RateLimitError) else "provider"
    return NoAnswer(kind, text, passes=passes(error), wait=wait)
