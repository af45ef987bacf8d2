"""Responses over the wire: answers, streams, what the server keeps, and errors, under the real client of OpenAI."""

from importlib import import_module
from importlib.util import find_spec
from typing import Any

import pytest

from litany import overflowed
from litany.testing import Fault, Provider
from tests.testing.wired import call, post

HEADERS = {"Authorization": "Bearer key"}
CALL = {
    "id": "call_1",
    "type": "function",
    "function": {"name": "look", "arguments": '{"at":"the far end of the sea"}'},
}
CALLING = {"role": "assistant", "reasoning_content": "Hm, the sea.", "content": "I look.", "tool_calls": [CALL]}
USER = {"role": "user", "content": "hi"}

with_sdk = pytest.mark.skipif(find_spec("openai") is None, reason="the openai package comes with the extra litellm")


def client(provider: Provider, **fields: Any) -> Any:
    return import_module("openai").OpenAI(base_url=f"{provider.url}/v1", api_key="key", **fields)


def output(id: str, text: str = "blue") -> dict[str, str]:
    return {"type": "function_call_output", "call_id": id, "output": text}


@with_sdk
def test_the_client_reads_the_items_of_an_answer_and_its_usage() -> None:
    with Provider([CALLING]) as provider, client(provider) as sdk:
        response = sdk.responses.create(model="fake", input="hi")

    assert [item.type for item in response.output] == ["reasoning", "message", "function_call"]
    assert (response.output_text, response.output[2].call_id) == ("I look.", "call_1")
    assert response.usage.input_tokens > 0
    assert 0 < response.usage.output_tokens_details.reasoning_tokens < response.usage.output_tokens


@with_sdk
def test_the_client_puts_a_stream_together() -> None:
    with Provider([CALLING, CALLING]) as provider, client(provider) as sdk:
        whole = sdk.responses.create(model="fake", input="hi")
        with sdk.responses.stream(model="fake", input="hi") as stream:
            kinds = [event.type for event in stream]
            final = stream.get_final_response()

    assert [item.type for item in final.output] == [item.type for item in whole.output]
    assert (final.output_text, final.output[2].arguments) == (whole.output_text, whole.output[2].arguments)
    assert final.output[0].summary[0].text == "Hm, the sea."
    assert kinds[:2] == ["response.created", "response.in_progress"]
    assert kinds[-1] == "response.completed"
    assert {"response.reasoning_summary_text.delta", "response.output_text.delta"} < set(kinds)
    assert kinds.count("response.function_call_arguments.done") == 1


@with_sdk
def test_the_answer_to_a_call_is_sent_with_all_items_of_the_reply() -> None:
    with Provider([CALLING, "It is blue."]) as provider, client(provider) as sdk:
        first = sdk.responses.create(model="fake", input=[USER], store=False)
        second = sdk.responses.create(model="fake", input=[USER, *first.output, output("call_1")], store=False)

    assert second.output_text == "It is blue."
    assert second.usage.input_tokens_details.cached_tokens > 0


@with_sdk
def test_reasoning_may_not_be_parted_from_the_call_that_it_led_to() -> None:
    openai = import_module("openai")
    with Provider([CALLING, "no", "no"]) as provider, client(provider) as sdk:
        items = sdk.responses.create(model="fake", input=[USER]).output
        with pytest.raises(openai.BadRequestError, match="without its required 'reasoning' item"):
            sdk.responses.create(model="fake", input=[USER, items[2], output("call_1")])
        with pytest.raises(openai.BadRequestError, match="without its required following item"):
            sdk.responses.create(model="fake", input=[USER, items[0]])


@with_sdk
def test_what_a_response_said_is_kept_on_the_server_until_another_asks_for_it() -> None:
    openai = import_module("openai")
    with Provider([CALLING, "It is blue.", "no"]) as provider, client(provider) as sdk:
        first = sdk.responses.create(model="fake", input="hi")
        second = sdk.responses.create(model="fake", input=[output("call_1")], previous_response_id=first.id)
        with pytest.raises(openai.BadRequestError, match="No tool output found for function call call_1"):
            sdk.responses.create(model="fake", input="hurry", previous_response_id=first.id)
        with pytest.raises(openai.BadRequestError, match="'resp_99' not found") as gone:
            sdk.responses.create(model="fake", input="hi", previous_response_id="resp_99")

    assert (second.output_text, second.previous_response_id) == ("It is blue.", first.id)
    assert second.usage.input_tokens > first.usage.input_tokens
    assert gone.value.code == "previous_response_not_found"


