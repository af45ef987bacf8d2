"""Litany in agents of Pydantic AI whose model is a function: their histories, tools, summaries and conversations."""

import asyncio
from collections.abc import Iterator, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

pytest.importorskip("pydantic_ai", reason="needs Pydantic AI: make test-adapters HOSTS=pydantic-ai")

from pydantic import BaseModel
from pydantic_ai import Agent, ModelHTTPError
from pydantic_ai.capabilities import ProcessHistory
from pydantic_ai.messages import ModelMessage, ModelResponse, TextPart, ToolCallPart
from pydantic_ai.models.function import AgentInfo, FunctionModel

from litany import Policy, SqliteStore
from litany.adapters.pydantic_ai import LitanyCapability, LitanyModel
from litany.errors import PolicyError, WindowTooSmall
from tests.adapters.pydantic_ai.agents import MARKS, recitals
from tests.adapters.watched import GOAL, LONG, MARK, RULES, look

pytestmark = MARKS
SMALL = Policy(window=4_000)
ADD = [{"op": "add", "content": "mend the net"}, {"op": "add", "content": "count the boats"}]
TOO_LONG = "prompt is too long: 4100 tokens > 4000 maximum"
Asked = list[list[ModelMessage]]


def looks(number: int, first: int = 0) -> list[ModelResponse]:
    """So many calls of `look`."""
    return [calling("look", f"c{first + turn}", at=turn) for turn in range(number)]


def calling(name: str, id: str, **arguments: Any) -> ModelResponse:
    return ModelResponse([ToolCallPart(name, arguments, id)])


def says(text: str) -> ModelResponse:
    return ModelResponse([TextPart(text)])


def in_turn(*answers: Any) -> tuple[FunctionModel, Asked]:
    """A model that gives these answers in turn, the last one again and again, and what it was asked."""
    asked: Asked = []

    def answer(messages: list[ModelMessage], info: AgentInfo) -> ModelResponse:
        asked.append(messages)
        given = answers[min(len(asked), len(answers)) - 1]
        if isinstance(given, Exception):
            raise given
        return given(messages, info) if callable(given) else replace(given)

    return FunctionModel(answer), asked


def agent(model: Any, *capabilities: Any, **fields: Any) -> Any:
    return Agent(model, tools=[look], capabilities=list(capabilities), system_prompt="You watch.", **fields)


def said(messages: Sequence[ModelMessage]) -> str:
    """What stands in requests."""
    return "\n".join(str(part.content) for message in messages if message.kind == "request" for part in message.parts)


def last(messages: Sequence[ModelMessage]) -> str:
    return str(messages[-1].parts[-1].content)


def still(*beside: Any) -> ModelResponse:
    """The last answer; always another object, for a run writes its ids into it."""
    return says("It is still.")


@pytest.fixture(autouse=True)
def _loop() -> Iterator[None]:
    """The loop that `run_sync` takes, closed in the end."""
    with asyncio.Runner() as runner:
        asyncio.set_event_loop(runner.get_loop())
        yield


def test_every_due_call_ends_with_the_recitation_and_the_history_holds_none() -> None:
    lines: list[dict[str, Any]] = []
    model, asked = in_turn(*looks(48), still)

    messages = agent(model, LitanyCapability(GOAL, RULES, SMALL, trace=lines.append)).run_sync("go").all_messages()

    assert len(lines) == len(asked) == 49
    assert sum(line["compacted"] is not None for line in lines) >= 2
    for line, sent in zip(lines, asked, strict=True):
        assert all(text in said(sent) for text in (GOAL, *RULES))
        assert last(sent).startswith(MARK) == line["due"]
        assert line["due"] or not line["compacted"]
    assert recitals(messages) == 0
    assert all(message.parts[0].content == look(at) for at, message in enumerate(messages[2:97:2]))


