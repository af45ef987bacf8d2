"""LitanyMiddleware in agents of create_agent, whose model follows a script."""

import asyncio
from collections import Counter
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import pytest

pytest.importorskip("langchain_core", reason="needs langchain: make test-adapters HOSTS=langchain")
pytest.importorskip("langchain", reason="needs langchain: make test-adapters HOSTS=langchain")

from langchain.agents import create_agent
from langchain_core.exceptions import ContextOverflowError
from langchain_core.messages import AIMessage, AIMessageChunk, BaseMessage, HumanMessage, SystemMessage, ToolMessage
from langgraph.checkpoint.memory import InMemorySaver

from litany import Policy, SqliteStore
from litany.adapters.langchain import LitanyMiddleware
from litany.errors import PolicyError, WindowTooSmall
from tests.adapters.langchain.agents import GOAL, LONG, MARK, MARKS, RULES, look, looks, recitals, said, thread
from tests.adapters.langchain.model import Scripted, calling, in_turn, scripted

pytestmark = MARKS
SMALL = Policy(window=4_000)
ADD = [{"op": "add", "content": "mend the net"}, {"op": "add", "content": "count the boats"}]


def agent(model: Scripted, *middleware: Any, **fields: Any) -> Any:
    return create_agent(model, [look], middleware=list(middleware), system_prompt="You watch.", **fields)


def test_every_due_call_ends_with_the_recitation_and_the_state_holds_none() -> None:
    lines: list[dict[str, Any]] = []
    model = scripted(in_turn(*looks(60), AIMessage("It is still.")))
    litany = LitanyMiddleware(GOAL, RULES, SMALL, trace=lines.append)

    state = agent(model, litany).invoke({"messages": [HumanMessage("go")]})

    assert len(lines) == len(model.asked) == 61
    assert sum(line["compacted"] is not None for line in lines) >= 5
    for line, asked in zip(lines, model.asked, strict=True):
        assert all(text in said(asked) for text in (GOAL, *RULES))
        assert str(asked[-1].content).startswith(MARK) == line["due"]
        assert line["due"] or not line["compacted"]
    assert recitals(state["messages"]) == 0
    assert [message.type for message in state["messages"]] == ["human", *["ai", "tool"] * 60, "ai"]
    assert all(message.content == look(at) for at, message in enumerate(state["messages"][2:121:2]))
    assert set(state) == {"messages"}


def test_what_is_sent_unchanged_is_the_states_own_object() -> None:
    model = scripted(in_turn(*looks(3), AIMessage("It is still.")))

    state = agent(model, LitanyMiddleware()).invoke({"messages": [HumanMessage("go")]})

    assert all(any(message is own for own in state["messages"]) for message in model.asked[-1][1:])


def test_an_async_agent_is_sent_what_a_sync_one_is() -> None:
    def run(act: Callable[[Any], Any]) -> list[list[tuple[str, str]]]:
        model = scripted(in_turn(*looks(25), AIMessage("It is still.")))
        act(agent(model, LitanyMiddleware(GOAL, RULES, SMALL)))
        return [[(message.type, _unmarked(message)) for message in asked] for asked in model.asked]

    begin = {"messages": [HumanMessage("go")]}
    assert run(lambda made: asyncio.run(made.ainvoke(begin))) == run(lambda made: made.invoke(begin))


def _unmarked(message: BaseMessage) -> str:
    text = str(message.content)
    return text if MARK not in text else text.replace(text.split('"')[1], "mark")


def test_streams_show_the_models_tokens_and_not_those_of_a_summary() -> None:
    def script(messages: list[BaseMessage]) -> AIMessage:
        if "Summarize the conversation so far" in str(messages[-1].content):
            return AIMessage("## Done\n- SUMMARY of the waves\n## Next\n- look again")
        calls = sum(isinstance(message, ToolMessage) for message in messages)
        number = len(model.asked)
        return calling("look", f"c{number}", at=number) if number < 25 and calls < 99 else AIMessage("It is still now.")

    lines: list[dict[str, Any]] = []
    model = scripted(script)
    made = agent(model, LitanyMiddleware(GOAL, RULES, SMALL, summarize=True, trace=lines.append))

    stream = made.stream({"messages": [HumanMessage("go")]}, stream_mode="messages")
    chunks = [chunk for chunk, _ in stream if isinstance(chunk, AIMessageChunk)]

    assert "model" in {line["summary"] for line in lines}
    assert any("SUMMARY of the waves" in said(asked) for asked in model.asked)
    assert "".join(str(chunk.text) for chunk in chunks).startswith("It is still now.")
    assert "SUMMARY" not in "".join(str(chunk.text) for chunk in chunks)


