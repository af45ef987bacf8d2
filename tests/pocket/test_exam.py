"""The reader's examination: true by construction, as long as it says, and nothing of it in training."""

import re
from itertools import chain
from random import Random

import numpy as np
import pytest

from evals.pocket.cases import ODD, TASKS, WORDINGS, alike
from evals.pocket.episodes import batch
from evals.pocket.pen import SPARE, Pen
from evals.pocket.phrases import ASKS, CHANGES, FACTS, MORE_ASKS, MORE_FACTS
from evals.pocket.questions import page
from evals.pocket.wording import compiled
from litany.pocket.chat import prompt
from litany.pocket.words import END, FUNCTION, KNOWN, PROTOCOL, SLOTS, VOCABULARY


@pytest.mark.parametrize("task", TASKS)
@pytest.mark.parametrize("arm", ["bare", "placebo", "recite"])
def test_a_page_is_as_long_as_asked_for_and_no_longer(task: str, arm: str) -> None:
    for length in (128, 256, 1_000, 2_000):
        text = page(task, 3, length, arm)
        sizes = [len(prompt(text.at(depth), text.case.tools).ids) for depth in (0.0, 0.5, 1.0)]
        assert max(sizes) <= length
        assert min(sizes) > length - 45


@pytest.mark.parametrize("task", TASKS)
def test_the_same_cell_is_the_same_text(task: str) -> None:
    assert page(task, 5, 256, "recite").at(0.5) == page(task, 5, 256, "recite").at(0.5)
    assert page(task, 5, 256, "recite").at(0.5) != page(task, 6, 256, "recite").at(0.5)


def test_the_placebo_is_as_long_as_the_fact() -> None:
    for seed in range(50):
        text = page("needle", seed, 256, "bare")
        fact, placebo = (
            len(prompt([{"role": "user", "content": said}]).ids) for said in (text.case.restated, text.case.others[0])
        )
        assert fact == placebo


def test_a_needle_is_told_once_and_its_answer_is_no_other_fact() -> None:
    for seed in range(50):
        said = page("needle", seed, 512, "bare")
        text = str(said.at(0.5)[0]["content"])
        assert text.count(said.case.pieces[0]) == 1
        subject = said.case.pieces[0].replace(said.case.truth, "")
        assert all(other.replace(said.case.truth, "") != subject for other in said.case.others)


def test_no_wording_of_the_examination_is_one_of_training() -> None:
    exam = {compiled(wording.replace("{k} ", ""))[0] for wording in chain(*WORDINGS, *ODD)}

    assert exam.isdisjoint({*FACTS, *ASKS, *CHANGES, *MORE_FACTS, *MORE_ASKS})


def test_training_knows_no_content_word() -> None:
    exam = " ".join(str(page(task, seed, 1_000, "bare").at(0.5)) for task in TASKS for seed in range(5))
    words = {word.lower() for word in re.findall(r"[A-Za-z]{4,}", exam)}
    small = {*FUNCTION.split(), *PROTOCOL.split()}

    assert words & set(KNOWN) <= small


def test_a_fresh_word_is_a_slot_that_the_episode_has_not_seen() -> None:
    pen, other = Pen(Random(3)), Pen(Random(4))
    words = [pen.fresh() for _ in range(SLOTS - 2 * SPARE)]

    assert len(set(words)) == len(words)
    assert min(words) >= len(KNOWN)
    assert max(words) < VOCABULARY
    assert words[:9] != [other.fresh() for _ in range(9)] != sorted(words)[:9]


def test_an_episode_is_drawn_from_its_seed_and_asks_for_what_it_holds() -> None:
    first, again, other = batch(1, 8, 320), batch(1, 8, 320), batch(2, 8, 320)

    assert np.array_equal(first.ids, again.ids)
    assert not np.array_equal(first.ids, other.ids)
    assert first.ids.min() >= 0
    assert first.ids.max() < VOCABULARY
    rows, places = np.nonzero(first.truth >= 0)
    assert np.array_equal(first.ids[rows, first.at[rows, places] + 1], first.truth[rows, places])


def test_a_word_that_is_asked_for_stands_in_the_text_before() -> None:
    drawn_ones = batch(3, 40, 320)

    rows, places = np.nonzero(drawn_ones.truth >= len(KNOWN))
    before = [
        drawn_ones.truth[row, place] in drawn_ones.ids[row, : drawn_ones.at[row, place]]
        for row, place in zip(rows, places, strict=True)
    ]

    assert len(before) > 200
    assert np.mean(before) == 1


def test_some_answers_end_where_they_are_asked_for() -> None:
    assert (batch(4, 20, 192).truth == END).sum() > 40


def test_alike_has_as_many_words() -> None:
    rng = Random(1)
    assert all(len(alike(rng, value).split()) == len(value.split()) for value in ("12", "amber elm", "elm"))
