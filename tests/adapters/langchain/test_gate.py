"""The gate before the end: who is sent back, how often, and who is let go."""

import asyncio
from typing import Any

import pytest

pytest.importorskip("langchain_core", reason="needs langchain: make test-adapters HOSTS=langchain")
pytest.importorskip("langchain", reason="needs langchain: make test-adapters HOSTS=langchain")

from langchain.agents import create_agent
from langchain.agents.middleware import ModelCallLimitMiddleware, TodoListMiddleware
from langchain_core.messages import AIMessage, HumanMessage
from langgraph.checkpoint.memory import InMemorySaver

from litany.adapters.langchain import LitanyMiddleware
from litany.errors import PolicyError
from tests.adapters.langchain.agents import GOAL, MARKS, look, thread
from tests.adapters.langchain.model import calling, in_turn, scripted
from tests.adapters.langchain.others import TODOS, WRITE

pytestmark = MARKS
ADD = calling("update_todos", "u1", operations=[{"op": "add", "content": "mend the net"}])
DONE = calling("update_todos", "u2", operations=[{"op": "update", "id": "1", "status": "completed"}])
BEGIN = {"messages": [HumanMessage("go")]}
STOP = AIMessage("I stop.")


def ran(replies: list[Any], times: int | None = 2, first: Any = (), act: Any = None, begin: Any = BEGIN) -> list[Any]:
    """The messages of a run that follows these replies."""
    litany = LitanyMiddleware(GOAL)
    gate = [] if times is None else [litany.gate(times)]
    agent = create_agent(scripted(in_turn(*replies)), [look], middleware=[*first, litany, *gate])
    messages: list[Any] = (act or (lambda made, given: made.invoke(given)))(agent, begin)["messages"]
    return messages


def sent_back(messages: list[Any]) -> list[str]:
    return [str(m.content) for m in messages if m.additional_kwargs.get("lc_source") == "litany_gate"]


def test_an_agent_that_stops_with_open_todos_is_told_twice_and_then_let_go() -> None:
    messages = ran([ADD, STOP, STOP, STOP])

    assert (
        sent_back(messages)
        == [
            "You stopped, and 1 todo is still open:\n- mend the net\n"
            "Go on with them, or mark what is done or no longer needed; if you need something from the user, say what."
        ]
        * 2
    )
    assert [message.content for message in messages[-5::2]] == ["I stop."] * 3


def test_an_agent_that_then_does_its_todos_ends_at_once() -> None:
    messages = ran([ADD, STOP, DONE, AIMessage("Done now.")])

    assert len(sent_back(messages)) == 1
    assert messages[-1].content == "Done now."


def test_without_a_gate_nobody_is_sent_back() -> None:
    assert sent_back(ran([ADD, STOP], times=None)) == []


def test_without_open_todos_nobody_is_sent_back() -> None:
    assert sent_back(ran([STOP])) == []
    assert sent_back(ran([ADD, DONE, STOP])) == []


def test_the_agents_own_todo_list_is_read_from_its_state() -> None:
    messages = ran([WRITE, STOP, STOP, STOP], first=[TodoListMiddleware()])

    assert all(todo["content"] in sent_back(messages)[0] for todo in TODOS)
    assert len(sent_back(messages)) == 2


def test_an_async_agent_is_sent_back_as_well() -> None:
    messages = ran([ADD, STOP], 1, act=lambda made, given: asyncio.run(made.ainvoke(given)))

    assert len(sent_back(messages)) == 1


def test_each_request_of_the_user_may_be_sent_back_anew() -> None:
    litany = LitanyMiddleware(GOAL)
    model = scripted(in_turn(ADD, STOP))
    agent = create_agent(model, [look], middleware=[litany, litany.gate(1)], checkpointer=InMemorySaver())
    agent.invoke(BEGIN, thread("t1"))
    messages = agent.invoke({"messages": [HumanMessage("and now?")]}, thread("t1"))["messages"]

    assert len(sent_back(messages)) == 2


def test_a_limit_on_calls_ends_the_run_all_the_same() -> None:
    messages = ran([ADD, STOP], first=[ModelCallLimitMiddleware(run_limit=2)])

    assert "limit" in str(messages[-1].content)


def test_what_the_gate_says_is_never_recited_as_the_users_request() -> None:
    model = scripted(in_turn(ADD, STOP, *[calling("look", f"c{at}", at=at) for at in range(12)], STOP))
    litany = LitanyMiddleware()
    create_agent(model, [look], middleware=[litany, litany.gate(1)]).invoke(BEGIN)

    recited = [str(asked[-1].content) for asked in model.asked if "First request:" in str(asked[-1].content)]
    assert recited
    assert all("You stopped" not in text for text in recited)


@pytest.mark.parametrize("times", [0, -1])
def test_a_gate_that_never_sends_back_is_refused(times: int) -> None:
    with pytest.raises(PolicyError, match="times"):
        LitanyMiddleware().gate(times)
