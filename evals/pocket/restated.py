"""Restates things beside a question: what is asked, or something else, one by one or as a recitation lays them out."""

from collections.abc import Iterable, Sequence

from evals.pocket.asking import Question
from evals.pocket.pen import Pen
from evals.pocket.phrases import BLOCKS, RECAPS
from evals.pocket.things import Thing
from evals.pocket.wording import BREAK, DASH
from litany.pocket.words import END, IDS, USER

GOAL, CONSTRAINTS, NOTES = ([IDS[word], IDS[":"], BREAK] for word in ("goal", "constraints", "notes"))


def recapped(pen: Pen, question: Question, asked: Sequence[Thing], things: Sequence[Thing]) -> Question:
    """The question, with what is asked, or something else, restated before or behind it."""
    rng, shown = pen.rng, list(asked)
    if rng.random() >= 0.65:
        shown = []
    shown += rng.sample(things, min(len(things), rng.choice((0, 0, 0, 1, 2, 3)) + (not shown)))
    rng.shuffle(shown)
    text = _block(pen, list({id(each): each for each in shown}.values()))
    dice = rng.random()
    between = [BREAK] if dice < 0.3 else [END, USER]
    before = dice < 0.22 or 0.3 <= dice <= 0.5
    parts = [*text, *between, *question.text] if before else [*question.text, *between, *text]
    return Question(parts, question.answer, question.tools)


def _block(pen: Pen, shown: Sequence[Thing]) -> list[int]:
    """Things restated: each in a wording of its own, or all of them as a recitation is laid out."""
    if pen.rng.random() < 0.4:
        said = [pen.filled(pen.pick(RECAPS), 0.1, f=each.restate()) for each in shown]
        return pen.filled(pen.pick(BLOCKS), 0.05, f=_lines(said)[:-1])
    lines = [*GOAL, *pen.text(pen.rng.randint(3, 9)), BREAK] if pen.rng.random() < 0.5 else []
    rules = [each for each in shown if not each.together]
    if rules:
        lines += pen.rng.choice((CONSTRAINTS, CONSTRAINTS, NOTES))
    lines += _lines([DASH, *each.restate()] for each in rules)
    lines += _lines(each.restate() for each in shown if each.together)
    return pen.filled(BLOCKS[pen.rng.choice((1, 1, 2, 0))], 0, f=lines[:-1])


def _lines(said: Iterable[list[int]]) -> list[int]:
    return [token for each in said for token in (*each, BREAK)]
