"""LiteLLM's functions and router, wrapped."""

import asyncio
from collections.abc import Iterator
from importlib import import_module
from importlib.util import find_spec
from typing import Any

import pytest

import litany
from litany import PolicyError
from litany.testing import Fault, Provider
from tests.adapters.asked import MARKS
from tests.adapters.clients.hosts import Host, made, routed
from tests.histories import GOAL, SMALL, steps, user

pytestmark = [*MARKS, pytest.mark.skipif(find_spec("litellm") is None, reason="needs litellm")]

LONG = [user(GOAL), *steps(60)]
ROUTER = Host("router", "litellm", "openai", routed, "Router", awaits=True)


@pytest.fixture
def provider() -> Iterator[Provider]:
    with Provider() as running, asyncio.Runner() as runner:
        runner.get_loop()
        yield running


def at(provider: Provider) -> dict[str, Any]:
    return {"api_base": f"{provider.url}/v1", "api_key": "key"}


def sizes(provider: Provider) -> list[bool]:
    """Whether each request carried a view of the long record."""
    return [len(request.body["messages"]) < 30 for request in provider.requests]


def test_a_wrapped_function_is_called_as_it_was(provider: Provider) -> None:
    litellm = import_module("litellm")
    completion = litany.wrap(litellm.completion, policy=SMALL)

    completion("openai/fake", LONG, **at(provider))
    completion("openai/fake", messages=LONG, **at(provider))
    completion(messages=LONG, model="openai/fake", temperature=0.5, **at(provider))
    stream = completion("openai/fake", LONG, stream=True, **at(provider))

    assert isinstance(stream, litellm.CustomStreamWrapper)
    assert "".join(chunk.choices[0].delta.content or "" for chunk in stream) == "ok"
    assert completion.__name__ == "completion"
    assert sizes(provider) == [True] * 4
    with pytest.raises(litellm.BadRequestError):
        completion(model="nobody/fake", messages=LONG)


def test_a_wrapped_router_routes_as_it_did(provider: Provider) -> None:
    litellm = import_module("litellm")
    router, _ = made(ROUTER, provider.url)
    wrapped = litany.wrap(router, policy=SMALL)

    async def asked() -> None:
        await wrapped.acompletion("fake", LONG)
        await wrapped.acompletion(model="fake", messages=LONG)
        await wrapped.abatch_completion(["fake"], LONG)
        await router.acompletion("fake", LONG)

    wrapped.completion("fake", LONG)
    wrapped.chat.completions.create(model="fake", messages=LONG)
    asyncio.run(asked())

    assert isinstance(wrapped, litellm.Router)
    assert wrapped.get_model_names() == ["fake"]
    assert sizes(provider) == [True] * 5 + [False]


def test_a_router_within_a_wrapped_module_is_not_wrapped_twice(provider: Provider) -> None:
    from litany.adapters.litellm_client import _within

    completion = litany.wrap(import_module("litellm").completion, policy=SMALL)
    with _within():
        completion("openai/fake", LONG, **at(provider))

    assert sizes(provider) == [False]


@pytest.mark.parametrize("streams", [False, True])
def test_a_request_that_was_too_long_is_sent_once_more_and_smaller(streams: bool) -> None:
    with Provider(faults=[Fault(overflow_after=1)]) as provider, asyncio.Runner() as runner:
        runner.get_loop()
        completion = litany.wrap(import_module("litellm").completion, policy=SMALL)
        answer = completion("openai/fake", LONG[:9], stream=streams, **at(provider))
        if streams:
            assert "".join(chunk.choices[0].delta.content or "" for chunk in answer) == "ok"
        first, second = provider.requests

    assert len(second.raw) < len(first.raw)


def test_what_is_reported_corrects_the_counting() -> None:
    with Provider(bias=2.0) as provider, asyncio.Runner() as runner:
        runner.get_loop()
        completion = litany.wrap(import_module("litellm").completion, policy=SMALL)
        with litany.conversation("plain"):
            completion("openai/fake", LONG[:9], **at(provider))
        with litany.conversation("stream"):
            counted = {"stream": True, "stream_options": {"include_usage": True}}
            list(completion("openai/fake", LONG[:9], **counted, **at(provider)))
        drifts = [completion.litany.store.load(key)[1].drift for key in ("plain", "stream")]

    assert min(drifts) > 1.5


def test_what_cannot_be_wrapped_is_told(provider: Provider) -> None:
    litellm = import_module("litellm")
    with pytest.raises(PolicyError, match="it wraps completion, acompletion, and a Router"):
        litany.wrap(litellm.embedding)
    with pytest.raises(PolicyError, match="wrapped already"):
        litany.wrap(litany.wrap(litellm.completion))
