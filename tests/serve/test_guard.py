"""Who may come in: the key, the Host, the size; errors in the words of the client's API."""

from typing import Any

import httpx
import pytest

from litany.overflow import overflowed
from litany.testing import Provider
from tests.serve.proxied import ANTHROPIC_KEY, ASKED, KEY, PATHS, VERSION, Stage, needs_proxy, proxied

HI = [{"role": "user", "content": "hi"}]


@pytest.mark.parametrize(
    "headers", [{}, {"authorization": "Bearer wrong"}, {"x-api-key": "wrong"}, {"authorization": KEY}]
)
@pytest.mark.parametrize("path", PATHS)
def test_nobody_comes_in_without_the_key(stage: Stage, path: str, headers: dict[str, str]) -> None:
    answer = _post(stage, path, headers)

    assert answer.status_code == 401
    assert "API key" in _worded(path, answer)
    assert stage.requests == []


@pytest.mark.parametrize("headers", [{"authorization": f"Bearer {KEY}"}, {"x-api-key": KEY}])
@pytest.mark.parametrize("path", PATHS)
def test_the_key_may_be_shown_either_way_and_never_goes_on(stage: Stage, path: str, headers: dict[str, str]) -> None:
    assert _post(stage, path, headers).status_code == 200

    received = stage.requests[0].headers
    assert KEY not in str(received)
    assert ("x-api-key" in received) is (path == "/v1/messages")


@pytest.mark.parametrize("host", ["evil.example", "evil.example:4141", "127.0.0.1.evil.example", ""])
def test_a_page_that_rebound_its_name_is_refused(stage: Stage, host: str) -> None:
    answer = _post(stage, "/v1/messages", {"x-api-key": KEY, "host": host})

    assert answer.status_code == 403
    assert "--allow-host" in _worded("/v1/messages", answer)
    assert "access-control-allow-origin" not in answer.headers
    assert stage.requests == []


@pytest.mark.parametrize("host", ["localhost:1", "[::1]:8", "127.0.0.1", "LocalHost"])
def test_this_machine_may_be_called_by_its_names(stage: Stage, host: str) -> None:
    assert _post(stage, "/v1/messages", {"x-api-key": KEY, "host": host}).status_code == 200


@pytest.mark.parametrize("method", ["GET", "POST", "OPTIONS"])
def test_what_is_nowhere_is_told_in_one_line(stage: Stage, method: str) -> None:
    with stage.proxy.client() as client:
        answer = client.request(method, "/nowhere")

    assert answer.status_code == 404
    assert f"there is no {method} /nowhere here" in answer.json()["error"]["message"]


@needs_proxy
def test_too_large_a_request_is_refused_before_it_is_read() -> None:
    with (
        Provider() as provider,
        proxied(provider, "--max-body", "1k") as proxy,
        proxy.client(headers=VERSION) as client,
    ):
        for path in PATHS:
            said = client.post(path, content=b"x" * 1_001)
            chunked = client.post(path, content=iter([b"x" * 600] * 2))
            assert (said.status_code, chunked.status_code) == (413, 413)
            assert "--max-body" in _worded(path, said)

    assert provider.requests == []


@needs_proxy
def test_the_clients_own_key_is_handed_on_where_none_is_asked() -> None:
    with Provider() as provider, proxied(provider, "--pass-key", key=None, OPENAI_API_KEY="") as proxy:
        for path in PATHS:
            headers = {"x-api-key": "mine"} if path == "/v1/messages" else {"authorization": "Bearer mine"}
            with proxy.client() as client:
                del client.headers["authorization"]
                assert client.post(path, json=ASKED[path](HI), headers={**VERSION, **headers}).status_code == 200

    assert all("mine" in str(request.headers) for request in provider.requests)
    assert all(ANTHROPIC_KEY not in str(request.headers) for request in provider.requests)


@needs_proxy
def test_without_the_upstreams_key_the_request_says_which_one_to_set() -> None:
    with Provider() as provider, proxied(provider, OPENAI_API_KEY="", ANTHROPIC_API_KEY="") as proxy:
        answers = {path: _posted(proxy.url, path, {"authorization": f"Bearer {KEY}"}) for path in PATHS}

    assert {answer.status_code for answer in answers.values()} == {401}
    assert all("_API_KEY where `litany serve` runs" in _worded(path, answer) for path, answer in answers.items())


@needs_proxy
def test_an_upstream_that_is_down_is_told_with_its_address() -> None:
    with Provider() as provider, proxied(provider) as proxy:
        provider.__exit__(None, None, None)
        answers = {path: _posted(proxy.url, path, {"authorization": f"Bearer {KEY}"}) for path in PATHS}
        provider.__enter__()

    assert {answer.status_code for answer in answers.values()} == {502}
    assert all("was not reached" in _worded(path, answer) for path, answer in answers.items())


def test_a_name_that_is_none_is_refused(stage: Stage) -> None:
    answer = _post(stage, "/v1/messages", {"x-api-key": KEY, "x-litany-conversation": "a~b"})

    assert answer.status_code == 400
    assert "x-litany-conversation" in _worded("/v1/messages", answer)


@pytest.mark.parametrize("path", PATHS)
def test_what_cannot_fit_the_window_is_an_overflow_to_the_client(stage: Stage, path: str) -> None:
    with stage.proxy.client(headers=VERSION) as client:
        answer = client.post(path, json=ASKED[path]([{"role": "user", "content": "a long word " * 9_000}]))

    assert answer.status_code == 400
    assert overflowed(answer.json())
    assert stage.requests == []


def _post(stage: Stage, path: str, headers: dict[str, str]) -> httpx.Response:
    return _posted(stage.proxy.url, path, headers)


def _posted(url: str, path: str, headers: dict[str, str]) -> httpx.Response:
    with httpx.Client(trust_env=False) as client:
        return client.post(f"{url}{path}", json=ASKED[path](HI), headers={**VERSION, **headers})


def _worded(path: str, answer: httpx.Response) -> str:
    """What an error says, in the form of its API."""
    body: Any = answer.json()
    error = body["error"]
    if path == "/v1/messages":
        assert body["type"] == "error"
        assert set(error) == {"type", "message"}
    else:
        assert set(error) == {"message", "type", "param", "code"}
    return str(error["message"])
