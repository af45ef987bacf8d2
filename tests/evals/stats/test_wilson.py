"""Wilson's interval: the reference's own, and what it says of none and of all."""

import pytest
from hypothesis import given
from hypothesis import strategies as st
from statsmodels.stats.proportion import proportion_confint

from litany.errors import EvalError
from litany.evals.stats import Interval, wilson


@given(st.integers(1, 3_000), st.floats(0, 1), st.sampled_from([0.8, 0.95, 0.99]))
def test_it_is_the_textbooks_interval(asked: int, rate: float, level: float) -> None:
    right = round(rate * asked)

    found = wilson(right, asked, level)

    low, high = proportion_confint(right, asked, alpha=1 - level, method="wilson")
    assert (found.low, found.high) == pytest.approx((low, high), abs=1e-9)
    assert (found.middle, found.n) == (right / asked, asked)
    assert 0 <= found.low <= found.middle <= found.high <= 1


def test_none_right_and_all_right_still_have_a_width() -> None:
    none, every, one = wilson(0, 10), wilson(10, 10), wilson(1, 1)

    assert (none.low, round(none.high, 4)) == (0.0, 0.2775)
    assert (round(every.low, 4), every.high) == (0.7225, 1.0)
    assert (round(one.low, 4), one.high) == (0.2065, 1.0)
    assert {(wilson(0, n).low, wilson(n, n).high) for n in range(1, 500)} == {(0.0, 1.0)}


@pytest.mark.parametrize(("right", "asked"), [(0, 0), (3, 2), (-1, 2), (0, -1)])
def test_counts_that_are_no_share_are_refused(right: int, asked: int) -> None:
    with pytest.raises(EvalError, match=f"{right} right of {asked} asked"):
        wilson(right, asked)


@pytest.mark.parametrize("level", [0.0, 1.0, 95.0, float("nan")])
def test_a_level_is_a_share(level: float) -> None:
    with pytest.raises(EvalError, match="`level`"):
        wilson(1, 2, level)


def test_an_interval_says_on_which_side_of_a_number_it_lies() -> None:
    found = Interval(0.2, 0.1, 0.3, 40)

    assert (found.above(), found.above(0.1), found.below(), found.below(0.31)) == (True, False, False, True)
