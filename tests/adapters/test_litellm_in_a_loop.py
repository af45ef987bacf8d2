"""Litany with the summarizer through LiteLLM, over a whole run: forks from the cache, and outlines when it fails."""

import asyncio
from collections.abc import Callable
from typing import Any

import pytest

from litany import AsyncLitany, Litany, Policy
from litany.adapters.litellm import AsyncLiteLLMSummarizer
from litany.testing import Provider, Received
from tests.adapters.asked import (
    CALLING,
    CLAUDE,
    FAILING,
    GPT,
    LONG,
    MARKS,
    NATIVE_TOOLS,
    TOOLS,
    base,
    hosted,
    summarizer,
)

pytestmark = [*MARKS, pytest.mark.usefixtures("litellm")]


def grown(turns: int) -> list[dict[str, Any]]:
    messages: list[dict[str, Any]] = [{"role": "user", "content": "Watch the sea until it is still."}]
    for turn in range(turns):
        call = {"id": f"c{turn}", "type": "function", "function": {"name": "look", "arguments": "{}"}}
        messages += [
            {"role": "assistant", "content": None, "tool_calls": [call]},
            {"role": "tool", "tool_call_id": f"c{turn}", "content": f"wave {turn}: {LONG}"},
        ]
    return messages


def walked(litany: Litany, send: Callable[[list[dict[str, Any]]], object], turns: int = 12) -> list[dict[str, Any]]:
    """The view of the last call of a loop that sends each view."""
    view: list[dict[str, Any]] = []
    for turn in range(1, turns):
        view = litany(grown(turn), tools=TOOLS)
        send(view)
    return view


POLICY = Policy(window=6_000, reserve=500, summary_tokens=400)


def summaries(provider: Provider) -> list[Received]:
    return [
        request
        for request in provider.requests
        if str(request.body["messages"][-1]["content"]).startswith("Summarize the conversation so far")
    ]


def test_a_loop_compacts_with_forks_that_its_cache_serves(provider: Provider) -> None:
    lines: list[dict[str, Any]] = []
    summarize = summarizer(provider, tools=TOOLS)
    litany = Litany(policy=POLICY, summarize=summarize, trace=lines.append)

    view = walked(litany, lambda view: hosted(provider, GPT, view, tools=TOOLS))

    assert [line["summary"] for line in lines if line["compacted"]] == ["model"] * len(summaries(provider))
    assert "looked at the sea" in str(view)
    assert summarize.calls == len(summaries(provider)) >= 1
    assert summarize.bill.cached > 0.7 * summarize.bill.prompt
    assert all(request.violations == () for request in provider.requests)


def test_an_async_loop_gives_the_same_views(provider: Provider) -> None:
    twin = AsyncLiteLLMSummarizer(GPT, api_base=base(provider, GPT), api_key="key", tools=TOOLS)

    async def views() -> list[list[Any]]:
        litany = AsyncLitany(policy=POLICY, summarize=twin, mark="beef")
        return [await litany(grown(turn), tools=TOOLS) for turn in range(1, 12)]

    litany = Litany(policy=POLICY, summarize=summarizer(provider, tools=TOOLS), mark="beef")
    assert asyncio.run(views()) == [litany(grown(turn), tools=TOOLS) for turn in range(1, 12)]


@pytest.mark.parametrize(
    ("script", "reason"),
    [
        ({"faults": lambda request: FAILING}, "InternalServerError"),
        ({"replies": lambda request: CALLING}, "called the tool 'look'"),
        ({"replies": lambda request: "I'm sorry, I cannot."}, "refused"),
    ],
    ids=["500s", "a call", "a refusal"],
)
def test_a_failed_summary_leaves_an_outline_and_its_reason_in_the_trace(script: dict[str, Any], reason: str) -> None:
    lines: list[dict[str, Any]] = []
    with Provider(**script) as provider:
        summarize = summarizer(provider, tools=TOOLS, retries=1)
        litany = Litany(policy=POLICY, summarize=summarize, trace=lines.append)
        view = walked(litany, lambda view: None, turns=20)

    compacted = [line for line in lines if line["compacted"]]
    assert compacted
    assert {line["summary"] for line in compacted} == {"outline"}
    assert any(reason in said for line in lines for said in line["reasons"])
    assert "wave" in str(view)


def test_a_loop_in_anthropics_own_words_compacts_with_forks(provider: Provider) -> None:
    lines: list[dict[str, Any]] = []
    summarize = summarizer(provider, CLAUDE, tools=NATIVE_TOOLS)
    litany = Litany(policy=POLICY, summarize=summarize, trace=lines.append, dialect="anthropic")
    messages: list[dict[str, Any]] = [{"role": "user", "content": "Watch the sea until it is still."}]
    for turn in range(12):
        use = {"type": "tool_use", "id": f"c{turn}", "name": "look", "input": {}}
        result = {"type": "tool_result", "tool_use_id": f"c{turn}", "content": f"wave {turn}: {LONG}"}
        messages += [{"role": "assistant", "content": [use]}, {"role": "user", "content": [result]}]
        view = litany(messages, tools=NATIVE_TOOLS)

    assert "model" in {line["summary"] for line in lines}
    assert "looked at the sea" in str(view)
    assert {request.path for request in provider.requests} == {"/v1/messages"}
    assert all(request.violations == () for request in provider.requests)
