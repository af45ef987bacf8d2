"""Spare: what arms add fits what was left free for it."""

from dataclasses import dataclass, replace

import pytest

from litany.errors import EvalError
from litany.evals.arm import ARMS, spare
from litany.evals.case import Agenda, Case
from tests.evals.histories import AGENDA, COUNT, GOAL, OTHER, RULE, TODOS, case, told


@dataclass(frozen=True, slots=True)
class Leak:
    """A task, as far as an arm knows it."""

    agenda: Agenda = AGENDA
    placebo: Agenda = OTHER
    question: str = "leak/1"

    def draft(self, _seed: int, /) -> "Leak":
        return self


def adds(name: str, of: Case) -> int:
    prompt = ARMS[name].view(of)
    return COUNT(prompt.messages, prompt.tools) - COUNT(of.messages, of.tools)


@pytest.mark.parametrize("agenda", [AGENDA, Agenda(GOAL), Agenda(GOAL, (RULE,), TODOS)])
def test_the_largest_recital_of_the_arms_fits_exactly(agenda: Agenda) -> None:
    of = case(told(12), agenda=agenda)
    names = [name for name in ARMS if not ARMS[name].grows]

    free = spare([ARMS[name] for name in names], Leak(agenda), 1, COUNT)

    assert free == max(adds(name, of) for name in names)


def test_every_case_has_room_for_a_recital_so_that_arms_can_join_later() -> None:
    usual = [arm for arm in ARMS.values() if arm.usual]

    every = spare(usual, Leak(), 1, COUNT)

    assert {spare([arm], Leak(), 1, COUNT) for arm in usual} == {every}
    assert all(adds(arm.name, case(told(12))) <= every for arm in usual)
    assert [name for name in ARMS if not ARMS[name].usual] == [
        "every", "on-change", "recite@system", "recite@result", "recite@kept"
    ]  # fmt: skip


def test_a_policy_file_is_given_the_room_that_it_takes() -> None:
    long = replace(ARMS["recite"], name="mine.toml")

    assert not long.usual
    assert spare([long], Leak(), 1, COUNT) == spare([], Leak(), 1, COUNT)


def test_recitals_that_stay_get_room_for_all_of_them() -> None:
    length = 4_000

    def build(free: int) -> Case:
        turns = next(n for n in range(200, 0, -1) if COUNT(told(n), ()) <= length - free)
        return case(told(turns))

    arms = [ARMS["bare"], ARMS["every"]]
    free = spare(arms, Leak(), 1, COUNT, build)

    assert adds("every", build(free)) <= free < length * 0.75


def test_no_room_for_a_history_is_said() -> None:
    def build(free: int) -> Case:
        if free > 300:
            raise EvalError("no room")
        return case(told(40))

    with pytest.raises(EvalError, match="what every would add leaves no room"):
        spare([ARMS["every"]], Leak(), 1, COUNT, build)
