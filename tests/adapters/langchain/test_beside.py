"""LitanyMiddleware beside the middleware of LangChain and of deepagents, in any order."""

from collections.abc import Iterator
from typing import Any

import pytest

pytest.importorskip("langchain_core", reason="needs langchain: make test-adapters HOSTS=langchain")
pytest.importorskip("langchain", reason="needs langchain: make test-adapters HOSTS=langchain")
pytest.importorskip("deepagents", reason="needs deepagents: make test-adapters HOSTS=langchain")

from deepagents import create_deep_agent
from deepagents.backends import StateBackend
from deepagents.middleware.summarization import create_summarization_middleware
from langchain.agents import create_agent
from langchain.agents.middleware import HumanInTheLoopMiddleware, SummarizationMiddleware, TodoListMiddleware
from langchain_core.messages import AIMessage, BaseMessage, HumanMessage, ToolMessage, convert_to_openai_messages
from langgraph.checkpoint.memory import InMemorySaver
from langgraph.types import Command

from litany import Policy
from litany.adapters.langchain import LitanyMiddleware
from litany.errors import PolicyError
from litany.testing import validate
from tests.adapters.langchain.agents import GOAL, LONG, MARK, MARKS, RULES, look, looks, recitals, said, thread
from tests.adapters.langchain.model import Scripted, calling, in_turn, scripted
from tests.adapters.langchain.others import OTHERS, TODOS, WRITE, placed

pytestmark = MARKS


def orders() -> Iterator[tuple[str, int]]:
    yield from ((name, place) for name in OTHERS for place in (0, 1))
    yield from (("summarization,editing,todos,retry,hitl", place) for place in range(6))


@pytest.mark.parametrize(("names", "place"), list(orders()))
def test_the_recitation_is_last_on_every_due_call_in_any_order(names: str, place: int) -> None:
    lines: list[dict[str, Any]] = []
    begin = [WRITE] if "todos" in names else []
    model = scripted(in_turn(*begin, *looks(40), AIMessage("It is still.")))
    litany = LitanyMiddleware(GOAL, RULES, Policy(window=8_000), trace=lines.append)
    middleware = placed(place, names.split(","), litany)
    agent = create_agent(model, [look], middleware=middleware, system_prompt="You watch.", checkpointer=InMemorySaver())

    state = agent.invoke({"messages": [HumanMessage("go")]}, thread("t1"))

    assert len(lines) == len(model.asked)
    for line, asked in zip(lines, model.asked, strict=True):
        assert all(text in said(asked) for text in (GOAL, *RULES))
        assert not line["due"] or str(asked[-1].content).startswith(MARK)
        assert validate("openai", {"messages": convert_to_openai_messages(asked)}) == []
    assert sum(line["due"] for line in lines) >= 4
    assert recitals(state["messages"]) == 0
    if "todos" in names:
        recited = [str(asked[-1].content) for asked in model.asked[1:] if str(asked[-1].content).startswith(MARK)]
        assert all("- [in progress] mend the net" in text for text in recited)
        assert all("update_todos" not in offered and "recall" in offered for offered in model.offered)


@pytest.mark.parametrize("place", [0, 1])
def test_what_a_summarizer_writes_is_not_recited_as_a_request(place: int) -> None:
    summarizes = SummarizationMiddleware(
        scripted(in_turn(AIMessage("The user wants you to shout."))),
        trigger=("messages", 12),
        keep=("messages", 4),
        trim_tokens_to_summarize=None,
    )
    model = scripted(in_turn(*looks(20), AIMessage("It is still.")))
    middleware: list[Any] = [summarizes]
    middleware.insert(place, LitanyMiddleware(policy=Policy(window=8_000, recite="every")))

    create_agent(model, [look], middleware=middleware).invoke({"messages": [HumanMessage(GOAL)]})

    recited = [str(asked[-1].content) for asked in model.asked if str(asked[-1].content).startswith(MARK)]
    assert any("shout" in said(asked) for asked in model.asked)
    assert len(recited) == len(model.asked)
    assert all(GOAL in text and "shout" not in text for text in recited)


