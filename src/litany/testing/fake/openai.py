"""OpenAI chat as the fake writes it: completions, chunks, usage and errors.

Source of the shapes: platform.openai.com/docs/api-reference/chat and the types of the openai package.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from litany.core.ports import Count
from litany.dialects import DIALECTS
from litany.testing.fake.cache import Cache, Unit, Usage, openai_units
from litany.testing.fake.pieces import data, halved, pieces
from litany.testing.fake.script import Fault, Received, Reply
from litany.testing.violation import mapping

CREATED = 1_700_000_000
ERRORS: Mapping[int, tuple[str, str | None, str]] = {
    400: ("invalid_request_error", None, "Invalid request."),
    401: ("invalid_request_error", "invalid_api_key", "You didn't provide an API key."),
    403: ("invalid_request_error", None, "You are not allowed to do that."),
    404: ("invalid_request_error", "model_not_found", "The model does not exist or you do not have access to it."),
    413: ("invalid_request_error", None, "Request too large."),
    429: ("requests", "rate_limit_exceeded", "Rate limit reached. Please try again later."),
    500: ("server_error", None, "The server had an error while processing your request. Sorry about that!"),
    503: ("server_error", None, "The engine is currently overloaded, please try again later"),
}
"""Status to type, code and words."""


@dataclass(frozen=True, slots=True)
class OpenAI:
    """The dialect of POST /v1/chat/completions. `deepseek` adds that provider's names to the usage."""

    deepseek: bool = False
    dialect: str = "openai"

    def unauthorized(self, request: Received) -> bool:
        return not request.headers.get("authorization", "").startswith("Bearer ")

    def missing(self, request: Mapping[str, Any], headers: Mapping[str, str]) -> str | None:
        """What a request lacks before its messages are looked at."""
        return None if isinstance(request.get("model"), str) else "you must provide a model parameter"

    def whole(self, request: Received) -> Mapping[str, Any]:
        """The body: it holds everything."""
        body: Mapping[str, Any] = request.body
        return body

    def known(self) -> Mapping[str, Any]:
        """Nothing: the request tells all."""
        return {}

    def units(self, request: Mapping[str, Any], count: Count) -> list[Unit]:
        return openai_units(request, count)

    def used(self, cache: Cache, model: str, units: Sequence[Unit]) -> Usage:
        return cache.automatic(model, units)

    def counted(self, tokens: int) -> dict[str, Any]:
        return {"input_tokens": tokens}

    def error(self, status: int, text: str, param: str | None = None, code: str | None = None) -> dict[str, Any]:
        kind, own, words = ERRORS.get(status, ("server_error", None, f"HTTP {status}"))
        return {"error": {"message": text or words, "type": kind, "param": param, "code": code or own}}

    def overflow(self, request: Mapping[str, Any], prompt: int, window: int) -> dict[str, Any]:
        """The error of a context that overflowed."""
        text = (
            f"This model's maximum context length is {window} tokens. However, your messages resulted in {prompt} "
            "tokens. Please reduce the length of the messages."
        )
        return self.error(400, text, "messages", "context_length_exceeded")

    def overflows(self, request: Mapping[str, Any], prompt: int, window: int) -> bool:
        return prompt > window

    def overflow_event(self, request: Mapping[str, Any], prompt: int, window: int) -> bytes:
        return data(self.overflow(request, prompt, window))

    def body(
        self, number: int, request: Mapping[str, Any], reply: Reply, fault: Fault, usage: Usage, count: Count
    ) -> dict[str, Any]:
        """The completion."""
        message = {"role": "assistant", "content": None, "refusal": None, "annotations": [], **reply.message}
        message = _cut(message) if fault.half else message
        finish = "length" if fault.half else reply.finish or ("tool_calls" if message.get("tool_calls") else "stop")
        output = DIALECTS["openai"].read(message, count, False).tokens
        return {
            "id": f"chatcmpl-{number}",
            "object": "chat.completion",
            "created": CREATED + number,
            "model": request["model"],
            "choices": [{"index": 0, "message": message, "logprobs": None, "finish_reason": fault.stop or finish}],
            "usage": self._usage(usage, output),
            "service_tier": "default",
            "system_fingerprint": "fp_fake",
        }

    def overflown(self) -> str:
        """The finish reason of a prompt that left no room for an answer."""
        return "length"

    def events(self, request: Mapping[str, Any], body: Mapping[str, Any], fault: Fault) -> Iterator[bytes]:
        """The same completion as chunks."""
        options = request.get("stream_options")
        counted = mapping(options) and bool(options.get("include_usage"))
        choice = body["choices"][0]
        head = {name: body[name] for name in ("id", "created", "model", "service_tier", "system_fingerprint")}
        head["object"] = "chat.completion.chunk"
        tail = {"usage": None} if counted else {}
        for delta in _deltas(choice["message"]):
            shown = {"index": 0, "delta": delta, "logprobs": None, "finish_reason": None}
            yield data({**head, "choices": [shown], **tail})
        last = {"index": 0, "delta": {}, "logprobs": None, "finish_reason": choice["finish_reason"]}
        yield data({**head, "choices": [last], **tail})
        if counted:
            yield data({**head, "choices": [], "usage": body["usage"]})
        yield b"data: [DONE]\n\n"

    def _usage(self, usage: Usage, output: int) -> dict[str, Any]:
        told = {
            "prompt_tokens": usage.prompt,
            "completion_tokens": output,
            "total_tokens": usage.prompt + output,
            "prompt_tokens_details": {"cached_tokens": usage.read, "audio_tokens": 0},
            "completion_tokens_details": {"reasoning_tokens": 0, "audio_tokens": 0},
        }
        hits = {"prompt_cache_hit_tokens": usage.read, "prompt_cache_miss_tokens": usage.prompt - usage.read}
        return {**told, **(hits if self.deepseek else {})}


def _deltas(message: Mapping[str, Any]) -> Iterator[dict[str, Any]]:
    content, calls = message.get("content"), message.get("tool_calls") or ()
    yield {"role": "assistant", "content": None if content is None else "", "refusal": None}
    for name in ("reasoning_content", "content", "refusal"):
        for piece in pieces(message.get(name) or ""):
            yield {name: piece}
    for index, call in enumerate(calls):
        function = call["function"]
        begun = {"id": call["id"], "type": "function", "function": {"name": function["name"], "arguments": ""}}
        yield {"tool_calls": [{"index": index, **begun}]}
        for piece in pieces(function["arguments"]):
            yield {"tool_calls": [{"index": index, "function": {"arguments": piece}}]}


def _cut(message: Mapping[str, Any]) -> dict[str, Any]:
    """The message up to the middle of its last call, or of its text."""
    calls = list(message.get("tool_calls") or ())
    if not calls:
        return {**message, "content": halved(message.get("content") or "")}
    function = calls[-1]["function"]
    calls[-1] = {**calls[-1], "function": {**function, "arguments": halved(function["arguments"])}}
    return {**message, "tool_calls": calls}
