"""The provider under the real client of OpenAI."""

from importlib import import_module
from importlib.util import find_spec
from typing import Any

import pytest

from litany.testing import Fault, Provider

pytestmark = pytest.mark.skipif(find_spec("openai") is None, reason="the openai package comes with the extra litellm")

CALL = {"id": "c1", "type": "function", "function": {"name": "look", "arguments": '{"at":"the far end of the sea"}'}}
CALLING = {"role": "assistant", "content": "I look.", "tool_calls": [CALL]}
ASKED = {"model": "fake", "messages": [{"role": "user", "content": "hi"}]}


def client(provider: Provider, **fields: Any) -> Any:
    return import_module("openai").OpenAI(base_url=f"{provider.url}/v1", api_key="key", **fields)


def test_the_client_reads_an_answer_its_usage_and_the_models() -> None:
    with Provider([CALLING]) as provider, client(provider) as sdk:
        completion = sdk.chat.completions.create(**ASKED)
        models = [model.id for model in sdk.models.list()]

    assert completion.choices[0].message.tool_calls[0].function.name == "look"
    assert completion.usage.prompt_tokens_details.cached_tokens == 0
    assert models == ["fake"]


def test_the_client_puts_a_stream_together() -> None:
    counted = {"stream_options": {"include_usage": True}}
    with (
        Provider([CALLING]) as provider,
        client(provider) as sdk,
        sdk.chat.completions.stream(**ASKED, **counted) as stream,
    ):
        completion = stream.get_final_completion()

    assert completion.choices[0].message.content == "I look."
    assert completion.choices[0].message.tool_calls[0].function.arguments == CALL["function"]["arguments"]  # type: ignore[index]  # a dict in the literal above
    assert completion.usage.total_tokens > 0


def test_the_client_tries_again_after_a_limit_and_a_server_error() -> None:
    with Provider(
        ["at last"], faults=[Fault(status=429, retry_after=0.01), Fault(status=500, retry_after=0.01)]
    ) as provider:
        with client(provider, max_retries=2) as sdk:
            completion = sdk.chat.completions.create(**ASKED)
        tries = len(provider.requests)

    assert (completion.choices[0].message.content, tries) == ("at last", 3)


def test_the_client_raises_its_own_errors() -> None:
    openai = import_module("openai")
    with (
        Provider(["x"], window=5, faults=[None, Fault(overflow_after=1)]) as provider,
        client(provider, max_retries=0) as sdk,
    ):
        with pytest.raises(openai.BadRequestError, match="maximum context length") as refused:
            sdk.chat.completions.create(**ASKED | {"messages": [{"role": "user", "content": "long " * 20}]})
        with pytest.raises(openai.BadRequestError, match="did not have response messages"):
            sdk.chat.completions.create(**ASKED | {"messages": [CALLING]})
        with pytest.raises(openai.APIError, match="maximum context length"):
            list(sdk.chat.completions.create(**ASKED, stream=True))

    assert refused.value.code == "context_length_exceeded"
