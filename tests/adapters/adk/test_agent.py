"""LitanyPlugin in agents of ADK, whose model is Gemini's own client before a provider that judges each request."""

import asyncio
from collections.abc import Coroutine
from pathlib import Path
from typing import Any

import pytest

pytest.importorskip("google.adk", reason="needs google-adk: make test-adapters HOSTS=adk")

from google.genai.errors import ClientError

from litany import Policy, SqliteStore
from litany.adapters.adk import LitanyPlugin
from litany.testing import Fault, Provider, Received
from tests.adapters.adk.agents import MARKS, STREAMED, agent, ran, running, stored
from tests.adapters.said import ADD, GOAL, LONG, MARK, RULES, calling, checked, messages, retried, texts, watching

pytestmark = MARKS
FLAGS = ["thought-signatures"]
BOTH = pytest.mark.parametrize("config", [None, STREAMED], ids=["whole", "streamed"])


def run(work: Coroutine[Any, Any, Any]) -> Any:
    return asyncio.run(work)


async def one(root: Any, *plugins: Any, config: Any = None) -> tuple[list[Any], list[Any]]:
    """One request: what came, and what the session holds after it."""
    async with running(root, *plugins) as runner:
        return await ran(runner, config=config), list(await stored(runner))


@BOTH
def test_every_request_is_accepted_holds_the_goal_and_ends_with_a_due_recitation(config: Any) -> None:
    lines: list[dict[str, Any]] = []
    with Provider(watching(45), flags=FLAGS) as provider:
        litany = LitanyPlugin(GOAL, RULES, Policy(window=5_000), trace=lines.append)
        came, events = run(one(agent(provider), litany, config=config))

        checked(provider.requests, lines)
    assert len(lines) == 46
    assert sum(line["compacted"] is not None for line in lines) >= 4
    assert MARK not in str(events)
    assert len(events) == 2 + 2 * 45
    assert sum(f"wave {turn}: {LONG}" in str(event) for turn, event in enumerate(events[2::2])) == 45
    assert "".join(part.text or "" for part in came[-1].content.parts) == "It is still."


@BOTH
def test_an_overflow_is_retried_once_smaller_and_recites_last(config: Any) -> None:
    with Provider(watching(12), window=5_000, flags=FLAGS) as provider:
        litany = LitanyPlugin(GOAL, RULES, Policy(window=60_000))
        came, events = run(one(agent(provider), litany, config=config))

    assert retried(provider.requests) >= 1
    assert "It is still." in str(came[-1].content)
    assert MARK not in str(events)


def test_a_second_overflow_is_the_models_own_error() -> None:
    with (
        Provider(watching(12), faults=[None] * 9 + [Fault(overflow_after=0)] * 2, flags=FLAGS) as provider,
        pytest.raises(ClientError, match="exceeds the maximum"),
    ):
        run(one(agent(provider), LitanyPlugin(GOAL, RULES)))

    assert len(provider.requests) == 11


def test_another_error_of_the_model_is_left_alone() -> None:
    with (
        Provider(watching(12), faults=[None] * 9 + [Fault(status=403)], flags=FLAGS) as provider,
        pytest.raises(ClientError),
    ):
        run(one(agent(provider), LitanyPlugin(GOAL, RULES)))

    assert len(provider.requests) == 10


def test_what_is_sent_unchanged_is_sent_as_a_bare_agent_sends_it() -> None:
    with Provider(watching(3), flags=FLAGS) as bare:
        run(one(agent(bare)))
    with Provider(watching(3), flags=FLAGS) as wrapped:
        run(one(agent(wrapped), LitanyPlugin(tools=False)))

    assert [request.raw for request in wrapped.requests] == [request.raw for request in bare.requests]


def test_the_callbacks_serve_one_agent_without_a_plugin() -> None:
    lines: list[dict[str, Any]] = []
    litany = LitanyPlugin(GOAL, RULES, Policy(window=5_000), trace=lines.append)
    with Provider(watching(20), flags=FLAGS) as provider:
        sailor = agent(
            provider,
            before_model_callback=litany.before_model_callback,
            after_model_callback=litany.after_model_callback,
            on_model_error_callback=litany.on_model_error_callback,
        )
        _, events = run(one(sailor))

        checked(provider.requests, lines)
    assert MARK not in str(events)


def test_litanys_tools_are_served_and_what_they_wrote_is_recited() -> None:
    first = calling("update_todos", "u1", operations=ADD), calling("note", "n1", content="the tide turns at six")
    with Provider(watching(14, *first), flags=FLAGS) as provider:
        litany = LitanyPlugin(GOAL, RULES, Policy(window=5_000))
        _, events = run(one(agent(provider), litany))
        recited = [told for request in provider.requests if MARK in (told := texts(messages(request))[-1])]

    assert recited
    assert all("mend the net" in told for told in recited)
    assert "1. [pending] mend the net" in str(events[2].content)
    assert [todo.content for todo in litany.conversation("sea/u1/s1/sailor").agenda.todos] == [
        "mend the net",
        "count the boats",
    ]


