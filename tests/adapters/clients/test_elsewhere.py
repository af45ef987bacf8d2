"""Where the provider holds what was said: nothing is taken out, a recitation is appended rarely, and stays."""

import asyncio
import json
from collections.abc import Iterator
from contextlib import nullcontext
from importlib.util import find_spec
from typing import Any

import pytest

import litany
from litany import MemoryStore, Policy
from litany.testing import Fault, Provider, Received
from tests.adapters.clients.hosts import Host, made, responded, responded_async

pytestmark = pytest.mark.skipif(find_spec("openai") is None, reason="needs openai")

Native = dict[str, Any]
OPENAI = Host("responses", "openai", "responses", responded, "OpenAI")
ASYNC = Host("responses async", "openai", "responses", responded_async, "AsyncOpenAI", awaits=True)
GOAL = "Look at every page, and write down what is odd."
RULE = "Never write to the sea."
LONG = "the tide comes in and the tide goes out again; " * 20
WINDOW = Policy(window=8_000)
TURNS = 40


def calling(received: Received) -> Native:
    """The agent looks at the next page, each time."""
    number = received.number
    function = {"name": "look", "arguments": json.dumps({"page": number})}
    return {
        "role": "assistant",
        "content": None,
        "tool_calls": [{"id": f"c{number}", "type": "function", "function": function}],
    }


@pytest.fixture
def provider() -> Iterator[Provider]:
    with Provider(calling) as running:
        yield running


def bare(provider: Provider) -> Any:
    return made(OPENAI, provider.url)[0]


def answers(response: Any) -> list[Native]:
    """The outputs of the calls in a response."""
    calls = [item for item in response.output if item.type == "function_call"]
    return [
        {"type": "function_call_output", "call_id": call.call_id, "output": f"{call.call_id}: {LONG}"} for call in calls
    ]


def looped(client: Any, turns: int = TURNS, stream: bool = False, **named: Any) -> None:
    """An agent's loop that sends only what is new."""
    sent: Any = GOAL
    for _ in range(turns):
        if stream:
            with client.responses.stream(model="fake", input=sent, **named) as events:
                response = events.get_final_response()
        else:
            response = client.responses.create(model="fake", input=sent, **named)
        sent = answers(response)
        if "conversation" not in named:
            named = {"previous_response_id": response.id}


def recitals(provider: Provider) -> list[int]:
    """The requests that carry a recitation."""
    return [request.number for request in provider.requests if request.raw.count(b"<litany mark=")]


@pytest.mark.parametrize("stream", [False, True])
def test_only_a_due_recitation_is_appended_and_rarely(provider: Provider, stream: bool) -> None:
    with bare(provider) as client:
        looped(litany.wrap(client, policy=WINDOW), stream=stream)

    assert all(request.violations == () for request in provider.requests)
    assert len(provider.requests) == TURNS
    assert 4 <= len(recitals(provider)) <= TURNS // 3
    for request in provider.requests[1:]:
        new = request.body["input"]
        assert new[0]["output"].endswith(LONG)
        assert len(new) == 1 + (request.number in recitals(provider))
    for number in recitals(provider):
        assert GOAL in provider.requests[number].body["input"][-1]["content"]


def test_what_carries_no_recitation_goes_over_the_wire_byte_for_byte() -> None:
    raws = []
    for wrap in (False, True):
        with Provider(calling) as provider, bare(provider) as client:
            looped(litany.wrap(client, policy=Policy(recite="off")) if wrap else client, 8)
        raws.append([request.raw for request in provider.requests])

    assert raws[0] == raws[1]


def test_constraints_stand_in_the_first_request_and_are_recited(provider: Provider) -> None:
    with bare(provider) as client:
        looped(litany.wrap(client, constraints=["Never write to the sea."], policy=WINDOW))

    assert "Never write to the sea." in provider.requests[0].raw.decode()
    assert all("Never write to the sea." in provider.requests[number].raw.decode() for number in recitals(provider))
    assert len(recitals(provider)) >= 4


def test_a_conversation_of_the_provider_is_recited_to_as_well(provider: Provider) -> None:
    store = MemoryStore()
    with bare(provider) as client:
        held = client.conversations.create()
        looped(litany.wrap(client, policy=WINDOW, store=store), conversation=held.id)

    assert all(request.violations == () for request in provider.requests)
    assert 4 <= len(recitals(provider)) <= TURNS // 3
    assert store.load(held.id) is not None


def stated(provider: Provider) -> list[int]:
    """How often each request says the rule."""
    return [json.dumps(request.body["input"]).count(RULE) for request in provider.requests if "input" in request.body]


def test_what_goes_on_from_an_answer_that_was_not_seen_goes_on_untouched_where_nothing_was_given(
    provider: Provider,
) -> None:
    with bare(provider) as client:
        first = client.responses.create(model="fake", input=GOAL)
        given = {"model": "fake", "input": answers(first), "previous_response_id": first.id}
        client.responses.create(**given)
        litany.wrap(client, policy=WINDOW).responses.create(**given)

    assert provider.requests[1].raw == provider.requests[2].raw


