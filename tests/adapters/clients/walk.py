"""Walks a random conversation through a wrapped client to the strict provider, over HTTP; one call is refused."""

from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any

from litany import Policy
from litany.errors import WindowTooSmall
from litany.overflow import overflowed
from litany.testing import Fault, Provider, Received
from tests.adapters.clients.hosts import Fields, Host, Native, dumped, opened
from tests.laws.drive import TOOLS
from tests.laws.strategies import Case, Turn


@dataclass(slots=True)
class Called:
    """One call of the host: what it held, what went over the wire, what it got."""

    record: list[Any]
    requests: list[Received]
    lines: list[Native]
    reply: Native
    got: Any = None
    error: BaseException | None = None


@dataclass(slots=True)
class Script:
    """What the provider says next, and which call it refuses."""

    refuses: int
    reply: Native = field(default_factory=dict)
    call: int = 0
    tries: int = 0

    def said(self, received: Received) -> Native:
        return self.reply

    def fault(self, received: Received) -> Fault | None:
        self.tries += 1
        return Fault(overflow_after=1) if self.call == self.refuses and self.tries == 1 else None


def walked(
    host: Host, case: Case, policy: Native, refuses: int, goal: str | None = None, constraints: Sequence[str] = ()
) -> list[Called]:
    """The whole case; call number `refuses` is refused at first. It ends early where what must be sent is too long."""
    lines: list[Native] = []
    script, calls, record = Script(refuses), list[Called](), list[Any]()
    options = {"goal": goal, "constraints": constraints, "policy": Policy(**policy), "trace": lines.append}
    with Provider(script.said, faults=script.fault) as provider, opened(host, provider.url, **options) as ask:
        for number, turn in enumerate(case.turns[:-1]):
            if number:
                assert calls[-1].got is not None
            record = [*record, *said(calls[-1].got if number else None), *after(host, turn)]
            (reply,) = sendable(case.turns[number + 1].reply)
            script.call, script.tries, script.reply = number, 0, reply
            before = len(provider.requests), len(lines)
            called = Called(record, [], [], reply)
            with kept(called):
                called.got = ask(fields(host, case, record))
            called.requests, called.lines = provider.requests[before[0] :], lines[before[1] :]
            calls.append(called)
            if called.error is not None or called.got == []:
                break
    return calls


@contextmanager
def kept(called: Called) -> Iterator[None]:
    """Keeps what litany raises, and what the client raises when a request is too long."""
    try:
        yield
    except WindowTooSmall as error:
        called.error = error
    except Exception as error:  # the SDKs' errors have no class in common
        if not overflowed(error):
            raise
        called.error = error


def said(got: Any) -> list[Any]:
    """What the host appends of an answer."""
    return [] if got is None else got if isinstance(got, list) else [got]


def after(host: Host, turn: Turn) -> list[Any]:
    """What the host appends of its own, in its dialect."""
    messages: list[Native] = sendable(turn.after)
    return [item(message) for message in messages] if host.dialect == "responses" else messages


def item(message: Native) -> Native:
    """A message of OpenAI chat as an item of Responses."""
    content = message["content"]
    if isinstance(content, list):
        content = [PARTS[part["type"]](part) for part in content]
    if message["role"] == "tool":
        return {"type": "function_call_output", "call_id": message["tool_call_id"], "output": content}
    return {"role": message["role"], "content": content}


PARTS: dict[str, Callable[[Native], Native]] = {
    "text": lambda part: {"type": "input_text", "text": part["text"]},
    "image_url": lambda part: {"type": "input_image", "image_url": part["image_url"]["url"], "detail": "auto"},
}


def fields(host: Host, case: Case, record: list[Any]) -> Fields:
    """What the host gives the client."""
    given: Native = {"model": "fake", "messages": record, "tools": TOOLS[case.dialect]}
    if host.dialect == "responses":
        return {"model": "fake", "input": record, "tools": [{"type": "function", **LOOK}]}
    if case.dialect == "openai":
        return given
    given |= {"max_tokens": 4_096} | ({"system": case.system} if case.system else {})
    return given | ({"thinking": {"type": "enabled", "budget_tokens": 1_024}} if case.thinking else {})


LOOK: Native = {"name": "look", "parameters": {"type": "object"}}


def sendable(value: Any) -> Any:
    """Half a surrogate pair cannot be sent as UTF-8: bare clients refuse it, too."""
    if isinstance(value, str):
        return value.replace("\ud800", "?").replace("\\ud800", "?")
    if isinstance(value, dict):
        return {key: sendable(inner) for key, inner in value.items()}
    return [sendable(inner) for inner in value] if isinstance(value, list | tuple) else value


def plainly(message: Any) -> Native:
    """A message as the provider wrote it: what SDKs add to it, and what the host adds to a request, aside."""
    fields = dumped(message) if not isinstance(message, list) else joint([dumped(one) for one in message])
    content = fields["content"]
    if isinstance(content, list):
        content = [{name: value for name, value in dumped(block).items() if value is not None} for block in content]
        content = [{name: value for name, value in block.items() if name in KEPT[block["type"]]} for block in content]
    calls = [
        {
            "id": call["id"],
            "type": "function",
            "function": {key: call["function"][key] for key in ("name", "arguments")},
        }
        for call in map(dumped, fields.get("tool_calls") or ())
    ]
    return {"role": fields["role"], "content": content or None, **({"tool_calls": calls} if calls else {})}


KEPT = {
    "text": ("type", "text"),
    "tool_use": ("type", "id", "name", "input"),
    "thinking": ("type", "thinking"),
    "redacted_thinking": ("type",),
}


def joint(items: list[Native]) -> Native:
    """The items of one answer as a message of OpenAI chat."""
    texts = [part["text"] for one in items if one["type"] == "message" for part in one["content"]]
    calls = [
        {"id": one["call_id"], "type": "function", "function": {key: one[key] for key in ("name", "arguments")}}
        for one in items
        if one["type"] == "function_call"
    ]
    return {"role": "assistant", "content": "".join(texts), **({"tool_calls": calls} if calls else {})}
