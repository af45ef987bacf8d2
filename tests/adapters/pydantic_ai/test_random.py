"""The laws over random histories that real models of Pydantic AI send over HTTP, with cuts and a refused request."""

import asyncio
from collections.abc import Sequence
from typing import Any

import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

pytest.importorskip("pydantic_ai", reason="needs Pydantic AI: make test-adapters HOSTS=pydantic-ai")

from pydantic_ai.direct import model_request, model_request_stream
from pydantic_ai.models import ModelRequestParameters
from pydantic_ai.tools import ToolDefinition

from litany import Policy
from litany.adapters.pydantic_ai import LitanyModel
from litany.errors import WindowTooSmall
from litany.testing import Fault, Provider, Received
from tests.adapters.clients.test_laws import unrepeated
from tests.adapters.pydantic_ai.agents import MARKS, MODELS, modelled
from tests.adapters.pydantic_ai.test_laws import records
from tests.adapters.watched import texts
from tests.laws.strategies import RULES, Case, cases, policies

pytestmark = MARKS
GOALS = st.sampled_from(("Mend the parser, keep the tests green.", "Ship the release.\nIn two lines. " * 3))
ROOM = st.sampled_from((2_000, 3_000, 4_000))
SHAPE = {"type": "object", "properties": {}, "additionalProperties": True}
OFFERED = ModelRequestParameters(function_tools=[ToolDefinition(name="look", parameters_json_schema=SHAPE)])


@pytest.mark.parametrize("streams", [False, True])
@pytest.mark.parametrize("name", MODELS)
@settings(max_examples=8)
@given(data=st.data())
def test_every_law_holds_on_every_request(name: str, streams: bool, data: st.DataObject) -> None:
    dialect = "anthropic" if name == "anthropic" else "openai"
    case = data.draw(cases(dialect=dialect, thinking=False, most=10))
    assume(name != "responses" or unrepeated(case))
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
                await asked(wrapped, record, streams)
            except WindowTooSmall:
                break
            except Exception as error:  # the model's own, where nothing smaller can be sent
                if not isinstance(error.__cause__, WindowTooSmall):
                    raise
                break
        await model.client.close()

    with Provider(lambda received: "I see.", faults=faults) as provider:
        asyncio.run(ask(provider))
        return provider.requests


async def asked(model: LitanyModel, record: list[Any], streams: bool) -> None:
    if not streams:
        await model_request(model, record, model_request_parameters=OFFERED)
        return
    async with model_request_stream(model, record, model_request_parameters=OFFERED) as response:
        async for _ in response:
            pass