@pytest.mark.parametrize("first", [True, False])
def test_a_recitation_is_last_beside_a_history_processor_wherever_each_stands(first: bool) -> None:
    lines: list[dict[str, Any]] = []
    model, asked = in_turn(*looks(40), still)
    litany = LitanyCapability(GOAL, RULES, SMALL, trace=lines.append)
    shorter = ProcessHistory(lambda messages: [messages[0], *messages[-20:]] if len(messages) > 21 else messages)

    result = agent(model, *((litany, shorter) if first else (shorter, litany))).run_sync("go")

    for line, sent in zip(lines, asked, strict=True):
        assert all(text in said(sent) for text in (GOAL, *RULES))
        assert last(sent).startswith(MARK) == line["due"]
    assert sum(line["due"] for line in lines) >= 5
    assert recitals(result.all_messages()) == 0


def test_what_is_sent_unchanged_is_the_historys_own_object() -> None:
    model, asked = in_turn(*looks(3), still)
    seen: list[list[ModelMessage]] = []

    def watched(messages: list[ModelMessage]) -> list[ModelMessage]:
        seen.append(messages)
        return messages

    agent(model, ProcessHistory(watched), LitanyCapability()).run_sync("go")

    assert all(
        any(part is own for own in seen[-1] for own in own.parts)
        for sent in asked[-1:]
        for message in sent[1:-1]
        for part in message.parts
    )


def test_the_agent_calls_litanys_own_tools_and_the_agenda_is_recited() -> None:
    model, asked = in_turn(
        calling("update_todos", "t1", operations=ADD), calling("note", "n1", content="the tide turns at six"), still
    )
    litany = LitanyCapability(GOAL, policy=Policy(recite=("turns", 1)))

    result = agent(model, litany).run_sync("go")

    agenda = litany.conversation(result.conversation_id).agenda
    assert [todo.content for todo in agenda.todos] == ["mend the net", "count the boats"]
    assert [note.text for note in agenda.notes] == ["the tide turns at six"]
    assert "mend the net" in last(asked[-1])


def test_what_left_a_view_is_recalled_by_the_agents_own_call() -> None:
    model, asked = in_turn(calling("look", "first", at=77), *looks(30), calling("recall", "r1", query="wave 77"), still)

    agent(model, LitanyCapability(GOAL, policy=SMALL)).run_sync("go")

    assert "wave 77" not in said(asked[-2])
    assert "wave 77" in str(asked[-1][-1])


def test_a_todo_tool_of_the_agents_own_is_read_and_update_todos_left_out() -> None:
    offered: list[set[str]] = []

    def write_todos(todos: list[dict[str, str]]) -> str:
        """Writes the todos."""
        return "written"

    def plans(messages: list[ModelMessage], info: AgentInfo) -> ModelResponse:
        offered.append({tool.name for tool in info.function_tools})
        return calling("write_todos", "w1", todos=[{"content": "row to the island", "status": "pending"}])

    model, asked = in_turn(plans, *looks(2), still)
    made = Agent(model, tools=[look, write_todos], capabilities=[LitanyCapability(policy=Policy(recite=("turns", 1)))])

    made.run_sync("go")

    assert offered == [{"look", "write_todos", "note", "recall"}]
    assert "row to the island" in last(asked[-1])


def test_tools_may_be_left_out() -> None:
    offered: list[set[str]] = []

    def ends(messages: list[ModelMessage], info: AgentInfo) -> ModelResponse:
        offered.append({tool.name for tool in info.function_tools})
        return still()

    agent(FunctionModel(ends), LitanyCapability(tools=False)).run_sync("go")

    assert offered == [{"look"}]


def test_a_run_that_is_given_a_history_goes_on_in_its_conversation() -> None:
    model, asked = in_turn(calling("update_todos", "t1", operations=ADD), still)
    litany = LitanyCapability(policy=Policy(recite=("turns", 1)))
    made = agent(model, litany)

    first = made.run_sync("go")
    second = made.run_sync("and now?", message_history=first.all_messages())

    assert second.conversation_id == first.conversation_id
    assert "mend the net" in last(asked[-1])


