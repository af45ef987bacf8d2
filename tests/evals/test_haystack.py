"""Filler: prose without end and without repetition, and trajectories with the sizes of recorded ones."""

from collections import Counter
from itertools import islice, pairwise
from random import Random

import pytest

from litany.evals.haystack import SENTENCES, prose
from litany.evals.shell import AREAS, SHARES, opened
from litany.evals.trajectory import PARALLEL, SAID, SIZES, size, steps
from litany.evals.words import COLORS, NAMES, NOUNS

LONG = 1_000_000


def test_a_million_tokens_of_prose_repeat_no_sentence() -> None:
    sentences = [unit.text for unit in islice(prose("a"), 90_000)]

    assert len(set(sentences)) == len(sentences)
    assert len(sentences) < SENTENCES // 2


def test_the_seed_alone_decides_the_filler() -> None:
    assert list(islice(prose("a"), 100)) == list(islice(prose("a"), 100))
    assert list(islice(prose("a"), 100)) != list(islice(prose("b"), 100))
    assert list(islice(steps("a", 5_000), 100)) == list(islice(steps("a", 5_000), 100))
    assert list(islice(steps("a", 5_000), 100)) != list(islice(steps("b", 5_000), 100))


def test_no_answer_stands_in_the_filler() -> None:
    said = {word.strip(".").lower() for unit in islice(prose("a"), 5_000) for word in unit.text.split()}

    assert not said & {word.lower() for word in (*NAMES, *NOUNS, *COLORS)}


def test_turns_are_as_recorded_runs_have_them() -> None:
    turns = Counter[int]()
    said, calls = [], 0
    for unit in islice(steps("a", LONG), 60_000):
        if unit.said is not None:
            turns[calls] += 1
            calls = 0
            said.append(bool(unit.said))
        calls += unit.command is not None
    count = sum(turns.values())

    assert 1 - turns[1] / count == pytest.approx(PARALLEL, abs=0.02)
    assert sum(said) / count == pytest.approx(SAID, abs=0.04)


def test_sizes_follow_the_recorded_ones() -> None:
    assert [size(share) for share, _ in SIZES] == [most for _, most in SIZES]
    assert all(size(share / 100) <= size((share + 1) / 100) for share in range(100))
    assert all(low < high for low, high in pairwise(SIZES))


def test_a_short_history_has_steps_too() -> None:
    longest = max(len(unit.text) for unit in islice(steps("a", 500), 2_000))
    units = list(islice(steps("a", 500), 400))

    assert longest < 120
    assert sum(unit.said is not None for unit in units) > 100


@pytest.mark.parametrize("kind", SHARES)
def test_a_result_never_ends_and_its_call_says_where_it_looked(kind: str) -> None:
    call = opened(Random("a"), kind)

    assert len(list(islice(call.lines, 500))) == 500
    assert any(area in call.command for area in AREAS) or kind == "search"


def test_a_call_that_answers_little_answers_one_line() -> None:
    assert len(list(opened(Random("a"), "brief").lines)) == 1
