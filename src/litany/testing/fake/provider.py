"""The fake provider itself: judges each request, answers from its script and keeps what it received."""

import json
from collections.abc import Collection, Mapping, Sequence
from dataclasses import replace
from threading import Lock
from types import TracebackType
from typing import Any, Literal

from litany.errors import PolicyError
from litany.testing.binding import KEY
from litany.testing.fake.anthropic import Anthropic
from litany.testing.fake.cache import Cache
from litany.testing.fake.gemini import PATH, Gemini
from litany.testing.fake.models import LISTS
from litany.testing.fake.openai import OpenAI
from litany.testing.fake.pieces import EVENTS, Answer, plain
from litany.testing.fake.responses import Responses
from litany.testing.fake.script import Fault, Faults, Received, Replies, Script
from litany.testing.fake.server import Server
from litany.testing.fake.wire import Wire
from litany.testing.provider import FLAGS, validate
from litany.testing.violation import mapping
from litany.tokens import counter

CHAT, RESPONSES, CONVERSATIONS = "/v1/chat/completions", "/v1/responses", "/v1/conversations"
MESSAGES, GENERATE = "/v1/messages", "/v1beta/models/…:generateContent"
COUNTS = ("/v1/messages/count_tokens", "/v1/responses/input_tokens")
"""Where a request is counted and not answered."""
Overflow = Literal["refuse", "stream", "stop"]


class Provider:
    """OpenAI chat and Responses, Anthropic Messages and Gemini at `url`, on a free port, while the `with` block lasts.

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

        replies -- assistant messages in order (a text fits every dialect), or a function of the request; None: "ok".
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
        self._flags, self._count = frozenset(flags), counter(encoding)
        self._responses = Responses(key)
        self._wires = _wires(OpenAI(deepseek), Anthropic(key), self._responses, Gemini(key))
        self._lock = Lock()
        self._server: Server | None = None

    @property
    def url(self) -> str:
        """Where it listens: `{url}/v1` is OpenAI's base, `url` Anthropic's. Raises: PolicyError before it is open."""
        if self._server is None:
            raise PolicyError("the provider is not open; use it in a `with` block")
        return self._server.url

    @property
    def connections(self) -> int:
        """How many clients are connected."""
        return 0 if self._server is None else self._server.connections

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
        if request.path in LISTS and request.method == "GET":
            return Answer(200, plain(LISTS[request.path](self._models or ("fake",), request.headers))), Fault()
        method = PATH.fullmatch(request.path)
        path = request.path if method is None else GENERATE
        wire = self._wires.get(path, self._wires[MESSAGES])
        if path not in self._wires or request.method != "POST":
            return self._refused(wire, 404, f"Unknown request URL: {request.method} {request.path}."), Fault()
        if wire.unauthorized(request):
            return self._refused(wire, 401, ""), Fault()
        if not mapping(request.body):
            return self._refused(wire, 400, "We could not parse the JSON body of your request."), Fault()
        if request.path == CONVERSATIONS:
            return Answer(200, plain(self._responses.conversation(request.number))), Fault()
        counts = request.path in COUNTS
        lacking = wire.missing({"max_tokens": 1, **request.body} if counts else request.body, request.headers)
        if lacking is not None:
            return self._refused(wire, 400, lacking), Fault()
        asked = wire.whole(request)
        if self._models is not None and asked["model"] not in self._models:
            text = f"The model `{asked['model']}` does not exist or you do not have access to it."
            return self._refused(wire, 404, text), Fault()
        return self._judged(wire, request, asked)

    def _judged(self, wire: Wire, request: Received, asked: Mapping[str, Any]) -> tuple[Answer, Fault]:
        flags = self._flags & set(FLAGS[wire.dialect])
        violations = tuple(validate(wire.dialect, asked, flags=flags, **wire.known()))
        if violations:
            self.requests[request.number] = replace(request, violations=violations)
            return self._refused(wire, 400, violations[0].text, violations[0].path), Fault()
        if request.path in COUNTS or request.path.endswith(":countTokens"):
            return Answer(200, plain(wire.counted(self._cache.size(wire.units(asked, self._count))))), Fault()
        fault = self._script.fault(request)
        if fault.status is not None:
            wait = (("retry-after", f"{fault.retry_after:g}"),) if fault.retry_after is not None else ()
            return self._refused(wire, fault.status, fault.text, headers=wait), fault
        return self._said(wire, request, asked, fault)

    def _said(self, wire: Wire, request: Received, asked: Mapping[str, Any], fault: Fault) -> tuple[Answer, Fault]:
        units = wire.units(asked, self._count)
        window = self._window or self._cache.size(units)
        full = self._window is not None and wire.overflows(asked, self._cache.size(units), window)
        if full and self._overflow == "stop":
            fault = replace(fault, stop=wire.overflown())
        elif full and self._overflow == "stream" and asked.get("stream"):
            fault = replace(fault, overflow_after=fault.overflow_after or 1)
        elif full or (fault.overflow_after is not None and not asked.get("stream")):
            return Answer(400, plain(wire.overflow(asked, self._cache.size(units), window))), fault
        reply = self._script.reply(request, fault)
        if reply is None:
            return self._refused(wire, 400, f"the script is played out at request {request.number}"), fault
        usage = wire.used(self._cache, asked["model"], units)
        body = wire.body(request.number, asked, reply, fault, usage, self._count)
        if not asked.get("stream"):
            return Answer(200, plain(body), headers=_named(request)), fault
        kind = "application/json" if asked["stream"] == "array" else EVENTS
        return Answer(200, b"", self._events(wire, asked, fault, body), _named(request), kind), fault

    def _events(self, wire: Wire, asked: Mapping[str, Any], fault: Fault, body: Mapping[str, Any]) -> tuple[bytes, ...]:
        events = [event for event in wire.events(asked, body, fault) for _ in range(1 + fault.twice)]
        if fault.overflow_after is None:
            return tuple(events)
        prompt = self._cache.size(wire.units(asked, self._count))
        return (*events[: fault.overflow_after], wire.overflow_event(asked, prompt, self._window or prompt - 1))

    def _refused(
        self,
        wire: Wire,
        status: int,
        text: str,
        param: str | None = None,
        headers: tuple[tuple[str, str], ...] = (),
    ) -> Answer:
        return Answer(status, plain(wire.error(status, text, param)), headers=headers)


def _wires(openai: Wire, anthropic: Wire, responses: Wire, gemini: Wire) -> Mapping[str, Wire]:
    """Who answers at which path."""
    return {
        CHAT: openai,
        **dict.fromkeys((RESPONSES, CONVERSATIONS, COUNTS[1]), responses),
        **dict.fromkeys((MESSAGES, COUNTS[0]), anthropic),
        GENERATE: gemini,
    }


def _named(request: Received) -> tuple[tuple[str, str], ...]:
    return (("x-request-id" if request.path in (CHAT, RESPONSES) else "request-id", f"req_{request.number}"),)


def _parsed(raw: bytes) -> Any:
    try:
        return json.loads(raw) if raw else None
    except (ValueError, RecursionError):
        return None
