"""Two arms on the same questions: differences, exact tests and families of them."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy import stats
from statsmodels.stats.contingency_tables import mcnemar as judged_mcnemar
from statsmodels.stats.multitest import multipletests

from litany.errors import EvalError
from litany.evals.stats import clustered, holm, mcnemar, paired, paired_bootstrap, wilson


@given(st.integers(0, 400), st.integers(0, 400))
def test_mcnemar_is_the_judges(first: int, second: int) -> None:
    assert mcnemar(first, second) == pytest.approx(judged_mcnemar([[0, first], [second, 0]], exact=True).pvalue)
    if first + second:
        assert mcnemar(first, second) == pytest.approx(stats.binomtest(first, first + second).pvalue)


def test_mcnemar_at_its_ends() -> None:
    assert (mcnemar(0, 0), mcnemar(1, 0), mcnemar(5, 5), mcnemar(0, 6)) == (1.0, 1.0, 1.0, 0.03125)
    assert mcnemar(0, 5_000) == 0.0  # too small for a float, and no overflow on the way


def test_negative_counts_are_refused() -> None:
    with pytest.raises(EvalError, match="-1 and 3"):
        mcnemar(-1, 3)


@given(st.integers(2, 60), st.integers(0, 2**32 - 1))
def test_a_difference_of_a_question_each_is_the_judges_paired_t_test(n: int, seed: int) -> None:
    first, second = np.random.default_rng(seed).random((2, n))

    found = paired(first, second, range(n))

    judged = stats.ttest_rel(first, second)
    interval = judged.confidence_interval()
    assert found is not None
    assert found.p == pytest.approx(judged.pvalue, abs=1e-9)
    judges_ends = np.clip((interval.low, interval.high), -1, 1)
    assert (found.interval.low, found.interval.high) == pytest.approx(tuple(judges_ends), abs=1e-9)


def test_a_difference_is_clustered_by_question() -> None:
    first, second, questions = [1, 1, 0, 1, 1, 1] * 3, [0, 0, 0, 0, 1, 0] * 3, "aabbccddeeffgghhii"

    found = paired(first, second, questions)

    assert found is not None
    assert found.interval == clustered([1, 1, 0, 1, 0, 1] * 3, questions)
    assert found.interval.n == 9


def test_the_paired_bootstrap_agrees_with_the_paired_t_test() -> None:
    rng = np.random.default_rng(11)
    base = rng.random((200, 3))
    arm = base + rng.normal(0.05, 0.3, (200, 3))
    questions = np.repeat(np.arange(200), 3).tolist()

    exact = paired(arm.ravel(), base.ravel(), questions)
    drawn = paired_bootstrap(arm.ravel(), base.ravel(), questions, rng)

    assert exact is not None
    assert drawn is not None
    assert (drawn.interval.low, drawn.interval.high) == pytest.approx(
        (exact.interval.low, exact.interval.high), abs=0.004
    )
    assert drawn.p == pytest.approx(exact.p, abs=0.02)


def test_arms_that_answer_alike_do_not_differ() -> None:
    scores, questions = [1, 0, 1, 1, 0, 1], range(6)

    found = paired(scores, scores, questions)

    assert found is not None
    assert (found.interval.middle, found.p) == (0, 1)


@pytest.mark.parametrize("n", [2, 6, 20, 100])
def test_questions_that_agree_leave_open_what_as_many_would_not_have_shown(n: int) -> None:
    unseen = wilson(0, n).high
    for first, second, ends in ((1, 1, (-unseen, unseen)), (1, 0, (1 - 2 * unseen, 1)), (0, 1, (-1, 2 * unseen - 1))):
        found = paired([first] * n, [second] * n, range(n))

        assert found is not None
        assert (found.interval.low, found.interval.high) == pytest.approx(ends)


def test_a_few_questions_that_agree_prove_no_more_than_as_many_coins() -> None:
    for n, p in ((2, 0.5), (5, 0.0625), (6, 0.03125)):
        exact = paired([1] * n, [0] * n, range(n))
        drawn = paired_bootstrap([1] * n, [0] * n, range(n), dice())

        assert exact is not None
        assert drawn is not None
        assert exact.p == drawn.p == p == mcnemar(n, 0)


def test_what_only_adds_up_otherwise_is_no_difference() -> None:
    found = paired([0.1 + 0.2] * 8, [0.3] * 8, range(8))
    drawn = paired_bootstrap([0.1 + 0.2] * 8, [0.3] * 8, range(8), dice())

    assert found is not None
    assert drawn is not None
    assert found.p == drawn.p == 1
    assert not drawn.interval.above()


def test_a_difference_of_shares_ends_at_all_or_nothing() -> None:
    found = paired([0] * 9 + [0.4], [1] * 10, range(10))

    assert found is not None
    assert found.interval.middle == pytest.approx(-0.96)
    assert found.interval.low == -1


def test_the_paired_bootstrap_has_a_width_too_where_all_questions_agree() -> None:
    exact, drawn = paired([1] * 9, [1] * 9, range(9)), paired_bootstrap([1] * 9, [1] * 9, range(9), dice())

    assert exact is not None
    assert drawn is not None
    assert drawn.interval == exact.interval


def test_one_question_shows_no_difference() -> None:
    assert paired([1, 1], [0, 0], "aa") is None
    assert paired_bootstrap([1, 1], [0, 0], "aa", dice()) is None


def test_arms_of_unequal_length_are_refused() -> None:
    with pytest.raises(EvalError, match="2 and 1 scores"):
        paired([1, 0], [1], "ab")


@pytest.mark.parametrize("n", [1, 2, 5, 30])
def test_holm_is_the_judges(n: int) -> None:
    family = (np.random.default_rng(n).random(n) ** 4).round(2).tolist()

    assert holm(family) == pytest.approx(tuple(multipletests(family, method="holm")[1]))


def test_holm_of_one_and_of_none_changes_nothing() -> None:
    assert (holm([0.03]), holm([])) == ((0.03,), ())


@pytest.mark.parametrize("p", [-0.1, 1.1, float("nan")])
def test_holm_refuses_what_is_no_p(p: float) -> None:
    with pytest.raises(EvalError, match="p 1 of the family"):
        holm([0.5, p])


def dice() -> np.random.Generator:
    return np.random.default_rng(12)