def test_a_summary_is_asked_for_with_the_agents_own_tools_and_system_text() -> None:
    asked: list[list[BaseMessage]] = []

    def script(messages: list[BaseMessage]) -> AIMessage:
        if "Summarize the conversation so far" in str(messages[-1].content):
            asked.append(messages)
            return AIMessage("## Done\n- looked\n## Next\n- look again")
        return calling("look", f"c{len(model.asked)}", at=1) if len(model.asked) < 20 else AIMessage("It is still.")

    model = scripted(script)
    agent(model, LitanyMiddleware(policy=SMALL, summarize=True)).invoke({"messages": [HumanMessage("go")]})

    assert asked
    assert all(isinstance(messages[0], SystemMessage) for messages in asked)
    assert {tuple(names) for names in model.offered} == {("update_todos", "note", "recall", "look")}


def test_another_model_summarizes_the_view_as_data() -> None:
    other = scripted(in_turn(AIMessage("## Done\n- SEEN by another\n## Next\n- look again")))
    model = scripted(in_turn(*looks(20), AIMessage("It is still.")))

    agent(model, LitanyMiddleware(policy=SMALL, summarize=other)).invoke({"messages": [HumanMessage("go")]})

    assert {len(messages) for messages in other.asked} == {1}
    assert "SEEN by another" in said(model.asked[-1])


def test_an_overflow_is_retried_once_smaller_and_recites_last() -> None:
    refused = ContextOverflowError("prompt is too long: 4100 tokens > 4000 maximum")
    model = scripted(in_turn(*looks(12), refused, *looks(2, 12), AIMessage("It is still.")))

    state = agent(model, LitanyMiddleware(GOAL, RULES, Policy(window=40_000))).invoke(
        {"messages": [HumanMessage("go")]}
    )

    long, short = model.asked[12], model.asked[13]
    assert len(said(short)) < 0.8 * len(said(long))
    assert str(short[-1].content).startswith(MARK)
    assert all(text in said(short) for text in (GOAL, *RULES))
    assert recitals(state["messages"]) == 0
    assert len(state["messages"]) == 1 + 2 * 14 + 1


def test_an_answer_that_stopped_because_the_window_was_full_is_asked_for_again() -> None:
    full = AIMessage("It is", response_metadata={"stop_reason": "model_context_window_exceeded"})
    model = scripted(in_turn(*looks(12), full, AIMessage("It is still.")))

    state = agent(model, LitanyMiddleware(policy=Policy(window=40_000))).invoke({"messages": [HumanMessage("go")]})

    assert state["messages"][-1].content == "It is still."
    assert len(said(model.asked[13])) < len(said(model.asked[12]))


def test_a_second_overflow_is_the_models_own_error() -> None:
    refused = ContextOverflowError("prompt is too long: 4100 tokens > 4000 maximum")
    model = scripted(in_turn(*looks(12), refused))

    with pytest.raises(ContextOverflowError):
        agent(model, LitanyMiddleware(policy=Policy(window=40_000))).invoke({"messages": [HumanMessage("go")]})

    assert len(model.asked) == 14


def test_where_nothing_smaller_can_be_sent_the_models_own_error_is_told() -> None:
    model = scripted(in_turn(ContextOverflowError("prompt is too long: 4100 tokens > 4000 maximum")))

    with pytest.raises(ContextOverflowError) as told:
        agent(model, LitanyMiddleware()).invoke({"messages": [HumanMessage("go")]})

    assert isinstance(told.value.__cause__, WindowTooSmall)
    assert len(model.asked) == 1


def test_another_error_of_the_model_is_left_alone() -> None:
    model = scripted(in_turn(ConnectionError("no route to host")))

    with pytest.raises(ConnectionError, match="no route"):
        agent(model, LitanyMiddleware()).invoke({"messages": [HumanMessage("go")]})

    assert len(model.asked) == 1


