"""Gemini's generateContent as the fake writes it: answers, their stream, usage, errors and signed thoughts.

Source of the shapes: ai.google.dev/api/generate-content and .../caching, and what its Python package reads.
"""

import json
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from litany.core.ports import Count
from litany.dialects import DIALECTS
from litany.testing import contents
from litany.testing.binding import KEY
from litany.testing.fake.cache import Cache, Unit, Usage, gemini_units
from litany.testing.fake.pieces import data, halved, pieces
from litany.testing.fake.script import Fault, Received, Reply
from litany.testing.seal import seal
from litany.testing.violation import listing, mapping

PATH = re.compile(r"/v1(?:beta)?/models/([^/:]+):(generateContent|streamGenerateContent|countTokens)")
ERRORS: Mapping[int, tuple[str, str]] = {
    400: ("INVALID_ARGUMENT", "Request contains an invalid argument."),
    401: ("UNAUTHENTICATED", "Request had invalid authentication credentials."),
    403: ("PERMISSION_DENIED", "Method doesn't allow unregistered callers. Please use API Key or other form of API."),
    404: ("NOT_FOUND", "Requested entity was not found."),
    429: ("RESOURCE_EXHAUSTED", "Resource has been exhausted (e.g. check quota)."),
    500: ("INTERNAL", "An internal error has occurred. Please retry or report."),
    503: ("UNAVAILABLE", "The model is overloaded. Please try again later."),
    504: ("DEADLINE_EXCEEDED", "The service is unable to finish processing within the deadline."),
}
"""HTTP status to the provider's own and its words."""


@dataclass(frozen=True, slots=True)
class Gemini:
    """The dialect of POST /v1beta/models/…:generateContent. `key` seals thought signatures."""

    key: bytes = KEY
    dialect: str = "gemini"

    def unauthorized(self, request: Received) -> bool:
        """The key stands in a header or in the address."""
        given = request.headers.get("x-goog-api-key") or request.headers.get("authorization")
        return not given and "key=" not in request.query

    def missing(self, request: Mapping[str, Any], headers: Mapping[str, str]) -> str | None:
        """Nothing: the model stands in the path."""
        return None

    def whole(self, request: Received) -> Mapping[str, Any]:
        """The body with what the path says: the model, and whether the answer is a stream."""
        found = PATH.fullmatch(request.path)
        model, method = (found[1], found[2]) if found else ("", "")
        body: Mapping[str, Any] = request.body
        inner = body.get("generateContentRequest")
        asked = inner if method == "countTokens" and mapping(inner) else body
        form = "events" if "alt=sse" in request.query else "array"
        return {**asked, "model": model, "stream": form if method == "streamGenerateContent" else None}

    def known(self) -> Mapping[str, Any]:
        """What thoughts are signed with."""
        return {"key": self.key}

    def units(self, request: Mapping[str, Any], count: Count) -> list[Unit]:
        return gemini_units(request, count)

    def used(self, cache: Cache, model: str, units: Sequence[Unit]) -> Usage:
        return cache.automatic(model, units)

    def counted(self, tokens: int) -> dict[str, Any]:
        return {"totalTokens": tokens, "promptTokensDetails": [{"modality": "TEXT", "tokenCount": tokens}]}

    def error(self, status: int, text: str, param: str | None = None, code: str | None = None) -> dict[str, Any]:
        kind, words = ERRORS.get(status, ("UNKNOWN", f"HTTP {status}"))
        return {"error": {"code": status, "message": text or words, "status": kind}}

    def overflow(self, request: Mapping[str, Any], prompt: int, window: int) -> dict[str, Any]:
        """The error of a context that overflowed."""
        text = f"The input token count ({prompt}) exceeds the maximum number of tokens allowed ({window})."
        return self.error(400, text)

    def overflows(self, request: Mapping[str, Any], prompt: int, window: int) -> bool:
        return prompt > window

    def overflow_event(self, request: Mapping[str, Any], prompt: int, window: int) -> bytes:
        return data(self.overflow(request, max(prompt, window + 1), window))

    def overflown(self) -> str:
        """The finish reason of a prompt that left no room for an answer."""
        return "MAX_TOKENS"

    def body(
        self, number: int, request: Mapping[str, Any], reply: Reply, fault: Fault, usage: Usage, count: Count
    ) -> dict[str, Any]:
        """The answer; its first call bears a thought signature."""
        held = _signed(list(_said(reply.message)), number, self.key)
        held = _cut(held) if fault.half else held
        finish = fault.stop or ("MAX_TOKENS" if fault.half else reply.finish or "STOP")
        content = {"role": "model", "parts": held}
        return {
            "candidates": [{"content": content, "finishReason": finish, "index": 0}],
            "usageMetadata": _usage(usage, content, count),
            "modelVersion": request["model"],
            "responseId": f"response_{number}",
        }

    def events(self, request: Mapping[str, Any], body: Mapping[str, Any], fault: Fault) -> Iterator[bytes]:
        """The same answer in chunks: server-sent events, or the parts of one JSON array."""
        chunks = list(_chunks(body))
        if request["stream"] == "events":
            yield from map(data, chunks)
            return
        for at, chunk in enumerate(chunks):
            yield (b"[" if at == 0 else b",\r\n") + json.dumps(chunk, ensure_ascii=False).encode()
        yield b"]"


