"""Means clustered by question, held to the judge's cluster-robust regression on a constant."""

import numpy as np
import pytest
import statsmodels.api as sm
from hypothesis import given
from hypothesis import strategies as st
from scipy import stats

from litany.errors import EvalError
from litany.evals.stats import bootstrapped, clustered, clustered_error, wilson

ROWS = st.lists(st.tuples(st.floats(-1, 1).map(lambda x: round(x, 6)), st.integers(0, 9)), min_size=2, max_size=60)


@given(ROWS.filter(lambda rows: len({question for _, question in rows}) > 1))
def test_the_error_and_the_interval_are_the_judges(rows: list[tuple[float, int]]) -> None:
    scores, questions = zip(*rows, strict=True)

    fit = sm.OLS(scores, np.ones(len(scores))).fit(cov_type="cluster", cov_kwds={"groups": questions}, use_t=True)

    found = clustered(scores, questions)
    assert found is not None
    assert clustered_error(scores, questions) == pytest.approx(fit.bse[0], abs=1e-9)
    assert (found.low, found.high) == pytest.approx(tuple(fit.conf_int()[0]), abs=1e-7)
    assert found.middle == pytest.approx(np.mean(scores))
    assert found.n == len(set(questions))


def test_a_question_each_is_the_plain_interval_of_a_mean() -> None:
    scores = np.random.default_rng(1).random(25)

    found = clustered(scores, range(25))

    assert found is not None
    low, high = stats.t.interval(0.95, 24, scores.mean(), stats.sem(scores))
    assert (found.low, found.high) == pytest.approx((low, high))


def test_asking_the_same_questions_twice_makes_nothing_surer() -> None:
    scores = [1.0, 0.0, 1.0, 1.0, 0.0, 1.0]

    assert clustered_error(scores * 2, [*range(6), *range(6)]) == pytest.approx(clustered_error(scores, range(6)))


def test_one_question_has_no_interval() -> None:
    assert clustered([1, 0, 1], "aaa") is None
    assert clustered_error([1, 0, 1], "aaa") is None
    assert bootstrapped([1, 0, 1], "aaa", np.random.default_rng(0)) is None


def test_thirds_that_agree_have_no_error() -> None:
    assert clustered_error([1 / 3, 1 / 3, 1 / 3, 0.1 + 0.2, 0.3 + 1 / 30] * 7, range(35)) != 0
    assert clustered_error([0.1 + 0.2, 0.3] * 7, range(14)) == 0


def test_the_bootstrap_is_the_judges_over_questions_of_one_size() -> None:
    rng = np.random.default_rng(3)
    by_question = rng.random((40, 5))

    found = bootstrapped(by_question.ravel(), np.repeat(np.arange(40), 5).tolist(), rng)

    judged = stats.bootstrap((by_question.mean(1),), np.mean, method="percentile", rng=4).confidence_interval
    assert found is not None
    assert (found.low, found.high) == pytest.approx((judged.low, judged.high), abs=0.005)
    assert found.middle == pytest.approx(by_question.mean())
    assert found.n == 40


def test_the_bootstrap_weighs_a_question_by_how_often_it_was_asked() -> None:
    """A ratio of totals, as the judge draws it from pairs of sum and size."""
    rng = np.random.default_rng(5)
    sizes = rng.integers(1, 8, 50)
    scores, questions = rng.random(sizes.sum()), np.repeat(np.arange(50), sizes)
    sums = np.bincount(questions, scores)

    found = bootstrapped(scores, questions.tolist(), rng)

    def ratio(top: np.ndarray, bottom: np.ndarray, axis: int = -1) -> np.ndarray:
        share: np.ndarray = top.sum(axis) / bottom.sum(axis)
        return share

    judged = stats.bootstrap((sums, sizes), ratio, method="percentile", paired=True, rng=6).confidence_interval
    assert found is not None
    assert (found.low, found.high) == pytest.approx((judged.low, judged.high), abs=0.006)


def test_the_same_dice_give_the_same_interval() -> None:
    scores, questions = [1, 0, 0, 1, 1, 0, 1, 1], "aabbccdd"

    first, second = (bootstrapped(scores, questions, np.random.default_rng(7), resamples=500) for _ in range(2))

    assert first == second


def test_the_three_intervals_agree_where_there_is_much_of_everything() -> None:
    rng = np.random.default_rng(8)
    scores = (rng.random(2_000) < 0.4).astype(float)
    exact = wilson(int(scores.sum()), 2_000)

    for found in (clustered(scores, range(2_000)), bootstrapped(scores, range(2_000), rng)):
        assert found is not None
        assert (found.low, found.high) == pytest.approx((exact.low, exact.high), abs=0.002)


@pytest.mark.parametrize(
    ("scores", "questions", "says"),
    [
        ([], [], "no score"),
        ([1, float("nan")], "ab", "score 1 is nan"),
        ([float("inf")], "a", "score 0 is inf"),
        ([1, 0], "abc", "2 scores and 3 questions"),
        ([1, 0], "a", "2 scores and 1 questions"),
    ],
)
def test_what_cannot_be_averaged_is_refused(scores: list[float], questions: str, says: str) -> None:
    with pytest.raises(EvalError, match=says):
        clustered(scores, questions)
    with pytest.raises(EvalError, match=says):
        bootstrapped(scores, questions, np.random.default_rng(0))


def test_a_bootstrap_draws_at_least_once() -> None:
    with pytest.raises(EvalError, match="`resamples` is 0"):
        bootstrapped([1, 0], "ab", np.random.default_rng(0), resamples=0)
