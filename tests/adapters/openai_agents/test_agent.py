"""Litany in agents of the Agents SDK whose model follows a script: their items, tools and errors."""

import asyncio
from typing import Any

import pytest

pytest.importorskip("agents", reason="needs the OpenAI Agents SDK: make test-adapters HOSTS=openai-agents")

from agents import (
    RunConfig,
    Runner,
    function_tool,
)
from agents.run import CallModelData, ModelInputData
from agents.testing import ModelStep, assistant_message, function_call
from pydantic import BaseModel

from litany import Policy
from litany.adapters.openai_agents import LitanyFilter, LitanyModel
from litany.errors import PolicyError, WindowTooSmall
from tests.adapters.openai_agents.agents import MARKS, agent, ran, recitals
from tests.adapters.openai_agents.script import (
    ADD,
    EVERY,
    SMALL,
    STILL,
    TOO_LONG,
    Refused,
    calling,
    held,
    last,
    looks,
    said,
    says,
    scripted,
)
from tests.adapters.watched import GOAL, MARK, RULES, look

pytestmark = MARKS


def test_every_due_call_ends_with_the_recitation_and_the_items_hold_none() -> None:
    lines: list[dict[str, Any]] = []
    model = scripted(*looks(60), STILL)

    result = ran(agent(LitanyModel(model, GOAL, RULES, SMALL, trace=lines.append)), "async", "go")

    held(lines, model.calls)
    assert len(lines) == 61
    assert sum(line["compacted"] is not None for line in lines) >= 5
    items = result.to_input_list()
    assert recitals(items) == 0
    assert [item["output"] for item in items if item.get("type") == "function_call_output"] == list(
        map(look, range(60))
    )


@pytest.mark.parametrize("way", ["async", "stream"])
def test_it_stands_behind_a_filter_that_the_host_has(way: str) -> None:
    lines: list[dict[str, Any]] = []
    model = scripted(*looks(40), STILL)

    def shorter(data: CallModelData[Any]) -> ModelInputData:
        items = data.model_data.input
        return ModelInputData(items if len(items) <= 21 else [items[0], *items[-20:]], data.model_data.instructions)

    made = agent(LitanyModel(model, GOAL, RULES, SMALL, trace=lines.append))
    ran(made, way, "go", config={"call_model_input_filter": shorter})

    held(lines, model.calls)
    assert sum(line["due"] for line in lines) >= 5


def test_the_agent_calls_litanys_own_tools_and_the_agenda_is_recited() -> None:
    model = scripted(
        calling("update_todos", "t1", operations=ADD),
        calling("note", "n1", content="the tide turns at six"),
        STILL,
    )
    wrapped = LitanyModel(model, GOAL, policy=EVERY)

    ran(agent(wrapped, *wrapped.tools), "async", "go")

    assert "mend the net" in last(model.calls[1].input)
    assert "count the boats" in last(model.calls[2].input)
    assert "the tide turns at six" in last(model.calls[2].input)


@pytest.mark.parametrize("way", ["async", "stream"])
def test_calls_of_one_answer_beside_a_message_are_all_served(way: str) -> None:
    both = [
        assistant_message("I plan.", item_id="m1"),
        function_call("look", {"at": 1}, call_id="c1", item_id="i1"),
        function_call("update_todos", {"operations": ADD}, call_id="t1", item_id="i2"),
    ]
    model = scripted(ModelStep(output=both), STILL)
    wrapped = LitanyModel(model, GOAL, policy=EVERY)

    ran(agent(wrapped, *wrapped.tools), way, "go")

    assert "mend the net" in last(model.calls[1].input)


def test_what_left_a_view_is_recalled_by_the_agents_own_call() -> None:
    model = scripted(calling("look", "first", at=77), *looks(30), calling("recall", "r1", query="wave 77"), STILL)
    wrapped = LitanyModel(model, GOAL, policy=SMALL)

    ran(agent(wrapped, *wrapped.tools), "async", "go")

    assert "wave 77" not in said(model.calls[-2].input)
    assert "wave 77" in said(model.calls[-1].input)


