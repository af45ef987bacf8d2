"""The shape of a curve over depth: its parts, its verdict, and the published rows that a gap alone would misread."""

import numpy as np
import pytest
from scipy import stats

from litany.errors import EvalError
from litany.evals.stats import LEAST, Bands, Curve, Verdict, clustered, curve, ends, verdict, wilson

FIVE = (0.0, 0.25, 0.5, 0.75, 1.0)
PUBLISHED = {
    "GPT-3.5, 20 documents": ((75.8, 57.2, 53.8, 55.4, 63.2), 2_655, (20.3, 7.7, 14.0), Verdict.U),
    "Claude-1.3, 20 documents": ((59.9, 55.9, 56.8, 57.2, 60.1), 2_655, (3.3, 3.5, 3.4), Verdict.U),
    "LongChat-13B, 20 documents": ((68.6, 57.4, 55.3, 52.5, 55.0), 2_655, (13.5, -0.1, 6.7), Verdict.PRIMACY),
    "Llama-2-70b, 20 documents": ((56.8, 53.3, 54.1, 59.7, 69.5), 2_655, (1.1, 13.8, 7.4), Verdict.RECENCY),
    "MPT-30B, 140 keys": ((100, 93.6, 88.6, 80.4, 96.2), 500, (12.5, 8.7, 10.6), Verdict.U),
    "LongChat-13B, 140 keys": ((37.0, 38.2, 35.4, 65.6, 88.6), 500, (-9.4, 42.2, 16.4), Verdict.RECENCY),
}
"""Percent right by depth, questions, then primacy, recency and gap as printed."""


@pytest.mark.parametrize("row", PUBLISHED)
def test_a_published_row_is_what_it_was_computed_to_be(row: str) -> None:
    rates, n, printed, expected = PUBLISHED[row]
    rng = np.random.default_rng(21)
    table = np.column_stack([rng.permutation(np.arange(n) < round(rate * n / 100)) for rate in rates])

    found = shaped(table, rng=rng)

    parts = (found.primacy.middle, found.recency.middle, found.gap.middle)
    assert [100 * part for part in parts] == pytest.approx(printed, abs=0.1)
    assert found.verdict is expected
    assert found.gap.above()


def test_the_interval_of_a_contrast_is_the_judges() -> None:
    table = np.random.default_rng(22).random((60, 5))

    found = shaped(table)

    of_each = table[:, 0] - table[:, 1:4].mean(1)
    judged = stats.bootstrap((of_each,), np.mean, method="percentile", rng=23).confidence_interval
    exact = clustered(of_each, range(60))
    assert exact is not None
    assert (found.primacy.low, found.primacy.high) == pytest.approx((judged.low, judged.high), abs=0.006)
    assert (found.primacy.low, found.primacy.high) == pytest.approx((exact.low, exact.high), abs=0.015)
    assert found.primacy.n == 60


@pytest.mark.parametrize(
    ("right", "expected"),
    [
        ((1, 0, 0, 0, 1), Verdict.U),
        ((1, 0, 0, 0, 0), Verdict.PRIMACY),
        ((0, 0, 0, 0, 1), Verdict.RECENCY),
        ((0, 0, 0, 0, 0), Verdict.FLAT),
        ((1, 1, 1, 1, 1), Verdict.FLAT),
        ((0, 1, 1, 1, 0), Verdict.FLAT),
    ],
)
def test_each_verdict_has_its_curve(right: tuple[int, ...], expected: Verdict) -> None:
    assert shaped(np.array([right] * LEAST)).verdict is expected


@pytest.mark.parametrize(("n", "right"), [(18, 0.95), (50, 0.8), (50, 0.95)])
def test_a_flat_truth_is_called_something_else_one_time_in_twenty_at_most(n: int, right: float) -> None:
    """By the interval alone it is 16, 6 and 14 in a hundred."""
    dice = np.random.default_rng(24)

    tables = dice.random((400, n, 5)) < right
    verdicts = [shaped(table, rng=dice, resamples=400).verdict for table in tables]

    assert verdicts.count(Verdict.FLAT) >= 380


def test_a_real_u_is_still_found() -> None:
    """Nine in ten right at the ends and six in ten between: 50 questions."""
    dice = np.random.default_rng(25)

    tables = dice.random((100, 50, 5)) < np.array([0.9, 0.6, 0.6, 0.6, 0.9])
    verdicts = [shaped(table, rng=dice, resamples=400).verdict for table in tables]

    assert verdicts.count(Verdict.U) > 90


def test_an_end_that_is_worse_than_the_middle_is_told_beside_the_verdict() -> None:
    rising = np.random.default_rng(26).random((60, 5)) < np.array([0.4, 0.6, 0.7, 0.8, 0.97])

    found = shaped(rising)

    assert (found.beginning, found.end, found.verdict) == (-1, 1, Verdict.RECENCY)
    assert shaped(np.array([[0, 1, 1, 1, 0]] * LEAST)).end == -1


