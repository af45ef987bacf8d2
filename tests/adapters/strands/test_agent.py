"""LitanyPlugin in agents of Strands, whose model is OpenAI's own client before a provider that judges each request."""

from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import pytest

pytest.importorskip("strands", reason="needs strands-agents: make test-adapters HOSTS=strands")

from strands.agent.conversation_manager import SlidingWindowConversationManager
from strands.middleware import InvokeModelStage
from strands.session.file_session_manager import FileSessionManager

from litany import Policy, SqliteStore
from litany.adapters.strands import LitanyPlugin
from litany.testing import Fault, Provider, Received
from tests.adapters.said import ADD, GOAL, LONG, MARK, RULES, calling, checked, messages, retried, texts, watching
from tests.adapters.strands.agents import MARKS, WAYS, agent, overflow, sync

pytestmark = MARKS


@WAYS
def test_every_request_is_accepted_holds_the_goal_and_ends_with_a_due_recitation(way: Any) -> None:
    lines: list[dict[str, Any]] = []
    with Provider(watching(45)) as provider:
        made = agent(provider, LitanyPlugin(GOAL, RULES, Policy(window=5_000), trace=lines.append))
        result = way(made)

        checked(provider.requests, lines)
    assert len(lines) == 46
    assert sum(line["compacted"] is not None for line in lines) >= 4
    assert MARK not in str(made.messages)
    assert len(made.messages) == 2 + 2 * 45
    assert sum(f"wave {turn}: {LONG}" in str(told) for turn, told in enumerate(made.messages[2::2])) == 45
    assert str(result).strip() == "It is still."


@WAYS
def test_an_overflow_is_retried_once_smaller_and_recites_last(way: Any) -> None:
    with Provider(watching(12), window=5_000) as provider:
        made = agent(provider, LitanyPlugin(GOAL, RULES, Policy(window=60_000)))
        result = way(made)

    assert retried(provider.requests) >= 1
    assert str(result).strip() == "It is still."
    assert MARK not in str(made.messages)
    assert len(made.messages) == 2 + 2 * 12


def test_a_model_that_does_not_stream_is_retried_as_well() -> None:
    with Provider(watching(12), window=5_000) as provider:
        agent(provider, LitanyPlugin(GOAL, RULES, Policy(window=60_000)), stream=False)("go")

    assert retried(provider.requests) >= 1


def test_a_second_overflow_is_the_hosts_own_error() -> None:
    with (
        Provider(watching(12), faults=[None] * 9 + [Fault(overflow_after=0)] * 2) as provider,
        pytest.raises(overflow),
    ):
        agent(provider, LitanyPlugin(GOAL, RULES))("go")

    assert len(provider.requests) == 11


def test_behind_content_an_overflow_is_the_hosts_own_error() -> None:
    with (
        Provider(watching(12), faults=[None] * 12 + [Fault(overflow_after=3)]) as provider,
        pytest.raises(overflow),
    ):
        agent(provider, LitanyPlugin(GOAL, RULES))("go")

    assert len(provider.requests) == 13


def test_another_error_of_the_model_is_left_alone() -> None:
    with (
        Provider(watching(12), faults=[None] * 9 + [Fault(status=403)]) as provider,
        pytest.raises(Exception, match="not allowed"),
    ):
        agent(provider, LitanyPlugin(GOAL, RULES))("go")

    assert len(provider.requests) == 10


def test_what_is_sent_unchanged_is_sent_as_a_bare_agent_sends_it() -> None:
    with Provider(watching(3)) as bare:
        agent(bare)("go")
    with Provider(watching(3)) as wrapped:
        agent(wrapped, LitanyPlugin(tools=False))("go")

    assert [request.raw for request in wrapped.requests] == [request.raw for request in bare.requests]


def test_litanys_tools_are_served_and_what_they_wrote_is_recited() -> None:
    first = calling("update_todos", "u1", operations=ADD), calling("note", "n1", content="the tide turns at six")
    with Provider(watching(14, *first)) as provider:
        litany = LitanyPlugin(GOAL, RULES, Policy(window=5_000))
        made = agent(provider, litany)
        made("go")
        recited = [told for request in provider.requests if MARK in (told := texts(messages(request))[-1])]

    assert recited
    assert all("mend the net" in told for told in recited)
    assert "1. [pending] mend the net" in str(made.messages[2])
    assert [todo.content for todo in litany.conversation(made).agenda.todos] == ["mend the net", "count the boats"]