def test_a_todo_tool_of_the_agents_own_is_read_and_update_todos_left_out() -> None:
    @function_tool
    def write_todos(todos: list[str]) -> str:
        """Writes the todos."""
        return "written"

    model = scripted(calling("write_todos", "w1", todos=["row to the island"]), *looks(2), STILL)
    wrapped = LitanyModel(model, policy=EVERY)

    ran(agent(wrapped, write_todos, *wrapped.tools), "async", "go")

    assert [tool.name for tool in model.calls[0].tools] == ["look", "write_todos", "note", "recall"]
    assert "row to the island" in last(model.calls[-1].input)


def test_tools_of_another_object_say_what_is_wrong() -> None:
    model = scripted(calling("update_todos", "t1", operations=ADD), STILL)

    with pytest.raises(Exception, match="wrapped by the very object") as told:
        ran(agent(LitanyModel(model), *LitanyModel(model).tools), "async", "go")

    assert isinstance(told.value.__cause__ or told.value, PolicyError)


def test_a_filter_recites_and_compacts_and_its_goal_may_be_a_function_of_the_run() -> None:
    lines: list[dict[str, Any]] = []
    model = scripted(*looks(40), STILL)
    sends = LitanyFilter(lambda data: f"Watch {data.context}.", lambda data: RULES, SMALL, trace=lines.append)

    result = ran(agent(model), "async", "go", config={"call_model_input_filter": sends}, context="the bay")

    for line, call in zip(lines, model.calls, strict=True):
        assert all(text in said(call.input) for text in ("Watch the bay.", *RULES))
        assert last(call.input).startswith(MARK) == line["due"]
    assert any(line["compacted"] for line in lines)
    assert recitals(result.to_input_list()) == 0


def test_an_overflow_is_retried_once_smaller_and_a_second_one_is_the_models_own_error() -> None:
    model = scripted(*looks(12), Refused(TOO_LONG), Refused(TOO_LONG))

    with pytest.raises(Refused):
        ran(agent(LitanyModel(model, GOAL, policy=Policy(window=40_000))), "async", "go")

    assert len(model.calls) == 14
    assert len(said(model.calls[13].input)) < 0.8 * len(said(model.calls[12].input))
    assert last(model.calls[13].input).startswith(MARK)


def test_where_nothing_smaller_can_be_sent_the_models_own_error_is_told() -> None:
    model = scripted(Refused(TOO_LONG))

    with pytest.raises(Refused) as told:
        ran(agent(LitanyModel(model)), "async", "go")

    assert isinstance(told.value.__cause__, WindowTooSmall)
    assert len(model.calls) == 1


@pytest.mark.parametrize("way", ["async", "stream"])
def test_another_error_of_the_model_is_left_alone(way: str) -> None:
    model = scripted(*looks(12), Refused("no such model"))

    with pytest.raises(Refused, match="no such model"):
        ran(agent(LitanyModel(model, policy=Policy(window=40_000))), way, "go")

    assert len(model.calls) == 13


def test_a_policy_that_looks_on_sends_the_runs_own_items() -> None:
    lines: list[dict[str, Any]] = []
    model = scripted(*looks(20), STILL)
    wrapped = LitanyModel(model, GOAL, policy=Policy(window=4_000, shadow=True), trace=lines.append)

    ran(agent(wrapped), "async", "go")

    assert [len(call.input) for call in model.calls] == list(range(1, 42, 2))
    assert recitals(model.calls[-1].input) == 0
    assert any(line["compacted"] for line in lines)


def test_structured_output_ends_a_run() -> None:
    class Sea(BaseModel):
        still: bool

    model = scripted(*looks(10), says('{"still": true}'))

    result = ran(agent(LitanyModel(model, GOAL, RULES, SMALL), output_type=Sea), "async", "go")

    assert result.final_output.still
    assert GOAL in said(model.calls[-1].input)


def test_a_stream_that_is_left_early_is_closed() -> None:
    model = scripted(*looks(2), STILL)

    async def left() -> None:
        result = Runner.run_streamed(agent(LitanyModel(model, GOAL)), "go", run_config=RunConfig(tracing_disabled=True))
        async for _ in result.stream_events():
            break
        result.cancel()

    asyncio.run(left())


def test_what_else_is_asked_of_a_model_the_inner_one_answers() -> None:
    model = scripted(STILL)
    wrapped = LitanyModel(model)

    assert wrapped.remaining_steps == 1
    assert not hasattr(wrapped, "nothing")
