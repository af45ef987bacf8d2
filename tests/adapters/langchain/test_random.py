"""The laws over random histories that real agents of create_agent live through, beside other middleware."""

import asyncio
import json
from collections.abc import Sequence
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

pytest.importorskip("langchain_core", reason="needs langchain: make test-adapters HOSTS=langchain")
pytest.importorskip("langchain", reason="needs langchain: make test-adapters HOSTS=langchain")

from langchain.agents import create_agent
from langchain_core.messages import AIMessage, BaseMessage, HumanMessage, ToolMessage
from langchain_core.tools import BaseTool, StructuredTool
from langgraph.checkpoint.memory import InMemorySaver
from langgraph.prebuilt.tool_node import ToolRuntime

from litany import Policy
from litany.adapters.langchain import LitanyMiddleware
from litany.errors import WindowTooSmall
from tests.adapters.langchain.agents import MARK, MARKS, recitals, said, thread
from tests.adapters.langchain.model import Scripted, scripted
from tests.adapters.langchain.others import OTHERS, placed
from tests.adapters.langchain.turned import sent, turned
from tests.laws.drive import scripted as summaries
from tests.laws.drive import signed, violations
from tests.laws.strategies import ANSWERS, RULES, Case, cases, policies
from tests.laws.writing import TODO_TOOLS, Message

pytestmark = MARKS
GOAL = "Mend the parser, keep the tests green."
FEW = settings(max_examples=25)
CASES = st.sampled_from(("openai", "anthropic")).flatmap(
    lambda dialect: cases(dialect=dialect, killed=False, thinking=False)
)


def results(case: Case) -> dict[str, Any]:
    """What each call of the history is answered with."""
    natives = (native for message in case.record for native in turned(message, case.dialect))
    return {native.tool_call_id: native.content for native in natives if isinstance(native, ToolMessage)}


def tools(case: Case) -> list[BaseTool]:
    """The tools that the history calls; each gives what the history says."""
    answers = results(case)

    def answered(runtime: ToolRuntime[Any, Any], **arguments: Any) -> ToolMessage:
        id = runtime.tool_call_id or ""
        return ToolMessage(answers[id], tool_call_id=id)

    shape = {"type": "object", "properties": {}, "additionalProperties": True}
    names = ["look", *(name for name, _, _ in TODO_TOOLS)]
    return [StructuredTool(name=name, description=name, func=answered, args_schema=shape) for name in names]


def replies(case: Case) -> list[Message]:
    return [message for turn in case.turns for message in turn.reply]


def asking(case: Case) -> Scripted:
    """A model that gives the history's replies in turn, its thinking bound to what it was sent; then an end."""
    left = replies(case)

    def script(messages: list[BaseMessage]) -> AIMessage:
        if not left:
            return AIMessage("The end.")
        reply = left.pop(0)
        view = sent(case, messages[1:] if case.dialect == "anthropic" else messages)
        answer = turned(signed(reply, "Work.", view) if case.thinking else reply, case.dialect)[0]
        assert isinstance(answer, AIMessage)
        return answer

    return scripted(script)


def requests(case: Case) -> list[Any]:
    """What the user says, one request a run: a run ends with a reply that calls nothing."""
    users = [native for message in case.record for native in turned(message, case.dialect) if native.type == "human"]
    runs = 1 + sum(not turned(reply, case.dialect)[0].tool_calls for reply in replies(case))  # type: ignore[attr-defined]  # an AIMessage
    return (users * runs)[:runs]


def lived(case: Case, middleware: Sequence[Any], model: Scripted, waits: bool) -> list[BaseMessage]:
    """The messages of the agent's state after all of the history; it ends early where a view does not fit."""
    agent = create_agent(
        model, tools(case), middleware=list(middleware), system_prompt="Work.", checkpointer=InMemorySaver()
    )
    for request in requests(case):
        begin, config = {"messages": [request.model_copy()]}, {**thread("t1"), "recursion_limit": 200}
        try:
            asyncio.run(agent.ainvoke(begin, config)) if waits else agent.invoke(begin, config)
        except WindowTooSmall:
            break
    messages: list[BaseMessage] = agent.get_state(thread("t1")).values.get("messages", [])
    return messages


