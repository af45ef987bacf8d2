"""The fake provider itself: judges each request, answers from its script and keeps what it received."""

import json
from collections.abc import Collection, Sequence
from dataclasses import replace
from threading import Lock
from types import TracebackType
from typing import Any, Literal

from litany.errors import PolicyError
from litany.testing.binding import KEY
from litany.testing.fake.anthropic import Anthropic
from litany.testing.fake.cache import Cache
from litany.testing.fake.openai import CREATED, OpenAI
from litany.testing.fake.pieces import Answer, plain
from litany.testing.fake.script import Fault, Faults, Received, Replies, Script
from litany.testing.fake.server import Server
from litany.testing.provider import FLAGS, validate
from litany.testing.violation import mapping
from litany.tokens import counter

CHAT, MESSAGES, COUNT, MODELS = "/v1/chat/completions", "/v1/messages", "/v1/messages/count_tokens", "/v1/models"
Overflow = Literal["refuse", "stream", "stop"]


class Provider:
    """OpenAI chat and Anthropic Messages at `url`, on a free port of 127.0.0.1, while the `with` block lasts.

    It keeps every request in `requests`. A request that breaks a rule is refused as the provider would refuse it.
    """

    def __init__(
        self,
        replies: Replies | None = None,
        *,
        faults: Faults = (),
        window: int | None = None,
        overflow: Overflow = "refuse",
        bias: float = 1.0,
        models: Sequence[str] | None = None,
        cache_minimum: int = 0,
        deepseek: bool = False,
        flags: Collection[str] = ("bound-thinking",),
        key: bytes = KEY,
        encoding: str = "o200k_base",
    ) -> None:
        """A provider that is not yet open.

        replies -- assistant messages in order (a text fits both dialects), or a function of the request; None: "ok".
        faults -- what goes wrong, request by request (None: nothing), or a function of the request.
        window -- tokens of its context. overflow -- beyond it: an HTTP 400, an error event in the stream, or a 200
        whose stop reason says so.
        bias -- what it counts, relative to litany's own count. cache_minimum -- tokens of the shortest cached prefix.
        models -- the ones it has; None: any. deepseek -- adds that provider's names to OpenAI's usage.
        flags -- rules of single models, as `validate` knows them. key -- signs thinking.
        Raises: PolicyError for an unknown flag.
        """
        known = {flag for flags_of in FLAGS.values() for flag in flags_of}
        if unknown := set(flags) - known:
            raise PolicyError(f"no provider has the flag {min(unknown)!r}; there are {', '.join(sorted(known))}")
        self.requests: list[Received] = []
        self._script, self._cache = Script(replies, faults), Cache(bias, cache_minimum)
        self._window, self._overflow, self._models = window, overflow, models
        self._flags, self._key, self._count = frozenset(flags), key, counter(encoding)
        self._openai, self._anthropic = OpenAI(deepseek), Anthropic(key)
        self._lock = Lock()
        self._server: Server | None = None

    @property
    def url(self) -> str:
        """Where it listens: `{url}/v1` is OpenAI's base, `url` Anthropic's. Raises: PolicyError before it is open."""
        if self._server is None:
            raise PolicyError("the provider is not open; use it in a `with` block")
        return self._server.url

    def __enter__(self) -> "Provider":
        self._server = Server(self._answered)
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        """Closes every connection. An error that the script's own functions raised is raised here."""
        server, self._server = self._server, None
        if server is not None:
            server.close()
            if server.failures and error is None:
                raise server.failures[0]

    def _answered(self, request: Received) -> tuple[Answer, Fault]:
        """What to send for a request, one at a time."""
        with self._lock:
            request = replace(request, number=len(self.requests), body=_parsed(request.raw))
            self.requests.append(request)
            return self._routed(request)

    def _routed(self, request: Received) -> tuple[Answer, Fault]:
        wire = self._openai if request.path == CHAT else self._anthropic
        if request.path == MODELS and request.method == "GET":
            return self._listed(request), Fault()
        if request.path not in (CHAT, MESSAGES, COUNT) or request.method != "POST":
            return self._refused(wire, 404, f"Unknown request URL: {request.method} {request.path}."), Fault()
        if wire.unauthorized(request.headers):
            return self._refused(wire, 401, ""), Fault()
        if not mapping(request.body):
            return self._refused(wire, 400, "We could not parse the JSON body of your request."), Fault()
        counts = request.path == COUNT
        lacking = wire.missing({"max_tokens": 1, **request.body} if counts else request.body, request.headers)
        if lacking is not None:
            return self._refused(wire, 400, lacking), Fault()
        if self._models is not None and request.body["model"] not in self._models:
            text = f"The model `{request.body['model']}` does not exist or you do not have access to it."
            return self._refused(wire, 404, text), Fault()
        return self._judged(wire, request)

    def _judged(self, wire: OpenAI | Anthropic, request: Received) -> tuple[Answer, Fault]:
        flags = self._flags & set(FLAGS[wire.dialect])
        violations = tuple(validate(wire.dialect, request.body, flags=flags, key=self._key))
        if violations:
            self.requests[request.number] = replace(request, violations=violations)
            return self._refused(wire, 400, violations[0].text, violations[0].path), Fault()
        if request.path == COUNT:
            return Answer(
                200, plain({"input_tokens": self._cache.size(wire.units(request.body, self._count))})
            ), Fault()
        fault = self._script.fault(request)
        if fault.status is not None:
            wait = (("retry-after", f"{fault.retry_after:g}"),) if fault.retry_after is not None else ()
            return self._refused(wire, fault.status, fault.text, headers=wait), fault
        return self._said(wire, request, fault)

    def _said(self, wire: OpenAI | Anthropic, request: Received, fault: Fault) -> tuple[Answer, Fault]:
        body, units = request.body, wire.units(request.body, self._count)
        window = self._window or self._cache.size(units)
        full = self._window is not None and wire.overflows(body, self._cache.size(units), window)
        if full and self._overflow == "stop":
            fault = replace(fault, stop=wire.overflown())
        elif full and self._overflow == "stream" and body.get("stream"):
            fault = replace(fault, overflow_after=fault.overflow_after or 1)
        elif full or (fault.overflow_after is not None and not body.get("stream")):
            return Answer(400, plain(wire.overflow(body, self._cache.size(units), window))), fault
        reply = self._script.reply(request, fault)
        if reply is None:
            return self._refused(wire, 400, f"the script is played out at request {request.number}"), fault
        usage = wire.used(self._cache, body["model"], units)
        return self._written(wire, request, fault, wire.body(request.number, body, reply, fault, usage, self._count))

    def _written(
        self, wire: OpenAI | Anthropic, request: Received, fault: Fault, body: dict[str, Any]
    ) -> tuple[Answer, Fault]:
        if not request.body.get("stream"):
            return Answer(200, plain(body), headers=_named(request)), fault
        events = [event for event in wire.events(request.body, body, fault) for _ in range(1 + fault.twice)]
        if fault.overflow_after is not None:
            prompt = self._cache.size(wire.units(request.body, self._count))
            told = wire.overflow_event(request.body, prompt, self._window or prompt - 1)
            events = [*events[: fault.overflow_after], told]
        return Answer(200, b"", tuple(events), _named(request)), fault

    def _refused(
        self,
        wire: OpenAI | Anthropic,
        status: int,
        text: str,
        param: str | None = None,
        headers: tuple[tuple[str, str], ...] = (),
    ) -> Answer:
        return Answer(status, plain(wire.error(status, text, param)), headers=headers)

    def _listed(self, request: Received) -> Answer:
        names = self._models or ("fake",)
        if "anthropic-version" in request.headers:
            date = "2025-01-01T00:00:00Z"
            rows = [{"type": "model", "id": name, "display_name": name, "created_at": date} for name in names]
            return Answer(200, plain({"data": rows, "has_more": False, "first_id": names[0], "last_id": names[-1]}))
        rows = [{"id": name, "object": "model", "created": CREATED, "owned_by": "litany"} for name in names]  # type: ignore[dict-item]  # numbers too
        return Answer(200, plain({"object": "list", "data": rows}))


def _named(request: Received) -> tuple[tuple[str, str], ...]:
    return (("x-request-id" if request.path == CHAT else "request-id", f"req_{request.number}"),)


def _parsed(raw: bytes) -> Any:
    try:
        return json.loads(raw) if raw else None
    except (ValueError, RecursionError):
        return None
