"""Litany in agents of the Agents SDK whose model follows a script: their conversations and summaries."""

import asyncio
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import pytest

pytest.importorskip("agents", reason="needs the OpenAI Agents SDK: make test-adapters HOSTS=openai-agents")

from agents import (
    Agent,
    ModelProvider,
    ModelSettings,
    RunConfig,
    Runner,
    SQLiteSession,
    function_tool,
    handoff,
)
from agents.testing import ModelCall, ModelStep, ScriptedModel

import litany
from litany import SqliteStore
from litany.adapters.openai_agents import LitanyModel, LitanyProvider
from litany.errors import PolicyError
from tests.adapters.openai_agents.agents import MARKS, agent, ran, recitals
from tests.adapters.openai_agents.script import (
    ADD,
    EVERY,
    SMALL,
    STILL,
    calling,
    held,
    last,
    looks,
    said,
    says,
    scripted,
)
from tests.adapters.watched import GOAL, LONG, RULES, look

pytestmark = MARKS


@pytest.mark.parametrize("way", ["async", "stream"])
def test_a_run_with_a_session_goes_on_in_its_conversation(way: str) -> None:
    model = scripted(calling("update_todos", "t1", operations=ADD), STILL, says("Yes."))
    wrapped = LitanyModel(model, policy=EVERY)
    made, session = agent(wrapped, *wrapped.tools), SQLiteSession("sea")

    ran(made, way, "go", session=session)
    ran(made, way, "and now?", session=session)
    session.close()

    assert "mend the net" in last(model.calls[-1].input)


def test_tools_serve_a_conversation_of_the_providers_that_is_given_as_an_object() -> None:
    model = scripted(calling("update_todos", "t1", operations=ADD), STILL)
    wrapped = LitanyModel(model, policy=EVERY)
    settings = ModelSettings(extra_args={"conversation": {"id": "conv_1"}})

    ran(agent(wrapped, *wrapped.tools, model_settings=settings), "async", "go")

    assert [todo.content for todo in wrapped.conversation("conv_1").agenda.todos] == ["mend the net", "count the boats"]


def test_another_process_over_the_same_store_goes_on(tmp_path: Path) -> None:
    model, path = scripted(calling("update_todos", "t1", operations=ADD), STILL, says("Yes.")), tmp_path / "sea.litany"
    wrapped = LitanyModel(model, policy=EVERY, store=SqliteStore(path))

    first = ran(agent(wrapped, *wrapped.tools), "async", "go")
    again = LitanyModel(model, policy=EVERY, store=SqliteStore(path))
    ran(agent(again), "async", [*first.to_input_list(), {"role": "user", "content": "and now?"}])

    assert "mend the net" in last(model.calls[-1].input)


def test_a_conversation_is_found_by_the_name_that_the_host_gives() -> None:
    model = scripted(STILL, says("Yes."))
    wrapped = LitanyModel(model)

    with litany.conversation("bay", goal="Watch the bay."):
        ran(agent(wrapped), "async", "go")
    with litany.conversation("dunes", goal="Watch the dunes."):
        ran(agent(wrapped), "async", "go")

    agendas = [wrapped.conversation(key).agenda for key in ("bay", "dunes")]
    assert [agenda.goal.text for agenda in agendas if agenda.goal] == ["Watch the bay.", "Watch the dunes."]
    assert "Watch the bay." in said(model.calls[0].input)
    assert "Watch the bay." not in said(model.calls[1].input)


def test_many_runs_at_once_do_not_cross() -> None:
    asked: list[Any] = []

    async def answer(call: ModelCall) -> ModelStep:
        asked.append(call.input)
        await asyncio.sleep(0)
        canary = next(word for word in said(call.input).split() if word.startswith("canary-"))
        made = sum(canary in said(items) for items in asked)
        return calling("look", f"{canary}{made}", at=1) if made < 8 else says(canary)

    made = agent(LitanyModel(scripted(*[ModelStep.respond(answer)] * 192), None, RULES, SMALL))
    config = RunConfig(tracing_disabled=True)

    async def all_runs() -> list[Any]:
        runs = (Runner.run(made, f"go canary-{number}-", run_config=config) for number in range(24))
        return await asyncio.gather(*runs)

    assert [result.final_output for result in asyncio.run(all_runs())] == [f"canary-{n}-" for n in range(24)]
    for items in asked:
        assert len({word for word in said(items).split() if word.startswith("canary-")}) == 1


class Serves(ModelProvider):
    """A provider of one model."""

    def __init__(self, model: ScriptedModel) -> None:
        self.model = model

    def get_model(self, model_name: str | None) -> ScriptedModel:
        return self.model


