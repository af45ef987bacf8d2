"""The provider over HTTP: what it refuses, what it counts, what it keeps."""

import http.client
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest

from litany.errors import PolicyError
from litany.testing import Provider, Received, Reply, validate
from tests.testing.wired import CHAT, HEADERS, MESSAGES, ask, call, chat, post, user

CALL = {"id": "c1", "type": "function", "function": {"name": "look", "arguments": '{"at":"the sea"}'}}
LONG = "one two three four five six seven eight nine ten " * 20


def test_an_answer_in_each_dialect() -> None:
    with Provider(["hello", "salut"]) as provider:
        first = post(provider, CHAT, chat(user("hi")))
        second = post(provider, MESSAGES, ask(user("hi")))

    assert first.body["choices"][0]["message"]["content"] == "hello"
    assert first.body["choices"][0]["finish_reason"] == "stop"
    assert second.body["content"] == [{"type": "text", "text": "salut"}]
    assert second.body["stop_reason"] == "end_turn"


def test_a_violation_is_refused_in_the_providers_own_words() -> None:
    lone = {"role": "tool", "tool_call_id": "c9", "content": "seen"}
    with Provider() as provider:
        heard = post(provider, CHAT, chat(user("hi"), lone))
        broken = post(provider, MESSAGES, ask({"role": "assistant", "content": "hi"}))
        codes = [[violation.code for violation in request.violations] for request in provider.requests]

    words = validate("openai", chat(user("hi"), lone))[0]
    told = {"message": words.text, "type": "invalid_request_error", "param": words.path, "code": None}
    assert (heard.status, heard.body) == (400, {"error": told})
    assert broken.status == 400
    assert broken.body["error"]["message"] == 'messages: first message must use the "user" role'
    assert broken.body["error"]["type"] == "invalid_request_error"
    assert codes == [["O3"], ["A1"]]


@pytest.mark.parametrize(
    ("path", "body", "headers", "status", "words"),
    [
        (CHAT, chat(user("hi")), {}, 401, "API key"),
        (MESSAGES, ask(user("hi")), {}, 401, "x-api-key"),
        (MESSAGES, ask(user("hi")), {"x-api-key": "key"}, 400, "anthropic-version"),
        (MESSAGES, {"model": "fake", "messages": [user("hi")]}, HEADERS[MESSAGES], 400, "max_tokens: Field required"),
        (CHAT, {"messages": [user("hi")]}, HEADERS[CHAT], 400, "model"),
        (CHAT, b'{"model": ', HEADERS[CHAT], 400, "JSON"),
        (CHAT, chat(user("hi"), model="gone"), HEADERS[CHAT], 404, "`gone` does not exist"),
        ("/v1/complete", {}, HEADERS[MESSAGES], 404, "Unknown request URL"),
    ],
)
def test_what_a_request_lacks_is_said(
    path: str, body: object, headers: dict[str, str], status: int, words: str
) -> None:
    with Provider(models=["fake"]) as provider:
        heard = post(provider, path, body, headers)

    assert heard.status == status
    assert words in heard.body["error"]["message"]


def test_every_request_is_kept_as_it_came() -> None:
    with Provider() as provider:
        post(provider, CHAT, b'{"model":"fake",  "messages":[{"role":"user","content":"h\\u00e9"}]}')
        (kept,) = provider.requests

    assert (kept.number, kept.method, kept.path) == (0, "POST", CHAT)
    assert kept.headers["authorization"] == "Bearer key"
    assert kept.raw.startswith(b'{"model":"fake",  ')
    assert kept.body["messages"] == [user("hé")]


def test_a_function_of_the_request_answers_it() -> None:
    def echo(request: Received) -> str:
        return f"{request.number}: {request.body['messages'][-1]['content']}"

    with Provider(echo) as provider:
        said = [post(provider, CHAT, chat(user(word))).body["choices"][0]["message"]["content"] for word in "ab"]

    assert said == ["0: a", "1: b"]


def test_a_script_that_is_played_out_says_so() -> None:
    with Provider(["one"]) as provider:
        post(provider, CHAT, chat(user("hi")))
        heard = post(provider, CHAT, chat(user("hi")))

    assert heard.status == 400
    assert "played out at request 1" in heard.body["error"]["message"]


