"""The body of an episode: pieces of things among sentences of no account, as one long message or as a chat."""

from collections.abc import Sequence

from evals.pocket.asking import Question, call, offered
from evals.pocket.sheet import Sheet
from evals.pocket.things import Thing, goal
from evals.pocket.told import Piece
from evals.pocket.wording import BREAK, DASH
from litany.pocket.words import ASSISTANT, IDS, SYSTEM, TOOL, USER

BOX = IDS["[ ]"]
ROOMY = 80
"""Tokens from which on a body has room for a system message and an errand."""


def document(sheet: Sheet, told: Sequence[Piece], until: int) -> None:
    """One long message of a user, left open."""
    rng = sheet.pen.rng
    if rng.random() < 0.3 and until > ROOMY:
        sheet.say(SYSTEM, sheet.sentence())
    sheet.ids.append(USER)
    room = until - len(sheet.ids) - _size(told)
    gaps = sorted(rng.random() for _ in told)
    filled, breaks = 0, rng.random() < 0.4
    for piece, gap in zip(told, gaps, strict=True):
        while filled < gap * room:
            filled += _filler(sheet, breaks)
        sheet.ids += piece.text
        _break(sheet, breaks and piece.text[-1] != BREAK)
    while len(sheet.ids) < until:
        _filler(sheet, breaks)
    sheet.open = True


def _size(told: Sequence[Piece]) -> int:
    return sum(len(piece.text) for piece in told)


def _filler(sheet: Sheet, breaks: bool) -> int:
    """A sentence of no account; its length."""
    sentence = sheet.sentence()
    sheet.ids += sentence
    _break(sheet, breaks)
    return len(sentence)


def _break(sheet: Sheet, wanted: bool) -> None:
    if wanted or sheet.pen.rng.random() < 0.06:
        sheet.ids.append(BREAK)


def chat(sheet: Sheet, told: Sequence[Piece], until: int) -> None:
    """Messages of all roles, with questions along the way."""
    sheet.pen.equip()
    rng, seen, turns = sheet.pen.rng, list[Thing](), Turns(sheet)
    if rng.random() < 0.35 and until > ROOMY:
        turns.errand()
    left = list(told)
    while len(sheet.ids) < until - 4:
        body, used = _body(sheet, left, until - len(sheet.ids))
        seen += [piece.thing for piece in left[:used] if piece.thing]
        del left[:used]
        turns.turn(body)
        if seen and rng.random() < 0.25:
            sheet.exchange(rng.choice(seen).ask())
    for piece in left:
        sheet.say(USER, piece.text)


def _body(sheet: Sheet, left: Sequence[Piece], room: int) -> tuple[list[int], int]:
    """A message's sentences, and how many of the pieces left stand among them: the pressing ones, and others."""
    rng, body, used = sheet.pen.rng, list[int](), 0
    for _ in range(rng.randint(1, max(1, min(5, (room - _size(left)) // 16)))):
        rest = left[used:]
        if rest and (_size(rest) > room - len(body) or rng.random() < 0.4):
            body += rest[0].text
            used += 1
        else:
            body += sheet.sentence()
    return body, used


def opening(sheet: Sheet, until: int) -> list[Thing]:
    """How a chat begins: a system message and a goal, or neither; the goal can be asked about."""
    rng = sheet.pen.rng
    if rng.random() < 0.5 and until > ROOMY:
        sheet.say(SYSTEM, sheet.sentence())
    if rng.random() >= 0.4:
        return []
    aim = goal(sheet.pen)
    sheet.say(USER, aim.told[0])
    return [aim]


class Turns:
    """Turns of users, assistants and tools; their calls are the steps of an errand, if one was given."""

    def __init__(self, sheet: Sheet) -> None:
        self._sheet, self._pen = sheet, sheet.pen
        self._steps: list[tuple[list[int], list[int], list[int]]] = []
        """Name, key and value of the calls to come."""

    def errand(self) -> None:
        """Steps to be called one after another, listed by the user."""
        pen, rng = self._pen, self._pen.rng
        name, key = [pen.fresh()], [pen.fresh()]
        names = [name, [pen.fresh()]] if rng.random() < 0.4 else [name]
        self._steps = [(rng.choice(names), key, [pen.fresh()]) for _ in range(rng.randint(2, 8))]
        lead = rng.choice(((), (DASH,), (BOX,), (DASH, BOX)))
        lines = [token for verb, _, value in self._steps for token in (*lead, *verb, *value, BREAK)]
        self._sheet.say(USER, [*self._sheet.sentence(), BREAK, *lines])

    def turn(self, body: list[int]) -> None:
        """Two messages, the body in one of them."""
        sheet, dice = self._sheet, self._pen.rng.random()
        if dice < 0.35:
            sheet.say(USER, body)
            reply = sheet.sentence()
            if self._pen.rng.random() < 0.5:
                sheet.say(ASSISTANT, reply)
        elif dice < 0.8:
            self._call()
            sheet.say(TOOL, body)
        else:
            sheet.say(USER, sheet.sentence())
            sheet.say(ASSISTANT, body)

    def _call(self) -> None:
        """A step of the errand, whose next is known and asked for; or a call of no account."""
        sheet = self._sheet
        if not self._steps:
            sheet.say(ASSISTANT, call([sheet.tool()], [([sheet.topic()], [sheet.topic()])]))
            return
        name, key, value = self._steps.pop(0)
        step = Question([], call(name, [(key, value)]), offered(self._pen, name, [key]))
        fits = len(sheet.ids) + len(step.answer) + len(step.tools) + 3 < sheet.length
        if self._pen.rng.random() < 0.6 and fits:
            sheet.answered(step)
        else:
            sheet.say(ASSISTANT, step.answer)
