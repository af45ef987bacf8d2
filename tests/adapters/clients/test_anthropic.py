"""Anthropic's client, wrapped: its tool runner, its streams, and the cache marks that litany places."""

import json
from collections.abc import Iterator
from importlib import import_module
from importlib.util import find_spec
from itertools import pairwise
from typing import Any

import pytest

import litany
from litany import Policy
from litany.testing import Fault, Provider
from litany.testing.marks import lookback
from tests.adapters.clients.hosts import Host, made, said
from tests.histories import GOAL, SMALL, returns, steps, user, uses

pytestmark = pytest.mark.skipif(find_spec("anthropic") is None, reason="needs anthropic")

Native = dict[str, Any]
ANTHROPIC = Host("anthropic", "anthropic", "anthropic", said, "Anthropic")
LONG: list[Native] = [user(GOAL), *steps(60, dialect="anthropic")]
TOOLS: list[Native] = [{"name": "look", "input_schema": {"type": "object"}}]
ROOMY = Policy(window=200_000, recite="every")


@pytest.fixture
def provider() -> Iterator[Provider]:
    with Provider() as running:
        yield running


def bare(provider: Provider) -> Any:
    return made(ANTHROPIC, provider.url)[0]


def create(client: Any, messages: Any, **given: Any) -> Any:
    return client.messages.create(model="fake", max_tokens=100, messages=messages, **given)


def marks(value: Any) -> int:
    return json.dumps(value).count('"cache_control"')


def test_a_wrapped_client_is_the_client_that_it_was(provider: Provider) -> None:
    anthropic = import_module("anthropic")
    with bare(provider) as client:
        wrapped = litany.wrap(client, policy=SMALL)
        counted = wrapped.messages.count_tokens(model="fake", messages=LONG)
        create(wrapped.with_options(timeout=90), LONG)

        assert isinstance(wrapped, anthropic.Anthropic)
        assert counted.input_tokens > 8_000
        assert provider.requests[0].body["messages"] == LONG
        assert len(provider.requests[1].body["messages"]) < 30


def test_a_short_request_without_tools_goes_over_the_wire_byte_for_byte(provider: Provider) -> None:
    with bare(provider) as client:
        for system in ({}, {"system": "You mend pumps."}, {"system": [{"type": "text", "text": "You mend pumps."}]}):
            create(client, LONG[:1], **system)
            create(litany.wrap(client), LONG[:1], **system)

        raws = [request.raw for request in provider.requests]
    assert raws[0::2] == raws[1::2]


def test_what_litany_does_not_change_is_the_same_on_the_wire() -> None:
    replies: list[Any] = [uses("c1", {"type": "text", "text": "I look."}, at="sea"), *["ok"] * 8]
    with Provider(replies) as provider, bare(provider) as client:
        message = create(client, LONG[:1], tools=TOOLS)
        record = [LONG[0], {"role": "assistant", "content": message.content}, returns("c1", "wäves 🌊")]
        for messages in (LONG, record):
            for one in (client, litany.wrap(client, cache=False, policy=Policy(recite="off"))):
                create(one, messages, tools=TOOLS, system="You mend pumps.")
                list(create(one, messages, tools=TOOLS, stream=True))

        raws = [request.raw for request in provider.requests[1:]]
    assert [raws[0], raws[1], raws[4], raws[5]] == [raws[2], raws[3], raws[6], raws[7]]


def test_the_tool_runner_sends_views() -> None:
    replies = [uses(f"c{number}", place=number) for number in range(1, 31)]
    with Provider([*replies, "done"]) as provider, bare(provider) as client:
        anthropic = import_module("anthropic")
        wrapped = litany.wrap(client, goal="Mend the parser.", policy=Policy(window=3_000, recite=("turns", 3)))

        @anthropic.beta_tool  # type: ignore[untyped-decorator]  # imported late
        def look(place: int) -> str:
            """Looks at a place."""
            return f"place {place}: " + "the tide comes in and goes out. " * 30

        runner = wrapped.beta.messages.tool_runner(
            model="fake", max_tokens=100, tools=[look], messages=[user("Look at all places.")]
        )
        last = runner.until_done()

    assert last.content[0].text == "done"
    assert len(provider.requests) == 31
    assert [request.violations for request in provider.requests] == [()] * 31
    assert all("Mend the parser." in request.raw.decode() for request in provider.requests)
    assert max(len(request.raw) for request in provider.requests) < 16_000


