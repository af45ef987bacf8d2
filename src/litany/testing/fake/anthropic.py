"""Anthropic Messages as the fake writes it: messages, their stream, usage, errors and signed thinking.

Source of the shapes: docs.anthropic.com/en/api/messages and .../messages-streaming.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from litany.core.ports import Count
from litany.dialects import DIALECTS
from litany.testing.binding import KEY, sign
from litany.testing.fake.cache import Cache, Unit, Usage, anthropic_units
from litany.testing.fake.pieces import halved, named, pieces, plain
from litany.testing.fake.script import Fault, Received, Reply
from litany.testing.wire import THINKING

ERRORS: Mapping[int, tuple[str, str]] = {
    400: ("invalid_request_error", "Invalid request"),
    401: ("authentication_error", "x-api-key header is required"),
    403: ("permission_error", "Your API key does not have permission to use the specified resource."),
    404: ("not_found_error", "Not found"),
    413: ("request_too_large", "Request exceeds the maximum size"),
    429: ("rate_limit_error", "This request would exceed your account's rate limit. Please try again later."),
    500: ("api_error", "Internal server error"),
    504: ("timeout_error", "Request timed out"),
    529: ("overloaded_error", "Overloaded"),
}
"""Status to type and words."""
PING = named({"type": "ping"})


@dataclass(frozen=True, slots=True)
class Anthropic:
    """The dialect of POST /v1/messages. `key` signs thinking blocks."""

    key: bytes = KEY
    dialect: str = "anthropic"

    def unauthorized(self, request: Received) -> bool:
        return not (request.headers.get("x-api-key") or request.headers.get("authorization"))

    def missing(self, request: Mapping[str, Any], headers: Mapping[str, str]) -> str | None:
        """What a request lacks before its messages are looked at."""
        if "anthropic-version" not in headers:
            return "anthropic-version: header is required"
        if not isinstance(request.get("model"), str):
            return "model: Field required"
        most = request.get("max_tokens")
        return None if type(most) is int and most > 0 else "max_tokens: Field required"

    def whole(self, request: Received) -> Mapping[str, Any]:
        """The body: it holds everything."""
        body: Mapping[str, Any] = request.body
        return body

    def known(self) -> Mapping[str, Any]:
        """What thinking is signed with."""
        return {"key": self.key}

    def units(self, request: Mapping[str, Any], count: Count) -> list[Unit]:
        return anthropic_units(request, count)

    def used(self, cache: Cache, model: str, units: Sequence[Unit]) -> Usage:
        return cache.marked(model, units)

    def counted(self, tokens: int) -> dict[str, Any]:
        return {"input_tokens": tokens}

    def error(self, status: int, text: str, param: str | None = None, code: str | None = None) -> dict[str, Any]:
        kind, words = ERRORS.get(status, ("api_error", f"HTTP {status}"))
        return {"type": "error", "error": {"type": kind, "message": text or words}, "request_id": "req_fake"}

    def overflow(self, request: Mapping[str, Any], prompt: int, window: int) -> dict[str, Any]:
        """The error of a context that overflowed."""
        if prompt > window:
            return self.error(400, f"prompt is too long: {prompt} tokens > {window} maximum")
        most = request.get("max_tokens", 0)
        text = f"input length and `max_tokens` exceed context limit: {prompt} + {most} > {window}"
        return self.error(400, f"{text}, decrease input length or `max_tokens` and try again")

    def overflows(self, request: Mapping[str, Any], prompt: int, window: int) -> bool:
        return prompt + int(request.get("max_tokens") or 0) > window

    def overflow_event(self, request: Mapping[str, Any], prompt: int, window: int) -> bytes:
        error = self.error(400, f"prompt is too long: {max(prompt, window + 1)} tokens > {window} maximum")
        return named(error)

    def overflown(self) -> str:
        """The stop reason of a prompt that left no room for an answer."""
        return "model_context_window_exceeded"

    def body(
        self, number: int, request: Mapping[str, Any], reply: Reply, fault: Fault, usage: Usage, count: Count
    ) -> dict[str, Any]:
        """The message."""
        blocks = self._signed(request, _blocks(reply.message.get("content")))
        stop = reply.finish or ("tool_use" if any(each["type"] == "tool_use" for each in blocks) else "end_turn")
        output = DIALECTS["anthropic"].read({"role": "assistant", "content": blocks}, count, False).tokens
        return {
            "id": f"msg_{number}",
            "type": "message",
            "role": "assistant",
            "model": request["model"],
            "content": _cut(blocks) if fault.half and not request.get("stream") else blocks,
            "stop_reason": fault.stop or ("max_tokens" if fault.half else stop),
            "stop_sequence": None,
            "usage": {
                "input_tokens": usage.prompt - usage.read - usage.written,
                "cache_creation_input_tokens": usage.written,
                "cache_read_input_tokens": usage.read,
                "output_tokens": output,
                "service_tier": "standard",
            },
        }

    def events(self, request: Mapping[str, Any], body: Mapping[str, Any], fault: Fault) -> Iterator[bytes]:
        """The same message as a stream."""
        started = {**body, "content": [], "stop_reason": None, "usage": {**body["usage"], "output_tokens": 1}}
        yield named({"type": "message_start", "message": started})
        blocks = body["content"]
        for index, block in enumerate(blocks):
            cut = fault.half and index == len(blocks) - 1
            yield named({"type": "content_block_start", "index": index, "content_block": _begun(block)})
            if not index:
                yield PING
            for delta in _deltas(block, cut):
                yield named({"type": "content_block_delta", "index": index, "delta": delta})
            yield named({"type": "content_block_stop", "index": index})
        stop = {"stop_reason": body["stop_reason"], "stop_sequence": None}
        yield named(
            {"type": "message_delta", "delta": stop, "usage": {"output_tokens": body["usage"]["output_tokens"]}}
        )
        yield named({"type": "message_stop"})

    def _signed(self, request: Mapping[str, Any], blocks: Sequence[Mapping[str, Any]]) -> list[Mapping[str, Any]]:
        """Thinking that bears no signature yet is bound to the request it answers."""
        out: list[Mapping[str, Any]] = []
        system, prefix = request.get("system"), request["messages"]
        place = 0
        for block in blocks:
            field = "data" if block["type"] == "redacted_thinking" else "signature"
            bound = block["type"] in THINKING
            if bound and not block.get(field):
                thinking = block.get("thinking", "")
                seal = sign(system, prefix, key=self.key, thinking=thinking, place=place)
                out.append({**block, field: seal})
            else:
                out.append(block)
            place += bound
        return out


def _blocks(content: object) -> list[Mapping[str, Any]]:
    if isinstance(content, str):
        return [{"type": "text", "text": content}] if content else []
    return list(content) if isinstance(content, list | tuple) else []


def _begun(block: Mapping[str, Any]) -> Mapping[str, Any]:
    """The block before its deltas."""
    empty: dict[str, dict[str, Any]] = {
        "text": {"text": ""},
        "tool_use": {"input": {}},
        "thinking": {"thinking": "", "signature": ""},
    }
    return {**block, **empty.get(block["type"], {})}


def _deltas(block: Mapping[str, Any], cut: bool) -> Iterator[dict[str, Any]]:
    shorten = halved if cut else str
    if block["type"] == "text":
        for piece in pieces(shorten(block["text"])):
            yield {"type": "text_delta", "text": piece}
    elif block["type"] == "tool_use":
        yield {"type": "input_json_delta", "partial_json": ""}
        for piece in pieces(shorten(plain(block["input"]).decode())):
            yield {"type": "input_json_delta", "partial_json": piece}
    elif block["type"] == "thinking":
        for piece in pieces(block["thinking"]):
            yield {"type": "thinking_delta", "thinking": piece}
        yield {"type": "signature_delta", "signature": block["signature"]}


def _cut(blocks: Sequence[Mapping[str, Any]]) -> list[Mapping[str, Any]]:
    """The blocks up to the middle of the last; of half a call a plain answer shows an empty input."""
    last = blocks[-1] if blocks else {"type": ""}
    if last["type"] == "tool_use":
        return [*blocks[:-1], {**last, "input": {}}]
    return [*blocks[:-1], {**last, "text": halved(last["text"])}] if last["type"] == "text" else list(blocks)
