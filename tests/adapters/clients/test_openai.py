"""OpenAI's client, wrapped: what it sends, what it passes through, what it hears."""

import asyncio
import json
from collections.abc import Iterator
from functools import wraps
from importlib import import_module
from importlib.util import find_spec
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import litany
from litany import Policy, PolicyError
from litany.testing import Fault, Provider
from tests.adapters.clients.hosts import Host, chat, chat_async, chat_parsed, chat_streamed, made
from tests.adapters.clients.walk import fields, sendable
from tests.histories import GOAL, SMALL, calls, result, steps, user
from tests.laws.strategies import cases

pytestmark = pytest.mark.skipif(find_spec("openai") is None, reason="needs openai")

Native = dict[str, Any]
OPENAI = Host("openai", "openai", "openai", chat, "OpenAI")
ASYNC = Host("openai async", "openai", "openai", chat_async, "AsyncOpenAI", awaits=True)
LONG: list[Native] = [user(GOAL), *steps(60)]
SHORT: list[Native] = LONG[:3]
CALLING = calls("c1", at="sea")
STREAM = {"stream": True, "stream_options": {"include_usage": True}}


@pytest.fixture
def provider() -> Iterator[Provider]:
    with Provider() as running:
        yield running


def bare(provider: Provider) -> Any:
    return made(OPENAI, provider.url)[0]


def create(client: Any, messages: Any, **given: Any) -> Any:
    return client.chat.completions.create(model="fake", messages=messages, **given)


def state(client: Any, key: str) -> Any:
    return client.litany.store.load(key)[1]


def test_a_wrapped_client_is_the_client_that_it_was(provider: Provider) -> None:
    openai = import_module("openai")
    with bare(provider) as client:
        wrapped = litany.wrap(client)

        assert isinstance(wrapped, openai.OpenAI)
        assert [model.id for model in wrapped.models.list()] == ["fake"]
        assert (wrapped.base_url, wrapped.api_key) == (client.base_url, client.api_key)
        assert wrapped.chat.completions is not client.chat.completions


def test_options_and_raw_responses_stay_wrapped(provider: Provider) -> None:
    with bare(provider) as client:
        wrapped = litany.wrap(client, policy=SMALL)
        create(wrapped.with_options(timeout=90), LONG)
        raw = wrapped.chat.completions.with_raw_response.create(model="fake", messages=LONG)
        with wrapped.chat.completions.with_streaming_response.create(model="fake", messages=LONG) as response:
            assert json.loads(response.read())["choices"][0]["message"]["content"] == "ok"

        assert raw.parse().choices[0].message.content == "ok"
        assert [len(request.body["messages"]) < 30 for request in provider.requests] == [True] * 3
        create(client, LONG)
        assert len(provider.requests[-1].body["messages"]) == len(LONG)


def test_a_short_history_goes_over_the_wire_byte_for_byte() -> None:
    with Provider([CALLING, *["ok"] * 30]) as provider, bare(provider) as client:
        wrapped = litany.wrap(client)
        message = create(client, SHORT[:1]).choices[0].message
        histories: list[Any] = [
            SHORT,
            tuple(SHORT),
            [*SHORT, message, result("c1", "waves")],
            [*SHORT, {"role": "assistant", "tool_calls": message.tool_calls}, result("c1", "wäves 🌊")],
            [{"role": "user", "content": ({"type": "text", "text": "parts"},)}],
        ]
        for messages in histories:
            for more in ({}, {"temperature": 0.5, "user": "me"}, {"extra_body": {"top_k": 3}, **STREAM}):
                create(client, messages, **more)
                create(wrapped, messages, **more)
                expected, sent = provider.requests[-2:]
                assert sent.raw == expected.raw


@settings(max_examples=6)
@given(data=st.data())
def test_what_litany_does_not_change_is_the_same_on_the_wire(data: st.DataObject) -> None:
    case = data.draw(cases(dialect="openai"))
    asked = fields(OPENAI, case, sendable(case.record))
    with Provider() as provider, bare(provider) as client:
        wrapped = litany.wrap(client, policy=Policy(shadow=True))
        for ask in (chat, chat_streamed, chat_parsed):
            for one in (client, wrapped):
                try:
                    ask(one, asked)
                except import_module("openai").BadRequestError:
                    assert provider.requests[-1].violations
        sent = [request.raw for request in provider.requests]

    assert sent[0::2] == sent[1::2]


