"""The laws over random histories that real models of the Agents SDK send over HTTP, with cuts and a refused request."""

import asyncio
import json
from collections.abc import Sequence
from typing import Any

import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

pytest.importorskip("agents", reason="needs the OpenAI Agents SDK: make test-adapters HOSTS=openai-agents")

from agents import ModelSettings, ModelTracing

from litany import Policy
from litany.adapters.openai_agents import LitanyModel
from litany.errors import WindowTooSmall
from litany.overflow import overflowed
from litany.testing import Fault, Provider, Received
from tests.adapters.clients.test_laws import unrepeated
from tests.adapters.openai_agents.agents import MARKS, MODELS, look, modelled
from tests.adapters.openai_agents.turned import records
from tests.adapters.watched import texts
from tests.laws.strategies import RULES, Case, cases, policies

pytestmark = MARKS
GOALS = st.sampled_from(("Mend the parser, keep the tests green.", "Ship the release.\nIn two lines. " * 3))
ROOM = st.sampled_from((2_000, 3_000, 4_000))


@pytest.mark.parametrize("streams", [False, True])
@pytest.mark.parametrize("name", MODELS)
@settings(max_examples=15)
@given(data=st.data())
def test_every_law_holds_on_every_request(name: str, streams: bool, data: st.DataObject) -> None:
    case = data.draw(cases(dialect="openai", most=10))
    assume(unrepeated(case))
    goal, rules = data.draw(GOALS), data.draw(RULES)
    policy = Policy(**data.draw(policies(case, window=data.draw(ROOM))))
    refuses = data.draw(st.integers(0, len(case.turns)))

    lines: list[dict[str, Any]] = []
    requests = sent(name, case, policy, (goal, rules, lines), refuses, streams)

    assert len(requests) == len(lines)
    for request, line in zip(requests, lines, strict=True):
        assert request.violations == ()
        held = texts(request)
        assert all(any(text in part for part in held) for text in (goal, *rules))
        assert not line["due"] or not line["recital"] or held[-1].endswith(line["recital"])
        assert line["due"] or not line["compacted"]
    for before, after, line in zip(requests, requests[1:], lines[1:], strict=False):
        if not line["changed"]:
            stays = stable(before)
            assert list(map(plain, items(after)[: len(stays)])) == list(map(plain, stays))


def sent(
    name: str, case: Case, policy: Policy, given: tuple[str, Sequence[str], list[Any]], refuses: int, streams: bool
) -> Sequence[Received]:
    """The requests of a history that grows; one of them is refused at first. It ends where one does not fit."""
    goal, rules, lines = given
    faults = [None] * refuses + [Fault(overflow_after=1)]

    async def ask(provider: Provider) -> None:
        model = modelled(name, provider)
        wrapped = LitanyModel(model, goal, rules, policy, trace=lines.append)
        for record in records(case):
            try:
                await asked(wrapped, case.system, record, streams)
            except WindowTooSmall:
                break
            except Exception as error:  # the client's or the SDK's own, where nothing smaller can be sent
                if not overflowed(error):
                    raise
                break
        await model._client.close()

    with Provider(lambda received: "I see.", faults=faults) as provider:
        asyncio.run(ask(provider))
        return provider.requests


async def asked(model: LitanyModel, system: str | None, record: list[Any], streams: bool) -> None:
    given: Any = (system, record, ModelSettings(), [look], None, [], ModelTracing.DISABLED)
    beside: Any = {"previous_response_id": None, "conversation_id": None, "prompt": None}
    came = [dict(item) for item in record]
    if streams:
        async for _ in model.stream_response(*given, **beside):
            pass
    else:
        await model.get_response(*given, **beside)
    assert record == came


def items(request: Received) -> list[Any]:
    body = request.body
    listed: list[Any] = body.get("messages") or body["input"]
    return listed


def stable(request: Received) -> list[Any]:
    """The items without a recitation at the end, which is a message of its own or behind the last result."""
    listed = items(request)
    return listed[:-1] if "<litany mark=" in plain(listed[-1]) else listed


def plain(item: Any) -> str:
    return json.dumps(item, sort_keys=True)