def test_todos_of_the_state_are_recited_though_the_call_that_wrote_them_was_refused() -> None:
    both = AIMessage(
        "",
        tool_calls=[
            {"id": "w2", "name": "write_todos", "args": {"todos": [{"content": "swim", "status": "pending"}]}},
            {"id": "w3", "name": "write_todos", "args": {"todos": [{"content": "shout", "status": "pending"}]}},
        ],
    )
    model = scripted(in_turn(WRITE, both, *looks(12), AIMessage("It is still.")))
    litany = LitanyMiddleware(GOAL)

    state = create_agent(model, [look], middleware=[TodoListMiddleware(), litany]).invoke(
        {"messages": [HumanMessage("go")]}
    )

    assert state["todos"] == TODOS
    recited = [str(asked[-1].content) for asked in model.asked if MARK in str(asked[-1].content)]
    assert recited
    assert all("mend the net" in text and "shout" not in text for text in recited)


def test_a_call_that_waits_for_a_human_goes_on_where_it_stopped() -> None:
    def swim(far: int) -> str:
        """Swims."""
        return f"swam {far}"

    model = scripted(in_turn(*looks(14), calling("swim", "s1", far=9), AIMessage("It is still.")))
    asks = HumanInTheLoopMiddleware(interrupt_on={"swim": True})
    middleware = [asks, LitanyMiddleware(GOAL, RULES, Policy(window=4_000))]
    agent = create_agent(model, [look, swim], middleware=middleware, checkpointer=InMemorySaver())
    agent.invoke({"messages": [HumanMessage("go")]}, thread("t1"))
    edited = {"type": "edit", "edited_action": {"name": "swim", "args": {"far": 1}}}

    state = agent.invoke(Command(resume={"decisions": [edited]}), thread("t1"))

    assert "swam 1" in said(state["messages"])
    assert state["messages"][-1].content == "It is still."
    assert all(text in said(model.asked[-1]) for text in (GOAL, *RULES))


def deep(model: Scripted, *middleware: Any, **fields: Any) -> Any:
    return create_deep_agent(model=model, tools=[look], middleware=list(middleware), **fields)


def counting(litany: LitanyMiddleware) -> dict[str, Any]:
    """A sub-agent that has litany, too."""
    said = {"name": "counter", "description": "counts", "system_prompt": "You count."}
    return {**said, "tools": [look], "middleware": [litany]}


def test_a_deep_agent_recites_last_over_its_own_summaries() -> None:
    lines: list[dict[str, Any]] = []

    def script(messages: list[BaseMessage]) -> AIMessage:
        if len(messages) == 1:
            return AIMessage("short summary")
        number = sum(len(asked) > 1 for asked in model.asked)
        return calling("look", f"c{number}", at=number) if number < 60 else AIMessage("It is still.")

    model = scripted(script)
    model.profile = {"max_input_tokens": 12_000}
    litany = LitanyMiddleware(GOAL, RULES, Policy(window=40_000), trace=lines.append)

    state = deep(model, litany, checkpointer=InMemorySaver()).invoke({"messages": [HumanMessage("go")]}, thread("t1"))

    sent = [asked for asked in model.asked if len(asked) > 1]
    assert len(model.asked) > len(sent), "deepagents summarized"
    for line, asked in zip(lines, sent, strict=True):
        assert all(text in said(asked) for text in (GOAL, *RULES))
        assert not line["due"] or str(asked[-1].content).startswith(MARK)
    assert sum(line["due"] for line in lines) >= 4
    assert recitals(state["messages"]) == 0


def delegating(turns: int) -> Scripted:
    """A model that looks, has a sub-agent count boats, and looks on."""

    def script(messages: list[BaseMessage]) -> AIMessage:
        made = sum(isinstance(message, ToolMessage) for message in messages)
        if "count boats" in said(messages[1:3]):
            return calling("look", f"b{made}", at=made) if made < 3 else AIMessage("7 boats")
        if made == 2:
            return calling("task", "t2", description="count boats", subagent_type="counter")
        return calling("look", f"c{made}", at=made) if made < turns else AIMessage("It is still.")

    return scripted(script)


