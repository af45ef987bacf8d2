"""A State as JSON, out and in."""

import json
from typing import Any

import pytest

from litany import Litany
from litany.errors import StateError
from tests.histories import GOAL, SMALL, Native, calls, result, rows, steps, user, walked

WORK: list[Native] = [user(GOAL), calls("a", "b"), result("a", rows(300)), *steps(24, 40)]


def worked() -> Litany:
    """A conversation with a repair, clips, a cut, a pin, todos and a note."""
    litany = Litany(constraints=["Be brief."], policy=SMALL)
    walked(litany, WORK)
    litany.pin(-1)
    operations = [{"op": "add", "content": "sweep"}]
    litany.answer({"id": "t", "name": "update_todos", "input": {"operations": operations}})
    litany.answer({"id": "n", "name": "note", "input": {"content": "port 8080"}})
    return litany


def test_it_is_plain_json() -> None:
    state = worked().state

    assert json.loads(json.dumps(state)) == state
    assert state["version"] == 1


@pytest.mark.parametrize("give", [dict, json.dumps], ids=["a dict", "a text"])
def test_it_goes_on_where_it_was_left(give: Any) -> None:
    litany = worked()
    resumed = Litany(policy=SMALL, state=give(litany.state))

    assert resumed.state == litany.state
    assert resumed.agenda == litany.agenda
    assert resumed(WORK) == litany(WORK)


def damaged(**changes: Any) -> dict[str, Any]:
    return {**Litany(goal=GOAL).state, **changes}


@pytest.mark.parametrize(
    ("state", "sentence"),
    [
        ("{not json", "the state is no JSON"),
        ("[]", "the state is list; give the JSON object that `.state` returned"),
        (5, "the state is int; give the JSON object that `.state` returned"),
        ({}, "the state has version None and this litany reads 1"),
        (damaged(version=2), "the state has version 2 and this litany reads 1; give what `.state` returned"),
        (damaged(size="many"), "the state is damaged at size: "),
        (damaged(cut={"end": 4}), "the state is damaged at cut"),
        (damaged(todos=[]), "the state has a key that litany does not know: todos"),
        (damaged(agenda={"gaol": None}), "the state has a key that litany does not know: agenda.gaol"),
        (damaged(pins=[{"index": 1, "digest": "x", "why": "so"}]), "does not know: pins.0.why"),
    ],
)
def test_what_is_no_state_is_refused_with_a_sentence(state: Any, sentence: str) -> None:
    with pytest.raises(StateError) as refused:
        Litany(state=state)

    assert sentence in str(refused.value)


def test_a_goal_given_with_a_state_revises_it() -> None:
    resumed = Litany(goal="Paint the pump.", state=worked().state)

    assert resumed.agenda.goal is not None
    assert (resumed.agenda.goal.text, [item.text for item in resumed.agenda.past]) == ("Paint the pump.", [GOAL])
