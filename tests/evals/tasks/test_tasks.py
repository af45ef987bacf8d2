"""Tasks: what holds for every task, at any seed, length and depth."""

import json
import re
from collections import Counter
from collections.abc import Sequence

import pytest
from hypothesis import given
from hypothesis import strategies as st

from litany.errors import EvalError
from litany.evals.arm import ARMS
from litany.evals.case import Case, Message
from litany.evals.tasks import TASKS, case, fitted, task_named
from litany.pocket.chat import prompt
from litany.testing import validate
from litany.tokens import counter

DEPTHS = (0.0, 0.1, 0.25, 0.5, 0.75, 0.9, 1.0)
NAMES = st.sampled_from(sorted(TASKS))
SEEDS = st.integers(0, 10_000)
LENGTHS = st.integers(500, 2_000)
SHARES = st.floats(0, 1)


def pocket(messages: Sequence[Message], tools: Sequence[Message]) -> int:
    return len(prompt(messages, tools).ids)


def tokens(messages: Sequence[Message], tools: Sequence[Message]) -> int:
    count = counter()
    calls = (json.dumps(call["function"]) for message in messages for call in message.get("tool_calls", ()))
    texts = (message["content"] or "" for message in messages)
    return 4 * len(messages) + sum(map(count, (*texts, *calls))) + count(json.dumps(tools))


def texts(case: Case) -> list[str]:
    return [message["content"] or "" for message in case.messages]


def alone(text: str) -> int:
    return pocket([{"role": "user", "content": text}], ())


COUNTS = (counter("o200k_base"), counter("cl100k_base"), alone)


@given(NAMES, SEEDS, LENGTHS, SHARES)
def test_the_same_cell_is_the_same_text(name: str, seed: int, length: int, depth: float) -> None:
    assert case(TASKS[name], seed, length, depth, pocket) == case(TASKS[name], seed, length, depth, pocket)


@given(NAMES, SEEDS, LENGTHS, SHARES, st.integers(0, 80))
def test_a_history_is_as_long_as_was_asked_and_no_longer(
    name: str, seed: int, length: int, depth: float, spare: int
) -> None:
    most = length + 100 - spare

    drawn = case(TASKS[name], seed, length + 100, depth, pocket, spare)

    assert most - max(60, 0.03 * most) <= pocket(drawn.messages, drawn.tools) <= most
    assert drawn.length == length + 100


@pytest.mark.parametrize("name", TASKS)
@pytest.mark.parametrize("length", [1_000, 30_000])
def test_lengths_hold_by_the_tokens_of_other_models(name: str, length: int) -> None:
    fit = fitted(TASKS[name], 7, length, tokens)

    sizes = [tokens(drawn.messages, drawn.tools) for drawn in map(fit.at, DEPTHS)]

    assert all(length - max(60, 0.03 * length) <= size <= length for size in sizes)


@given(NAMES, SEEDS)
def test_the_text_is_the_same_at_every_depth_but_for_the_place(name: str, seed: int) -> None:
    fit = fitted(TASKS[name], seed, 1_200, pocket)
    separators = str.maketrans(dict.fromkeys(" \n,"))

    cases = [fit.at(depth) for depth in DEPTHS]

    letters = [sorted("".join(texts(drawn)).translate(separators)) for drawn in cases]
    assert all(each == letters[0] for each in letters)
    assert len({drawn.question for drawn in cases}) == 1


@given(NAMES, SEEDS)
def test_depth_moves_what_is_asked_for_and_nothing_else(name: str, seed: int) -> None:
    fit = fitted(TASKS[name], seed, 1_200, pocket)
    piece, other = fit.draft.pieces[-1], str(fit.draft.others[0].piece)

    wholes = ["\n".join(texts(fit.at(depth))) for depth in DEPTHS]

    places = [whole.index(piece) / len(whole) for whole in wholes]
    without = [whole.replace(piece, "").index(other) for whole in wholes]
    assert places == sorted(places)
    assert places[0] < 0.25
    assert places[-1] > 0.75 or fit.draft.deeds
    assert max(without) - min(without) <= sum(map(len, fit.draft.pieces)) + 80 * len(fit.draft.deeds) + 10


@given(NAMES, SEEDS)
def test_at_the_last_depth_nothing_but_the_question_follows(name: str, seed: int) -> None:
    fit = fitted(TASKS[name], seed, 1_000, pocket)
    whole = "\n".join(texts(fit.at(1.0)))

    after = whole[whole.index(fit.draft.pieces[-1]) + len(fit.draft.pieces[-1]) :]

    assert after.strip(" \n,}").removesuffix(fit.draft.ask).strip(" \n,}done") == ""


