"""What goes wrong on the way, as the script says."""

import http.client
import json
import time

import pytest

from litany.testing import Fault, Provider, Received
from tests.testing.wired import CHAT, MESSAGES, ask, chat, post, user

CALL = {"id": "c1", "type": "function", "function": {"name": "look", "arguments": '{"at":"the far end of the sea"}'}}
CALLING = {"role": "assistant", "content": None, "tool_calls": [CALL]}
USING = {"role": "assistant", "content": [{"type": "tool_use", "id": "u1", "name": "look", "input": {"at": "the sea"}}]}


@pytest.mark.parametrize(
    ("status", "openai", "anthropic"),
    [
        (429, "requests", "rate_limit_error"),
        (500, "server_error", "api_error"),
        (529, "server_error", "overloaded_error"),
    ],
)
def test_a_status_in_each_dialects_error(status: int, openai: str, anthropic: str) -> None:
    fault = Fault(status=status, retry_after=1.5)
    with Provider(["after"], faults=[fault, fault]) as provider:
        first = post(provider, CHAT, chat(user("hi")))
        second = post(provider, MESSAGES, ask(user("hi")))
        third = post(provider, CHAT, chat(user("hi")))

    assert (first.status, first.headers["retry-after"], first.body["error"]["type"]) == (status, "1.5", openai)
    assert (second.status, second.body["type"], second.body["error"]["type"]) == (status, "error", anthropic)
    assert third.body["choices"][0]["message"]["content"] == "after"


def test_a_connection_is_reset_in_mid_stream_and_the_answer_waits_for_the_retry() -> None:
    with Provider(["hello"], faults=[Fault(reset_after=1), Fault(reset_after=0)]) as provider:
        with pytest.raises((ConnectionResetError, http.client.IncompleteRead)):
            post(provider, CHAT, chat(user("hi"), stream=True))
        with pytest.raises((ConnectionResetError, http.client.IncompleteRead)):
            post(provider, MESSAGES, ask(user("hi")))
        again = post(provider, CHAT, chat(user("hi")))

    assert again.body["choices"][0]["message"]["content"] == "hello"


def test_half_a_call_at_the_output_limit() -> None:
    with Provider([CALLING, CALLING, USING, USING], faults=lambda request: Fault(half=True)) as provider:
        whole = post(provider, CHAT, chat(user("hi"))).body["choices"][0]
        chunks = [data for _, data in post(provider, CHAT, chat(user("hi"), stream=True)).events]
        plain = post(provider, MESSAGES, ask(user("hi"))).body
        events = [data for _, data in post(provider, MESSAGES, ask(user("hi"), stream=True)).events]

    assert whole["finish_reason"] == chunks[-2]["choices"][0]["finish_reason"] == "length"
    with pytest.raises(ValueError, match="Unterminated"):
        json.loads(whole["message"]["tool_calls"][0]["function"]["arguments"])
    assert (plain["stop_reason"], plain["content"][0]["input"]) == ("max_tokens", {})
    partial = "".join(
        event["delta"].get("partial_json", "") for event in events if "index" in event and "delta" in event
    )
    assert 0 < len(partial) < len('{"at":"the sea"}')
    assert events[-2]["delta"]["stop_reason"] == "max_tokens"


def test_an_overflow_inside_the_stream() -> None:
    with Provider(["hello"], faults=[Fault(overflow_after=1)] * 3) as provider:
        openai = post(provider, CHAT, chat(user("hi"), stream=True))
        anthropic = post(provider, MESSAGES, ask(user("hi"), stream=True))
        plain = post(provider, CHAT, chat(user("hi")))

    assert (openai.status, len(openai.events)) == (200, 2)
    assert openai.events[-1][1]["error"]["code"] == "context_length_exceeded"
    assert [name for name, _ in anthropic.events] == ["message_start", "error"]
    assert "prompt is too long" in anthropic.events[-1][1]["error"]["message"]
    assert plain.status == 400


def test_each_event_twice() -> None:
    with Provider(["hello"] * 2, faults=[None, Fault(twice=True)]) as provider:
        once, twice = (post(provider, MESSAGES, ask(user("hi"), stream=True)).events for _ in range(2))

    assert len(twice) == 2 * len(once)
    assert twice[2] == twice[3]


def test_a_slow_drip_comes_piece_by_piece() -> None:
    with Provider(["hello"], faults=[Fault(pause=0.03)]) as provider:
        begun = time.monotonic()
        heard = post(provider, CHAT, chat(user("hi"), stream=True))

    assert heard.events[-1][1] == "[DONE]"
    assert time.monotonic() - begun >= 0.09


def test_a_silent_provider_is_left_at_once_when_the_block_ends() -> None:
    begun = time.monotonic()
    with Provider(faults=[Fault(silence=60)]) as provider:
        connection = http.client.HTTPConnection(provider.url.removeprefix("http://"), timeout=0.2)
        body = json.dumps(chat(user("hi")))
        connection.request("POST", CHAT, body, {"Authorization": "Bearer key"})
        with pytest.raises(TimeoutError):
            connection.getresponse()
        connection.close()

    assert time.monotonic() - begun < 30


def test_a_function_says_what_goes_wrong_and_a_reason_can_be_said() -> None:
    def faults(request: Received) -> Fault | None:
        return Fault(stop="content_filter") if "secret" in request.raw.decode() else None

    with Provider(faults=faults) as provider:
        reasons = [
            post(provider, CHAT, chat(user(text))).body["choices"][0]["finish_reason"] for text in ("hi", "a secret")
        ]

    assert reasons == ["stop", "content_filter"]