def test_many_threads_at_once_do_not_cross() -> None:
    calls = Counter[str]()

    def script(messages: list[BaseMessage]) -> AIMessage:
        canary = next(part for part in said(messages).split() if part.startswith("canary-"))
        calls[canary] += 1
        return calling("look", f"{canary}{calls[canary]}", at=1) if calls[canary] < 8 else AIMessage(canary)

    model = scripted(script)
    made = agent(model, LitanyMiddleware(None, RULES, SMALL), checkpointer=InMemorySaver())

    def run(number: int) -> Any:
        asked = HumanMessage(f"go canary-{number}-")
        return made.invoke({"messages": [asked]}, thread(f"t{number}"))["messages"][-1].content

    with ThreadPoolExecutor(8) as pool:
        assert list(pool.map(run, range(24))) == [f"canary-{number}-" for number in range(24)]
    for asked in model.asked:
        assert len({part for part in said(asked).split() if part.startswith("canary-")}) == 1


def test_a_goal_may_be_a_function_of_the_request() -> None:
    model = scripted(in_turn(*looks(12), AIMessage("It is still.")))
    litany = LitanyMiddleware(goal=lambda request: f"Watch for {len(request.state['messages'][0].content)} letters.")

    agent(model, litany).invoke({"messages": [HumanMessage("four")]})

    assert "Watch for 4 letters." in said(model.asked[-1])


def test_a_thread_is_resumed_from_its_checkpoint_by_another_object() -> None:
    saver = InMemorySaver()
    first = scripted(in_turn(calling("update_todos", "u1", operations=ADD), *looks(20), AIMessage("I rest.")))
    agent(first, LitanyMiddleware(GOAL, RULES, SMALL), checkpointer=saver).invoke(
        {"messages": [HumanMessage("go")]}, thread("t1")
    )
    lines: list[dict[str, Any]] = []
    second = scripted(in_turn(calling("recall", "r1", query="wave 3"), *looks(12, 50), AIMessage("It is still.")))
    litany = LitanyMiddleware(GOAL, RULES, SMALL, trace=lines.append)

    state = agent(second, litany, checkpointer=saver).invoke({"messages": [HumanMessage("go on")]}, thread("t1"))

    before, after = first.asked[-1], second.asked[0]
    stays = before[:-1] if MARK in str(before[-1].content) else before
    assert [str(message.content) for message in after[: len(stays)]] == [str(message.content) for message in stays]
    assert "mend the net" in said(next(asked for asked in second.asked if MARK in str(asked[-1].content))[-1:])
    recalled = next(message for message in state["messages"] if message.type == "tool" and message.name == "recall")
    assert "wave 3: the tide" in recalled.content
    assert recitals(state["messages"]) == 0
    assert [todo.content for todo in litany.conversation("t1").agenda.todos] == ["mend the net", "count the boats"]


def test_an_earlier_checkpoint_has_the_agenda_of_its_time() -> None:
    model = scripted(in_turn(*looks(2), calling("update_todos", "u1", operations=ADD), AIMessage("I rest.")))
    litany = LitanyMiddleware(GOAL)
    made = agent(model, litany, checkpointer=InMemorySaver())
    made.invoke({"messages": [HumanMessage("go")]}, thread("t1"))
    assert len(litany.conversation("t1").agenda.todos) == 2
    early = next(past for past in made.get_state_history(thread("t1")) if len(past.values.get("messages", ())) == 5)

    made.invoke({"messages": [HumanMessage("otherwise")]}, early.config)

    assert litany.conversation("t1").agenda.todos == ()


def test_what_is_revised_between_calls_stays() -> None:
    model = scripted(in_turn(*looks(2), AIMessage("I rest."), *looks(12, 20), AIMessage("It is still.")))
    litany = LitanyMiddleware(GOAL)
    made = agent(model, litany, checkpointer=InMemorySaver())
    made.invoke({"messages": [HumanMessage("go")]}, thread("t1"))

    litany.conversation("t1").revise(goal="Watch the sky instead.")
    made.invoke({"messages": [HumanMessage("go on")]}, thread("t1"))

    assert "Watch the sky instead." in said(model.asked[-1])


def test_without_a_thread_a_history_that_is_given_again_is_its_conversation() -> None:
    model = scripted(
        in_turn(
            calling("update_todos", "u1", operations=ADD),
            *looks(2),
            AIMessage("I rest."),
            *looks(12, 20),
            AIMessage("x"),
        )
    )
    made = agent(model, LitanyMiddleware(GOAL))
    state = made.invoke({"messages": [HumanMessage("go")]})

    made.invoke({"messages": [*state["messages"], HumanMessage("go on")]})

    recited = [str(asked[-1].content) for asked in model.asked[4:] if MARK in str(asked[-1].content)]
    assert recited
    assert all("mend the net" in text for text in recited)


