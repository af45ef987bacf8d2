"""What litany does not change passes through the proxy byte for byte."""

import gzip
import re

import httpx
import pytest

from litany.testing import Fault
from tests.serve.proxied import ANTHROPIC_KEY, ASKED, KEY, OPENAI_KEY, PATHS, VERSION, Stage, chat, message

HI = [{"role": "user", "content": "hi"}]
ODDLY = (
    b'{ "model":"fake" ,"temperature":1.0e0,"messages" : [ {"role":"user","content":"caf\\u00e9 \xe2\x98\x95 1.1"} ],\n'
    b'  "x_mine": {"b":1,"a":[1.50, -0]}, "seed": 12345678901234567890 }'
)


def test_a_request_in_which_nothing_changes_keeps_its_bytes(stage: Stage) -> None:
    with stage.proxy.client() as client:
        answer = client.post("/v1/chat/completions", content=ODDLY, headers={"content-type": "application/json"})

    received = stage.requests[0]
    assert answer.status_code == 200
    assert received.raw == ODDLY
    assert received.headers["authorization"] == f"Bearer {OPENAI_KEY}"
    assert received.headers["content-type"] == "application/json"
    assert [name for name in received.headers if name.startswith("x-litany")] == []


@pytest.mark.parametrize("path", ["/v1/messages", "/messages"])
def test_the_version_in_the_path_may_be_left_out(stage: Stage, path: str) -> None:
    with stage.proxy.client(headers=VERSION) as client:
        answer = client.post(path, json=message(HI))

    assert answer.json()["content"][0]["text"] == "ok"
    assert stage.requests[0].path == "/v1/messages"
    assert stage.requests[0].headers["x-api-key"] == ANTHROPIC_KEY
    assert "authorization" not in stage.requests[0].headers


@pytest.mark.parametrize("stream", [False, True])
@pytest.mark.parametrize("path", PATHS)
def test_an_answer_comes_back_in_the_bytes_and_headers_of_the_provider(stage: Stage, path: str, stream: bool) -> None:
    asked = ASKED[path](HI, stream=stream)
    stage.said = lambda _: "one answer, in several pieces " * 20
    stage.wrong = lambda _: Fault(pause=0.001)
    with httpx.Client(trust_env=False, headers={"authorization": f"Bearer {KEY}", **VERSION}) as client:
        direct, through = (client.post(f"{url}{path}", json=asked) for url in (stage.provider.url, stage.proxy.url))

    assert (through.status_code, _steady(through)) == (200, _steady(direct))
    lengths = [each.headers.get("content-length", str(len(each.content))) for each in (direct, through)]
    assert lengths == [str(len(each.content)) for each in (direct, through)]
    assert len({"content-length" in each.headers for each in (direct, through)}) == 1
    changing = ("date", "request-id", "x-request-id", "content-length")  # an id of one digit more is longer
    told = [{name: value for name, value in each.headers.items() if name not in changing} for each in (direct, through)]
    assert told[0] == told[1]


def test_models_and_counts_go_to_the_side_that_asks(stage: Stage) -> None:
    with stage.proxy.client() as client:
        openai = client.get("/v1/models").json()
        anthropic = client.get("/v1/models", headers=VERSION).json()
        counted = client.post("/v1/messages/count_tokens", json=message(HI), headers=VERSION).json()

    assert (openai["object"], anthropic["has_more"]) == ("list", False)
    assert counted["input_tokens"] > 0


def test_an_error_of_the_provider_comes_back_as_it_is(stage: Stage) -> None:
    stage.wrong = lambda _: Fault(status=429, retry_after=7, text="slow down")
    with stage.proxy.client() as client:
        answer = client.post("/v1/chat/completions", json=chat(HI))

    assert (answer.status_code, answer.headers["retry-after"]) == (429, "7")
    assert answer.json()["error"]["message"] == "slow down"
    assert len(stage.requests) == 1


def test_what_is_no_request_goes_on_and_the_provider_says_so(stage: Stage) -> None:
    torn = b'{"model": "fake", "messages": ['
    with stage.proxy.client() as client:
        answer = client.post("/v1/chat/completions", content=torn)

    assert (answer.status_code, stage.requests[0].raw) == (400, torn)


def test_a_packed_request_in_which_nothing_changes_keeps_its_packing(stage: Stage) -> None:
    packed = gzip.compress(ODDLY)
    headers = {"content-type": "application/json", "content-encoding": "gzip"}
    with stage.proxy.client() as client:
        client.post("/v1/chat/completions", content=packed, headers=headers)

    received = stage.requests[0]
    assert (received.headers.get("content-encoding"), received.headers["content-length"]) == ("gzip", str(len(packed)))


@pytest.mark.parametrize(("path", "wanted"), [("/v1/models", "br, gzip"), ("/v1/chat/completions", "identity")])
def test_only_an_answer_that_litany_reads_is_asked_for_unpacked(stage: Stage, path: str, wanted: str) -> None:
    with stage.proxy.client(headers={"accept-encoding": "br, gzip"}) as client:
        answer = client.get(path) if path == "/v1/models" else client.post(path, json=chat(HI))
    assert answer.status_code == 200, answer.text

    assert stage.requests[0].headers["accept-encoding"] == wanted


def _steady(answer: httpx.Response) -> bytes:
    """The body without the number of the answer."""
    return re.sub(rb'(chatcmpl-|msg_|resp_|"created(?:_at)?":17)[0-9a-f_]+', rb"\1", answer.content)