@pytest.mark.parametrize("streams", [False, True])
def test_a_request_that_was_too_long_is_sent_once_more_and_smaller(streams: bool) -> None:
    with Provider(faults=[Fault(overflow_after=1)]) as provider, bare(provider) as client:
        wrapped = litany.wrap(client, policy=SMALL)
        if streams:
            with wrapped.messages.stream(model="fake", max_tokens=100, messages=LONG[:9]) as stream:
                events = [event.type for event in stream]
                answer = stream.get_final_message()
            assert events.count("message_start") == 1
        else:
            answer = create(wrapped, LONG[:9])
        first, second = provider.requests

    assert answer.content[0].text == "ok"
    assert len(second.raw) < len(first.raw)
    assert GOAL in second.raw.decode()


def test_an_answer_that_stopped_because_the_window_was_full_is_asked_for_once_more() -> None:
    full = Fault(stop="model_context_window_exceeded")
    with Provider(faults=[full]) as provider, bare(provider) as client:
        assert create(litany.wrap(client, policy=SMALL), LONG[:9]).stop_reason == "end_turn"
        assert len(provider.requests) == 2
    with Provider(faults=[full]) as provider, bare(provider) as client:
        assert create(litany.wrap(client), [user("hi")]).stop_reason == "model_context_window_exceeded"
        assert len(provider.requests) == 1


def test_what_is_reported_corrects_the_counting_in_streams_too() -> None:
    with Provider(bias=2.0) as provider, bare(provider) as client:
        wrapped = litany.wrap(client, policy=SMALL)
        with litany.conversation("plain"):
            create(wrapped, LONG[:9])
        with litany.conversation("stream"):
            list(create(wrapped, LONG[:9], stream=True))
        drifts = [wrapped.litany.store.load(key)[1].drift for key in ("plain", "stream")]

    assert drifts[0] == drifts[1] > 1.5


def test_marks_stand_where_the_next_request_finds_them(provider: Provider) -> None:
    with bare(provider) as client:
        wrapped = litany.wrap(client, policy=ROOMY)
        usages = [create(wrapped, LONG[:end], tools=TOOLS, system="You mend.").usage for end in range(1, 41, 2)]
        bodies = [request.body for request in provider.requests]

    assert all(1 <= marks(body) <= 4 for body in bodies)
    assert [list(lookback(before, body)) for before, body in pairwise(bodies)] == [[]] * 19
    assert all(marks(body["messages"][-1]) == 0 for body in bodies)
    for before, usage in pairwise(usages):
        assert usage.cache_read_input_tokens == before.cache_read_input_tokens + before.cache_creation_input_tokens
    read = sum(usage.cache_read_input_tokens for usage in usages)
    fresh = sum(usage.input_tokens for usage in usages)
    assert read > 20 * fresh


def test_the_host_that_places_marks_keeps_its_own(provider: Provider) -> None:
    marked = {"type": "text", "text": "You mend pumps.", "cache_control": {"type": "ephemeral"}}
    block = {**LONG[2]["content"][0], "cache_control": {"type": "ephemeral"}}
    with bare(provider) as client:
        wrapped = litany.wrap(client)
        create(wrapped, LONG[:3], tools=TOOLS, system=[marked])
        create(wrapped, [*LONG[:2], {"role": "user", "content": [block]}], tools=TOOLS)
        create(wrapped, LONG[:3], tools=[{**TOOLS[0], "cache_control": {"type": "ephemeral"}}])
        create(wrapped, LONG[:3], tools=TOOLS, cache_control={"type": "ephemeral"})
        create(litany.wrap(client, cache=False), LONG[:3], tools=TOOLS)

        assert [marks(request.body) for request in provider.requests] == [1, 1, 1, 1, 0]


def test_a_cut_keeps_the_cache_of_head_and_tools(provider: Provider) -> None:
    with bare(provider) as client:
        wrapped = litany.wrap(client, goal="Mend the parser. " * 60, policy=SMALL)
        usages = [create(wrapped, LONG[:end], tools=TOOLS, system="You mend.").usage for end in range(1, 121, 2)]

    assert min(usage.cache_read_input_tokens for usage in usages[1:]) > 180