def test_a_store_of_ones_own_keeps_the_state_and_the_graph_none_of_it(tmp_path: Path) -> None:
    store, saver = SqliteStore(tmp_path / "sea.litany"), InMemorySaver()
    model = scripted(in_turn(calling("update_todos", "u1", operations=ADD), AIMessage("I rest.")))
    made = agent(model, LitanyMiddleware(GOAL, store=store), checkpointer=saver)
    made.invoke({"messages": [HumanMessage("go")]}, thread("t1"))

    kept = made.get_state(thread("t1")).values["litany"]

    assert set(kept) == {"key", "place", "stamp"}
    again = LitanyMiddleware(GOAL, store=SqliteStore(tmp_path / "sea.litany"))
    assert [todo.content for todo in again.conversation(kept["key"]).agenda.todos] == [
        "mend the net",
        "count the boats",
    ]


def test_parallel_calls_of_litanys_tools_are_all_served() -> None:
    calls = [
        {"id": "u1", "name": "update_todos", "args": {"operations": ADD[:1]}},
        {"id": "u2", "name": "update_todos", "args": {"operations": ADD[1:]}},
        {"id": "n1", "name": "note", "args": {"content": "the tide turns at six"}},
    ]
    model = scripted(in_turn(AIMessage("", tool_calls=calls), AIMessage("I rest.")))
    litany = LitanyMiddleware(GOAL)

    agent(model, litany, checkpointer=InMemorySaver()).invoke({"messages": [HumanMessage("go")]}, thread("t1"))

    agenda = litany.conversation("t1").agenda
    assert sorted(todo.content for todo in agenda.todos) == ["count the boats", "mend the net"]
    assert [note.text for note in agenda.notes] == ["the tide turns at six"]


def test_a_wrong_call_of_litanys_tools_is_told_to_the_model() -> None:
    model = scripted(in_turn(calling("update_todos", "u1", operations="none"), AIMessage("I rest.")))

    state = agent(model, LitanyMiddleware()).invoke({"messages": [HumanMessage("go")]})

    assert "error: `operations` is a list" in state["messages"][2].content


def test_shadow_sends_every_message_untouched() -> None:
    lines: list[dict[str, Any]] = []
    model = scripted(in_turn(*looks(20), AIMessage("It is still.")))

    litany = LitanyMiddleware(GOAL, policy=Policy(window=4_000, shadow=True), trace=lines.append)
    state = agent(model, litany).invoke({"messages": [HumanMessage("go")]})

    assert all(before is after for before, after in zip(state["messages"], model.asked[-1][1:], strict=False))
    assert any(line["compacted"] for line in lines)


def test_shadow_leaves_a_refusal_as_it_is() -> None:
    model = scripted(in_turn(*looks(3), ContextOverflowError("prompt is too long: 4100 tokens > 4000 maximum")))

    with pytest.raises(ContextOverflowError):
        agent(model, LitanyMiddleware(GOAL, policy=Policy(shadow=True))).invoke({"messages": [HumanMessage("go")]})

    assert len(model.asked) == 4


def test_what_cannot_work_is_told_at_once() -> None:
    with pytest.raises(PolicyError, match="constraints"):
        LitanyMiddleware(constraints="Never shout.")
    with pytest.raises(PolicyError, match="summarize"):
        LitanyMiddleware(summarize=7)  # type: ignore[arg-type]  # a number is no summarizer


def test_the_tokens_that_the_model_reports_correct_the_count() -> None:
    usage = {"input_tokens": 9_000, "output_tokens": 5, "total_tokens": 9_005}
    model = scripted(
        in_turn(*[reply.model_copy(update={"usage_metadata": usage}) for reply in looks(3)], AIMessage("x"))
    )
    litany = LitanyMiddleware(policy=Policy(window=40_000))
    made = agent(model, litany, checkpointer=InMemorySaver())

    made.invoke({"messages": [HumanMessage(LONG)]}, thread("t1"))

    assert made.get_state(thread("t1")).values["litany"]["state"]["drift"] > 1.5
