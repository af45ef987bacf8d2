"""Power: the judge's, the reference's two figures, and what the exact test does with it."""

from math import sqrt

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from statsmodels.stats.power import normal_sample_size_one_tail

from litany.errors import EvalError
from litany.evals.stats import detectable, mcnemar, needed

GUESS = st.floats(0.05, 1)


@given(GUESS, st.floats(0.05, 0.95), st.sampled_from([0.5, 0.8, 0.9]), st.sampled_from([0.01, 0.05]))
def test_the_questions_needed_are_the_judges(guess: float, part: float, power: float, alpha: float) -> None:
    difference = guess * part
    effect = difference / sqrt(guess - difference**2)

    judged = normal_sample_size_one_tail(effect, power, alpha / 2)

    assert needed(difference, guess, power=power, alpha=alpha) - judged == pytest.approx(0.5, abs=0.5 + 1e-6)


@given(GUESS, st.integers(1, 5_000))
def test_what_is_detectable_needs_as_many_questions(guess: float, questions: int) -> None:
    difference = detectable(questions, guess)

    assert 0 < difference < 1
    assert needed(difference, max(guess, difference)) in (questions, questions + 1)


def test_ten_points_and_five_at_a_quarter_discordant() -> None:
    assert (needed(0.10, 0.25), needed(0.05, 0.25)) == (189, 778)
    assert (round(detectable(189, 0.25), 3), round(detectable(778, 0.25), 3)) == (0.1, 0.05)


def test_the_guess_is_raised_where_it_leaves_no_room() -> None:
    assert detectable(5, 0.1) == detectable(5, 0.3) == pytest.approx(0.611, abs=0.001)


def test_so_many_questions_are_shown_about_four_times_in_five() -> None:
    """By the exact test, which is a little shy of the normal curve."""
    rng = np.random.default_rng(31)
    drawn = rng.multinomial(needed(0.15, 0.35), [0.25, 0.10, 0.65], size=4_000)

    shown = np.mean([mcnemar(int(first), int(second)) < 0.05 for first, second, _ in drawn])

    assert 0.74 < shown < 0.82


def test_a_difference_above_the_discordance_is_refused() -> None:
    with pytest.raises(EvalError, match="raise the guess"):
        needed(0.3, 0.2)


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