def test_too_few_questions_get_parts_and_no_verdict() -> None:
    few, enough = (shaped(np.array([[1, 0, 0, 0, 1]] * n)) for n in (LEAST - 1, LEAST))

    assert (few.gap.middle, few.beginning, few.end, few.verdict) == (1, 0, 0, None)
    assert enough.verdict is Verdict.U


def test_questions_that_agree_leave_an_interval_for_what_as_many_would_not_have_shown() -> None:
    room = wilson(0, 40).high

    found = shaped(np.zeros((40, 5)))

    assert [(part.low, part.high) for part in (found.primacy, found.recency, found.gap)] == [(-room, room)] * 3


def test_a_verdict_names_what_does_better() -> None:
    assert [verdict(1, 1), verdict(1, 0), verdict(-1, 1)] == [Verdict.U, Verdict.PRIMACY, Verdict.RECENCY]
    assert {verdict(0, 0), verdict(-1, 0), verdict(-1, -1)} == {Verdict.FLAT}


def test_thirds_that_cancel_are_zero() -> None:
    """Each question's primacy is +1/3 or -1/3 and often sums to a hair beside zero."""
    table = np.array([[0, 1, 0, 0, 0], [1, 1, 1, 0, 1], [2 / 3, 1, 1, 0, 2 / 3]] * 40)

    found = shaped(table)

    assert found.primacy.middle == pytest.approx(0, abs=1e-12)
    assert shaped(np.array([[2 / 3, 1, 1, 0, 2 / 3]] * LEAST)).verdict is Verdict.FLAT


def test_a_question_without_one_of_the_bands_is_left_out_and_counted() -> None:
    scores = [1, 0, 1] * 20 + [1, 0]
    depths = [0, 0.5, 1] * 20 + [0, 0.5]
    questions = [n for n in range(20) for _ in range(3)] + [20, 20]

    found = curve(scores, depths, questions, np.random.default_rng(0), resamples=200)

    assert found is not None
    assert (found.gap.n, found.left_out, found.verdict) == (20, 1, Verdict.U)


def test_bands_say_which_depths_count() -> None:
    depths = (0.0, 0.02, 0.1, 0.5, 0.9, 0.97, 1.0)
    table = np.array([[1, 0, 1, 0, 1, 1, 1]] * 8)

    found = shaped(table, depths, bands=Bands(first=0.05, last=0.95, middle=(0.25, 0.75)))

    assert (found.primacy.middle, found.recency.middle, found.gap.middle) == (0.5, 1.0, 0.75)


def test_without_bands_the_outermost_depths_asked_are_the_ends() -> None:
    assert ends([0.9, 0.1, 0.5, 0.5]) == Bands(0.1, 0.9)
    assert shaped(np.array([[1, 0, 1]] * LEAST), (0.1, 0.5, 0.9)).verdict is Verdict.U


def test_one_question_has_no_curve() -> None:
    assert curve([1, 0, 1], [0, 0.5, 1], "aaa", np.random.default_rng(0)) is None


@pytest.mark.parametrize(
    ("scores", "depths", "questions", "says"),
    [
        ([], [], "", "no score"),
        ([1], [], "a", "no depth"),
        ([1, 0], [0.5], "aa", "2 scores and 1 depths"),
        ([1, 0, 1], [0, 0.5, 1], "ab", "3 scores and 2 questions"),
        ([1, 0], [0, 1], "aa", "2 depths have no middle"),
        ([1, 0, 1], [0, 0.5, 1], "abc", "no question has a score at the beginning"),
    ],
)
def test_what_has_no_shape_is_refused(scores: list[float], depths: list[float], questions: str, says: str) -> None:
    with pytest.raises(EvalError, match=says):
        curve(scores, depths, questions, np.random.default_rng(0))


@pytest.mark.parametrize(("first", "last", "middle"), [(0.5, 0.5, (0, 1)), (-0.1, 1, (0, 1)), (0, 1, (0.7, 0.3))])
def test_bands_that_overlap_are_refused(first: float, last: float, middle: tuple[float, float]) -> None:
    with pytest.raises(EvalError, match="are no bands"):
        Bands(first, last, middle)


def shaped(
    table: np.ndarray,
    depths: tuple[float, ...] = FIVE,
    *,
    bands: Bands | None = None,
    rng: np.random.Generator | None = None,
    resamples: int = 10_000,
) -> Curve:
    """The curve of a table with a row a question and a column a depth."""
    questions = np.repeat(np.arange(len(table)), len(depths)).tolist()
    dice = rng or np.random.default_rng(20)
    found = curve(table.ravel(), np.tile(depths, len(table)), questions, dice, bands=bands, resamples=resamples)
    assert found is not None
    return found
