"""Agents over HTTP: LangChain's OpenAI and Anthropic packages before a provider that judges each request."""

import json
from importlib import import_module
from typing import Any

import pytest

pytest.importorskip("langchain_core", reason="needs langchain: make test-adapters HOSTS=langchain")
pytest.importorskip("langchain", reason="needs langchain: make test-adapters HOSTS=langchain")

from langchain.agents import create_agent
from langchain.agents.middleware import TodoListMiddleware
from langchain_core.messages import AIMessageChunk, HumanMessage
from langgraph.checkpoint.memory import InMemorySaver

from litany import Policy
from litany.adapters.langchain import LitanyMiddleware
from litany.testing import Fault, Provider, Received
from tests.adapters.langchain.agents import (
    GOAL,
    LONG,
    MARK,
    MARKS,
    RULES,
    called,
    look,
    models,
    recitals,
    texts,
    thread,
    watching,
)
from tests.laws.writing import PNG

pytestmark = MARKS
BOTH = pytest.mark.parametrize("name", ["openai", "anthropic"])
BEGIN = {"messages": [HumanMessage("go")]}


def checked(requests: list[Received], lines: list[dict[str, Any]]) -> None:
    """What holds of every request: it was accepted, holds goal and constraints, and ends with a due recitation."""
    assert len(requests) == len(lines)
    for request, line in zip(requests, lines, strict=True):
        told = texts(request)
        assert request.violations == ()
        assert all(any(text in part for part in told) for text in (GOAL, *RULES))
        assert (told[-1].startswith(MARK) or MARK in told[-1]) == line["due"]
        assert line["due"] or not line["compacted"]


@BOTH
def test_every_request_is_accepted_holds_the_goal_and_ends_with_a_due_recitation(name: str) -> None:
    lines: list[dict[str, Any]] = []
    with Provider(watching(45)) as provider:
        litany = LitanyMiddleware(GOAL, RULES, Policy(window=5_000), trace=lines.append)
        agent = create_agent(models(provider)[name], [look], middleware=[litany], system_prompt="You watch.")
        state = agent.invoke(BEGIN)

        checked(provider.requests, lines)
    assert sum(line["compacted"] is not None for line in lines) >= 4
    assert recitals(state["messages"]) == 0
    assert len(state["messages"]) == 2 + 2 * 45


@BOTH
def test_an_overflow_is_retried_once_smaller_and_recites_last(name: str) -> None:
    with Provider(watching(12), window=5_000) as provider:
        litany = LitanyMiddleware(GOAL, RULES, Policy(window=60_000))
        agent = create_agent(models(provider)[name], [look], middleware=[litany], system_prompt="You watch.")
        state = agent.invoke(BEGIN)
        requests = provider.requests

    sizes = [len(json.dumps(request.body)) for request in requests]
    retried = [place for place in range(1, len(sizes)) if sizes[place] < sizes[place - 1]]
    assert retried
    assert all(request.violations == () for request in requests)
    for place in retried:
        assert sizes[place] < 0.8 * sizes[place - 1]
        assert MARK in texts(requests[place])[-1]
        assert all(any(text in part for part in texts(requests[place])) for text in (GOAL, *RULES))
    assert state["messages"][-1].text == "It is still."
    assert recitals(state["messages"]) == 0


@BOTH
def test_an_overflow_within_a_stream_is_retried_and_the_stream_goes_on(name: str) -> None:
    faults = [None] * 8 + [Fault(overflow_after=1)]
    with Provider(watching(10), faults=faults) as provider:
        agent = create_agent(models(provider)[name], [look], middleware=[LitanyMiddleware(GOAL, RULES)])
        stream = agent.stream(BEGIN, stream_mode="messages")
        chunks = [chunk for chunk, _ in stream if isinstance(chunk, AIMessageChunk)]

    assert len(provider.requests) == 11
    assert len(provider.requests[9].raw) < len(provider.requests[8].raw)
    assert "".join(str(chunk.text) for chunk in chunks).endswith("It is still.")


