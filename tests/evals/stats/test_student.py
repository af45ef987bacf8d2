"""Student's t against the judge's own."""

import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy import stats

from litany.evals.stats.student import reach, within


@given(st.floats(0, 50), st.integers(1, 3_000))
def test_the_share_within_is_the_judges(t: float, freedom: int) -> None:
    assert within(t, freedom) == pytest.approx(1 - 2 * stats.t.sf(t, freedom), abs=1e-12)


@given(st.floats(0.01, 0.999), st.integers(1, 3_000))
def test_the_reach_is_the_judges(level: float, freedom: int) -> None:
    assert reach(level, freedom) == pytest.approx(stats.t.ppf((1 + level) / 2, freedom), rel=1e-9)


def test_a_few_reaches_everyone_knows() -> None:
    assert [round(reach(0.95, freedom), 3) for freedom in (1, 2, 9, 29)] == [12.706, 4.303, 2.262, 2.045]
