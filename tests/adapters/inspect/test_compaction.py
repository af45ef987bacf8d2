"""LitanyCompaction in evaluations of Inspect, which asks it past a threshold and after an overflow."""

from pathlib import Path
from typing import Any

import pytest

pytest.importorskip("inspect_ai", reason="needs inspect-ai: make test-adapters HOSTS=inspect")

from litany import Policy
from litany.adapters.inspect import LitanyCompaction
from litany.testing import Provider, Received
from tests.adapters.inspect.agents import MARKS, kept, ran
from tests.adapters.said import GOAL, LONG, MARK, RULES, calling, messages, retried, texts, watching

pytestmark = MARKS


def test_each_compaction_ends_with_a_recitation_and_the_log_holds_none(tmp_path: Path) -> None:
    lines: list[dict[str, Any]] = []
    with Provider(watching(45)) as provider:
        litany = LitanyCompaction(GOAL, RULES, Policy(window=6_000, reserve=500), trace=lines.append)
        log = ran(provider, tmp_path, compaction=litany)
        requests = provider.requests

    assert all(request.violations == () for request in requests)
    cuts = [place for place in range(1, 46) if len(messages(requests[place])) < len(messages(requests[place - 1]))]
    assert len(cuts) >= 3
    for place in cuts:
        assert MARK in texts(messages(requests[place]))[-1]
    for request in requests[cuts[0] :]:
        told = texts(messages(request))
        assert all(any(text in part for part in told) for text in (GOAL, *RULES))
        assert sum(MARK in part for part in told) == 1
    assert all(line["due"] and line["compacted"] for line in lines)
    assert not any(line["rewritten"] for line in lines)
    assert MARK not in str([message.text for message in kept(log)])
    assert sum(f"wave {turn}: {LONG}" in message.text for turn, message in enumerate(kept(log)[3::2])) == 45


def test_an_overflow_is_compacted_and_tried_again(tmp_path: Path) -> None:
    with Provider(watching(14), window=4_000) as provider:
        log = ran(provider, tmp_path, compaction=LitanyCompaction(GOAL, RULES, Policy(window=60_000)))

    assert retried(provider.requests) >= 1
    assert kept(log)[-1].text == "It is still."
    assert MARK not in str([message.text for message in kept(log)])


def test_many_samples_at_once_do_not_cross(tmp_path: Path) -> None:
    def script(received: Received) -> Any:
        told = texts(messages(received))
        canary = next(part for text in told for part in text.split() if part.startswith("canary-"))
        number = made[canary] = made.get(canary, 0) + 1
        return calling("look", f"c{received.number}", at=1) if number < 20 else canary

    made: dict[str, int] = {}
    with Provider(script) as provider:
        litany = LitanyCompaction(None, RULES, Policy(window=4_000, reserve=500))
        log = ran(provider, tmp_path, [f"go canary-{number}- now" for number in range(6)], compaction=litany)

    assert [kept(log, number)[-1].text for number in range(6)] == [f"canary-{number}-" for number in range(6)]
    for request in provider.requests:
        assert len({part for text in texts(messages(request)) for part in text.split() if "canary-" in part}) == 1
