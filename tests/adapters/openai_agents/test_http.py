"""Agents over HTTP: models of Responses and of chat completions before a provider that judges each request."""

import asyncio
import json
from typing import Any

import pytest

pytest.importorskip("agents", reason="needs the OpenAI Agents SDK: make test-adapters HOSTS=openai-agents")

from agents import SQLiteSession
from openai import OpenAI

from litany import Policy
from litany.adapters.openai_agents import LitanyFilter, LitanyModel, LitanyProvider
from litany.testing import Fault, Provider, Received
from tests.adapters.openai_agents.agents import MARKS, MODELS, WAYS, agent, modelled, provided, ran, recitals
from tests.adapters.watched import GOAL, MARK, RULES, called, checked, texts, watching

pytestmark = MARKS
EVERY = pytest.mark.parametrize("name", MODELS)
EACH = pytest.mark.parametrize("way", WAYS)
KINDS = ("user", *("function_call", "function_call_output") * 30, "message")


@EVERY
@EACH
@pytest.mark.parametrize("by", ["model", "provider", "filter"])
def test_every_request_is_accepted_holds_the_goal_and_ends_with_a_due_recitation(name: str, way: str, by: str) -> None:
    lines: list[dict[str, Any]] = []
    given: Any = {"goal": GOAL, "constraints": RULES, "policy": Policy(window=5_000), "trace": lines.append}
    with Provider(watching(30)) as provider:
        if by == "model":
            litany = LitanyModel(modelled(name, provider), **given)
            result = ran(agent(litany, *litany.tools), way, "go")
        elif by == "provider":
            serves = LitanyProvider(**given, provider=provided(name, provider))
            result = ran(agent(None, *serves.tools), way, "go", config={"model_provider": serves})
        else:
            sends = LitanyFilter(**given)
            result = ran(agent(modelled(name, provider)), way, "go", config={"call_model_input_filter": sends})

        checked(provider.requests, lines)
    assert sum(line["compacted"] is not None for line in lines) >= 3
    assert sum(line["due"] for line in lines) >= 6
    items = result.to_input_list()
    assert recitals(items) == 0
    assert tuple(item.get("role") if "type" not in item else item["type"] for item in items) == KINDS


@EVERY
@EACH
def test_an_overflow_is_retried_once_smaller_and_recites_last(name: str, way: str) -> None:
    with Provider(watching(12), window=5_000) as provider:
        litany = LitanyModel(modelled(name, provider), GOAL, RULES, Policy(window=60_000))
        result = ran(agent(litany, *litany.tools), way, "go")
        requests = provider.requests

    sizes = [len(json.dumps(request.body)) for request in requests]
    retried = [place for place in range(1, len(sizes)) if sizes[place] < sizes[place - 1]]
    assert retried
    assert all(request.violations == () for request in requests)
    for place in retried:
        assert sizes[place] < 0.8 * sizes[place - 1]
        assert MARK in texts(requests[place])[-1]
        assert all(any(text in part for part in texts(requests[place])) for text in (GOAL, *RULES))
    assert result.final_output == "It is still."
    assert recitals(result.to_input_list()) == 0


@EVERY
def test_an_overflow_within_a_stream_is_retried_and_the_stream_goes_on(name: str) -> None:
    faults = [None] * 8 + [Fault(overflow_after=1)]
    with Provider(watching(10), faults=faults) as provider:
        result = ran(agent(LitanyModel(modelled(name, provider), GOAL, RULES)), "stream", "go")

    assert len(provider.requests) == 11
    assert len(provider.requests[9].raw) < len(provider.requests[8].raw)
    assert result.final_output == "It is still."


@EVERY
@EACH
def test_a_session_holds_what_was_said_and_no_recitation(name: str, way: str) -> None:
    lines: list[dict[str, Any]] = []
    session = SQLiteSession("sea")
    with Provider(watching(20)) as provider:
        for word in ("go", "and now?"):
            litany = litany_over(name, provider, lines)
            ran(agent(litany), way, word, session=session)

        checked(provider.requests, lines)
    items = asyncio.run(session.get_items())
    session.close()
    assert recitals(items) == 0
    assert [item["content"] for item in items if item.get("role") == "user"] == ["go", "and now?"]


def litany_over(name: str, provider: Provider, lines: list[dict[str, Any]]) -> LitanyModel:
    return LitanyModel(modelled(name, provider), GOAL, RULES, Policy(window=5_000), trace=lines.append)


@EACH
@pytest.mark.parametrize("named", [False, True])
def test_where_the_provider_holds_what_was_said_a_recitation_is_appended_and_rarely(way: str, named: bool) -> None:
    with Provider(watching(30)) as provider:
        held = {"conversation_id": begun(provider)} if named else {"auto_previous_response_id": True}
        litany = LitanyModel(modelled("responses", provider), GOAL, RULES, Policy(window=5_000))
        result = ran(agent(litany), way, "go", **held)
        requests = [request for request in provider.requests if request.path == "/v1/responses"]

    assert len(requests) == 31
    assert all(request.violations == () for request in requests)
    assert all(len(request.body["input"]) <= 2 for request in requests[1:])
    due = [MARK in texts(request)[-1] for request in requests]
    assert 2 <= sum(due) <= 20
    assert sum(MARK in "".join(texts(request)[:-1]) for request in requests) == 0
    assert recitals(result.to_input_list()) == 0


def begun(provider: Provider) -> str:
    """The name of a conversation that the provider holds."""
    with OpenAI(base_url=f"{provider.url}/v1", api_key="key", max_retries=0) as client:
        return client.conversations.create().id


@EACH
@pytest.mark.parametrize("named", [False, True])
def test_where_the_provider_holds_what_was_said_litanys_own_tools_are_served(way: str, named: bool) -> None:
    todos = {"operations": [{"op": "add", "content": "mend the net"}]}
    looks, asked = watching(30), list[Received]()

    def plans(received: Received) -> Any:
        asked.append(received)
        return called(received, ("update_todos", "t1", todos)) if len(asked) == 1 else looks(received)

    with Provider(plans) as provider:
        held = {"conversation_id": begun(provider)} if named else {"auto_previous_response_id": True}
        litany = LitanyModel(modelled("responses", provider), GOAL, RULES, Policy(window=5_000))
        ran(agent(litany, *litany.tools), way, "go", **held)
        requests = [request for request in provider.requests if request.path == "/v1/responses"]

    assert all(request.violations == () for request in requests)
    recited = [texts(request)[-1] for request in requests if MARK in texts(request)[-1]]
    assert recited
    assert all("mend the net" in recital for recital in recited)
