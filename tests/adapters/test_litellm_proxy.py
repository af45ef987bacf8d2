"""The hook for LiteLLM's proxy, called as the proxy calls it: with the request as data, in each of its dialects."""

import asyncio
import json
import re
from importlib.util import find_spec
from types import SimpleNamespace
from typing import Any

import pytest

from litany import MemoryStore, Policy
from tests.histories import GOAL, calls, result, returns, rows, user, uses

pytestmark = pytest.mark.skipif(find_spec("litellm") is None, reason="LiteLLM comes with the extra litellm")

SMALL = Policy(window=4_000, recite=("turns", 2))
LISTS = {"acompletion": "messages", "anthropic_messages": "messages", "aresponses": "input"}
TOO_LONG = "This model's maximum context length is 4000 tokens. However, your messages resulted in 5000 tokens."


def hook(**given: Any) -> Any:
    from litany.adapters.litellm import package

    package()
    from litany.adapters.litellm_proxy import LitanyHook

    return LitanyHook(policy=SMALL, **given)


def step(call_type: str, turn: int) -> list[dict[str, Any]]:
    id, text = f"look-{turn}", rows(20, f"page {turn}")
    if call_type == "acompletion":
        return [calls(id, page=turn), result(id, text)]
    if call_type == "anthropic_messages":
        return [uses(id, page=turn), returns(id, text)]
    called = {"type": "function_call", "call_id": id, "name": "look", "arguments": "{}"}
    return [called, {"type": "function_call_output", "call_id": id, "output": text}]


def data(call_type: str, messages: list[Any], number: int = 0, **headers: str) -> dict[str, Any]:
    """A request as the proxy hands it over."""
    request = {"url": "/v1", "headers": headers, "body": {}}
    own = {"model": "fake", "litellm_call_id": f"call-{number}", "proxy_server_request": request}
    return {**own, LISTS[call_type]: list(messages), "tools": []}


async def walked(own: Any, call_type: str, **headers: str) -> list[Any]:
    """The views of a run."""
    messages, views = [user(f"{GOAL} By {call_type}.")], []
    for turn in range(30):
        asked = data(call_type, messages, turn, **headers)
        sent = await own.async_pre_call_hook(None, None, asked, call_type)
        assert asked[LISTS[call_type]] == messages
        views.append(sent[LISTS[call_type]])
        usage = {"prompt_tokens": len(json.dumps(views[-1])) // 4}
        await own.async_post_call_success_hook(sent, None, {"usage": usage})
        messages += step(call_type, turn)
    return views


@pytest.mark.parametrize("call_type", LISTS)
def test_every_view_holds_the_goal_and_long_ones_are_compacted(call_type: str) -> None:
    store = MemoryStore()
    views = asyncio.run(walked(hook(store=store), call_type, **{"X-Litany-Conversation": "run-7"}))

    assert all(GOAL in json.dumps(view) for view in views)
    whole = sum(len(json.dumps(step(call_type, turn))) for turn in range(29))
    assert max(len(json.dumps(view)) for view in views) < whole / 2
    assert sum("</litany>" in json.dumps(view[-1]) for view in views) >= 3
    assert store.load("run-7") is not None


def test_under_one_name_callers_with_other_keys_have_conversations_of_their_own() -> None:
    plan = {"plan": [{"step": "what only the first may know", "status": "in_progress"}]}
    planned = [user(GOAL), calls("plan-1", name="update_plan", **plan), result("plan-1", "done")]
    offered = [{"type": "function", "function": {"name": "update_plan", "parameters": {"type": "object"}}}]

    async def asked(own: Any, caller: Any, messages: list[Any], number: int) -> str:
        request = data("acompletion", messages, number, **{"x-litany-conversation": "task"})
        sent = await own.async_pre_call_hook(caller, None, {**request, "tools": offered}, "acompletion")
        return json.dumps(sent["messages"])

    async def said() -> list[str]:
        own, first, other = hook(), auth("key-1"), auth("key-2")
        await asked(own, first, planned[:1], 0)
        await asked(own, first, planned, 1)
        edited = [user(GOAL), {"role": "assistant", "content": "Yes."}, user("And now?")]
        return [await asked(own, caller, edited, number) for number, caller in enumerate((first, other), 2)]

    mine, others = asyncio.run(said())

    assert "what only the first may know" in mine
    assert "what only the first may know" not in others


def test_the_same_messages_of_callers_with_other_keys_are_conversations_of_their_own() -> None:
    store = MemoryStore()

    async def said() -> None:
        for caller in (auth("key-1"), auth("key-2")):
            own = hook(store=store)
            await own.async_pre_call_hook(caller, None, data("acompletion", [user(GOAL)], 0), "acompletion")
            longer = [user(GOAL), {"role": "assistant", "content": "Yes."}, user("And now?")]
            await own.async_pre_call_hook(caller, None, data("acompletion", longer, 1), "acompletion")

    asyncio.run(said())

    roots = [key.partition("~")[0] for key in store.names() if re.search(r"[^~]~[0-9a-f]{16}\Z", key)]
    assert len(roots) == len(set(roots)) == 2


def auth(key: str) -> Any:
    """What the proxy knows of a caller."""
    return SimpleNamespace(api_key=key, team_id=None, user_id="the same")


def test_a_call_of_another_kind_or_with_its_history_elsewhere_is_left_alone() -> None:
    own = hook()
    embedding = data("acompletion", [user("hi")])
    continued = {**data("aresponses", [user("hi")]), "previous_response_id": "resp_1"}
    threaded = {**data("anthropic_messages", [user("hi")]), "thread": {"id": "thread_1"}}

    assert asyncio.run(own.async_pre_call_hook(None, None, embedding, "aembedding")) is embedding
    assert asyncio.run(own.async_pre_call_hook(None, None, continued, "aresponses")) is continued
    assert asyncio.run(own.async_pre_call_hook(None, None, threaded, "anthropic_messages")) is threaded


def test_after_an_overflow_the_next_try_is_smaller() -> None:
    async def tried() -> list[int]:
        own, sizes = hook(), []
        messages = [user(GOAL), *(each for turn in range(3) for each in step("acompletion", turn))]
        for number in range(2):
            sent = await own.async_pre_call_hook(None, None, data("acompletion", messages, number), "acompletion")
            sizes.append(len(json.dumps(sent["messages"])))
            await own.async_post_call_failure_hook(sent, ValueError(TOO_LONG), None)
        return sizes

    first, second = asyncio.run(tried())

    assert second < first


def test_a_stream_passes_as_it_is() -> None:
    async def streamed() -> list[Any]:
        own = hook()
        sent = await own.async_pre_call_hook(None, None, data("acompletion", [user(GOAL)]), "acompletion")

        async def chunks() -> Any:
            yield {"choices": []}
            yield {"usage": {"prompt_tokens": 9}}

        return [item async for item in own.async_post_call_streaming_iterator_hook(None, chunks(), sent)]

    assert asyncio.run(streamed()) == [{"choices": []}, {"usage": {"prompt_tokens": 9}}]
