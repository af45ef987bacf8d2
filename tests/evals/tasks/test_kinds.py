"""What each task is about: updates, constraints, plans, and words that are not shared."""

import json
import re
from collections.abc import Sequence

from hypothesis import given
from hypothesis import strategies as st

from litany.evals.case import Case, Message
from litany.evals.score import score
from litany.evals.tasks import TASKS, case, fitted
from litany.evals.tasks.semantic import TABLE
from litany.pocket.chat import prompt

SEEDS = st.integers(0, 10_000)


def pocket(messages: Sequence[Message], tools: Sequence[Message]) -> int:
    return len(prompt(messages, tools).ids)


def drawn(name: str, seed: int, depth: float = 0.0, length: int = 1_200) -> Case:
    return case(TASKS[name], seed, length, depth, pocket)


def whole(case: Case) -> str:
    return "\n".join(message["content"] or "" for message in case.messages)


def called(name: str, arguments: dict[str, str]) -> Message:
    function = {"name": name, "arguments": json.dumps(arguments)}
    return {"role": "assistant", "content": None, "tool_calls": [{"id": "a", "type": "function", "function": function}]}


@given(SEEDS, st.sampled_from([name for name in TASKS if name.startswith(("needle", "variable", "semantic"))]))
def test_the_answer_stands_once_and_with_what_it_answers(seed: int, name: str) -> None:
    made = drawn(name, seed, 0.5)

    for text in made.truth.texts:
        assert len(re.findall(rf"\b{text}\b", whole(made))) == 1


@given(SEEDS, st.floats(0, 1))
def test_the_latest_update_stands_behind_those_that_it_replaces(seed: int, depth: float) -> None:
    made = drawn("variable", seed, depth)
    text = whole(made)

    places = [text.index(f" {value}.") for value in (*made.truth.forbidden, *made.truth.texts)]

    assert places == sorted(places)


@given(SEEDS, st.floats(0, 1))
def test_a_revoked_constraint_is_said_before_the_one_that_holds(seed: int, depth: float) -> None:
    made = drawn("variable:revoked", seed, depth)
    text, draft = whole(made), TASKS["variable:revoked"].draft(seed)

    assert text.index(draft.pieces[0]) < text.index(draft.pieces[1])
    assert draft.pieces[1].endswith(made.agenda.constraints[0])
    assert made.truth.forbidden[0] in draft.pieces[0]
    assert made.truth.forbidden[0] not in draft.pieces[1]


@given(SEEDS, st.sampled_from(["semantic", "semantic:country"]))
def test_needle_and_question_share_no_word(seed: int, name: str) -> None:
    draft = TASKS[name].draft(seed)

    told, ask = (set(re.findall(r"\w+", text.lower())) for text in (draft.pieces[0], draft.ask))

    assert not told & ask


def test_no_two_sights_are_in_one_place() -> None:
    cities, countries = zip(*TABLE.values(), strict=True)

    assert len(set(cities)) == len(set(countries)) == len(TABLE)


@given(SEEDS, st.sampled_from([name for name in TASKS if TASKS[name].draft(0).truth.grader == "action"]))
def test_the_right_call_is_on_offer_and_scores(seed: int, name: str) -> None:
    made = drawn(name, seed)
    truth = made.truth
    tool = next(tool["function"] for tool in made.tools if tool["function"]["name"] == truth.call)

    assert set(tool["parameters"]["required"]) == set(truth.arguments or {})
    assert score(truth, called(truth.call, dict(truth.arguments or {}))) == 1
    assert score(truth, called(truth.call, dict.fromkeys(truth.arguments or {}, truth.forbidden[0]))) == 0


@given(SEEDS, st.sampled_from(["goal", "goal:many", "goal:tail", "variable:revoked"]))
def test_a_constraint_names_the_tool_and_its_argument(seed: int, name: str) -> None:
    made = drawn(name, seed)
    asked, *options = made.truth.arguments or {}

    for option, constraint in zip(options, made.agenda.constraints, strict=True):
        assert {made.truth.call, asked, option} <= set(re.findall(r"\w+", constraint.lower()))


@given(SEEDS, st.sampled_from(["goal", "goal:many", "goal:tail"]))
def test_the_goal_stands_at_the_start_and_the_wrong_value_somewhere_after(seed: int, name: str) -> None:
    made = drawn(name, seed)

    assert str(made.messages[2]["content"]).startswith(made.agenda.goal or "-")
    assert all(f" {value}" in whole(made) for value in made.truth.forbidden)


@given(SEEDS)
def test_a_plan_shows_what_is_done_and_the_next_is_asked_for(seed: int) -> None:
    made = drawn("todo", seed)
    done = [todo for todo, status in made.agenda.todos if status == "completed"]
    next = done and made.agenda.todos[len(done)][0]

    assert all(f"- [x] {todo}" in whole(made) for todo in done)
    assert f"- [ ] {next}" in whole(made)
    assert next == f"{made.truth.call} the {' '.join(f'{k} {v}' for k, v in (made.truth.arguments or {}).items())}"


@given(SEEDS, st.floats(0, 1))
def test_at_an_agents_tail_the_item_before_the_next_one_is_done(seed: int, depth: float) -> None:
    made = drawn("todo:tail", seed, depth)
    call, result = made.messages[-2]["tool_calls"][0]["function"], made.messages[-1]

    last = f"{call['name']} the {' '.join(*json.loads(call['arguments']).items())}"

    done = [todo for todo, status in made.agenda.todos if status == "completed"]
    assert (done[-1], result["role"], result["content"]) == (last, "tool", "done")
    assert f"- [ ] {last}" in whole(made)
    assert all(f"- [x] {todo}" in whole(made) for todo in done[:-1])


@given(SEEDS, st.floats(0, 1))
def test_at_an_agents_tail_a_tool_says_what_the_goal_is_now_about(seed: int, depth: float) -> None:
    made = drawn("goal:tail", seed, depth)
    thing, name = next(iter((made.truth.arguments or {}).items()))

    call, result = made.messages[-2]["tool_calls"][0], made.messages[-1]

    assert (call["function"]["name"], result["tool_call_id"]) == ("next", call["id"])
    assert result["content"] == f"Next is the {thing} {name}."
    assert f"all of its {thing}s" in (made.agenda.goal or "")


@given(SEEDS, st.floats(0, 1))
def test_what_is_done_since_shows_in_calls_after_the_plan(seed: int, depth: float) -> None:
    made = drawn("todo:tracked", seed, depth)
    plan = next(place for place, message in enumerate(made.messages) if "- [ ] " in (message["content"] or ""))
    calls = [
        (place, json.loads(call["function"]["arguments"]))
        for place, message in enumerate(made.messages)
        for call in message.get("tool_calls", ())
        if call["function"]["name"] != "bash"
    ]

    assert [next(iter(arguments.values())) for _, arguments in calls] == list(made.truth.forbidden)
    assert all(place > plan for place, _ in calls)


def test_several_values_are_asked_for_and_told_near_each_other() -> None:
    for name, count in (("needle:multi-value", 3), ("needle:multi-query", 2)):
        fit = fitted(TASKS[name], 5, 2_000, pocket)
        text = whole(fit.at(0.5))
        places = [text.index(piece) / len(text) for piece in fit.draft.pieces]

        assert len(places) == count
        assert 0 < places[-1] - places[0] < 0.2