@with_sdk
def test_an_answer_that_is_not_stored_cannot_be_gone_on_with() -> None:
    openai = import_module("openai")
    with Provider(["ok", "no"]) as provider, client(provider) as sdk:
        first = sdk.responses.create(model="fake", input="hi", store=False)
        with pytest.raises(openai.BadRequestError, match="not found"):
            sdk.responses.create(model="fake", input="hi", previous_response_id=first.id)


@with_sdk
def test_a_conversation_holds_what_was_said_in_it() -> None:
    with Provider([CALLING, "It is blue."]) as provider, client(provider) as sdk:
        talk = sdk.conversations.create()
        sdk.responses.create(model="fake", input="hi", conversation=talk.id)
        second = sdk.responses.create(model="fake", input=[output("call_1")], conversation=talk.id)

    assert second.output_text == "It is blue."


@with_sdk
def test_an_input_that_is_too_long_is_refused_and_in_a_stream_fails() -> None:
    openai = import_module("openai")
    with (
        Provider(["x"], window=30, faults=[None, Fault(overflow_after=2)]) as provider,
        client(provider, max_retries=0) as sdk,
    ):
        with pytest.raises(openai.BadRequestError, match="exceeds the context window") as refused:
            sdk.responses.create(model="fake", input="long " * 60)
        events = list(sdk.responses.create(model="fake", input="hi", stream=True))

    assert overflowed(refused.value)
    assert overflowed(events[-1])
    assert events[-1].type == "response.failed"


@with_sdk
def test_an_answer_that_is_cut_off_says_so_whole_and_in_a_stream() -> None:
    with Provider([CALLING, CALLING], faults=[Fault(half=True)] * 2) as provider, client(provider) as sdk:
        whole = sdk.responses.create(model="fake", input="hi")
        events = list(sdk.responses.create(model="fake", input="hi", stream=True))

    for response in (whole, events[-1].response):
        assert (response.status, response.incomplete_details.reason) == ("incomplete", "max_output_tokens")
        assert response.output[2].arguments == '{"at":"the far '


def test_tokens_are_counted_without_an_answer() -> None:
    with Provider() as provider:
        heard = post(provider, "/v1/responses/input_tokens", {"model": "fake", "input": [USER]}, HEADERS)
        listed = call(provider, "GET", "/v1/models", b"", HEADERS)

    assert heard.body["object"] == "response.input_tokens"
    assert heard.body["input_tokens"] > 0
    assert listed.body["data"][0]["id"] == "fake"


def test_items_of_a_script_go_out_as_they_are() -> None:
    search = {"type": "web_search_call", "action": {"type": "search", "query": "sea"}}
    said = {"type": "message", "content": "Found."}
    with Provider([{"output": [search, said]}]) as provider:
        heard = post(provider, "/v1/responses", {"model": "fake", "input": "hi"}, HEADERS)

    first, second = heard.body["output"]
    assert (first["action"], first["status"]) == (search["action"], "completed")
    assert second["content"][0]["text"] == "Found."


@pytest.mark.parametrize(
    ("body", "sentence"),
    [
        ({"input": "hi"}, "Missing required parameter: 'model'."),
        ({"model": "fake"}, 'One of "input" or "previous_response_id"'),
        ({"model": "fake", "input": "hi", "conversation": "conv_9"}, "Conversation with id 'conv_9' not found."),
        ({"model": "fake", "input": [output("call_9")]}, "No tool call found for function call output with call_id"),
    ],
)
def test_a_request_that_lacks_something_is_refused_in_the_providers_words(body: Any, sentence: str) -> None:
    with Provider() as provider:
        heard = post(provider, "/v1/responses", body, HEADERS)

    assert heard.status == 400
    assert sentence in heard.body["error"]["message"]
