"""An agent that looks at pages, in each dialect, through a proxy: each time with all messages so far."""

import json
from collections.abc import Mapping, Sequence
from typing import Any

from litany.testing import Received
from tests.histories import calls, result, returns, rows, user, uses
from tests.serve.proxied import ASKED, VERSION, Proxy

GOAL = "Find out why the pump of house 7 stops at night, and write the cause into report.md."
RULE = "Never restart a pump."
SYSTEM = "You look at pages."
PATHS = {"openai": "/v1/chat/completions", "anthropic": "/v1/messages", "responses": "/v1/responses"}
TOOLS: dict[str, list[dict[str, Any]]] = {
    "openai": [{"type": "function", "function": {"name": "look", "parameters": {"type": "object"}}}],
    "anthropic": [{"name": "look", "input_schema": {"type": "object"}}],
    "responses": [{"type": "function", "name": "look", "parameters": {"type": "object"}}],
}
BESIDE = {"openai": {}, "anthropic": {"system": SYSTEM}, "responses": {"instructions": SYSTEM}}


def walked(proxy: Proxy, dialect: str, opening: str, turns: int = 14, **headers: str) -> list[dict[str, Any]]:
    """A run of so many calls; its messages."""
    messages = [user(opening)]
    for turn in range(turns):
        answer = posted(proxy, dialect, messages, **headers)
        assert answer.status_code == 200, answer.text
        messages += step(dialect, f"look-{turn}", turn, rows(20, f"page {turn}"))
    return messages


def posted(proxy: Proxy, dialect: str, messages: Sequence[Mapping[str, Any]], **headers: str) -> Any:
    """One call of the agent."""
    asked = ASKED[PATHS[dialect]](messages, tools=TOOLS[dialect], **BESIDE[dialect])
    with proxy.client(headers={**VERSION, **headers}) as client:
        return client.post(PATHS[dialect], json=asked)


def step(dialect: str, id: str, page: int, text: str) -> list[dict[str, Any]]:
    """A call and its result."""
    if dialect == "openai":
        return [calls(id, page=page), result(id, text)]
    if dialect == "anthropic":
        return [uses(id, page=page), returns(id, text)]
    called = {"type": "function_call", "call_id": id, "name": "look", "arguments": json.dumps({"page": page})}
    return [called, {"type": "function_call_output", "call_id": id, "output": text}]


def said(request: Received) -> list[dict[str, Any]]:
    """The messages that the provider received."""
    found: list[dict[str, Any]] = request.body.get("messages", request.body.get("input"))
    return found


def refused(requests: Sequence[Received]) -> list[Received]:
    """Those that broke a rule."""
    return [request for request in requests if request.violations]


def recited(request: Received) -> bool:
    """Whether the last thing that the model reads is a recitation."""
    last = json.dumps(said(request)[-1])
    return "<litany" in last and "</litany>" in last