@given(NAMES, SEEDS, SHARES)
def test_what_is_true_stands_in_the_history_and_what_is_forbidden_is_something_else(
    name: str, seed: int, depth: float
) -> None:
    drawn = case(TASKS[name], seed, 1_200, depth, pocket)
    whole, truth = "\n".join(texts(drawn)), drawn.truth
    wanted = [*truth.texts, *(truth.arguments or {}).values()]

    assert wanted
    assert all(whole.count(text) for text in wanted)
    assert not any(no in text or text in no for no in truth.forbidden for text in wanted)
    assert bool(truth.call) == (truth.grader == "action")


@given(NAMES, SEEDS, SHARES)
def test_a_request_is_valid_and_every_call_has_its_result(name: str, seed: int, depth: float) -> None:
    drawn = case(TASKS[name], seed, 1_500, depth, pocket)
    request: dict[str, object] = {"messages": list(drawn.messages)}

    made = [call["id"] for message in drawn.messages for call in message.get("tool_calls", ())]

    assert validate("openai", request | ({"tools": list(drawn.tools)} if drawn.tools else {})) == []
    assert made == [message["tool_call_id"] for message in drawn.messages if message["role"] == "tool"]
    assert len(set(made)) == len(made)
    assert drawn.messages[-1]["role"] == ("tool" if name.endswith(":tail") else "user")


@given(NAMES, SEEDS, SHARES)
def test_agenda_and_placebo_stand_in_the_history_word_for_word(name: str, seed: int, depth: float) -> None:
    drawn = case(TASKS[name], seed, 1_200, depth, pocket)
    whole = "\n".join(texts(drawn))

    for agenda in (drawn.agenda, drawn.placebo):
        assert all(text in whole for text in (agenda.goal or "", *agenda.constraints))
        assert all(todo in whole for todo, _ in agenda.todos)


@given(NAMES, SEEDS)
def test_the_placebo_is_recited_in_as_many_tokens_of_any_model_and_says_nothing_of_the_answer(
    name: str, seed: int
) -> None:
    drawn = case(TASKS[name], seed, 1_300, 0.5, pocket)
    values = [*drawn.truth.texts, *(drawn.truth.arguments or {}).values()]

    ours, theirs = (str(ARMS[arm].view(drawn).messages[-1]["content"]) for arm in ("recite", "placebo"))

    assert [count(ours) for count in COUNTS] == [count(theirs) for count in COUNTS]
    assert any(value in ours for value in values)
    assert not any(value in theirs.replace("\n", " ").split(" ") for value in values)


@given(st.sampled_from([name for name in TASKS if TASKS[name].draft(0).truth.grader == "action"]), SEEDS)
def test_the_placebo_of_an_agent_is_neutral_text_and_no_other_work(name: str, seed: int) -> None:
    draft = TASKS[name].draft(seed)
    offered = {tool["function"]["name"] for tool in draft.tools}
    texts = [draft.placebo.goal or "", *draft.placebo.constraints]

    assert draft.placebo.todos == ()
    assert all(re.match(r"The \w+ is ", text) for text in texts)
    assert not offered & set(re.findall(r"\w+", " ".join(texts).lower()))


@given(NAMES, SEEDS)
def test_something_of_the_same_kind_could_be_mistaken_for_it(name: str, seed: int) -> None:
    drawn = fitted(TASKS[name], seed, 1_000, pocket)

    assert drawn.draft.others
    assert all(0 < each.at < 1 for each in drawn.draft.others)


def test_seeds_ask_different_questions() -> None:
    drafts = [TASKS[name].draft(seed) for name in TASKS for seed in range(50)]

    assert max(Counter(draft.question for draft in drafts).values()) == 1
    assert len({str(draft.pieces) for draft in drafts}) > 0.9 * len(drafts)


def test_a_length_that_does_not_hold_the_question_is_refused() -> None:
    with pytest.raises(EvalError, match=r"takes .* tokens at the least, and of the length 60 the arms leave 60"):
        case(TASKS["needle"], 1, 60, 0.5, pocket)


@pytest.mark.parametrize("depth", [-0.1, 1.1, float("nan")])
def test_a_depth_outside_of_the_history_is_refused(depth: float) -> None:
    with pytest.raises(EvalError, match="there is no depth"):
        case(TASKS["needle"], 1, 1_000, depth, pocket)


def test_an_unknown_task_names_those_that_there_are() -> None:
    with pytest.raises(EvalError, match=r"there is no task 'nedle'; did you mean needle\? there is needle, needle:m"):
        task_named("nedle")


def test_a_few_counts_are_enough() -> None:
    asked = list[int]()

    def counted(messages: Sequence[Message], tools: Sequence[Message]) -> int:
        asked.append(len(messages))
        return tokens(messages, tools)

    for name in TASKS:
        asked.clear()
        fitted(TASKS[name], 3, 20_000, counted)
        assert len(asked) <= 24