def test_a_provider_serves_all_agents_of_a_run_and_a_handoff_keeps_the_agenda() -> None:
    lines: list[dict[str, Any]] = []
    model = scripted(calling("update_todos", "t1", operations=ADD), calling("transfer_to_mate", "h1"), *looks(3), STILL)
    serves = LitanyProvider(GOAL, RULES, EVERY, trace=lines.append, provider=Serves(model))
    mate = Agent(name="mate", instructions="You row.", tools=[function_tool(look)])
    made = agent(None, *serves.tools, handoffs=[handoff(mate)])

    ran(made, "async", "go", config={"model_provider": serves})

    held(lines, model.calls)
    assert model.calls[-1].system_instructions == "You row."
    assert "mend the net" in last(model.calls[-1].input)


def test_an_agent_as_a_tool_has_a_conversation_of_its_own() -> None:
    model = scripted(
        calling("update_todos", "t1", operations=ADD),
        calling("mate", "h1", input="How deep is it?"),
        says("Deep."),
        STILL,
    )
    serves = LitanyProvider(policy=EVERY, provider=Serves(model))
    mate = Agent(name="mate", instructions="You sound.").as_tool("mate", "Asks the mate.")

    ran(agent(None, mate, *serves.tools), "async", "go", config={"model_provider": serves})

    assert "mend the net" not in said(model.calls[2].input)
    assert "mend the net" in last(model.calls[3].input)


@pytest.mark.parametrize("way", ["async", "stream"])
def test_the_agents_own_model_summarizes_with_its_own_tools(way: str) -> None:
    def answer(call: ModelCall) -> ModelStep:
        if "Summarize the conversation so far" in last(call.input):
            return says("## Done\n- SUMMARY of the waves\n## Next\n- look again")
        asked.append(call)
        return looks(1, len(asked))[0] if len(asked) < 25 else STILL

    asked: list[ModelCall] = []
    model = scripted(*[ModelStep.respond(answer)] * 60)
    wrapped = LitanyModel(model, policy=SMALL, summarize=True)

    result = ran(agent(wrapped, *wrapped.tools), way, "go")

    summed = [call for call in model.calls if "Summarize the conversation so far" in last(call.input)]
    assert {tuple(tool.name for tool in call.tools) for call in summed} == {("look", "update_todos", "note", "recall")}
    assert {call.model_settings.tool_choice for call in summed} == {"none"}
    assert "SUMMARY of the waves" in said(asked[-1].input)
    assert result.context_wrapper.usage.requests == 25


def test_another_model_summarizes_the_view_as_data() -> None:
    other = scripted(*[says("## Done\n- SEEN by another\n## Next\n- look again")] * 9)
    model = scripted(*looks(20), STILL)

    ran(agent(LitanyModel(model, policy=SMALL, summarize=other)), "async", "go")

    assert {len(call.input) for call in other.calls} == {1}
    assert "SEEN by another" in said(model.calls[-1].input)


def test_a_function_summarizes_items() -> None:
    given: list[Sequence[Any]] = []

    def summarize(items: Sequence[Any], prompt: str) -> str:
        given.append(items)
        return "## Done\n- MINE\n## Next\n- look again"

    model = scripted(*looks(20), STILL)
    ran(agent(LitanyModel(model, policy=SMALL, summarize=summarize)), "async", "go")

    assert "MINE" in said(model.calls[-1].input)
    assert {item.get("type") for items in given for item in items} >= {"function_call", "function_call_output"}


def test_what_cannot_summarize_is_refused() -> None:
    wrong: Any = 3
    with pytest.raises(PolicyError, match="summarize"):
        LitanyModel(scripted(), summarize=wrong)


def test_an_item_is_pinned_and_the_agenda_revised_by_the_conversations_name() -> None:
    model = scripted(*looks(2), STILL, *looks(30, 10), says("Yes."))
    wrapped = LitanyModel(model, GOAL, policy=SMALL)

    with litany.conversation("sea"):
        items = ran(agent(wrapped), "async", "go").to_input_list()
        talk = wrapped.conversation("sea")
        talk.pin(items[2])
        talk.revise(constraints=["Come home before dark."])
        ran(agent(wrapped), "async", [*items, {"role": "user", "content": "again"}])

    assert f"wave 0: {LONG}" in said(model.calls[-1].input)
    assert "Come home before dark." in said(model.calls[-1].input)


def test_a_run_that_waited_for_an_approval_goes_on_in_its_conversation() -> None:
    model = scripted(calling("update_todos", "t1", operations=ADD), calling("dive", "d1"), STILL)
    wrapped = LitanyModel(model, GOAL, RULES, EVERY)
    dive = function_tool(lambda: "cold", name_override="dive", needs_approval=True)
    made = agent(wrapped, dive, *wrapped.tools)

    state = ran(made, "async", "go").to_state()
    state.approve(state.get_interruptions()[0])
    result = ran(made, "async", state)

    assert result.final_output == "It is still."
    assert "mend the net" in last(model.calls[-1].input)
    assert recitals(result.to_input_list()) == 0
