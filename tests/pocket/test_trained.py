"""The weights that ship: they say what torch said, they read by attention, and the card speaks of them."""

import re
from pathlib import Path

import numpy as np
import pytest

from evals.pocket.measure import Cell, answers
from evals.pocket.questions import page
from evals.pocket.tables import Counted, cells_in, counted
from litany.pocket.chat import prompt
from litany.pocket.network import Network, load
from litany.pocket.reader import Pocket
from litany.pocket.shape import Shape
from litany.pocket.weights import FILE, read

ROOT = Path(__file__).parents[2]
LEAK = Shape().layers * (Shape().taps - 1)
"""Tokens behind a word that hold something of it through the convolutions alone."""


@pytest.fixture(scope="module")
def network() -> Network:
    return load()


def test_numpy_says_what_torch_said(network: Network) -> None:
    stored = np.load(ROOT / "tests" / "pocket" / "data" / "logits.npz")
    ends = stored["lengths"].cumsum()
    prompts = np.split(stored["ids"], ends[:-1])

    said = np.stack([network.logits(ids.tolist(), [len(ids) - 1])[0] for ids in prompts])

    assert len(prompts) > 10
    assert np.abs(said - stored["logits"]).max() < 2e-3
    assert (said.argmax(-1) == stored["logits"].argmax(-1)).all()


def test_with_attention_to_the_fact_cut_the_answer_is_gone(network: Network) -> None:
    seen, blind, others = 0, 0, 0
    for seed in range(40):
        text = page("needle", seed, 256, "bare")
        asked = prompt(text.at(0.5))
        fact, truth = asked.words.ids(text.case.pieces[0]), asked.words.ids(text.case.truth)[0]
        start = next(place for place in range(len(asked.ids)) if list(asked.ids[place : place + len(fact)]) == fact)
        last, hidden = len(asked.ids) - 1, frozenset(range(start, start + len(fact) + LEAK))
        elsewhere = frozenset(place for place in range(LEAK, 2 * LEAK + len(fact)) if place not in hidden)
        seen += int(network.logits(asked.ids, [last])[0].argmax()) == truth
        blind += int(network.logits(asked.ids, [last], hidden)[0].argmax()) == truth
        others += int(network.logits(asked.ids, [last], elsewhere)[0].argmax()) == truth

    assert seen >= 34
    assert blind <= 4
    assert others >= 30


@pytest.mark.slow
def test_one_byte_a_weight_answers_as_two_do() -> None:
    cells = [Cell("needle", "bare", 256, seed) for seed in range(6)] + [
        Cell("todo", "bare", 256, seed) for seed in range(6)
    ]

    whole, rounded = (
        [one.answer for cell in cells for one in answers(Pocket(load(precision=kind)), cell)]
        for kind in ("f16", "int8")
    )

    assert sum(one == other for one, other in zip(whole, rounded, strict=True)) >= 0.95 * len(whole)


def test_questions_asked_together_are_answered_as_one_by_one() -> None:
    together = Pocket()
    texts = [page(task, seed, 400, "recite") for task in ("needle", "kv", "constraint", "todo") for seed in range(3)]

    shared = [together(text.at(depth), text.case.tools).message for text in texts for depth in (0.2, 0.8)]

    assert shared == [Pocket()(text.at(depth), text.case.tools).message for text in texts for depth in (0.2, 0.8)]


def test_the_card_names_these_weights() -> None:
    card = FILE.with_name("CARD.md").read_text(encoding="utf-8")

    assert read().sha256 in card
    assert FILE.stat().st_size <= 2_000_000


@pytest.mark.parametrize("chosen", [("needle", "bare", 128), ("todo", "bare", 256)])
@pytest.mark.slow
def test_the_cells_of_the_card_come_out_again(chosen: tuple[str, str, int]) -> None:
    task, arm, length = chosen
    stored = [
        one for one in cells_in(ROOT / "evals/pocket/results/cells.jsonl") if (one.task, one.arm, one.length) == chosen
    ]
    model, asked = Pocket(), stored[0].asked

    found = counted(one for seed in range(asked) for one in answers(model, Cell(task, arm, length, seed), (0.0, 0.5)))

    wanted = [one for one in stored if one.depth in (0.0, 0.5)]
    assert len(wanted) == 2
    for one, again in zip(wanted, found, strict=True):
        assert _place(one) == _place(again)
        assert abs(one.right - again.right) <= 2, "other processors round otherwise, but not that much"


def _place(cell: Counted) -> tuple[str, str, int, float, int]:
    return cell.task, cell.arm, cell.length, cell.depth, cell.asked


def test_the_card_holds_each_cell_that_was_counted() -> None:
    card = FILE.with_name("CARD.md").read_text(encoding="utf-8")
    rows = re.findall(r"^\| (\w+) \| (\w+) \| ([\d,]+) \|", card, re.MULTILINE)

    cells = {(one.task, one.arm, f"{one.length:,}") for one in cells_in(ROOT / "evals/pocket/results/cells.jsonl")}

    assert set(rows) == cells
