"""Random conversations through the proxy, interleaved: each gets the very views that it would get from a Litany alone.

The laws are held over random histories for those views; here it is held that nothing on the way changes them, that
every one is accepted by the strict provider, and that none holds another conversation's words.
"""

import json
import random
import re
from collections.abc import Iterator
from typing import Any

import pytest

from litany import Litany
from litany.testing import Received
from tests.middleware.shared.talks import MARK, POLICY, Talk, interleaved, talk
from tests.serve.agent import TOOLS, refused, said
from tests.serve.proxied import ASKED, VERSION, Stage, needs_proxy, staged

PATHS = {"openai": "/v1/chat/completions", "anthropic": "/v1/messages"}
MARKED = re.compile(r'mark=\\"([0-9a-f]{8})\\"')
FIELDS = ("--window", str(POLICY.window), "--set", f"reserve={POLICY.reserve}", "--set", 'recite=["turns", 2]')


@needs_proxy
@pytest.mark.parametrize("workers", ["1", "2"])
@pytest.mark.slow
def test_every_view_is_the_one_that_a_litany_alone_would_send(workers: str, tmp_path: Any) -> None:
    dice = random.Random(int(workers))
    talks = [talk(number, dice, dice.choice((None, None, "hi"))) for number in range(10)]
    options = (*FIELDS, "--store", str(tmp_path / "store"), "--workers", workers)
    with staged(*options, bias=0.0) as stage:  # a provider that reports no usage: it would correct the counting
        seen = interleaved([_through(stage, one) for one in talks], dice)

    assert refused(stage.requests) == []
    assert [one.name for one, views in zip(talks, seen, strict=True) if views != _alone(one)] == []
    assert [one.name for one, views in zip(talks, seen, strict=True) if _strange(one, talks, views)] == []


def _through(stage: Stage, one: Talk) -> Iterator[str]:
    """The views of its calls, as the provider received them."""
    beside = {"system": one.system} if one.system else {}
    for end in one.ends:
        asked = ASKED[PATHS[one.dialect]](one.messages[:end], tools=TOOLS[one.dialect], **beside)
        with stage.proxy.client(headers=VERSION) as client:
            answer = client.post(PATHS[one.dialect], json=asked)
        assert answer.status_code == 200, answer.text
        yield _told(stage.requests[-1])


def _alone(one: Talk) -> list[str]:
    """The views of a Litany of its own."""
    litany = Litany(policy=POLICY, mark=MARK, dialect=one.dialect)
    return [json.dumps(litany(one.messages[:end], one.system, TOOLS[one.dialect])) for end in one.ends]


def _told(request: Received) -> str:
    """The view as JSON, under the mark of all these tests."""
    view = json.dumps(said(request))
    marks = set(MARKED.findall(view))
    for mark in marks:
        view = view.replace(mark, MARK)
    return view


def _strange(one: Talk, talks: list[Talk], views: list[str]) -> bool:
    """Whether another conversation's name stands in a view."""
    return any(other.name in view for other in talks for view in views if other is not one)