def checked(case: Case, model: Scripted, lines: list[dict[str, Any]], rules: Sequence[str]) -> None:
    """The laws of every call that was sent."""
    beside = Case(case.dialect, (), "Work.", case.thinking)
    for asked, line in zip(model.asked, lines, strict=False):
        view = sent(case, asked[1:] if case.dialect == "anthropic" else asked)
        assert violations(beside, view) == []
        assert all(text in said(asked) for text in (GOAL, *rules))
        assert not line["due"] or not line["recital"] or MARK in str(asked[-1].content)
        assert line["due"] or not line["compacted"]
        assert line["tokens"] <= line["budget"]


def random(data: st.DataObject, case: Case) -> tuple[LitanyMiddleware, list[dict[str, Any]], Sequence[str]]:
    """Litany with a random policy, and the lines that it traces."""
    lines: list[dict[str, Any]] = []
    window = data.draw(st.sampled_from((3_000, 4_000, 8_000)))
    carrier = data.draw(st.sampled_from(("auto", "user", "result")))
    policy = Policy(**data.draw(policies(case, window=window, carrier=carrier)))
    rules = data.draw(RULES)
    summarize = summaries(data.draw(ANSWERS)) if data.draw(st.booleans()) else None
    tools = data.draw(st.booleans())
    return LitanyMiddleware(GOAL, rules, policy, summarize=summarize, tools=tools, trace=lines.append), lines, rules


@FEW
@given(st.data())
def test_the_laws_hold_for_an_agent_that_lives_through_a_random_history(data: st.DataObject) -> None:
    case = data.draw(CASES.filter(lambda case: not repeats(case) and whole(case)))
    litany, lines, rules = random(data, case)
    model = asking(case)

    messages = lived(case, [litany], model, data.draw(st.booleans()))

    checked(case, model, lines, rules)
    answers = results(case)
    assert recitals(messages) == 0 or MARK in str(case.record)
    assert all(m.content == answers[m.tool_call_id] for m in messages if isinstance(m, ToolMessage))


@FEW
@given(st.data())
def test_the_laws_hold_where_thinking_is_bound_to_its_prefix(data: st.DataObject) -> None:
    case = data.draw(cases(dialect="anthropic", thinking=True, killed=False).filter(whole))
    litany, lines, rules = random(data, case)
    model = asking(case)

    lived(case, [litany], model, data.draw(st.booleans()))

    checked(case, model, lines, rules)


@FEW
@given(st.data())
def test_the_laws_hold_beside_other_middleware_in_any_order(data: st.DataObject) -> None:
    case = data.draw(CASES.filter(lambda case: not repeats(case)))
    litany, lines, rules = random(data, case)
    names = data.draw(st.permutations([name for name in OTHERS if name != "todos"]))[: data.draw(st.integers(1, 3))]
    model = asking(case)

    lived(case, placed(data.draw(st.integers(0, len(names))), names, litany), model, data.draw(st.booleans()))

    checked(case, model, lines, rules)


def repeats(case: Case) -> bool:
    """Whether an id is called twice: an agent's tool node would answer by the id alone."""
    calls = [call["id"] for m in case.record for n in turned(m, case.dialect) for call in getattr(n, "tool_calls", ())]
    return len(calls) != len(set(calls)) or not all(isinstance(m, HumanMessage) for m in first(case))


def whole(case: Case) -> bool:
    """Whether a checkpointer gives every text back: half of a surrogate pair it cannot write."""
    return "\\ud8" not in json.dumps(case.record)


def first(case: Case) -> list[BaseMessage]:
    return [native for native in turned(case.record[0], case.dialect) if native.type != "system"]
