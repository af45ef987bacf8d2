"""A run of a real client through the proxy, and what must be true of every call of it."""

import json
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from litany.testing import Provider, Received
from litany.trace import Torn, lines
from tests.histories import rows
from tests.serve.agent import GOAL, RULE, recited, refused, said
from tests.serve.proxied import Proxy, proxied, until

PAGES = 12
END = "the pump stops because of the timer"
"""What the model says at the end."""


@dataclass(frozen=True, slots=True)
class Run:
    """A client's run: the proxy before the provider, a home for the client, and the trace."""

    provider: Provider
    proxy: Proxy
    home: Path

    @property
    def requests(self) -> list[Received]:
        """The requests with messages, in order."""
        return [request for request in self.provider.requests if request.method == "POST"]

    @property
    def traced(self) -> list[dict[str, Any]]:
        """The lines of the trace."""
        return [line for line in lines(self.home / "trace.jsonl") if not isinstance(line, Torn)]


@contextmanager
def running(home: Path, model: Callable[[Received, int], Any], *options: str, **fields: Any) -> Iterator[Run]:
    """The stage of a run: pages to look at, and a model that answers by the number of the call, from 0.

    `fields`: the provider's.
    """
    (home / "work").mkdir()
    for page in range(PAGES):
        (home / "work" / f"page-{page}.txt").write_text(rows(40, f"page {page}"), encoding="utf-8")
    numbers = iter(range(10**6))
    beside = ("--constraint", RULE, "--trace", str(home / "trace.jsonl"), "--set", 'recite=["turns", 2]', *options)
    with Provider(lambda asked: model(asked, next(numbers)), **fields) as provider, proxied(provider, *beside) as proxy:
        yield Run(provider, proxy, home)


def held(run: Run, calls: int) -> None:
    """Accepted, goal and constraint there, recital last when due, cut at least once; whole pairs are the provider's."""
    events = until(lambda: run.proxy.events if len(run.proxy.events) >= len(run.requests) else [])
    told, requests = run.traced, run.requests
    assert refused(requests) == []
    assert {event["status"] for event in events} == {200}
    assert not any("untouched" in event for event in events)
    assert len(requests) == len(told) == calls
    assert [number for number, request in enumerate(requests) if not _there(request)] == []
    assert [line["due"] for line in told] == [recited(request) for request in requests]
    assert sum(line["due"] for line in told) >= 3
    assert any(line["compacted"] for line in told)
    assert told[-1]["sent"] < told[-1]["messages"]


def named(run: Run) -> set[str]:
    """The conversations that the proxy told apart."""
    return {event["conversation"] for event in run.proxy.events}


def _there(request: Received) -> bool:
    words = json.dumps([said(request), request.body.get("system"), request.body.get("instructions")])
    return GOAL in words and RULE in words
