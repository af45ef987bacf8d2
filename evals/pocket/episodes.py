"""Training episodes: chats drawn at random, of a given length, with questions asked along the way and at the end.

An episode is a document (one long user message) or a chat of users, assistants and tools. Facts, keys, rules, todos
and a goal stand among sentences of no account; the questions ask for any of them, near or far alike, and some of what
is asked is restated just before the question or just after it, some of what is not asked too. Only the answers count
for the loss.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from random import Random

import numpy as np
import numpy.typing as npt

from evals.pocket.asking import Question, call
from evals.pocket.bodies import Turns, chat, document, opening
from evals.pocket.pen import Pen
from evals.pocket.plans import plan
from evals.pocket.restated import recapped
from evals.pocket.sheet import Sheet
from evals.pocket.things import Thing, both
from evals.pocket.told import pieces, things
from litany.pocket.words import ASSISTANT, END, TOOL, USER

MODES = ("mixed", "facts", "pairs", "plan", "rules")
SHARES = ((0.15, 0.42), (0.65, 0.28), (0.12, 0.05), (0.04, 0.14), (0.04, 0.11))
"""How often each is drawn, at first and in the end."""


@dataclass(frozen=True, slots=True)
class Batch:
    """Episodes of one length: the tokens, where an answer's next token is asked for, and which it is."""

    ids: npt.NDArray[np.int64]
    """(episodes, length)."""
    at: npt.NDArray[np.int64]
    """(episodes, most answers), padded with 0."""
    truth: npt.NDArray[np.int64]
    """(episodes, most answers), padded with -100."""


def batch(seed: int, count: int, length: int, hard: float = 1.0, varied: bool = False) -> Batch:
    """Episodes drawn from a seed: the same seed, the same episodes. hard -- from 0, plain facts mostly, to 1.

    varied -- with the wordings of the last stage.
    """
    rng = Random(seed)
    episodes = [episode(rng, length, hard, varied) for _ in range(count)]
    most = max(len(each.at) for each in episodes)
    ids = np.full((count, length), END, np.int64)
    at, truth = np.zeros((count, most), np.int64), np.full((count, most), -100, np.int64)
    for row, each in enumerate(episodes):
        ids[row, : len(each.ids)] = each.ids
        at[row, : len(each.at)] = each.at
        truth[row, : len(each.at)] = [each.ids[place + 1] for place in each.at]
    return Batch(ids, at, truth)


def episode(rng: Random, length: int, hard: float = 1.0, varied: bool = False) -> Sheet:
    """One chat, written from its start to its length."""
    sheet = Sheet(Pen(rng, hard, varied), length)
    mode = rng.choices(MODES, [easy + hard * (full - easy) for easy, full in SHARES])[0]
    if mode == "plan":
        _planned(sheet)
    else:
        _asked(sheet, mode)
    del sheet.ids[length:]
    return sheet


def _planned(sheet: Sheet) -> None:
    """A list of todos done one after another: restated with its marks, or followed by what was called."""
    sheet.pen.equip()
    rng, steps = sheet.pen.rng, plan(sheet.pen)
    for done in range(len(steps.items)):
        if done == 0 or rng.random() < 0.5:
            role = USER if done == 0 or rng.random() < 0.5 else TOOL
            if role == TOOL:
                sheet.say(ASSISTANT, call([sheet.tool()], []))
            lead = sheet.sentence() if rng.random() < 0.4 else []
            sheet.say(role, [*lead, *steps.listed(done, rng.random() < 0.3)])
        hardest = sheet.pen.varied and not done  # no mark of a done item says where the next one stands
        far = (0, 1, 2, 3, 4) if hardest else (0, 0, 1, 1, 2, 3)
        for _ in range(rng.choice(far) * sheet.length // 160):
            Turns(sheet).turn(sheet.sentence())
        if rng.random() < (0.7 if hardest else 0.5) and not sheet.exchange(steps.ask(done)):
            return
        step = steps.step(done)
        if rng.random() < 0.7 and not sheet.answered(step):
            return
        sheet.say(TOOL, sheet.sentence())


def _asked(sheet: Sheet, mode: str) -> None:
    """A body that tells things, and questions on them until the end."""
    pen, rng, mixed = sheet.pen, sheet.pen.rng, mode == "mixed"
    pen.plain = not mixed
    until = sheet.length - int(sheet.length * (rng.uniform(0.25, 0.6) if mixed else rng.uniform(0.45, 0.75)))
    found = things(pen, mode, until)
    told = pieces(pen, found)
    if rng.random() < 0.4:
        document(sheet, told, until)
    else:
        found += opening(sheet, until)
        chat(sheet, told, until)
    _tail(sheet, found, 0.35 if mixed else 0.06 + 0.12 * pen.hard)


def _tail(sheet: Sheet, found: Sequence[Thing], recaps: float) -> None:
    """Questions until the end. recaps -- how often something is restated beside one."""
    tries = 8
    while len(sheet.ids) < sheet.length - 8 and found and tries:
        size, open = len(sheet.ids), sheet.open
        if not sheet.exchange(_question(sheet.pen, found, recaps)):
            del sheet.ids[size:]
            sheet.open = open
            tries -= 1


def _question(pen: Pen, found: Sequence[Thing], recaps: float) -> Question:
    """On one thing, or on two at once; now and then with something restated beside it."""
    rng = pen.rng
    asked = [rng.choice(found)]
    if rng.random() < 0.2 * pen.hard:
        asked = _paired(asked[0], rng.choice(found))
    question = both(pen, *asked) if len(asked) > 1 else asked[0].ask()
    return question if rng.random() > recaps else recapped(pen, question, asked, found)


def _paired(thing: Thing, other: Thing) -> list[Thing]:
    """Both, where their answers fit one question; else the first."""
    one, two = thing.ask(), other.ask()
    fit = thing is not other and not one.tools and not two.tools and len(one.answer) + len(two.answer) < 9
    return [thing, other] if fit else [thing]