def test_another_process_over_the_same_store_goes_on(tmp_path: Path) -> None:
    model, asked = in_turn(calling("update_todos", "t1", operations=ADD), still)
    every, path = Policy(recite=("turns", 1)), tmp_path / "sea.litany"

    first = agent(model, LitanyCapability(policy=every, store=SqliteStore(path))).run_sync("go")
    again = LitanyCapability(policy=every, store=SqliteStore(path))
    agent(model, again).run_sync("and now?", message_history=first.all_messages())

    assert "mend the net" in last(asked[-1])


def test_many_runs_at_once_do_not_cross() -> None:
    asked: Asked = []

    async def answer(messages: list[ModelMessage], info: AgentInfo) -> ModelResponse:
        asked.append(messages)
        await asyncio.sleep(0)
        canary = next(word for word in said(messages).split() if word.startswith("canary-"))
        made = sum(canary in said(sent) for sent in asked)
        return calling("look", f"{canary}{made}", at=1) if made < 8 else says(canary)

    made = agent(FunctionModel(answer), LitanyCapability(None, RULES, SMALL))

    async def all_runs() -> list[Any]:
        return await asyncio.gather(*(made.run(f"go canary-{number}-") for number in range(24)))

    assert [result.output for result in asyncio.run(all_runs())] == [f"canary-{number}-" for number in range(24)]
    for sent in asked:
        assert len({word for word in said(sent).split() if word.startswith("canary-")}) == 1


def test_goal_and_constraints_may_be_functions_of_the_run() -> None:
    model, asked = in_turn(still)
    litany = LitanyCapability(lambda run: f"Watch {run.deps}.", lambda run: [f"Never leave {run.deps}."])
    made: Agent[str, str] = Agent(model, deps_type=str, capabilities=[litany])

    made.run_sync("go", deps="the bay")
    made.run_sync("go", deps="the dunes")

    assert "Watch the bay." in said(asked[0])
    assert "Never leave the dunes." in said(asked[1])
    assert "the bay" not in said(asked[1])


def summary(messages: Sequence[ModelMessage]) -> bool:
    return "Summarize the conversation so far" in last(messages)


def test_the_agents_own_model_summarizes_with_its_own_tools() -> None:
    offered: list[set[str]] = []
    asked: Asked = []

    def answer(messages: list[ModelMessage], info: AgentInfo) -> ModelResponse:
        if summary(messages):
            offered.append({tool.name for tool in info.function_tools})
            return says("## Done\n- SUMMARY of the waves\n## Next\n- look again")
        asked.append(messages)
        return calling("look", f"c{len(asked)}", at=1) if len(asked) < 25 else still()

    result = agent(FunctionModel(answer), LitanyCapability(policy=SMALL, summarize=True)).run_sync("go")

    assert {"look", "update_todos", "note", "recall"} in offered
    assert "SUMMARY of the waves" in said(asked[-1])
    assert result.usage.requests == 25


def test_another_model_summarizes_the_view_as_data() -> None:
    other, quoted = in_turn(says("## Done\n- SEEN by another\n## Next\n- look again"))
    model, asked = in_turn(*looks(20), still)

    agent(model, LitanyCapability(policy=SMALL, summarize=other)).run_sync("go")

    assert {len(messages) for messages in quoted} == {1}
    assert "SEEN by another" in said(asked[-1])


def test_a_function_summarizes_pydantic_ais_messages() -> None:
    given: list[Sequence[Any]] = []

    def summarize(messages: Sequence[Any], prompt: str) -> str:
        given.append(messages)
        return "## Done\n- MINE\n## Next\n- look again"

    model, asked = in_turn(*looks(20), still)
    agent(model, LitanyCapability(policy=SMALL, summarize=summarize)).run_sync("go")

    assert "MINE" in said(asked[-1])
    assert {message.kind for messages in given for message in messages} == {"request", "response"}


def test_what_cannot_summarize_is_refused() -> None:
    with pytest.raises(PolicyError, match="summarize"):
        LitanyCapability(summarize=3)


