"""LitanyMiddleware in agents of Agent Framework, over OpenAI's own client and a provider that judges each request."""

import asyncio
from pathlib import Path
from typing import Any

import pytest

pytest.importorskip("agent_framework", reason="needs agent-framework-core: make test-adapters HOSTS=agent-framework")

from agent_framework.exceptions import ChatClientException

from litany import Policy, SqliteStore
from litany.adapters.agent_framework import LitanyMiddleware
from litany.testing import Fault, Provider, Received
from tests.adapters.agent_framework.agents import CLIENTS, MARKS, WAYS, agent, run, streamed, whole
from tests.adapters.said import ADD, GOAL, LONG, MARK, RULES, calling, checked, look, messages, retried, texts, watching

pytestmark = MARKS


@CLIENTS
@WAYS
def test_every_request_is_accepted_holds_the_goal_and_ends_with_a_due_recitation(way: Any, kind: Any) -> None:
    lines: list[dict[str, Any]] = []
    with Provider(watching(45)) as provider:
        made = agent(provider, LitanyMiddleware(GOAL, RULES, Policy(window=5_000), trace=lines.append), kind=kind)
        response = run(made, way)

        checked(provider.requests, lines)
    kept = response.messages
    assert len(lines) == 46
    assert sum(line["compacted"] is not None for line in lines) >= 4
    assert not any(MARK in str(message.to_dict()) for message in kept)
    assert sum(f"wave {turn}: {LONG}" in str([message.to_dict() for message in kept]) for turn in range(45)) == 45
    assert response.text.endswith("It is still.")


@CLIENTS
@WAYS
def test_an_overflow_is_retried_once_smaller_and_recites_last(way: Any, kind: Any) -> None:
    with Provider(watching(12), window=3_500) as provider:
        response = run(agent(provider, LitanyMiddleware(GOAL, RULES, Policy(window=60_000)), kind=kind), way)

    assert retried(provider.requests) >= 1
    assert response.text.endswith("It is still.")
    assert not any(MARK in str(message.to_dict()) for message in response.messages)


@WAYS
def test_a_second_overflow_is_the_hosts_own_error(way: Any) -> None:
    with (
        Provider(watching(12), faults=[None] * 9 + [Fault(overflow_after=0)] * 2) as provider,
        pytest.raises(ChatClientException, match="maximum context length"),
    ):
        run(agent(provider, LitanyMiddleware(GOAL, RULES)), way)

    assert len(provider.requests) == 11


def test_an_answer_that_stopped_because_the_window_was_full_is_asked_for_again_smaller() -> None:
    full = Fault(stop="model_context_window_exceeded")
    with Provider(watching(12), faults=[None] * 9 + [full]) as provider:
        response = run(agent(provider, LitanyMiddleware(GOAL, RULES, Policy(window=60_000))))

    assert retried(provider.requests) == 1
    assert MARK in texts(provider.requests[10].body["messages"])[-1]
    assert response.text


def test_behind_content_an_overflow_is_the_hosts_own_error() -> None:
    with (
        Provider(watching(12), faults=[None] * 12 + [Fault(overflow_after=3)]) as provider,
        pytest.raises(ChatClientException, match="maximum context length"),
    ):
        run(agent(provider, LitanyMiddleware(GOAL, RULES)), streamed)

    assert len(provider.requests) == 13


@WAYS
def test_another_error_of_the_model_is_left_alone(way: Any) -> None:
    with (
        Provider(watching(12), faults=[None] * 9 + [Fault(status=403)]) as provider,
        pytest.raises(ChatClientException, match="not allowed"),
    ):
        run(agent(provider, LitanyMiddleware(GOAL, RULES)), way)

    assert len(provider.requests) == 10


@WAYS
def test_what_is_sent_unchanged_is_sent_as_a_bare_agent_sends_it(way: Any) -> None:
    with Provider(watching(3)) as bare:
        run(agent(bare), way)
    with Provider(watching(3)) as wrapped:
        run(agent(wrapped, LitanyMiddleware()), way)

    assert [request.raw for request in wrapped.requests] == [request.raw for request in bare.requests]


def test_a_session_goes_on_over_several_requests_and_its_history_holds_no_recitation() -> None:
    async def thrice(made: Any, text: str) -> Any:
        session = made.create_session()
        for _ in range(3):
            await made.run(text, session=session)
        return session

    lines: list[dict[str, Any]] = []
    with Provider(watching(30, *(calling("look", f"d{n}", at=n) for n in range(8)), "I rest.")) as provider:
        litany = LitanyMiddleware(GOAL, RULES, Policy(window=6_000), trace=lines.append)
        session = run(agent(provider, litany), thrice)

        checked(provider.requests, lines)
    assert MARK not in str(session.to_dict())
    assert "It is still." in str(session.to_dict())
    assert {line["key"] for line in lines} == {session.session_id}
    assert not any(line["rewritten"] for line in lines)


