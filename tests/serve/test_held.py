"""OpenAI's Responses through the proxy: a text for its input, and conversations that the provider holds."""

import json
from collections.abc import Iterator
from typing import Any

import pytest

from litany.serve.body import Body, read
from tests.serve.agent import GOAL, RULE
from tests.serve.proxied import Stage, items, needs_proxy, staged

PATH = "/v1/responses"


@pytest.fixture(scope="module")
def running() -> Iterator[Stage]:
    with staged("--window", "4000", "--goal", GOAL, "--constraint", RULE, cache_minimum=10**9) as stage:
        yield stage


@pytest.fixture
def stage(running: Stage) -> Stage:
    return running.cleared()


def answered(stage: Stage, stream: bool = False, **fields: Any) -> str:
    """The id of the answer to a request."""
    with stage.proxy.client() as client:
        answer = client.post(PATH, json={"model": "fake", "stream": stream, **fields})
    assert answer.status_code == 200
    if not stream:
        return str(answer.json()["id"])
    lines = [json.loads(line[6:]) for line in answer.text.splitlines() if line.startswith("data: {")]
    return str(lines[-1]["response"]["id"])


def stated(stage: Stage) -> list[int]:
    """How often each request says the rule."""
    return [json.dumps(request.body["input"]).count(RULE) for request in stage.requests if "input" in request.body]


def body(raw: bytes) -> Body:
    found = read(raw, "input")
    assert found is not None
    return found


def test_a_text_is_one_user_message_and_keeps_its_bytes() -> None:
    raw = b'{ "model":"m", "input" : "caf\\u00e9 \xe2\x98\x95" ,"x":1.50 }'
    short = body(raw)
    more = {"role": "user", "content": "more"}

    assert short.messages == [{"role": "user", "content": "café ☕"}]
    assert short.sent(short.messages) == raw
    assert short.sent([more, *short.messages]) == (
        b'{ "model":"m", "input" : [{"role":"user","content":"more"},'
        b'{"role":"user","content":"caf\\u00e9 \xe2\x98\x95"}] ,"x":1.50 }'
    )


def test_a_text_is_a_body_after_another_body_too() -> None:
    from litany.serve.bodies import Bodies

    bodies = Bodies()
    raws = [b'{"input":"hi","model":"m"}', b'{"input":"hi","model":"n"}', b'{"input":[],"model":"m"}']
    found = [bodies.read(raw, "input") for raw in (*raws, *raws)]

    assert [one and one.raw for one in found] == [*raws, *raws]


def test_a_text_for_the_messages_of_a_chat_is_none() -> None:
    assert read(b'{"messages":"hi"}', "messages") is None


@needs_proxy
@pytest.mark.parametrize("stream", [False, True])
def test_behind_a_text_goal_and_rule_stand_and_are_recited_rarely(stage: Stage, stream: bool) -> None:
    before = answered(stage, stream, input="hello")
    for _ in range(15):
        before = answered(stage, stream, input="more of it " * 20, previous_response_id=before)

    assert all(word in stage.requests[0].raw.decode() for word in ("hello", GOAL, RULE))
    assert stated(stage)[:2] == [1, 0]
    assert 1 <= sum(stated(stage)[1:]) <= 3
    assert not any(request.violations for request in stage.requests)
    untouched = next(request for request, said in zip(stage.requests[1:], stated(stage)[1:], strict=True) if not said)
    assert untouched.body["input"] == "more of it " * 20
    assert not any("untouched" in event for event in stage.events)


@needs_proxy
@pytest.mark.parametrize("held", ["conversation", "answer"])
def test_what_the_proxy_did_not_see_begin_is_told_goal_and_rule_once(stage: Stage, held: str) -> None:
    import httpx

    with httpx.Client(base_url=stage.provider.url, trust_env=False, headers={"authorization": "Bearer k"}) as direct:
        id = direct.post("/v1/conversations", json={}).json()["id"]
        named = {"conversation": id} if held == "conversation" else {}
        first = direct.post(PATH, json={"model": "fake", "input": "Go.", **named}).json()["id"]
    before = first
    for _ in range(3):
        before = answered(stage, input="On.", **(named or {"previous_response_id": before}))

    assert stated(stage)[-3:] == [1, 0, 0]
    assert GOAL in json.dumps(stage.requests[-3].body["input"])


@needs_proxy
def test_a_whole_list_that_is_not_stored_is_planned_as_ever(stage: Stage) -> None:
    with stage.proxy.client() as client:
        client.post(PATH, json=items([{"role": "user", "content": "hello"}]))

    assert stated(stage) == [1]