def refused(text: str = TOO_LONG) -> ModelHTTPError:
    return ModelHTTPError(400, "claude", {"error": {"type": "invalid_request_error", "message": text}})


def test_an_overflow_is_retried_once_smaller_and_a_second_one_is_the_models_own_error() -> None:
    model, asked = in_turn(*looks(12), refused())

    with pytest.raises(ModelHTTPError):
        agent(model, LitanyCapability(GOAL, policy=Policy(window=40_000))).run_sync("go")

    assert len(asked) == 14
    assert len(said(asked[13])) < 0.8 * len(said(asked[12]))
    assert last(asked[13]).startswith(MARK)


def test_where_nothing_smaller_can_be_sent_the_models_own_error_is_told() -> None:
    model, asked = in_turn(refused())

    with pytest.raises(ModelHTTPError) as told:
        agent(model, LitanyCapability()).run_sync("go")

    assert isinstance(told.value.__cause__, WindowTooSmall)
    assert len(asked) == 1


def test_another_error_of_the_model_is_left_alone() -> None:
    model, asked = in_turn(*looks(12), refused("no such model"))

    with pytest.raises(ModelHTTPError, match="no such model"):
        agent(model, LitanyCapability(policy=Policy(window=40_000))).run_sync("go")

    assert len(asked) == 13


def test_a_policy_that_looks_on_sends_the_histories_own_messages() -> None:
    lines: list[dict[str, Any]] = []
    model, asked = in_turn(*looks(20), still)

    agent(model, LitanyCapability(GOAL, policy=Policy(window=4_000, shadow=True), trace=lines.append)).run_sync("go")

    assert [len(sent) for sent in asked] == list(range(1, 42, 2))
    assert recitals(asked[-1]) == 0
    assert any(line["compacted"] for line in lines)


def test_structured_output_ends_a_run_and_the_next_one_goes_on() -> None:
    class Sea(BaseModel):
        still: bool

    model, asked = in_turn(
        *looks(10), calling("final_result", "f1", still=True), calling("final_result", "f2", still=False)
    )
    made = agent(model, LitanyCapability(GOAL, RULES, SMALL), output_type=Sea)

    first = made.run_sync("go")
    second = made.run_sync("and now?", message_history=first.all_messages())

    assert (first.output.still, second.output.still) == (True, False)
    assert GOAL in said(asked[-1])
    assert "and now?" in said(asked[-1])


def test_a_wrapped_model_does_the_same_without_tools() -> None:
    lines: list[dict[str, Any]] = []
    model, asked = in_turn(*looks(30), still)
    wrapped = LitanyModel(model, GOAL, RULES, SMALL, trace=lines.append)

    result = agent(wrapped).run_sync("go")

    for line, sent in zip(lines, asked, strict=True):
        assert all(text in said(sent) for text in (GOAL, *RULES))
        assert last(sent).startswith(MARK) == line["due"]
    assert any(line["compacted"] for line in lines)
    assert recitals(result.all_messages()) == 0
    kept = wrapped.conversation(result.conversation_id).agenda.goal
    assert kept is not None
    assert kept.text == GOAL


def test_a_users_part_and_an_answer_are_pinned_by_the_conversations_name() -> None:
    litany = LitanyCapability(GOAL, policy=SMALL)
    model, asked = in_turn(*looks(2), still, *looks(30, 10), still)
    made = agent(model, litany)

    first = made.run_sync("go")
    talk = litany.conversation(first.conversation_id)
    talk.pin(first.all_messages()[2].parts[0])
    talk.revise(constraints=["Come home before dark."])
    made.run_sync("again", message_history=first.all_messages())

    assert f"wave 0: {LONG}" in said(asked[-1])
    assert "Come home before dark." in said(asked[-1])


def test_the_package_has_no_other_parts() -> None:
    from litany.adapters import pydantic_ai

    assert not hasattr(pydantic_ai, "nothing")