@pytest.mark.parametrize("held", ["conversation", "answer"])
def test_where_litany_did_not_see_the_beginning_goal_and_rules_are_said_with_its_first_request(
    provider: Provider, held: str
) -> None:
    with bare(provider) as client:
        named = {"conversation": client.conversations.create().id} if held == "conversation" else {}
        first = client.responses.create(model="fake", input="Go.", **named)
        named = named or {"previous_response_id": first.id}
        wrapped = litany.wrap(client, "Map the shore.", constraints=[RULE], policy=Policy(window=128_000))
        sent = answers(first)
        for _ in range(8):
            response = wrapped.responses.create(model="fake", input=sent, **named)
            sent = answers(response)
            named = named if held == "conversation" else {"previous_response_id": response.id}

    assert stated(provider) == [0, 1, *[0] * 7]
    new = [request.body["input"] for request in provider.requests if "input" in request.body][1]
    assert [item.get("role") for item in new] == [None, "user"]
    assert "Map the shore." in new[1]["content"]
    assert not any(request.violations for request in provider.requests)


def test_goal_and_rules_stand_before_what_the_user_says() -> None:
    with Provider() as provider, bare(provider) as client:
        held = client.conversations.create()
        wrapped = litany.wrap(client, constraints=[RULE])
        for _ in range(2):
            wrapped.responses.create(model="fake", input="Go.", conversation=held.id)

        first, second = (request.body["input"] for request in provider.requests if "input" in request.body)
    assert [item["content"] == "Go." for item in first] == [False, True]
    assert RULE in first[0]["content"]
    assert second == "Go."


def test_a_request_that_failed_says_goal_and_rules_again() -> None:
    import openai

    with Provider(faults=[None, Fault(status=500)]) as provider, bare(provider) as client:
        first = client.responses.create(model="fake", input="Go.")
        wrapped = litany.wrap(client, constraints=[RULE])
        with pytest.raises(openai.InternalServerError):
            wrapped.responses.create(model="fake", input="On.", previous_response_id=first.id)
        for _ in range(2):
            first = wrapped.responses.create(model="fake", input="On.", previous_response_id=first.id)

        assert stated(provider) == [0, 1, 1, 0]


@pytest.mark.parametrize("lasts", [True, False])
def test_two_branches_of_one_answer_each_say_them(lasts: bool) -> None:
    store = MemoryStore() if lasts else None
    with Provider() as provider, bare(provider) as client:
        first = client.responses.create(model="fake", input="Go.")
        wrapped = litany.wrap(client, constraints=[RULE], store=store)
        for text in ("East.", "West."):
            before = first.id
            for _ in range(3):
                before = wrapped.responses.create(model="fake", input=text, previous_response_id=before).id

        assert stated(provider) == [0, 1, 0, 0, 1, 0, 0]


@pytest.mark.parametrize("held", ["conversation", "answer"])
def test_processes_over_one_store_that_take_turns_say_them_once(provider: Provider, held: str) -> None:
    store = MemoryStore()
    with bare(provider) as client:
        named = {"conversation": client.conversations.create().id} if held == "conversation" else {}
        first = client.responses.create(model="fake", input="Go.", **named)
        doors = [litany.wrap(client, constraints=[RULE], policy=Policy(), store=store) for _ in range(3)]
        for turn in range(9):
            before = named or {"previous_response_id": first.id}
            first = doors[turn % 3].responses.create(model="fake", input=answers(first), **before)

    assert stated(provider) == [0, 1, *[0] * 8]


def test_an_overflow_there_is_the_providers_own_and_nothing_is_sent_again() -> None:
    import openai

    with Provider(calling, faults=[None, Fault(overflow_after=1)]) as provider, bare(provider) as client:
        wrapped = litany.wrap(client, policy=WINDOW)
        with pytest.raises(openai.BadRequestError, match="context"):
            looped(wrapped)

        assert len(provider.requests) == 2


def test_in_shadow_nothing_is_appended(provider: Provider) -> None:
    with bare(provider) as client:
        looped(litany.wrap(client, policy=Policy(window=8_000, shadow=True)))

    assert recitals(provider) == []


def test_awaited_clients_recite_there_too() -> None:
    async def loop(url: str) -> None:
        client, close = made(ASYNC, url)
        wrapped = litany.wrap(client, policy=WINDOW)
        sent: Any = GOAL
        named: Native = {}
        for _ in range(TURNS):
            response = await wrapped.responses.create(model="fake", input=sent, **named)
            sent, named = answers(response), {"previous_response_id": response.id}
        await close()

    with Provider(calling) as provider:
        asyncio.run(loop(provider.url))
        assert all(request.violations == () for request in provider.requests)
        assert 4 <= len(recitals(provider)) <= TURNS // 3


@pytest.mark.parametrize("within", [False, True])
def test_under_a_name_a_process_that_begins_anew_goes_on_reciting(provider: Provider, within: bool) -> None:
    store, sent = MemoryStore(), [{"role": "user", "content": "Go."}]
    before: dict[str, str] = {}
    with bare(provider) as client, litany.conversation("task-7") if within else nullcontext():
        for turn in range(2 * TURNS):
            if turn % TURNS == 0:
                wrapped = litany.wrap(client, GOAL, policy=WINDOW, store=store, key=None if within else "task-7")
            response = wrapped.responses.create(model="fake", input=sent, **before)
            sent, before = answers(response), {"previous_response_id": response.id}

    recited = [GOAL in json.dumps(request.body["input"]) for request in provider.requests]
    half = recited[TURNS:]
    assert 2 <= sum(half) <= TURNS // 4
    assert any(half[TURNS // 2 :])
    assert not any(request.violations for request in provider.requests)
