"""Power of the exact test: held to what the test does with drawn answers, and to SciPy's binomial."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy.stats import binom, binomtest

from litany.errors import EvalError
from litany.evals.stats import detectable, mcnemar, shown
from litany.evals.stats.exact import MOST, binomial, chance, critical


@given(st.integers(0, 300), st.floats(1e-3, 1 - 1e-3))
def test_the_binomial_is_the_judges(n: int, p: float) -> None:
    assert binomial(n, p) == pytest.approx(binom.pmf(np.arange(n + 1), n, p), abs=1e-12)


@given(st.integers(1, 200))
def test_at_the_critical_count_the_test_is_below_alpha_and_above_it_is_not(differing: int) -> None:
    most = critical(differing, 0.05)

    assert most < 0 or binomtest(most, differing).pvalue < 0.05
    assert binomtest(min(most + 1, differing // 2), differing).pvalue >= 0.05 or most == differing // 2


@pytest.mark.parametrize(("n", "difference", "discordance"), [(12, 0.5, 0.6), (50, 0.2, 0.25), (200, 0.1, 0.25)])
def test_the_chance_is_what_drawn_answers_show(n: int, difference: float, discordance: float) -> None:
    rng = np.random.default_rng(7)
    first, second = (discordance + difference) / 2, (discordance - difference) / 2
    drawn = rng.multinomial(n, [first, second, 1 - discordance], size=6_000)

    seen = np.mean([mcnemar(int(one), int(other)) < 0.05 for one, other, _ in drawn])

    assert chance(n, difference, discordance) == pytest.approx(seen, abs=0.02)


@given(st.integers(6, 150), st.floats(0.05, 1))
def test_what_is_shown_is_shown_four_times_in_five_and_less_is_not(n: int, guess: float) -> None:
    found = shown(n, guess)

    assert found is not None
    assert chance(n, found, max(guess, found)) >= 0.8
    assert chance(n, found - 2e-4, max(guess, found - 2e-4)) < 0.8


def test_five_questions_show_nothing_and_six_show_all_of_them() -> None:
    assert shown(5, 0.25) is None
    assert (shown(6, 0.25) or 0) > 0.9


def test_it_promises_less_than_the_normal_curve_and_meets_it_in_the_end() -> None:
    assert (shown(50, 0.25) or 0) > detectable(50, 0.25)
    assert shown(MOST, 0.25) == pytest.approx(detectable(MOST, 0.25), rel=0.05)
    assert shown(MOST + 1, 0.25) == detectable(MOST + 1, 0.25)


def test_a_difference_above_the_discordance_is_refused() -> None:
    with pytest.raises(EvalError, match="needs a discordance"):
        chance(10, 0.3, 0.2)
