"""A question and what answers it: in words, or by a call of one of the tools on offer."""

from collections.abc import Sequence
from dataclasses import dataclass, field

from evals.pocket.pen import Pen
from evals.pocket.phrases import AROUND
from evals.pocket.wording import COMMA
from litany.pocket.words import CALL, IDS

OPEN, CLOSE, EQUAL, SEMI = (IDS[mark] for mark in "()=;")


@dataclass(frozen=True, slots=True)
class Question:
    """A question, what answers it, and the tools on offer if the answer is a call."""

    text: list[int]
    answer: list[int]
    tools: list[int] = field(default_factory=list)


def asked(pen: Pen, question: list[int]) -> list[int]:
    """A question, with some words about how to answer it."""
    if pen.bare or (pen.plain and pen.rng.random() < 0.8):
        return question
    return pen.filled(pen.pick(AROUND), 0.1, q=question)


def call(name: list[int], given: Sequence[tuple[list[int], list[int]]]) -> list[int]:
    """A call, as the chat writes it: <call> name ( key = value , key = value )."""
    return [CALL, *name, OPEN, *joined([[*key, EQUAL, *value] for key, value in given]), CLOSE]


def offered(pen: Pen, name: list[int], keys: list[list[int]], more: Sequence[list[int]] = ()) -> list[int]:
    """The tools on offer: this one among others, `more` of them with the same keys."""
    rng, tools = pen.rng, [(name, keys), *((other, keys) for other in more if other != name)]
    tools += [([pen.word()], [[pen.word()] for _ in range(rng.randint(0, 2))]) for _ in range(rng.randint(0, 2))]
    tools += [([each], [[pen.word()]]) for each in pen.tools if [each] != name and rng.random() < 0.7]
    rng.shuffle(tools)
    return [token for tool, names in tools for token in (*tool, OPEN, *joined(names), CLOSE, SEMI)]


def joined(parts: Sequence[list[int]]) -> list[int]:
    """The parts with a comma between them."""
    return [token for place, part in enumerate(parts) for token in ([COMMA, *part] if place else part)]
