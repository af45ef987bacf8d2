"""OpenAI Responses as the fake writes it: responses, their stream, what is kept on the server, usage and errors.

Source of the shapes: platform.openai.com/docs/api-reference/responses and the types of the openai package.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from litany.core.ports import Count
from litany.dialects import DIALECTS
from litany.testing.binding import KEY
from litany.testing.fake import items
from litany.testing.fake.cache import Cache, Unit, Usage, responses_units
from litany.testing.fake.openai import CREATED, OpenAI
from litany.testing.fake.pieces import named
from litany.testing.fake.script import Fault, Received, Reply
from litany.testing.violation import listing, mapping

OVERFLOW = "Your input exceeds the context window of this model. Please adjust your input and try again."
ECHOED: Mapping[str, Any] = {
    "instructions": None,
    "max_output_tokens": None,
    "metadata": {},
    "parallel_tool_calls": True,
    "previous_response_id": None,
    "reasoning": {"effort": None, "summary": None},
    "store": True,
    "temperature": 1.0,
    "text": {"format": {"type": "text"}},
    "tool_choice": "auto",
    "tools": [],
    "top_p": 1.0,
    "truncation": "disabled",
}
"""What a response repeats of its request, and what it says where the request says nothing."""


@dataclass(frozen=True, slots=True)
class Responses:
    """The dialect of POST /v1/responses. `key` seals reasoning."""

    key: bytes = KEY
    dialect: str = "responses"
    stored: dict[str, Sequence[Any]] = field(default_factory=dict)
    """Responses and conversations by their id: all items up to there."""
    reasoned: dict[str, str] = field(default_factory=dict)
    """Items that were made with reasoning, and with which."""

    def unauthorized(self, request: Received) -> bool:
        return OpenAI().unauthorized(request)

    def missing(self, request: Mapping[str, Any], headers: Mapping[str, str]) -> str | None:
        """What a request lacks before its items are looked at."""
        if not isinstance(request.get("model"), str):
            return "Missing required parameter: 'model'."
        before, conversation = request.get("previous_response_id"), _conversation(request)
        if before and before not in self.stored:
            return f"Previous response with id '{before}' not found."
        unknown = conversation is not None and conversation not in self.stored
        return f"Conversation with id '{conversation}' not found." if unknown else None

    def whole(self, request: Received) -> Mapping[str, Any]:
        """The body with the items that are kept on the server before its own."""
        body: Mapping[str, Any] = request.body
        own = body.get("input")
        given = [{"role": "user", "content": own}] if isinstance(own, str) else own
        before = self.stored.get(str(body.get("previous_response_id") or _conversation(body)), ())
        if given is None and before:
            given = []
        return {**body, "input": [*before, *given]} if listing(given) else body

    def known(self) -> Mapping[str, Any]:
        """That the input is whole, and which reasoning each item was made with."""
        return {"key": self.key, "reasoned": self.reasoned, "resolved": True}

    def conversation(self, number: int) -> dict[str, Any]:
        """A conversation that begins."""
        id = f"conv_{number}"
        self.stored[id] = []
        return {"id": id, "object": "conversation", "created_at": CREATED + number, "metadata": {}}

    def units(self, request: Mapping[str, Any], count: Count) -> list[Unit]:
        return responses_units(request, count)

    def used(self, cache: Cache, model: str, units: Sequence[Unit]) -> Usage:
        return cache.automatic(model, units)

    def counted(self, tokens: int) -> dict[str, Any]:
        return {"object": "response.input_tokens", "input_tokens": tokens}

    def error(self, status: int, text: str, param: str | None = None, code: str | None = None) -> dict[str, Any]:
        if text.startswith("Previous response"):
            param, code = "previous_response_id", "previous_response_not_found"
        return OpenAI().error(status, text, param, code)

    def overflow(self, request: Mapping[str, Any], prompt: int, window: int) -> dict[str, Any]:
        """The error of a context that overflowed."""
        return self.error(400, OVERFLOW, "input", "context_length_exceeded")

    def overflows(self, request: Mapping[str, Any], prompt: int, window: int) -> bool:
        """With `truncation` auto the provider leaves items out by itself."""
        return prompt > window and request.get("truncation") != "auto"

    def overflow_event(self, request: Mapping[str, Any], prompt: int, window: int) -> bytes:
        failed = {**self._head(0, request), "status": "failed", "output": [], "usage": None}
        failed["error"] = {"code": "context_length_exceeded", "message": OVERFLOW}
        return named({"type": "response.failed", "sequence_number": 1_000_000, "response": failed})

    def overflown(self) -> str:
        """The reason of a prompt that left no room for an answer."""
        return "max_output_tokens"

    def body(
        self, number: int, request: Mapping[str, Any], reply: Reply, fault: Fault, usage: Usage, count: Count
    ) -> dict[str, Any]:
        """The response; what it says is kept on the server unless the request forbids it."""
        output = items.made(number, reply.message, self.key)
        output = items.cut(output) if fault.half else output
        reason = fault.stop or reply.finish or ("max_output_tokens" if fault.half else None)
        self._keep(number, request, output)
        return {
            **self._head(number, request),
            "status": "incomplete" if reason else "completed",
            "incomplete_details": {"reason": reason} if reason else None,
            "output": output,
            "usage": _usage(usage, output, count),
        }

    def events(self, request: Mapping[str, Any], body: Mapping[str, Any], fault: Fault) -> Iterator[bytes]:
        """The same response as a stream."""
        begun = {**body, "status": "in_progress", "incomplete_details": None, "output": [], "usage": None}
        told = [{"type": f"response.{name}", "response": begun} for name in ("created", "in_progress")]
        for index, item in enumerate(body["output"]):
            told += items.events(item, index)
        told.append({"type": f"response.{body['status']}", "response": body})
        for number, event in enumerate(told):
            yield named({**event, "sequence_number": number})

    def _head(self, number: int, request: Mapping[str, Any]) -> dict[str, Any]:
        head = {"id": f"resp_{number}", "object": "response", "created_at": CREATED + number, "error": None}
        echo = {name: request.get(name) if name in request else value for name, value in ECHOED.items()}
        return {**head, "incomplete_details": None, "model": request["model"], **echo}

    def _keep(self, number: int, request: Mapping[str, Any], output: Sequence[Mapping[str, Any]]) -> None:
        reasoning = None
        for item in output:
            if item["type"] == "reasoning":
                reasoning = item["id"]
            elif reasoning is not None and item["type"] != "compaction":
                self.reasoned[item["id"]] = reasoning
        if request.get("store") is not False:
            self.stored[f"resp_{number}"] = [*(request.get("input") or ()), *output]
        conversation = _conversation(request)
        if conversation:
            self.stored[conversation] = [*(request.get("input") or ()), *output]


def _conversation(request: Mapping[str, Any]) -> str | None:
    value = request.get("conversation")
    id = value.get("id") if mapping(value) else value
    return id if isinstance(id, str) else None


def _usage(usage: Usage, output: Sequence[Mapping[str, Any]], count: Count) -> dict[str, Any]:
    read = [(item, DIALECTS["responses"].read(item, count, False).tokens) for item in output]
    written = sum(tokens for _, tokens in read)
    return {
        "input_tokens": usage.prompt,
        "input_tokens_details": {"cached_tokens": usage.read, "cache_write_tokens": usage.written},
        "output_tokens": written,
        "output_tokens_details": {
            "reasoning_tokens": sum(tokens for item, tokens in read if item["type"] == "reasoning")
        },
        "total_tokens": usage.prompt + written,
    }