def test_what_the_script_raises_is_raised_when_the_block_ends() -> None:
    def broken(request: Received) -> str:
        raise KeyError("no such page")

    def asked() -> None:
        with Provider(broken) as provider, pytest.raises(http.client.RemoteDisconnected):
            post(provider, CHAT, chat(user("hi")))

    with pytest.raises(KeyError, match="no such page"):
        asked()


def test_the_models_in_either_shape() -> None:
    with Provider(models=["small", "large"]) as provider:
        openai = call(provider, "GET", "/v1/models", b"", {}).body
        anthropic = call(provider, "GET", "/v1/models", b"", {"anthropic-version": "2023-06-01"}).body

    assert [model["id"] for model in openai["data"]] == ["small", "large"]
    assert openai["object"] == "list"
    assert (anthropic["first_id"], anthropic["has_more"]) == ("small", False)


def test_tokens_are_counted_with_the_chosen_bias() -> None:
    def counted(bias: float) -> tuple[int, int]:
        with Provider(bias=bias) as provider:
            counts = post(provider, f"{MESSAGES}/count_tokens", chat(user(LONG)), HEADERS[MESSAGES]).body
            return counts["input_tokens"], post(provider, CHAT, chat(user(LONG))).body["usage"]["prompt_tokens"]

    plain, double = counted(1.0), counted(2.0)

    assert plain[0] == plain[1] > 200
    assert double == (2 * plain[0], 2 * plain[1])


def test_openai_caches_every_whole_message_that_it_has_seen() -> None:
    first, second = user(LONG), user("and now?")
    with Provider(deepseek=True) as provider:
        cold = post(provider, CHAT, chat(first)).body["usage"]
        warm = post(provider, CHAT, chat(first, {"role": "assistant", "content": "ok"}, second)).body["usage"]
        other = post(provider, CHAT, chat(user(LONG + "!"), second)).body["usage"]

    assert cold["prompt_tokens_details"]["cached_tokens"] == 0
    assert warm["prompt_tokens_details"]["cached_tokens"] == cold["prompt_tokens"]
    assert warm["prompt_cache_hit_tokens"] + warm["prompt_cache_miss_tokens"] == warm["prompt_tokens"]
    assert other["prompt_tokens_details"]["cached_tokens"] == 0


def test_other_tools_or_another_answer_schema_miss_openais_cache() -> None:
    tools = [{"type": "function", "function": {"name": "look", "parameters": {"type": "object"}}}]
    schema = {"type": "json_schema", "json_schema": {"name": "s", "schema": {"type": "object"}}}
    with Provider() as provider:
        usages = [
            post(provider, CHAT, chat(user(LONG), **extra)).body["usage"]
            for extra in ({"tools": tools}, {}, {"tools": tools, "response_format": schema}, {"tools": tools})
        ]

    cached = [usage["prompt_tokens_details"]["cached_tokens"] > 200 for usage in usages]
    assert cached == [False, False, False, True]


def test_a_prefix_below_the_minimum_is_not_cached() -> None:
    with Provider(cache_minimum=1024) as provider:
        usages = [post(provider, CHAT, chat(user(LONG))).body["usage"] for _ in range(2)]

    assert [usage["prompt_tokens_details"]["cached_tokens"] for usage in usages] == [0, 0]


def marked(text: str) -> dict[str, Any]:
    return user([{"type": "text", "text": text, "cache_control": {"type": "ephemeral"}}])


def test_anthropic_caches_up_to_a_mark_and_reads_from_one() -> None:
    said = {"role": "assistant", "content": "ok"}
    with Provider() as provider:
        cold = post(provider, MESSAGES, ask(marked(LONG))).body["usage"]
        warm = post(provider, MESSAGES, ask(user(LONG), said, marked("and?"))).body["usage"]
        unmarked = post(provider, MESSAGES, ask(user(LONG), said, user("and?"))).body["usage"]

    assert (cold["cache_read_input_tokens"], cold["input_tokens"]) == (0, 0)
    assert cold["cache_creation_input_tokens"] > 200
    assert warm["cache_read_input_tokens"] == cold["cache_creation_input_tokens"]
    assert 0 < warm["cache_creation_input_tokens"] < 20
    assert unmarked["cache_read_input_tokens"] == unmarked["cache_creation_input_tokens"] == 0
    assert unmarked["input_tokens"] == sum(warm[name] for name in warm if name.endswith("input_tokens"))