def test_litanys_tools_are_served_and_what_they_wrote_is_recited() -> None:
    async def held(made: Any, text: str) -> Any:
        session = made.create_session()
        return session, await made.run(text, session=session)

    first = calling("update_todos", "u1", operations=ADD), calling("note", "n1", content="the tide turns at six")
    with Provider(watching(14, *first)) as provider:
        litany = LitanyMiddleware(GOAL, RULES, Policy(window=5_000))
        session, _ = run(agent(provider, litany, tools=[look, *litany.tools]), held)
        recited = [told for request in provider.requests if MARK in (told := texts(messages(request))[-1])]

    assert recited
    assert all("mend the net" in told for told in recited)
    agenda = litany.conversation(session.session_id).agenda
    assert [todo.content for todo in agenda.todos] == ["mend the net", "count the boats"]
    assert [note.text for note in agenda.notes] == ["the tide turns at six"]


def test_what_left_the_view_is_recalled() -> None:
    def script(received: Received) -> Any:
        return calling("recall", "r1", query="wave 3") if received.number == 20 else looks(received)

    async def held(made: Any, text: str) -> Any:
        return await made.run(text, session=made.create_session())

    looks = watching(21)
    with Provider(script) as provider:
        litany = LitanyMiddleware(GOAL, RULES, Policy(window=5_000))
        response = run(agent(provider, litany, tools=[look, *litany.tools]), held)

    assert any(
        "wave 3: the tide" in str(message.to_dict()) and "r1" in str(message.to_dict()) for message in response.messages
    )


def test_a_tool_of_litanys_without_a_session_says_that_nothing_is_kept() -> None:
    with Provider([calling("note", "n1", content="six"), "It is still."]) as provider:
        litany = LitanyMiddleware(GOAL)
        response = run(agent(provider, litany, tools=[look, *litany.tools]))

    assert "without a session" in str([message.to_dict() for message in response.messages])


def test_many_sessions_at_once_do_not_cross() -> None:
    def script(received: Received) -> Any:
        told = texts(messages(received))
        canary = next(part for text in told for part in text.split() if part.startswith("canary-"))
        looks = sum("wave" in text for text in told)
        return calling("look", f"c{received.number}", at=1) if looks < 6 else canary

    async def all_of_them(made: Any, text: str) -> Any:
        asked = [made.run(f"{text} canary-{n}- now", session=made.create_session()) for n in range(12)]
        return await asyncio.gather(*asked)

    with Provider(script) as provider:
        ended = run(agent(provider, LitanyMiddleware(None, RULES, Policy(window=12_000))), all_of_them)

    assert [response.text for response in ended] == [f"canary-{number}-" for number in range(12)]
    for request in provider.requests:
        assert len({part for text in texts(messages(request)) for part in text.split() if "canary-" in part}) == 1


def test_a_session_goes_on_in_another_process_over_the_same_store(tmp_path: Path) -> None:
    async def go(made: Any, text: str, session: Any) -> Any:
        return await made.run(text, session=session)

    from agent_framework import AgentSession

    kept = AgentSession(session_id="s1").to_dict()
    with Provider(watching(20, calling("update_todos", "u1", operations=ADD))) as provider:
        for _ in range(2):
            litany = LitanyMiddleware(GOAL, RULES, Policy(window=8_000), SqliteStore(tmp_path / "sea.litany"))
            session = AgentSession.from_dict(kept)
            run(agent(provider, litany, tools=[look, *litany.tools]), go, "go on", session=session)
            kept = session.to_dict()
        first, second = messages(provider.requests[21]), messages(provider.requests[22])

    stays = [unnamed(message) for message in first if MARK not in str(message)]
    assert list(map(unnamed, second[: len(stays)])) == stays
    assert [todo.content for todo in litany.conversation("s1").agenda.todos] == ["mend the net", "count the boats"]


def unnamed(message: dict[str, Any]) -> dict[str, Any]:
    """The message without its author, whom the framework names when a run has ended."""
    return {name: value for name, value in message.items() if name != "name"}


def test_what_the_service_holds_is_left_alone() -> None:
    with Provider(["It is still."]) as bare:
        run(agent(bare), whole, options={"conversation_id": "resp_1"})
    with Provider(["It is still."]) as wrapped:
        run(agent(wrapped, LitanyMiddleware(GOAL)), whole, options={"conversation_id": "resp_1"})

    assert wrapped.requests[0].raw == bare.requests[0].raw


def test_what_the_provider_reports_corrects_the_counting() -> None:
    lines: list[dict[str, Any]] = []
    with Provider(watching(6), bias=1.5) as provider:
        run(agent(provider, LitanyMiddleware(GOAL, policy=Policy(window=40_000), trace=lines.append)))

    assert lines[-1]["drift"] > 1.2


def test_shadow_sends_every_message_untouched() -> None:
    with Provider(watching(12)) as bare:
        run(agent(bare))
    with Provider(watching(12)) as wrapped:
        run(agent(wrapped, LitanyMiddleware(GOAL, policy=Policy(window=4_000, shadow=True))))

    assert [request.raw for request in wrapped.requests] == [request.raw for request in bare.requests]