def test_what_left_the_view_is_recalled() -> None:
    def script(received: Received) -> Any:
        return calling("recall", "r1", query="wave 3") if received.number == 20 else looks(received)

    looks = watching(21)
    with Provider(script) as provider:
        made = agent(provider, LitanyPlugin(GOAL, RULES, Policy(window=5_000)))
        made("go")

    assert "wave 3: the tide" in str(made.messages[42])


def test_what_others_put_at_the_end_for_once_stands_before_the_recitation() -> None:
    def telling(context: Any) -> Any:
        last = context.messages[-1]
        content = [*last["content"], {"text": "you used so many tokens"}]
        count = context.dynamic_trailing_blocks + 1
        return context.replace(
            messages=[*context.messages[:-1], {**last, "content": content}], dynamic_trailing_blocks=count
        )

    lines: list[dict[str, Any]] = []
    with Provider(watching(25)) as provider:
        made = agent(provider, LitanyPlugin(GOAL, RULES, Policy(window=6_000), trace=lines.append))
        made.add_middleware(InvokeModelStage.Input, telling)
        made("go")

        checked(provider.requests, lines)
    for request, line in zip(provider.requests, lines, strict=True):
        told = texts(messages(request))
        assert told[-2 if line["due"] else -1] == "you used so many tokens"
        assert told.count("you used so many tokens") == 1
    assert not any(line["changed"] for line in lines if not line["compacted"] and not line["cleared"])


def test_where_the_agent_throws_its_older_messages_away_the_laws_hold_for_what_it_sends() -> None:
    lines: list[dict[str, Any]] = []
    with Provider(watching(45)) as provider:
        litany = LitanyPlugin(GOAL, RULES, Policy(window=9_000), trace=lines.append)
        made = agent(provider, litany, conversation_manager=SlidingWindowConversationManager(window_size=12))
        made("go")

        checked(provider.requests, lines)
    assert len(made.messages) < 20
    assert MARK not in str(made.messages)


def test_many_agents_at_once_do_not_cross() -> None:
    def script(received: Received) -> Any:
        told = texts(messages(received))
        canary = next(part for text in told for part in text.split() if part.startswith("canary-"))
        looks = sum("wave" in text for text in told)
        return calling("look", f"c{received.number}", at=1) if looks < 6 else canary

    litany = LitanyPlugin(None, RULES, Policy(window=12_000))
    with Provider(script) as provider, ThreadPoolExecutor(4) as pool:
        asked = [pool.submit(sync, agent(provider, litany), f"go canary-{number}- now") for number in range(12)]
        ended = [str(one.result()).strip() for one in asked]

    assert ended == [f"canary-{number}-" for number in range(12)]
    for request in provider.requests:
        assert len({part for text in texts(messages(request)) for part in text.split() if "canary-" in part}) == 1


def test_a_session_goes_on_in_another_process_over_the_same_store(tmp_path: Path) -> None:
    with Provider(watching(20, calling("update_todos", "u1", operations=ADD))) as provider:
        for _ in range(2):
            litany = LitanyPlugin(GOAL, RULES, Policy(window=6_000), SqliteStore(tmp_path / "sea.litany"))
            session = FileSessionManager(session_id="s1", storage_dir=str(tmp_path))
            made = agent(provider, litany, session_manager=session)
            made("go on")
        first, second = messages(provider.requests[21]), messages(provider.requests[22])

    assert [todo.content for todo in litany.conversation(made).agenda.todos] == ["mend the net", "count the boats"]
    stays = [message for message in first if MARK not in str(message)]
    assert second[: len(stays)] == stays
    assert not any(MARK in path.read_text("utf-8") for path in tmp_path.rglob("*.json"))


def test_what_the_provider_reports_corrects_the_counting() -> None:
    lines: list[dict[str, Any]] = []
    with Provider(watching(6), bias=1.5) as provider:
        agent(provider, LitanyPlugin(GOAL, policy=Policy(window=40_000), trace=lines.append))("go")

    assert lines[-1]["drift"] > 1.2


def test_shadow_sends_every_message_untouched() -> None:
    with Provider(watching(12)) as bare:
        agent(bare)("go")
    with Provider(watching(12)) as wrapped:
        agent(wrapped, LitanyPlugin(GOAL, policy=Policy(window=4_000, shadow=True), tools=False))("go")

    assert [request.raw for request in wrapped.requests] == [request.raw for request in bare.requests]
