"""LitanyModel in evaluations of Inspect, over OpenAI's own client, before a provider that judges each request."""

from pathlib import Path
from typing import Any

import pytest

pytest.importorskip("inspect_ai", reason="needs inspect-ai: make test-adapters HOSTS=inspect")

from litany import Policy
from litany.adapters.inspect import LitanyModel
from litany.testing import Fault, Provider, Received
from tests.adapters.inspect.agents import MARKS, kept, look, ran
from tests.adapters.said import ADD, GOAL, LONG, MARK, RULES, calling, checked, messages, retried, texts, watching

pytestmark = MARKS


def test_every_request_is_accepted_holds_the_goal_and_ends_with_a_due_recitation(tmp_path: Path) -> None:
    lines: list[dict[str, Any]] = []
    with Provider(watching(45)) as provider:
        litany = LitanyModel(GOAL, RULES, Policy(window=5_000), trace=lines.append)
        log = ran(provider, tmp_path, model=litany.generate)

        checked(provider.requests, lines)
    assert len(lines) == 46
    assert sum(line["compacted"] is not None for line in lines) >= 4
    assert MARK not in str([message.text for message in kept(log)])
    assert sum(f"wave {turn}: {LONG}" in message.text for turn, message in enumerate(kept(log)[3::2])) == 45
    assert kept(log)[-1].text == "It is still."


def test_an_overflow_is_retried_once_smaller_and_recites_last(tmp_path: Path) -> None:
    with Provider(watching(14), window=4_000) as provider:
        litany = LitanyModel(GOAL, RULES, Policy(window=60_000))
        log = ran(provider, tmp_path, model=litany.generate)

    assert retried(provider.requests) >= 1
    assert kept(log)[-1].text == "It is still."
    assert MARK not in str([message.text for message in kept(log)])


def test_a_second_overflow_is_the_agents_own_to_answer(tmp_path: Path) -> None:
    with Provider(watching(12), faults=[None] * 9 + [Fault(overflow_after=0)] * 2) as provider:
        log = ran(provider, tmp_path, model=LitanyModel(GOAL, RULES).generate)

    assert len(provider.requests) == 11
    assert log.samples is not None
    assert log.samples[0].output.stop_reason == "model_length"


def test_what_is_sent_unchanged_is_sent_as_a_bare_agent_sends_it(tmp_path: Path) -> None:
    with Provider(watching(3)) as bare:
        ran(bare, tmp_path)
    with Provider(watching(3)) as wrapped:
        ran(wrapped, tmp_path, model=LitanyModel().generate)

    assert [messages(request) for request in wrapped.requests] == [messages(request) for request in bare.requests]


def test_litanys_tools_are_served_and_what_they_wrote_is_recited(tmp_path: Path) -> None:
    first = calling("update_todos", "u1", operations=ADD), calling("note", "n1", content="the tide turns at six")
    with Provider(watching(14, *first)) as provider:
        litany = LitanyModel(GOAL, RULES, Policy(window=5_000))
        log = ran(provider, tmp_path, model=litany.generate, tools=[look(), *litany.tools])
        recited = [told for request in provider.requests if MARK in (told := texts(messages(request))[-1])]

    assert recited
    assert all("mend the net" in told for told in recited)
    assert log.samples is not None
    agenda = litany.conversation(str(log.samples[0].uuid)).agenda
    assert [todo.content for todo in agenda.todos] == ["mend the net", "count the boats"]


def test_what_left_the_view_is_recalled(tmp_path: Path) -> None:
    def script(received: Received) -> Any:
        return calling("recall", "r1", query="wave 3") if received.number == 20 else looks(received)

    looks = watching(21)
    with Provider(script) as provider:
        litany = LitanyModel(GOAL, RULES, Policy(window=5_000))
        log = ran(provider, tmp_path, model=litany.generate, tools=[look(), *litany.tools])

    assert any("wave 3: the tide" in message.text and "r1" in str(message) for message in kept(log))


def test_many_samples_at_once_do_not_cross(tmp_path: Path) -> None:
    def script(received: Received) -> Any:
        told = texts(messages(received))
        canary = next(part for text in told for part in text.split() if part.startswith("canary-"))
        looks = sum("wave" in text for text in told)
        return calling("look", f"c{received.number}", at=1) if looks < 6 else canary

    with Provider(script) as provider:
        litany = LitanyModel(None, RULES, Policy(window=12_000))
        log = ran(provider, tmp_path, [f"go canary-{number}- now" for number in range(8)], model=litany.generate)

    assert [kept(log, number)[-1].text for number in range(8)] == [f"canary-{number}-" for number in range(8)]
    for request in provider.requests:
        assert len({part for text in texts(messages(request)) for part in text.split() if "canary-" in part}) == 1


def test_what_the_provider_reports_corrects_the_counting(tmp_path: Path) -> None:
    lines: list[dict[str, Any]] = []
    with Provider(watching(6), bias=1.5) as provider:
        litany = LitanyModel(GOAL, policy=Policy(window=40_000), trace=lines.append)
        ran(provider, tmp_path, model=litany.generate)

    assert lines[-1]["drift"] > 1.2