def test_another_tool_choice_misses_anthropics_messages_and_not_its_tools() -> None:
    tool = {"name": "look", "description": LONG, "input_schema": {"type": "object"}}
    kept = {**tool, "cache_control": {"type": "ephemeral"}}
    with Provider() as provider:
        for choice in ("auto", "none"):
            request = ask(marked(LONG), tools=[kept], tool_choice={"type": choice})
            usage = post(provider, MESSAGES, request).body["usage"]

    assert usage["cache_read_input_tokens"] > 200
    assert usage["cache_creation_input_tokens"] > 200


def test_a_context_that_overflows_is_refused_in_each_dialects_words() -> None:
    with Provider(window=120) as provider:
        openai = post(provider, CHAT, chat(user(LONG)))
        long = post(provider, MESSAGES, ask(user(LONG)))
        both = post(provider, MESSAGES, ask(user("a few words " * 10)))

    assert openai.body["error"]["code"] == "context_length_exceeded"
    assert "maximum context length is 120 tokens" in openai.body["error"]["message"]
    assert "prompt is too long: " in long.body["error"]["message"]
    assert "> 120 maximum" in long.body["error"]["message"]
    assert "exceed context limit: " in both.body["error"]["message"]


def test_a_context_that_overflows_may_end_a_200_or_its_stream() -> None:
    with Provider(window=120, overflow="stop") as provider:
        stopped = post(provider, MESSAGES, ask(user(LONG)))
    with Provider(window=120, overflow="stream") as provider:
        streamed = post(provider, CHAT, chat(user(LONG), stream=True))

    assert (stopped.status, stopped.body["stop_reason"]) == (200, "model_context_window_exceeded")
    assert streamed.status == 200
    assert streamed.events[-1][1]["error"]["code"] == "context_length_exceeded"


def test_a_finish_reason_can_be_said() -> None:
    with Provider([Reply({"role": "assistant", "content": None, "tool_calls": [CALL]}, "stop"), "x"]) as provider:
        heard = post(provider, CHAT, chat(user("hi")))

    assert heard.body["choices"][0]["finish_reason"] == "stop"


def test_thinking_is_signed_for_its_prefix_and_refused_behind_another() -> None:
    thought = {"role": "assistant", "content": [{"type": "thinking", "thinking": "hm"}, {"type": "text", "text": "ok"}]}
    with Provider([thought, "yes", "yes"]) as provider:
        answer = post(provider, MESSAGES, ask(user("hi"), system="be good")).body
        reply = {"role": "assistant", "content": answer["content"]}
        good = post(provider, MESSAGES, ask(user("hi"), reply, user("and?"), system="be good"))
        bad = post(provider, MESSAGES, ask(user("ho"), reply, user("and?"), system="be good"))

    assert answer["content"][0]["signature"]
    assert good.status == 200
    assert bad.status == 400
    assert "Invalid `signature` in `thinking` block" in bad.body["error"]["message"]


def test_an_unknown_flag_and_a_closed_provider_are_refused() -> None:
    with pytest.raises(PolicyError, match="no provider has the flag 'loose'"):
        Provider(flags=["loose"])
    with pytest.raises(PolicyError, match="is not open"):
        _ = Provider().url


def test_many_clients_at_once_each_get_their_own_answer() -> None:
    def echo(request: Received) -> str:
        return str(request.body["messages"][0]["content"])

    def asked(word: str) -> str:
        return str(post(provider, CHAT, chat(user(word))).body["choices"][0]["message"]["content"])

    words = [f"word {number}" for number in range(64)]
    with Provider(echo) as provider, ThreadPoolExecutor(16) as pool:
        said = list(pool.map(asked, words))
        numbers = [request.number for request in provider.requests]

    assert said == words
    assert numbers == list(range(64))


def test_the_server_is_loaded_when_it_is_asked_for() -> None:
    script = "import sys, litany.testing as t; assert 'http.server' not in sys.modules; t.Provider; import http.server"

    assert subprocess.run([sys.executable, "-c", script], check=False).returncode == 0