def test_a_deep_agents_sub_agent_is_a_conversation_of_its_own() -> None:
    lines: list[dict[str, Any]] = []
    model, policy = delegating(14), Policy(window=60_000)
    litany = LitanyMiddleware(GOAL, policy=policy, trace=lines.append)
    counts = LitanyMiddleware("Mind the boats.", policy=policy, trace=lines.append)
    agent = deep(model, litany, subagents=[counting(counts)], checkpointer=InMemorySaver())

    agent.invoke({"messages": [HumanMessage("go to sea")]}, thread("t1"))

    mine = [asked for asked in model.asked if "Mind the boats." in said(asked)]
    others = [asked for asked in model.asked if GOAL in said(asked)]
    assert len(mine) == 4
    assert len(others) == 15
    assert len(mine) + len(others) == len(model.asked)
    assert not any(line["rewritten"] for line in lines)


def test_one_middleware_for_agent_and_sub_agent_keeps_them_apart() -> None:
    lines: list[dict[str, Any]] = []
    model = delegating(6)
    litany = LitanyMiddleware(constraints=RULES, policy=Policy(window=60_000, recite="every"), trace=lines.append)
    agent = deep(model, litany, subagents=[counting(litany)], checkpointer=InMemorySaver())

    agent.invoke({"messages": [HumanMessage("go to sea")]}, thread("t1"))

    own = [asked for asked in model.asked if "go to sea" in said(asked)]
    assert len(own) == sum(line["key"] == "t1" for line in lines) < len(lines)
    assert not any(line["rewritten"] for line in lines)
    for asked in model.asked[1:]:
        request = "count boats" if "count boats" in said(asked[1:3]) else "go to sea"
        assert f"First request:\n{request}" in said(asked[-1:]) or MARK not in said(asked[-1:])


@pytest.mark.filterwarnings("ignore:.*forked subagents:langchain_core._api.beta_decorator.LangChainBetaWarning")
def test_a_fork_of_a_deep_agent_leaves_its_parents_agenda_alone() -> None:
    def script(messages: list[BaseMessage]) -> AIMessage:
        if "count boats" in said([message for message in messages if isinstance(message, HumanMessage)]):
            forked = any(isinstance(message, ToolMessage) and message.tool_call_id == "f1" for message in messages)
            add = [{"op": "add", "content": "count the masts"}]
            return AIMessage("7 boats") if forked else calling("update_todos", "f1", operations=add)
        made = sum(isinstance(message, ToolMessage) for message in messages)
        if made == 0:
            return calling("update_todos", "u1", operations=[{"op": "add", "content": "mend the net"}])
        if made == 2:
            return calling("task", "t2", description="count boats", subagent_type="counter")
        return calling("look", f"c{made}", at=made) if made < 6 else AIMessage("It is still.")

    lines: list[dict[str, Any]] = []
    model = scripted(script)
    litany = LitanyMiddleware(GOAL, policy=Policy(window=60_000), trace=lines.append)
    fork = {"name": "counter", "description": "counts", "mode": "fork"}
    agent = deep(model, litany, subagents=[fork], checkpointer=InMemorySaver())

    agent.invoke({"messages": [HumanMessage("go to sea")]}, thread("t1"))

    assert [todo.content for todo in litany.conversation("t1").agenda.todos] == ["mend the net"]
    assert any("count the masts" in str(asked) for asked in model.asked)
    assert not any(line["rewritten"] for line in lines if line["key"] == "t1")


@pytest.mark.filterwarnings("ignore:Offloading conversation history:UserWarning")
def test_standing_before_deepagents_summarization_is_refused_when_it_would_miscount() -> None:
    def script(messages: list[BaseMessage]) -> AIMessage:
        number = len(model.asked)
        return AIMessage("short summary") if len(messages) == 1 else calling("look", f"c{number}", at=number)

    model = scripted(script)
    model.profile = {"max_input_tokens": 6_000}
    summarizes = create_summarization_middleware(model, StateBackend())
    litany = LitanyMiddleware(GOAL, policy=Policy(window=40_000))
    agent = create_agent(model, [look], middleware=[litany, summarizes], system_prompt="You watch.")

    with pytest.raises(PolicyError, match="list LitanyMiddleware after it"):
        agent.invoke({"messages": [HumanMessage(LONG)]})
