"""Random cases: valid histories of an agent in OpenAI's words, with an agenda that a message states."""

import json
from typing import Any

from hypothesis import strategies as st

from litany.adapters.counting import Counting
from litany.evals.case import Agenda, Case, Message, Truth

COUNT = Counting()
GOAL, RULE = "Find the leak in ship 7.", "Never open port 12."
OTHER = Agenda("Count the gulls on pier 3.", ("Never feed gull 4.",))
AGENDA = Agenda(GOAL, (RULE,))
TODOS = (("read the log of the pump", "pending"), ("write the report", "pending"))
TOOLS: tuple[Message, ...] = (
    {"type": "function", "function": {"name": "look", "description": "Looks.", "parameters": {"type": "object"}}},
)
WORDS = "the tide comes in and the tide goes out again over the stones of the long grey mole "


def user(text: str) -> Message:
    return {"role": "user", "content": text}


def turn(number: int, calls: int = 1, words: int = 30) -> list[Message]:
    """An assistant's calls and all their results."""
    made = [
        {"id": f"c{number}-{at}", "type": "function", "function": {"name": "look", "arguments": json.dumps({"at": at})}}
        for at in range(calls)
    ]
    results = [
        {"role": "tool", "tool_call_id": call["id"], "content": f"{number}: " + WORDS * (words // 16)} for call in made
    ]
    return [{"role": "assistant", "content": None, "tool_calls": made}, *results]


def wrote_todos(number: int, todos: tuple[tuple[str, str], ...] = TODOS) -> list[Message]:
    """A call of a todo tool that the agent already has."""
    listed = json.dumps({"todos": [{"content": content, "status": status} for content, status in todos]})
    call = {"id": f"t{number}", "type": "function", "function": {"name": "write_todos", "arguments": listed}}
    return [
        {"role": "assistant", "content": None, "tool_calls": [call]},
        {"role": "tool", "tool_call_id": f"t{number}", "content": "noted"},
    ]


def case(
    messages: list[Message], *, agenda: Agenda = AGENDA, placebo: Agenda = OTHER, spare: int = 1_000, depth: float = 0.0
) -> Case:
    length = COUNT(messages, TOOLS) + spare
    return Case("leak", "leak/1", 1, length, depth, tuple(messages), Truth("contains", ("12",)), agenda, placebo, TOOLS)


def told(turns: int, words: int = 30, at: int = 0) -> list[Message]:
    """A history of so many turns; goal and constraint are said before turn `at`."""
    messages: list[Message] = [
        {"role": "system", "content": "You mend ships."},
        user(f"{OTHER.goal}\nNever feed gull 4."),
    ]
    for number in range(turns):
        messages += [user(f"{GOAL}\n{RULE}")] if number == at else []
        messages += turn(number, words=words)
    return [*messages, *([user(f"{GOAL}\n{RULE}")] if at >= turns else []), user("Which port stays shut?")]


@st.composite
def cases(draw: st.DrawFn) -> Case:
    """A case of one to thirty turns, ended by a user or by a tool's result."""
    messages: list[Message] = draw(st.sampled_from(([], [{"role": "system", "content": "You mend ships."}])))
    messages = [*messages, user("\n".join([str(OTHER.goal), *OTHER.constraints]))]
    turns = draw(st.integers(1, 30))
    stated = draw(st.integers(0, turns))
    for number in range(turns + 1):
        messages += [user(f"{GOAL}\n{RULE}")] if number == stated else []
        kind = draw(st.integers(0, 9))
        if kind == 0:
            messages += [{"role": "assistant", "content": f"So far {number}."}, user(f"Go on, {number}.")]
        elif kind == 1:
            messages += wrote_todos(number)
        else:
            messages += turn(number, draw(st.integers(1, 3)), draw(st.sampled_from((0, 30, 300))))
    messages += draw(st.sampled_from(([], [user("Which port stays shut?")])))
    todos: Any = draw(st.sampled_from(((), TODOS)))
    return case(messages, agenda=Agenda(GOAL, (RULE,), todos), spare=draw(st.sampled_from((600, 20_000))))
