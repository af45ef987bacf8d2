"""Agents over HTTP: OpenAI's and Anthropic's models of Pydantic AI before a provider that judges each request."""

import json
from typing import Any

import pytest

pytest.importorskip("pydantic_ai", reason="needs Pydantic AI: make test-adapters HOSTS=pydantic-ai")

from pydantic_ai import Agent

from litany import Policy
from litany.adapters.pydantic_ai import LitanyCapability
from litany.testing import Fault, Provider
from tests.adapters.pydantic_ai.agents import MARKS, MODELS, modelled, ran, recitals
from tests.adapters.watched import GOAL, MARK, RULES, checked, look, texts, watching

pytestmark = MARKS
EVERY = pytest.mark.parametrize("name", MODELS)
WAYS = pytest.mark.parametrize("way", ["sync", "async", "stream", "events"])


def agent(model: Any, litany: LitanyCapability, *tools: Any, **fields: Any) -> Any:
    return Agent(model, tools=[look, *tools], capabilities=[litany], system_prompt="You watch.", **fields)


@EVERY
@WAYS
def test_every_request_is_accepted_holds_the_goal_and_ends_with_a_due_recitation(name: str, way: str) -> None:
    lines: list[dict[str, Any]] = []
    with Provider(watching(30)) as provider:
        litany = LitanyCapability(GOAL, RULES, Policy(window=5_000), trace=lines.append)
        result = ran(agent(modelled(name, provider), litany), way, "go")

        checked(provider.requests, lines)
    assert sum(line["compacted"] is not None for line in lines) >= 3
    assert sum(line["due"] for line in lines) >= 6
    assert recitals(result.all_messages()) == 0
    assert [message.kind for message in result.all_messages()] == ["request", *["response", "request"] * 30, "response"]


@EVERY
@WAYS
def test_an_overflow_is_retried_once_smaller_and_recites_last(name: str, way: str) -> None:
    with Provider(watching(12), window=5_000) as provider:
        litany = LitanyCapability(GOAL, RULES, Policy(window=60_000))
        result = ran(agent(modelled(name, provider), litany), way, "go")
        requests = provider.requests

    sizes = [len(json.dumps(request.body)) for request in requests]
    retried = [place for place in range(1, len(sizes)) if sizes[place] < sizes[place - 1]]
    assert retried
    assert all(request.violations == () for request in requests)
    for place in retried:
        assert sizes[place] < 0.8 * sizes[place - 1]
        assert MARK in texts(requests[place])[-1]
        assert all(any(text in part for part in texts(requests[place])) for text in (GOAL, *RULES))
    assert result.all_messages()[-1].text == "It is still."
    assert recitals(result.all_messages()) == 0


@EVERY
@pytest.mark.parametrize("way", ["stream", "events"])
def test_an_overflow_within_a_stream_is_retried_and_the_stream_goes_on(name: str, way: str) -> None:
    faults = [None] * 8 + [Fault(overflow_after=1)]
    with Provider(watching(10), faults=faults) as provider:
        result = ran(agent(modelled(name, provider), LitanyCapability(GOAL, RULES)), way, "go")

    assert len(provider.requests) == 11
    assert len(provider.requests[9].raw) < len(provider.requests[8].raw)
    assert result.all_messages()[-1].text == "It is still."


@WAYS
def test_where_the_provider_holds_what_was_said_a_recitation_is_appended_and_rarely(way: str) -> None:
    lines: list[dict[str, Any]] = []
    held = {"openai_previous_response_id": "auto"}
    with Provider(watching(30)) as provider:
        litany = LitanyCapability(GOAL, RULES, Policy(window=5_000), trace=lines.append)
        result = ran(agent(modelled("responses", provider), litany), way, "go", model_settings=held)
        requests = provider.requests

    assert all(request.violations == () for request in requests)
    assert all("previous_response_id" in request.body for request in requests[1:])
    assert all(len(request.body["input"]) <= 2 for request in requests[1:])
    due = [MARK in texts(request)[-1] for request in requests]
    assert due == [bool(line["recital"]) for line in lines]
    assert 2 <= sum(due) <= 20
    assert sum(MARK in "".join(texts(request)[:-1]) for request in requests) == 0
    assert recitals(result.all_messages()) == 0
