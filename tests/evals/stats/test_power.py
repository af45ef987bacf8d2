"""Power: the judge's, the reference's two figures, and what the exact test does with it."""

from math import sqrt

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from statsmodels.stats.power import normal_sample_size_one_tail

from litany.errors import EvalError
from litany.evals.stats import detectable, mcnemar

GUESS = st.floats(0.05, 1)


@given(GUESS, st.integers(1, 5_000), st.sampled_from([0.5, 0.8, 0.9]), st.sampled_from([0.01, 0.05]))
def test_what_is_detectable_needs_as_many_questions(guess: float, questions: int, power: float, alpha: float) -> None:
    difference = detectable(questions, guess, power=power, alpha=alpha)
    raised = max(guess, difference)

    assert 0 < difference < 1
    judged = normal_sample_size_one_tail(difference / sqrt(raised - difference**2), power, alpha / 2)
    assert judged == pytest.approx(questions, rel=1e-6)


def test_ten_points_and_five_at_a_quarter_discordant() -> None:
    assert (round(detectable(189, 0.25), 3), round(detectable(778, 0.25), 3)) == (0.1, 0.05)


def test_the_guess_is_raised_where_it_leaves_no_room() -> None:
    assert detectable(5, 0.1) == detectable(5, 0.3) == pytest.approx(0.611, abs=0.001)


def test_so_many_questions_are_shown_about_four_times_in_five() -> None:
    """By the exact test, which is a little shy of the normal curve."""
    assert detectable(115, 0.35) == pytest.approx(0.15, abs=0.001)
    rng = np.random.default_rng(31)
    drawn = rng.multinomial(115, [0.25, 0.10, 0.65], size=4_000)

    shown = np.mean([mcnemar(int(first), int(second)) < 0.05 for first, second, _ in drawn])

    assert 0.74 < shown < 0.82


@pytest.mark.parametrize("guess", [0.0, -0.1, 1.1, float("nan")])
def test_a_guess_is_a_share(guess: float) -> None:
    with pytest.raises(EvalError, match="`discordance`"):
        detectable(10, guess)


def test_no_questions_show_nothing() -> None:
    with pytest.raises(EvalError, match="0 questions"):
        detectable(0, 0.25)


@pytest.mark.parametrize("wrong", [{"power": 1.0}, {"alpha": 0.0}, {"power": 80.0}])
def test_power_and_alpha_are_shares(wrong: dict[str, float]) -> None:
    with pytest.raises(EvalError, match=next(iter(wrong))):
        detectable(10, 0.25, **wrong)
