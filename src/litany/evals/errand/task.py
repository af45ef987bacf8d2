"""The task `errand`: worlds of 20 to 40 orders, or of as many as its name says; a case of it is a whole errand."""

from dataclasses import dataclass

from litany.errors import EvalError
from litany.evals.case import Case, Truth
from litany.evals.errand.memory import Count
from litany.evals.errand.world import LONGEST, world

NAME = "errand"
SEEDS = 8
"""Worlds of a kind that are asked by default."""


@dataclass(frozen=True, slots=True)
class Errand:
    """Is all of it done, and nothing else?"""

    name: str = NAME
    orders: int | None = None
    """How many orders a world has; None: 20 to 40."""


def errand_named(name: str) -> Errand | None:
    """`errand`, or `errand:N`, N orders; None where it is another task. Raises: EvalError for no such number."""
    kind, colon, number = name.partition(":")
    if kind != NAME:
        return None
    if not colon:
        return Errand()
    if not (number.isascii() and number.isdigit() and 1 <= int(number) <= LONGEST):
        raise EvalError(f"{name!r} is no errand; write errand:N, N orders from 1 to {LONGEST:,}")
    return Errand(name, int(number))


def drawn(task: Errand, seed: int, length: int, depth: float, count: Count, _spare: int = 0) -> Case:
    """The errand of a seed within `length` tokens. Its question is its kind: worlds of one kind are alike.

    Raises: EvalError where the beginning takes more.
    """
    found = world(seed, task.orders)
    messages, tools = found.opening(), found.tools
    tokens = count(messages, tools)
    if tokens > length:
        raise EvalError(f"{task.name}: the beginning takes {tokens:,} tokens, and a length is {length:,}; give more")
    return Case(
        task.name,
        f"{task.name}/{found.kind.name}",
        seed,
        length,
        depth,
        messages,
        Truth("state", found.effects),
        found.agenda,
        found.placebo,
        tools,
        found,
    )