def test_messages_that_are_generated_once_are_sent(provider: Provider) -> None:
    with bare(provider) as client:
        create(litany.wrap(client), (message for message in SHORT))

        assert provider.requests[-1].body["messages"] == SHORT


def test_who_traces_the_clients_own_method_sees_the_messages(provider: Provider) -> None:
    openai = import_module("openai")
    seen: list[Any] = []

    class Traced(openai.resources.chat.completions.Completions):  # type: ignore[misc, name-defined]  # imported late
        """What a tracer puts in the place of the client's own."""

    own = Traced.create

    @wraps(own)
    def create_traced(self: Any, **given: Any) -> Any:
        seen.append(given["messages"])
        return own(self, **given)

    from litany.adapters.openai_client import _handed

    assert _handed("messages", own, {"messages": SHORT})["messages"] == []
    assert _handed("messages", create_traced, {"messages": SHORT})["messages"] == SHORT


def test_what_is_reported_corrects_the_counting() -> None:
    with Provider(bias=2.0) as provider, bare(provider) as client:
        wrapped = litany.wrap(client, policy=SMALL)
        for key, more in (("plain", {}), ("stream", STREAM), ("quiet", {"stream": True})):
            with litany.conversation(key):
                answer = create(wrapped, SHORT, **more)
                assert key == "plain" or list(answer)
        with litany.conversation("raw"):
            wrapped.chat.completions.with_raw_response.create(model="fake", messages=SHORT)
        drifts = {key: state(wrapped, key).drift for key in ("plain", "stream", "quiet", "raw")}

    assert drifts["plain"] == drifts["stream"] == drifts["raw"] > 1.5
    assert drifts["quiet"] == 1.0


@pytest.mark.parametrize("streams", [False, True])
def test_a_request_that_was_too_long_is_sent_once_more_and_smaller(streams: bool) -> None:
    more = STREAM if streams else {}
    with Provider(faults=[Fault(overflow_after=1)]) as provider, bare(provider) as client:
        answer = create(litany.wrap(client, policy=SMALL), LONG[:9], **more)
        said = "".join(choice.delta.content or "" for chunk in answer for choice in chunk.choices) if streams else "ok"
        first, second = provider.requests

    assert said == "ok"
    assert len(second.raw) < len(first.raw)
    assert GOAL in json.dumps(second.body["messages"])
    assert {**first.body, "messages": 0} == {**second.body, "messages": 0}


@pytest.mark.parametrize("streams", [False, True])
def test_a_second_refusal_is_the_providers_own_error(streams: bool) -> None:
    openai = import_module("openai")
    faults = [Fault(overflow_after=1), Fault(overflow_after=1)]
    with Provider(faults=faults) as provider, bare(provider) as client:
        wrapped = litany.wrap(client, policy=SMALL)
        with pytest.raises(openai.APIError, match="maximum context length"):
            list(create(wrapped, LONG[:9], **(STREAM if streams else {})))

        assert len(provider.requests) == 2


def test_an_overflow_after_content_is_not_mended() -> None:
    openai = import_module("openai")
    with Provider(["one two three"], faults=[Fault(overflow_after=3)]) as provider, bare(provider) as client:
        stream = create(litany.wrap(client, policy=SMALL), LONG[:9], stream=True)
        heard: list[Any] = []
        with pytest.raises(openai.APIError, match="maximum context length"):
            heard.extend(str(chunk.choices[0].delta.content) for chunk in stream)

        assert "one" in "".join(heard)
        assert len(provider.requests) == 1


def test_what_cannot_be_made_smaller_raises_the_providers_own_error() -> None:
    openai = import_module("openai")
    with Provider(faults=[Fault(overflow_after=1)]) as provider, bare(provider) as client:
        with pytest.raises(openai.BadRequestError, match="maximum context length"):
            create(litany.wrap(client), [user("hi")])

        assert len(provider.requests) == 1