def _said(message: Mapping[str, Any]) -> Iterator[dict[str, Any]]:
    """The parts of a scripted answer: its own, else those of a message in OpenAI chat's words."""
    if listing(message.get("parts")):
        yield from (dict(part) for part in message["parts"])
        return
    if message.get("reasoning_content"):
        yield {"text": message["reasoning_content"], "thought": True}
    if message.get("content"):
        yield {"text": message["content"]}
    for call in message.get("tool_calls") or ():
        function = call["function"]
        yield {"functionCall": {"id": call["id"], "name": function["name"], "args": json.loads(function["arguments"])}}


def _signed(held: list[dict[str, Any]], number: int, key: bytes) -> list[dict[str, Any]]:
    for at, part in enumerate(held):
        if "functionCall" in contents.read(part):
            signature = {"thoughtSignature": seal(f"thought {number}", key=key)}
            return [*held[:at], {**signature, **part}, *held[at + 1 :]]
    return held


def _cut(held: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """The parts up to the middle of the last; half a call is none."""
    last = held[-1] if held else {}
    return [*held[:-1], {**last, "text": halved(last["text"])}] if "text" in last else held[:-1]


def _chunks(body: Mapping[str, Any]) -> Iterator[dict[str, Any]]:
    candidate = body["candidates"][0]
    said = [piece for part in candidate["content"]["parts"] for piece in _pieces(part)] or [{"text": ""}]
    for at, piece in enumerate(said):
        shown = {"content": {"role": "model", "parts": [piece]}, "index": 0}
        last = {"finishReason": candidate["finishReason"]} if at == len(said) - 1 else {}
        yield {**body, "candidates": [{**shown, **last}]}


def _pieces(part: Mapping[str, Any]) -> Iterator[Mapping[str, Any]]:
    """A text bit by bit; a call comes whole."""
    if not part.get("text"):
        yield part
        return
    yield from ({**part, "text": piece} for piece in pieces(part["text"]))


def _usage(usage: Usage, content: Mapping[str, Any], count: Count) -> dict[str, Any]:
    thought = sum(count(part["text"]) for part in content["parts"] if part.get("thought"))
    written = DIALECTS["gemini"].read(content, count, False).tokens - thought
    cached = {"cachedContentTokenCount": usage.read} if usage.read else {}
    return {
        "promptTokenCount": usage.prompt,
        "candidatesTokenCount": written,
        "thoughtsTokenCount": thought,
        "totalTokenCount": usage.prompt + written + thought,
        "promptTokensDetails": [{"modality": "TEXT", "tokenCount": usage.prompt}],
        **cached,
    }
