"""Depths dealt anew: what chance alone does to an end and the middle, counted out and by the judge."""

import numpy as np
import pytest
from scipy import stats

from litany.evals.stats.dealt import dealt


def test_two_questions_are_counted_out() -> None:
    """One right of three each, both times at the end: one dealing in nine, and none is further below."""
    end, middle = np.array([[1.0], [1.0]]), np.array([[0.0, 0.0], [0.0, 0.0]])

    above, below = dealt(end, middle, np.random.default_rng(0), 20_000)

    assert above == pytest.approx(1 / 9, abs=0.01)
    assert below == 1


def test_one_question_of_many_depths_is_the_judges_permutation_test() -> None:
    end, middle = np.array([[0.9, 0.7, 0.4]]), np.array([[0.2, 0.5, 0.3, 0.6]])

    above, _ = dealt(end, middle, np.random.default_rng(1), 20_000)

    judged = stats.permutation_test(
        (end[0], middle[0]), lambda a, b: np.mean(a) - np.mean(b), alternative="greater", n_resamples=np.inf
    )
    assert above == pytest.approx(judged.pvalue, abs=0.01)


def test_a_depth_without_a_score_is_dealt_to_nobody() -> None:
    gap = np.nan
    end, middle = np.array([[1.0, gap]]), np.array([[gap, 0.0, 0.0]])

    above, below = dealt(end, middle, np.random.default_rng(2), 20_000)

    assert above == pytest.approx(1 / 3, abs=0.015)
    assert below == 1


def test_questions_that_score_alike_everywhere_say_nothing() -> None:
    assert dealt(np.ones((9, 1)), np.ones((9, 3)), np.random.default_rng(3), 100) == (1, 1)