def test_what_left_the_view_is_recalled() -> None:
    def script(received: Received) -> Any:
        return calling("recall", "r1", query="wave 3") if received.number == 20 else looks(received)

    looks = watching(21)
    with Provider(script, flags=FLAGS) as provider:
        _, events = run(one(agent(provider), LitanyPlugin(GOAL, RULES, Policy(window=5_000))))

    assert any("wave 3: the tide" in str(event.content) and "recall" in str(event.content) for event in events)


def test_an_agent_without_tools_is_offered_none() -> None:
    with Provider(["It is still."], flags=FLAGS) as provider:
        run(one(agent(provider, tools=[]), LitanyPlugin(GOAL)))

    assert "tools" not in provider.requests[0].body


def test_each_agent_of_a_session_is_a_conversation_of_its_own() -> None:
    lines: list[dict[str, Any]] = []
    moved = calling("transfer_to_agent", "t1", agent_name="diver")
    looks = [calling("look", f"c{turn}", at=turn) for turn in range(30)]
    with Provider([*looks[:15], moved, *looks[15:], "It is still."], flags=FLAGS) as provider:
        litany = LitanyPlugin(GOAL, RULES, Policy(window=5_000), trace=lines.append)
        diver = agent(provider, name="diver", description="Dives.", instruction="You dive.")
        _, events = run(one(agent(provider, sub_agents=[diver]), litany))

        checked(provider.requests, lines)
    assert {line["key"] for line in lines} == {"sea/u1/s1/sailor", "sea/u1/s1/diver"}
    assert any(line["compacted"] for line in lines if line["key"].endswith("diver"))
    assert MARK not in str(events)


def test_a_summary_may_be_awaited() -> None:
    async def summarize(messages: Any, prompt: str) -> str:
        return "## Done\n- SEEN by another\n## Next\n- look again"

    with Provider(watching(25), flags=FLAGS) as provider:
        run(one(agent(provider), LitanyPlugin(GOAL, RULES, Policy(window=5_000), summarize=summarize)))

    assert "SEEN by another" in str(messages(provider.requests[-1]))


def test_many_sessions_at_once_do_not_cross() -> None:
    def script(received: Received) -> Any:
        told = texts(messages(received))
        canary = next(part for text in told for part in text.split() if part.startswith("canary-"))
        looks = sum("wave" in text for text in told)
        return calling("look", f"c{received.number}", at=1) if looks < 6 else canary

    async def all_of_them() -> list[Any]:
        async with running(agent(provider), LitanyPlugin(None, RULES, Policy(window=12_000))) as runner:
            asked = [ran(runner, f"go canary-{number}- now", f"s{number}") for number in range(12)]
            came: list[Any] = await asyncio.gather(*asked)
            return came

    with Provider(script, flags=FLAGS) as provider:
        ended = run(all_of_them())

    assert [events[-1].content.parts[0].text for events in ended] == [f"canary-{number}-" for number in range(12)]
    for request in provider.requests:
        assert len({part for text in texts(messages(request)) for part in text.split() if "canary-" in part}) == 1


def test_a_session_goes_on_in_another_process_over_the_same_store(tmp_path: Path) -> None:
    async def twice() -> Any:
        for _ in range(2):
            store = SqliteStore(tmp_path / "sea.litany")
            litany = LitanyPlugin(GOAL, RULES, Policy(window=6_000), store)
            async with running(agent(provider), litany, service=service) as runner:
                await ran(runner, "go on")
                kept = await stored(runner)
        return kept

    from google.adk.sessions.in_memory_session_service import InMemorySessionService

    service = InMemorySessionService()
    with Provider(watching(20, calling("update_todos", "u1", operations=ADD)), flags=FLAGS) as provider:
        events = run(twice())
        first, second = messages(provider.requests[21]), messages(provider.requests[22])

    stays = first[:-1] if MARK in texts(first)[-1] else first
    assert second[: len(stays)] == stays
    assert MARK not in str(events)


def test_what_the_provider_reports_corrects_the_counting() -> None:
    lines: list[dict[str, Any]] = []
    with Provider(watching(6), bias=1.5, flags=FLAGS) as provider:
        run(one(agent(provider), LitanyPlugin(GOAL, policy=Policy(window=40_000), trace=lines.append)))

    assert lines[-1]["drift"] > 1.2


def test_shadow_sends_every_content_untouched() -> None:
    with Provider(watching(12), flags=FLAGS) as bare:
        run(one(agent(bare)))
    with Provider(watching(12), flags=FLAGS) as wrapped:
        run(one(agent(wrapped), LitanyPlugin(GOAL, policy=Policy(window=4_000, shadow=True), tools=False)))

    assert [request.raw for request in wrapped.requests] == [request.raw for request in bare.requests]
