"""Gemini over the wire: answers, streams of both kinds, counting, and errors in the provider's words."""

import json
from typing import Any

import pytest

from litany import overflowed
from litany.testing import Fault, Provider, validate
from tests.testing.wired import Heard, call, post

KEY = {"x-goog-api-key": "key"}
CALL = {"id": "c1", "type": "function", "function": {"name": "look", "arguments": '{"at": "sea"}'}}
CALLING = {
    "role": "assistant",
    "reasoning_content": "Hm, the sea.",
    "content": "I look at it now.",
    "tool_calls": [CALL],
}
USER = {"role": "user", "parts": [{"text": "hi"}]}
ASKED = {"contents": [USER]}


def generate(provider: Provider, body: Any = ASKED, method: str = "generateContent", **headers: str) -> Heard:
    return post(provider, f"/v1beta/models/fake:{method}", body, headers or KEY)


def parts(body: Any) -> list[dict[str, Any]]:
    return [
        part
        for chunk in (body if isinstance(body, list) else [body])
        for part in chunk["candidates"][0]["content"]["parts"]
    ]


def test_an_answer_has_its_parts_its_usage_and_a_signed_call() -> None:
    with Provider([CALLING]) as provider:
        heard = generate(provider)

    thought, said, called = parts(heard.body)
    assert (thought, said) == ({"text": "Hm, the sea.", "thought": True}, {"text": "I look at it now."})
    assert called["functionCall"] == {"id": "c1", "name": "look", "args": {"at": "sea"}}
    assert heard.body["candidates"][0]["finishReason"] == "STOP"
    usage = heard.body["usageMetadata"]
    counted = [usage[f"{name}TokenCount"] for name in ("prompt", "candidates", "thoughts", "total")]
    assert counted[3] == sum(counted[:3])
    assert min(counted) > 0
    response = {"functionResponse": {"id": "c1", "name": "look", "response": {"result": "blue"}}}
    history = [USER, heard.body["candidates"][0]["content"], {"role": "user", "parts": [response]}]
    assert validate("gemini", {"contents": history}, flags=["thought-signatures"]) == []


@pytest.mark.parametrize("query", ["?alt=sse", ""])
def test_a_stream_gives_the_same_answer_bit_by_bit(query: str) -> None:
    with Provider([CALLING, CALLING]) as provider:
        whole = parts(generate(provider).body)
        heard = generate(provider, method=f"streamGenerateContent{query}")

    chunks = [data for _, data in heard.events] if query else heard.body
    assert (
        "".join(part["text"] for part in parts(chunks) if "text" in part and not part.get("thought"))
        == whole[1]["text"]
    )
    assert parts(chunks)[-1]["functionCall"] == whole[2]["functionCall"]
    assert [chunk["candidates"][0].get("finishReason") for chunk in chunks][-2:] == [None, "STOP"]


def test_what_was_sent_before_is_read_from_the_cache() -> None:
    with Provider(["a", "b"]) as provider:
        first = generate(provider).body
        longer = {"contents": [USER, first["candidates"][0]["content"], USER]}
        second = generate(provider, longer).body["usageMetadata"]

    assert second["cachedContentTokenCount"] == first["usageMetadata"]["promptTokenCount"]


def test_tokens_are_counted_and_models_listed() -> None:
    with Provider(["x"], models=["fake"]) as provider:
        asked = generate(provider).body["usageMetadata"]["promptTokenCount"]
        counted = generate(provider, method="countTokens").body["totalTokens"]
        inner = generate(provider, {"generateContentRequest": ASKED}, method="countTokens").body["totalTokens"]
        listed = call(provider, "GET", "/v1beta/models", b"", KEY).body
        other = post(provider, "/v1beta/models/other:generateContent", ASKED, KEY)

    assert asked == counted == inner
    assert listed["models"][0]["name"] == "models/fake"
    assert (other.status, other.body["error"]["status"]) == (404, "NOT_FOUND")


def test_a_broken_rule_is_an_invalid_argument() -> None:
    called = {"role": "model", "parts": [{"functionCall": {"name": "look", "args": {}}}]}
    with Provider(["x"]) as provider:
        heard = generate(provider, {"contents": [USER, called, USER]})
        kept = provider.requests[0]

    assert heard.body["error"]["status"] == "INVALID_ARGUMENT"
    assert "number of function response parts" in heard.body["error"]["message"]
    assert [violation.code for violation in kept.violations] == ["G3"]


@pytest.mark.parametrize("stream", [True, False])
def test_a_context_that_overflows_is_told_in_the_providers_words(stream: bool) -> None:
    method = "streamGenerateContent?alt=sse" if stream else "generateContent"
    with Provider(["x"], window=20, overflow="stream") as provider:
        heard = generate(provider, {"contents": [{"role": "user", "parts": [{"text": "long " * 50}]}]}, method)

    error = heard.events[-1][1] if stream else heard.body
    assert "exceeds the maximum number of tokens allowed (20)" in error["error"]["message"]
    assert overflowed(error)


def test_a_full_window_may_only_stop_the_answer() -> None:
    with Provider(["x"], window=4, overflow="stop") as provider:
        assert generate(provider).body["candidates"][0]["finishReason"] == "MAX_TOKENS"


def test_faults_come_as_gemini_tells_them() -> None:
    faults = [Fault(status=429, retry_after=2), Fault(status=503), Fault(half=True)]
    with Provider([CALLING], faults=faults) as provider:
        limit, busy, half = (generate(provider) for _ in faults)
        nobody = post(provider, "/v1beta/models/fake:generateContent", ASKED, {})

    assert (limit.body["error"]["status"], limit.headers["retry-after"]) == ("RESOURCE_EXHAUSTED", "2")
    assert busy.body["error"]["status"] == "UNAVAILABLE"
    assert half.body["candidates"][0]["finishReason"] == "MAX_TOKENS"
    assert [name for part in parts(half.body) for name in part] == ["text", "thought", "text"]
    assert (nobody.status, nobody.body["error"]["code"]) == (401, 401)


def test_the_key_may_stand_in_the_address() -> None:
    with Provider(["x"]) as provider:
        heard = post(provider, "/v1beta/models/fake:generateContent?key=k", ASKED, {})

    assert json.loads(heard.raw)["candidates"][0]["content"]["parts"] == [{"text": "x"}]