def test_other_errors_pass_and_nothing_is_sent_again() -> None:
    openai = import_module("openai")
    with Provider(faults=[Fault(status=429), Fault(status=400)]) as provider, bare(provider) as client:
        wrapped = litany.wrap(client)
        with pytest.raises(openai.RateLimitError):
            create(wrapped, SHORT)
        with pytest.raises(openai.BadRequestError):
            create(wrapped, SHORT)

        assert len(provider.requests) == 2


def test_in_shadow_nothing_is_changed_and_nothing_sent_again() -> None:
    openai = import_module("openai")
    traced: list[Native] = []
    with Provider(faults=[Fault(overflow_after=1)]) as provider, bare(provider) as client:
        wrapped = litany.wrap(client, policy=Policy(window=8_000, shadow=True), trace=traced.append)
        with pytest.raises(openai.BadRequestError, match="maximum context length"):
            create(wrapped, LONG)
        create(wrapped, LONG)

        assert [request.body["messages"] for request in provider.requests] == [LONG] * 2
        assert traced[0]["compacted"]


def test_conversations_of_one_client_do_not_mix(provider: Provider) -> None:
    with bare(provider) as client:
        wrapped = litany.wrap(client, policy=SMALL)
        talks = [[user(f"Mend pump {number}."), *steps(12, first=20 * number)] for number in range(4)]
        for end in range(1, 25, 2):
            for talk in talks:
                create(wrapped, talk[:end])
        sent = [json.dumps(request.body["messages"]) for request in provider.requests]

    for place, view in enumerate(sent):
        assert [number for number in range(4) if f"Mend pump {number}." in view] == [place % 4]


def test_goals_and_names_come_from_a_with(provider: Provider) -> None:
    with bare(provider) as client:
        wrapped = litany.wrap(client, key="default")
        create(wrapped, SHORT)
        with litany.conversation("run-7", goal="Mend it by noon."):
            create(wrapped, SHORT)

        assert "Mend it by noon." in json.dumps(provider.requests[-1].body["messages"])
        assert "Mend it by noon." not in json.dumps(provider.requests[0].body["messages"])
        assert state(wrapped, "run-7").agenda.goal.text == "Mend it by noon."


def test_todos_are_read_from_the_hosts_own_tool_and_found_by_the_messages(provider: Provider) -> None:
    todos = calls("t1", name="write_todos", todos=[{"content": "look behind the valve", "status": "pending"}])
    messages = [user(GOAL), todos, result("t1", "ok"), *steps(3)]
    with bare(provider) as client:
        wrapped = litany.wrap(client, policy=SMALL)
        create(wrapped, messages)

        assert [todo.content for todo in wrapped.litany.find(messages).agenda.todos] == ["look behind the valve"]


def test_awaited_clients_run_many_conversations_at_once() -> None:
    async def everyone(url: str) -> list[str]:
        client, close = made(ASYNC, url)
        wrapped = litany.wrap(client, policy=SMALL)
        talks = [[user(f"Mend pump {number}."), *steps(20, first=30 * number)] for number in range(8)]
        answers = await asyncio.gather(*(create(wrapped, talk) for talk in talks))
        await close()
        return [answer.choices[0].message.content for answer in answers]

    with Provider() as provider:
        assert asyncio.run(everyone(provider.url)) == ["ok"] * 8
        views = [json.dumps(request.body["messages"]) for request in provider.requests]
    assert sorted(f"Mend pump {number}." in view for view in views for number in range(8)) == [False] * 56 + [True] * 8


def test_responses_that_litany_does_not_change_are_the_same_on_the_wire() -> None:
    with Provider([CALLING, *["ok"] * 30]) as provider, bare(provider) as client:
        wrapped = litany.wrap(client, policy=Policy(recite="off"))
        answer = client.responses.create(model="fake", input="look")
        asked = {"role": "user", "content": [{"type": "input_text", "text": "lóok 🌊"}]}
        done = {"type": "function_call_output", "call_id": "c1", "output": "waves"}
        for given in ("look", [asked], (asked,), [asked, *answer.output, done]):
            for more in ({}, {"instructions": "Be brief.", "temperature": 0.5}, {"stream": True}):
                for one in (client, wrapped):
                    heard = one.responses.create(model="fake", input=given, **more)
                    assert "stream" not in more or list(heard)
                expected, sent = provider.requests[-2:]
                assert sent.raw == expected.raw
                assert sent.violations == ()


