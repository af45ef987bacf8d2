"""pass^k and pass@k: counted out by hand, and by drawing."""

from itertools import combinations

import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy import stats

from litany.errors import EvalError
from litany.evals.stats import Trials

TASK = st.integers(1, 9).flatmap(lambda tried: st.tuples(st.just(tried), st.integers(0, tried), st.integers(1, tried)))


@given(TASK)
def test_both_count_every_way_to_draw_k_trials(task: tuple[int, int, int]) -> None:
    tried, passed, k = task
    draws = list(combinations([place < passed for place in range(tried)], k))

    assert Trials(tried, passed).all_of(k) == pytest.approx(sum(map(all, draws)) / len(draws))
    assert Trials(tried, passed).any_of(k) == pytest.approx(sum(map(any, draws)) / len(draws))


@given(st.integers(1, 300), st.floats(0, 1), st.floats(0, 1))
def test_both_are_the_judges_hypergeometric(tried: int, rate: float, part: float) -> None:
    passed, k = round(rate * tried), max(1, round(part * tried))

    drawn = stats.hypergeom(tried, passed, k)

    assert Trials(tried, passed).all_of(k) == pytest.approx(drawn.pmf(k), abs=1e-9)
    assert Trials(tried, passed).any_of(k) == pytest.approx(1 - drawn.pmf(0), abs=1e-9)


@pytest.mark.parametrize("k", [0, -1, 3])
def test_k_lies_between_one_and_the_trials(k: int) -> None:
    with pytest.raises(EvalError, match=f"k is {k} and a task was tried 2 times"):
        Trials(2, 1).all_of(k)
    with pytest.raises(EvalError, match=f"k is {k} and a task was tried 2 times"):
        Trials(2, 1).any_of(k)


@pytest.mark.parametrize(("tried", "passed"), [(0, 0), (2, 3), (2, -1)])
def test_counts_that_are_no_trials_are_refused(tried: int, passed: int) -> None:
    with pytest.raises(EvalError, match=f"{passed} passed of {tried} tried"):
        Trials(tried, passed)
