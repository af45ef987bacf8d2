"""Things to be asked about, drawn at random: facts, pairs, rules, goals; each tells, asks and restates.

A thing's `told` are the sentences that an episode places, in order and apart; `ask` gives a question and its answer
for the state of things after the last of them.
"""

from collections.abc import Callable
from dataclasses import dataclass

from evals.pocket.asking import Question, asked, call, joined, offered
from evals.pocket.pen import Pen
from evals.pocket.phrases import (
    CHANGES,
    ENDS,
    GOAL_ASKS,
    GOALS,
    MANY_ASKS,
    ORDERS,
    PAIR_ASKS,
    PAIRS,
    RULE_ASKS,
    RULE_CHANGES,
    RULES,
    SHORT,
)
from evals.pocket.wording import BREAK, Phrase
from litany.pocket.words import IDS

Subject = tuple[list[int], list[int]]
"""An attribute and whose it is."""
NONE = [IDS["none"]]
ENDINGS = tuple(IDS[mark] for mark in "?.:")


@dataclass(frozen=True, slots=True)
class Thing:
    """Something told that can be asked about and restated."""

    told: list[list[int]]
    ask: Callable[[], Question]
    restate: Callable[[], list[int]]
    together: bool = False
    """Whether what is told stands in one place (a list, a goal)."""


def fact(pen: Pen, others: list[Subject]) -> Thing:
    """The a of n is v, updated now and then, ended rarely. Its subject, akin to another at times, joins the others."""
    rng, (a, n) = pen.rng, _subject(pen, others)
    others.append((a, n))
    values = [pen.value() for _ in range(1 if rng.random() < (0.75 if pen.varied else 0.8) else rng.randint(2, 4))]
    frame = rng.choice(pen.frames) if rng.random() < 0.5 * pen.hard else None
    first = frame.told if frame else pen.pick(pen.facts)
    told = [pen.told(pen.pick(CHANGES) if place else first, a=a, n=n, v=v) for place, v in enumerate(values)]
    now = values[-1]
    if len(values) > 1 and rng.random() < 0.15:
        told.append(pen.filled(pen.pick(ENDS), 0, a=a, n=n))
        now = NONE

    def ask() -> Question:
        wording = frame.ask() if frame and rng.random() < 0.6 else pen.pick(pen.asks)
        if pen.plain and rng.random() < 0.55 - 0.35 * pen.hard:
            wording = pen.pick(SHORT)
        return Question(asked(pen, pen.filled(wording, a=a, n=n)), now)

    def restate() -> list[int]:
        return told[-1] if rng.random() < 0.6 or now == NONE else pen.filled(pen.pick(pen.facts), a=a, n=n, v=now)

    return Thing(told, ask, restate)


def _subject(pen: Pen, others: list[Subject]) -> Subject:
    """What a fact is about: now and then it shares its attribute or its name with another."""
    a, n = pen.attribute(), pen.name()
    if others and pen.rng.random() < 0.35 * pen.hard:
        near = pen.rng.choice(others[-8:])
        a, n = (near[0], n) if pen.rng.random() < 0.3 else (a, near[1])
    if (a, n) in others or set(a) & set(n):
        return [pen.fresh()], [pen.fresh()]
    return a, n


def many(pen: Pen) -> Thing:
    """Several values of one key, told apart; all are asked for, in their order."""
    a, n = pen.key(), pen.name()
    values = [pen.value()[:2] for _ in range(pen.rng.randint(2, 4))]
    wording = pen.pick(pen.facts)
    told = [pen.filled(wording, 0.1, a=a, n=n, v=v) for v in values]

    def ask() -> Question:
        return Question(asked(pen, pen.filled(pen.pick(MANY_ASKS), a=a, n=n)), joined(values))

    return Thing(told, ask, lambda: [token for sentence in told for token in sentence])


def both(pen: Pen, first: Thing, second: Thing) -> Question:
    """Two facts asked for in one question."""
    pen.bare = True
    one, two = first.ask(), second.ask()
    pen.bare = False
    ends = one.text[-1] in ENDINGS and pen.rng.random() < 0.7
    link = [IDS["and"]] if pen.rng.random() < (0.95 if pen.varied else 0.8) else []
    text = [*(one.text[:-1] if ends else one.text), *link, *two.text]
    return Question(text, joined([one.answer, two.answer]))


def pairs(pen: Pen, size: int) -> list[Thing]:
    """Keys and values in one wording, told together."""
    wording = pen.pick(PAIRS)
    lines = [([pen.fresh()], _word(pen)) for _ in range(size)]
    return [_pair(pen, wording, key, value) for key, value in lines]


def _pair(pen: Pen, wording: Phrase, key: list[int], value: list[int]) -> Thing:
    told = [*pen.filled(wording, 0, n=key, v=value), BREAK]

    def ask() -> Question:
        return Question(asked(pen, pen.filled(pen.pick(PAIR_ASKS), 0.1, n=key)), value)

    return Thing([told], ask, lambda: told)


def rule(pen: Pen) -> Thing:
    """A constraint on one argument, changed now and then; asked in words, or by an order that calls a tool."""
    rng = pen.rng
    p, o, c = pen.key()[:1], [pen.fresh()], [pen.fresh()]
    values = [_word(pen) for _ in range(1 if rng.random() < 0.65 else 2)]
    frame = rng.choice(pen.frames) if rng.random() < 0.25 * pen.hard else None
    first = frame.told if frame else pen.pick(RULES)
    told = [
        pen.told(pen.pick(RULE_CHANGES) if place else first, p=p, o=o, v=v, c=c, a=p, n=o)
        for place, v in enumerate(values)
    ]

    def ask() -> Question:
        if rng.random() < 0.35:
            wording = frame.ask() if frame and rng.random() < 0.5 else pen.pick(RULE_ASKS)
            return Question(asked(pen, pen.filled(wording, p=p, o=o, a=p, n=o)), values[-1])
        x = [pen.fresh()]
        order = pen.filled(pen.pick(ORDERS), 0.1, c=c, o=o, x=x)
        given = [(o, x), (p, values[-1])]
        if rng.random() < 0.3:
            given.reverse()
        return Question(asked(pen, order), call(c, given), offered(pen, c, [name for name, _ in given]))

    return Thing(told, ask, lambda: told[-1])


def _word(pen: Pen) -> list[int]:
    """A value, of one word mostly."""
    return pen.value() if pen.rng.random() < 0.2 else [pen.fresh()]


def goal(pen: Pen) -> Thing:
    """What the task is, word for word."""
    text = pen.text(pen.rng.randint(3, 9))
    told = pen.filled(pen.pick(GOALS), 0, v=text)

    def ask() -> Question:
        return Question(asked(pen, pen.filled(pen.pick(GOAL_ASKS), 0.1)), text)

    return Thing([told], ask, lambda: told, together=True)