def test_a_client_of_azure_is_wrapped_too() -> None:
    openai, httpx = import_module("openai"), import_module("httpx")
    sent: list[Any] = []

    def answered(request: Any) -> Any:
        sent.append(request)
        message = {"role": "assistant", "content": "ok"}
        choice = {"index": 0, "finish_reason": "stop", "message": message}
        whole = {"id": "x", "object": "chat.completion", "created": 1, "model": "fake", "choices": [choice]}
        return httpx.Response(200, json=whole)

    http = openai.DefaultHttpxClient(transport=httpx.MockTransport(answered), verify=False)
    given = {"api_key": "key", "api_version": "v1", "azure_endpoint": "http://127.0.0.1", "http_client": http}
    with openai.AzureOpenAI(**given) as client:
        wrapped = litany.wrap(client, policy=SMALL)
        create(wrapped, LONG)
        create(wrapped.with_options(max_retries=0), LONG)

    assert isinstance(wrapped, openai.AzureOpenAI)
    assert [request.url.path for request in sent] == ["/openai/deployments/fake/chat/completions"] * 2
    assert all(len(json.loads(request.read())["messages"]) < 30 for request in sent)


def test_a_host_that_offers_litanys_tools_answers_them_where_it_serves_its_own() -> None:
    asked = calls("t1", name="update_todos", operations=[{"op": "add", "content": "look behind the valve"}])
    with Provider([asked, "ok"]) as provider, bare(provider) as client:
        wrapped = litany.wrap(client, policy=Policy(window=8_000, recite="every"))
        offered = wrapped.litany.tools("openai")
        answer = create(wrapped, LONG[:1], tools=offered).choices[0].message
        (call,) = answer.tool_calls
        record = [LONG[0], answer]
        told = wrapped.litany.find(record, tools=offered).answer(call)
        create(wrapped, [*record, result(call.id, told)], tools=offered)

    assert [tool["function"]["name"] for tool in offered] == ["update_todos", "note", "recall"]
    assert "look behind the valve" in provider.requests[1].body["messages"][-1]["content"]
    assert provider.requests[1].violations == ()


def test_what_cannot_be_wrapped_is_told(provider: Provider) -> None:
    with bare(provider) as client, pytest.raises(PolicyError, match="wrapped already"):
        litany.wrap(litany.wrap(client))
    for other in (object(), "client", json.dumps):
        with pytest.raises(PolicyError, match="litany cannot wrap"):
            litany.wrap(other)


def test_what_a_client_refuses_it_refuses_wrapped_too(provider: Provider) -> None:
    with bare(provider) as client:
        wrapped = litany.wrap(client)
        with pytest.raises(TypeError, match="model"):
            wrapped.chat.completions.create(messages=SHORT)
        with pytest.raises(TypeError, match="messages"):
            wrapped.chat.completions.create(model="fake")


ORPHAN: list[Native] = [user(GOAL), result("c9", "seen")]
CRITIC: list[Native] = [{"role": "critic", "content": GOAL}]


@pytest.mark.parametrize("messages", [ORPHAN, CRITIC])
@pytest.mark.parametrize("awaits", [False, True])
def test_what_litany_cannot_read_goes_on_as_it_came_and_is_traced(
    provider: Provider, messages: list[Native], awaits: bool
) -> None:
    lines: list[Native] = []
    client, _ = made(ASYNC if awaits else OPENAI, provider.url)
    wrapped = litany.wrap(client, trace=lines.append)

    async def awaited() -> None:
        async with client:
            await create(wrapped, messages)

    with pytest.raises(import_module("openai").BadRequestError):
        asyncio.run(awaited()) if awaits else create(wrapped, messages)

    if not awaits:
        client.close()
    assert provider.requests[-1].body["messages"] == messages
    assert [line["untouched"] for line in lines] == [True]
    assert lines[0]["error"]


def test_a_prompt_of_the_providers_own_passes(provider: Provider) -> None:
    with bare(provider) as client:
        litany.wrap(client).responses.create(model="fake", prompt={"id": "pmpt_1"})

    assert provider.requests[-1].body["prompt"] == {"id": "pmpt_1"}