def test_thinking_that_is_bound_to_its_prefix_is_never_rejected() -> None:
    lines: list[dict[str, Any]] = []
    made = 0

    def reply(received: Received) -> Any:
        nonlocal made
        made += 1
        thought = {"type": "thinking", "thinking": f"hm {made}"}
        if made > 40:
            return {"role": "assistant", "content": [thought, {"type": "text", "text": "It is still."}]}
        use = {"type": "tool_use", "id": f"c{made}", "name": "look", "input": {"at": made}}
        return {"role": "assistant", "content": [thought, use]}

    with Provider(reply) as provider:
        model = models(provider)["anthropic"].model_copy(
            update={"thinking": {"type": "enabled", "budget_tokens": 1_024}, "max_tokens": 4_096}
        )
        litany = LitanyMiddleware(GOAL, RULES, Policy(window=6_000), trace=lines.append)
        agent = create_agent(model, [look], middleware=[litany], system_prompt="You watch.")
        state = agent.invoke(BEGIN)
        requests = provider.requests

    checked(requests, lines)
    assert sum(line["compacted"] is not None for line in lines) >= 3
    assert any("thinking" in str(request.body["messages"]) for request in requests)
    assert recitals(state["messages"]) == 0


def test_claudes_cache_marks_are_the_hosts_and_what_stands_before_them_stays() -> None:
    caching = import_module("langchain_anthropic.middleware").AnthropicPromptCachingMiddleware()
    lines: list[dict[str, Any]] = []
    with Provider(watching(30)) as provider:
        middleware = [caching, LitanyMiddleware(GOAL, RULES, trace=lines.append)]
        agent = create_agent(models(provider)["anthropic"], [look], middleware=middleware, system_prompt="You watch.")
        state = agent.invoke(BEGIN)
        requests = provider.requests

    checked(requests, lines)
    cached = [message.usage_metadata["input_token_details"]["cache_read"] for message in state["messages"][1::2]]
    sent = [message.usage_metadata["input_tokens"] for message in state["messages"][1::2]]
    assert sum(cached) > 0.8 * sum(sent)


@BOTH
def test_the_todos_of_the_hosts_own_tool_are_recited(name: str) -> None:
    todos = [{"content": "mend the net", "status": "in_progress"}]
    looks = watching(14)

    def reply(received: Received) -> Any:
        return called(received, "write_todos", "w1", {"todos": todos}) if received.number == 0 else looks(received)

    with Provider(reply) as provider:
        middleware = [TodoListMiddleware(), LitanyMiddleware(GOAL)]
        create_agent(models(provider)[name], [look], middleware=middleware).invoke(BEGIN)
        recited = [texts(request)[-1] for request in provider.requests if MARK in texts(request)[-1]]

    assert recited
    assert all("- [in progress] mend the net" in text for text in recited)


@BOTH
def test_a_thread_goes_on_from_its_checkpoint_with_the_prefix_that_it_had(name: str) -> None:
    saver = InMemorySaver()
    with Provider(watching(20)) as provider:
        for _ in range(2):  # another object each time, as another process would have it
            litany = LitanyMiddleware(GOAL, RULES, Policy(window=6_000))
            agent = create_agent(models(provider)[name], [look], middleware=[litany], checkpointer=saver)
            state = agent.invoke({"messages": [HumanMessage("go on")]}, thread("t1"))
        first, second = provider.requests[20].body["messages"], provider.requests[21].body["messages"]

    assert json.dumps(second).startswith(json.dumps(first[:-1])[:-1])
    assert all(request.violations == () for request in provider.requests)
    assert recitals(state["messages"]) == 0


def test_a_picture_in_a_result_goes_through() -> None:
    def picture(at: int) -> list[dict[str, Any]]:
        """Takes a picture."""
        image = {"type": "image", "base64": PNG, "mime_type": "image/png"}
        return [{"type": "text", "text": f"wave {at}: {LONG}"}, image]

    with Provider(watching(14, "picture")) as provider:
        litany = LitanyMiddleware(GOAL, RULES, Policy(window=9_000))
        create_agent(models(provider)["anthropic"], [picture], middleware=[litany]).invoke(BEGIN)

        assert [request.violations for request in provider.requests] == [()] * 15
