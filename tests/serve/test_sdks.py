"""The clients that agents have, unchanged but for base URL and key, through the proxy to the strict provider."""

import asyncio
import json
from importlib import import_module
from importlib.util import find_spec
from typing import Any

import pytest

from litany.testing import Fault, Received
from tests.histories import rows
from tests.serve.agent import GOAL, TOOLS, recited, refused, said
from tests.serve.proxied import KEY, Stage

TURNS = 10


def needs(package: str) -> pytest.MarkDecorator:
    return pytest.mark.skipif(find_spec(package) is None, reason=f"{package} is not installed here")


def looked(request: Received) -> Any:
    """A model that looks at the next page, and ends after the last."""
    turn = int(json.loads(request.headers["x-turn"]))
    if turn == TURNS:
        return "the pump stops because of the timer"
    arguments, id = {"page": turn}, f"look_{turn}"
    if request.path == "/v1/messages":
        content = [
            {"type": "text", "text": "I look."},
            {"type": "tool_use", "id": id, "name": "look", "input": arguments},
        ]
        return {"role": "assistant", "content": content}
    function = {"name": "look", "arguments": json.dumps(arguments)}
    if request.path == "/v1/responses":
        return {"type": "function_call", "call_id": id, **function}
    call = {"id": id, "type": "function", "function": function}
    return {"role": "assistant", "content": None, "tool_calls": [call]}


def held(stage: Stage) -> None:
    """What must be true of every call of a run."""
    assert refused(stage.requests) == []
    assert len(stage.requests) >= TURNS + 1
    assert all(GOAL in json.dumps(said(request)) for request in stage.requests)
    assert len(said(stage.requests[-1])) < 2 * TURNS
    assert sum(map(recited, stage.requests)) >= 3


@needs("openai")
@pytest.mark.parametrize("stream", [False, True], ids=["whole", "stream"])
def test_openais_client_in_chat(stage: Stage, stream: bool) -> None:
    stage.said, openai = looked, import_module("openai")
    messages: list[Any] = [{"role": "user", "content": f"{GOAL} With OpenAI's client, {stream}."}]
    with openai.OpenAI(base_url=f"{stage.proxy.url}/v1", api_key=KEY, max_retries=0) as client:
        for turn in range(TURNS + 1):
            given = {
                "model": "fake",
                "messages": messages,
                "tools": TOOLS["openai"],
                "extra_headers": {"x-turn": str(turn)},
            }
            if stream:
                with client.chat.completions.stream(**given, stream_options={"include_usage": True}) as events:
                    completion = events.get_final_completion()
            else:
                completion = client.chat.completions.create(**given)
            message = completion.choices[0].message
            messages.append(message.model_dump(exclude_none=True, exclude={"parsed"}))
            messages += [
                {"role": "tool", "tool_call_id": call.id, "content": rows(20, f"page {turn}")}
                for call in message.tool_calls or ()
            ]
            assert completion.usage.prompt_tokens > 0

    assert message.content == "the pump stops because of the timer"
    held(stage)


@needs("openai")
def test_openais_client_in_responses(stage: Stage) -> None:
    stage.said, openai = looked, import_module("openai")
    items: list[Any] = [{"role": "user", "content": f"{GOAL} In responses."}]
    with openai.OpenAI(base_url=f"{stage.proxy.url}/v1", api_key=KEY, max_retries=0) as client:
        for turn in range(TURNS + 1):
            given = {"model": "fake", "input": items, "tools": TOOLS["responses"], "store": False}
            with client.responses.stream(**given, extra_headers={"x-turn": str(turn)}) as events:
                response = events.get_final_response()
            items += [item.model_dump(exclude_none=True, exclude={"parsed_arguments"}) for item in response.output]
            items += [
                {"type": "function_call_output", "call_id": item.call_id, "output": rows(20, f"page {turn}")}
                for item in response.output
                if item.type == "function_call"
            ]

    assert response.output_text == "the pump stops because of the timer"
    held(stage)


@needs("anthropic")
@pytest.mark.parametrize("stream", [False, True], ids=["whole", "stream"])
def test_anthropics_client(stage: Stage, stream: bool) -> None:
    stage.said, anthropic = looked, import_module("anthropic")
    messages: list[Any] = [{"role": "user", "content": f"{GOAL} With Anthropic's client, {stream}."}]
    with anthropic.Anthropic(base_url=stage.proxy.url, api_key=KEY, max_retries=0) as client:
        for turn in range(TURNS + 1):
            given = {"model": "fake", "max_tokens": 500, "messages": messages, "tools": TOOLS["anthropic"]}
            given["extra_headers"] = {"x-turn": str(turn)}
            if stream:
                with client.messages.stream(**given) as events:
                    message = events.get_final_message()
            else:
                message = client.messages.create(**given)
            messages.append({"role": "assistant", "content": [block.to_dict() for block in message.content]})
            results = [
                {"type": "tool_result", "tool_use_id": block.id, "content": rows(20, f"page {turn}")}
                for block in message.content
                if block.type == "tool_use"
            ]
            messages += [{"role": "user", "content": results}] if results else []
        counted = client.messages.count_tokens(model="fake", messages=[{"role": "user", "content": "hi"}])

    assert message.content[0].text == "the pump stops because of the timer"
    assert counted.input_tokens > 0
    stage.provider.requests.pop()
    held(stage)


@needs("litellm")
@pytest.mark.filterwarnings("ignore::DeprecationWarning:litellm")
@pytest.mark.filterwarnings("ignore:Pydantic serializer warnings:UserWarning")
@pytest.mark.filterwarnings("ignore:Item .* using the `ReadOnly` qualifier:UserWarning")
@pytest.mark.parametrize("model", ["openai/fake", "anthropic/fake"])
def test_litellm(stage: Stage, model: str) -> None:
    with asyncio.Runner() as runner:
        runner.get_loop()  # LiteLLM opens one where there is none, and leaves it open
        _litellm(stage, model)


def _litellm(stage: Stage, model: str) -> None:
    from litany.adapters.litellm import package

    stage.said, completion = looked, package().completion
    base = f"{stage.proxy.url}/v1" if model.startswith("openai") else stage.proxy.url
    messages: list[Any] = [{"role": "user", "content": f"{GOAL} With LiteLLM, {model}."}]
    for turn in range(TURNS + 1):
        given = {"messages": messages, "tools": TOOLS["openai"], "api_base": base, "api_key": KEY, "num_retries": 0}
        reply = completion(model=model, **given, max_tokens=500, extra_headers={"x-turn": str(turn)})
        message = reply.choices[0].message
        messages.append(message.model_dump(exclude_none=True))
        messages += [
            {"role": "tool", "tool_call_id": call.id, "content": rows(20, f"page {turn}")}
            for call in message.tool_calls or ()
        ]

    assert message.content == "the pump stops because of the timer"
    held(stage)


@needs("openai")
def test_a_client_that_tries_again_after_a_limit_comes_through(stage: Stage) -> None:
    openai = import_module("openai")
    stage.wrong = lambda _: Fault(status=429, retry_after=0.01) if len(stage.requests) == 1 else None
    with openai.OpenAI(base_url=f"{stage.proxy.url}/v1", api_key=KEY, max_retries=2) as client:
        completion = client.chat.completions.create(
            model="fake", messages=[{"role": "user", "content": "Again, please."}]
        )

    assert completion.choices[0].message.content == "ok"
    assert len(stage.requests) == 2
    assert stage.requests[0].raw == stage.requests[1].raw
