"""Streams: byte by byte as they drip, broken off where they break, closed where nobody reads on; and what overflows."""

import json
import time
from typing import Any

import httpx
import pytest

from litany.overflow import overflowed
from litany.testing import Fault
from tests.histories import rows
from tests.serve.proxied import ASKED, PATHS, VERSION, Stage, until

HI = [{"role": "user", "content": "hi"}]
LONG = "one answer, in several pieces " * 10


@pytest.mark.parametrize("path", PATHS)
def test_a_slow_drip_arrives_as_it_drips(stage: Stage, path: str) -> None:
    stage.said, stage.wrong = (lambda _: LONG), (lambda _: Fault(pause=0.05))
    with stage.proxy.client(headers=VERSION) as client, client.stream("POST", path, json=_asked(path)) as answer:
        came = [time.monotonic() for _ in answer.iter_raw()]

    assert len(came) > 5
    assert came[-1] - came[0] > 0.2


@pytest.mark.parametrize("path", PATHS)
def test_a_stream_that_breaks_off_breaks_off_for_the_client(stage: Stage, path: str) -> None:
    stage.said, stage.wrong = (lambda _: LONG), (lambda _: Fault(reset_after=8))
    got: list[bytes] = []
    with (
        stage.proxy.client(headers=VERSION) as client,
        client.stream("POST", path, json=_asked(path)) as answer,
        pytest.raises(httpx.RemoteProtocolError),
    ):
        got.extend(answer.iter_raw())

    assert answer.status_code == 200
    assert b"answer" in b"".join(got)
    assert len(stage.requests) == 1


@pytest.mark.parametrize("path", PATHS)
def test_an_error_behind_content_reaches_the_client_and_is_not_tried_again(stage: Stage, path: str) -> None:
    stage.said, stage.wrong = (lambda _: LONG), (lambda _: Fault(overflow_after=8))
    with stage.proxy.client(headers=VERSION) as client:
        answer = client.post(path, json=_asked(path))

    assert b"answer" in answer.content
    assert overflowed(json.loads(answer.content.split(b"data: ")[-1]))
    assert len(stage.requests) == 1


def test_when_the_client_hangs_up_the_upstream_is_closed(stage: Stage) -> None:
    stage.said, stage.wrong = (lambda _: LONG * 100), (lambda _: Fault(pause=0.02))
    with (
        stage.proxy.client() as client,
        client.stream("POST", "/v1/chat/completions", json=_asked("/v1/chat/completions")) as answer,
    ):
        next(answer.iter_raw())
        held = stage.provider.connections

    until(lambda: stage.provider.connections < held)


@pytest.mark.parametrize("stream", [False, True], ids=["whole", "stream"])
@pytest.mark.parametrize("path", PATHS)
def test_an_overflow_is_sent_once_more_and_smaller(stage: Stage, path: str, stream: bool) -> None:
    stage.wrong = lambda asked: Fault(overflow_after=1) if len(stage.requests) == 1 else None
    with stage.proxy.client(headers=VERSION) as client:
        answer = client.post(path, json=_long(path, stream))

    assert answer.status_code == 200
    assert b"ok" in answer.content
    first, second = (request.raw for request in stage.requests)
    assert len(second) < len(first)
    assert [request.violations for request in stage.requests] == [(), ()]


@pytest.mark.parametrize("stream", [False, True], ids=["whole", "stream"])
@pytest.mark.parametrize("path", PATHS)
def test_a_second_overflow_is_told_to_the_client(stage: Stage, path: str, stream: bool) -> None:
    stage.wrong = lambda asked: Fault(overflow_after=1)
    with stage.proxy.client(headers=VERSION) as client:
        answer = client.post(path, json=_long(path, stream))

    assert overflowed(json.loads(answer.content.split(b"data: ")[-1]))
    assert answer.status_code == (200 if stream else 400)
    assert len(stage.requests) == 2


def _asked(path: str) -> dict[str, Any]:
    return ASKED[path](HI, stream=True)


def _long(path: str, stream: bool) -> dict[str, Any]:
    """A request with some history, told from all others by its first words."""
    said = [{"role": "user", "content": f"Look at every page of {path} {stream} {time.monotonic()}."}]
    for page in range(8):
        said += [
            {"role": "assistant", "content": f"Page {page}."},
            {"role": "user", "content": rows(20, f"page {page}")},
        ]
    return ASKED[path](said, stream=stream)
