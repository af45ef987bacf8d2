"""The plan: what a sweep would take."""

from dataclasses import replace
from pathlib import Path

import pytest

from litany.errors import EvalError
from litany.evals.sweep import Pace, Plan, plan, run
from tests.evals.sweep.parts import PARTS, SUITE, Arm, HttpError, Model


def test_a_plan_says_calls_tokens_and_money_and_asks_nothing(tmp_path: Path) -> None:
    model = Model(dollars=0.5)

    found = plan(SUITE, model, tmp_path, parts=PARTS)

    assert found == Plan(60, 0, 3_000, 15_360, 30.0, None, None, 5, answer=256, guessed=True, reserve=0.5)
    assert model.asked == []
    assert list(tmp_path.iterdir()) == []


def test_what_arms_send_alike_is_one_call_of_the_plan_as_it_is_of_the_sweep(tmp_path: Path) -> None:
    twins = replace(PARTS, arms=[Arm("bare"), Arm("twin"), Arm("recite", "p1", "Remember.")])
    suite = replace(SUITE, arms=("bare", "twin", "recite"), trials=2)

    assert plan(suite, Model(), parts=twins).calls == 120
    run(replace(suite, n=3), Model(), tmp_path, parts=twins)
    model = Model()
    assert plan(suite, model, tmp_path, parts=twins).calls == 48
    run(suite, model, tmp_path, parts=twins)
    assert len(model.asked) == 48


def test_limits_say_how_long_it_takes_at_least() -> None:
    requests = replace(SUITE, pace=Pace(requests=30))
    tokens = replace(SUITE, pace=Pace(requests=30, tokens=1_836))

    assert plan(requests, Model(), parts=PARTS).seconds == 120
    assert plan(tokens, Model(), parts=PARTS).seconds == 600


def test_what_lies_there_already_is_not_planned_again_and_says_how_long_answers_are(tmp_path: Path) -> None:
    run(SUITE, Model(errors=[HttpError(401)]), tmp_path, parts=PARTS)

    found = plan(replace(SUITE, n=10), Model(), tmp_path, parts=PARTS)

    assert (found.calls, found.done, found.written, found.dollars) == (61, 59, 305, None)
    assert (found.answer, found.guessed) == (5, False)
    assert found.seconds is not None


@pytest.mark.parametrize(("longest", "guess"), [(48, 48), (16_384, 256), (None, 256)])
def test_an_answer_is_guessed_to_be_no_longer_than_the_model_can_give(longest: int | None, guess: int) -> None:
    model = Model()
    model.longest = longest

    found = plan(SUITE, model, parts=PARTS)

    assert (found.answer, found.written) == (guess, 60 * guess)


def test_the_smallest_difference_comes_from_the_statistics() -> None:
    found = plan(replace(SUITE, n=188), Model(), parts=PARTS)

    assert found.detectable is not None
    assert 0.104 < found.detectable < 0.106  # by the exact test; the normal curve says 0.100
    assert plan(replace(SUITE, arms=("bare",)), Model(), parts=PARTS).detectable is None


def test_a_sweep_that_cannot_be_run_cannot_be_planned() -> None:
    with pytest.raises(EvalError, match="the window of stub-1"):
        plan(replace(SUITE, lengths=(2_000,)), Model(), parts=PARTS)
