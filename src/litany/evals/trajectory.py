"""Agent filler: calls of a shell and their results, in sizes and numbers as recorded runs have them.

The figures are of 561 recorded runs (goal drift agents, mini-swe-agent, SWE-agent, tau-bench, tau2-bench) with 10,072
assistant messages that call and 11,173 results.
"""

from collections.abc import Iterator
from itertools import pairwise
from math import exp, log
from random import Random

from litany.evals.haystack import Unit
from litany.evals.shell import SHARES, Opened, opened

SIZES = (
    (0, 1),
    (0.05, 2),
    (0.1, 6),
    (0.25, 15),
    (0.5, 69),
    (0.75, 262),
    (0.9, 426),
    (0.95, 575),
    (0.99, 1434),
    (1, 4578),
)
"""Share of the recorded results that are at most that many cl100k tokens long."""
PARALLEL = 568 / 10_072
"""Share of the assistant's calling turns that make several calls."""
CALLS = {2: 272, 3: 193, 4: 36, 5: 29}
"""How many they make, by how often."""
SAID = 5_766 / 10_072
"""Share of the calling turns that say something too."""
STEPS = 32
"""No result takes more than this part of the whole, so that a short history has steps too."""
LETTERS = 3.2
"""Characters that a token of a result takes, about."""
BRIEF = 8
"""Tokens below which a result says next to nothing."""
SHELL = "bash"


def steps(seed: str, length: int) -> Iterator[Unit]:
    """Lines of results without end, for a history of `length` tokens."""
    rng = Random(seed)
    most = max(12, length // STEPS)
    while True:
        calls = rng.choices(list(CALLS), list(CALLS.values()))[0] if rng.random() < PARALLEL else 1
        wanted = [min(size(rng.random()), most) for _ in range(calls)]
        kinds = rng.choices(list(SHARES), list(SHARES.values()), k=calls)
        made = [opened(rng, "brief" if tokens < BRIEF else kind) for tokens, kind in zip(wanted, kinds, strict=True)]
        said: str | None = made[0].plan if rng.random() < SAID else ""
        for tokens, each in zip(wanted, made, strict=True):
            yield from _result(each, tokens, said)
            said = None


def size(share: float) -> int:
    """The size that this share of recorded results does not exceed, in tokens."""
    for (low, least), (high, most) in pairwise(SIZES):
        if share <= high:
            return round(exp(log(least) + (share - low) / (high - low) * log(most / least)))
    return SIZES[-1][1]


def _result(call: Opened, tokens: int, said: str | None) -> Iterator[Unit]:
    """At least one line, until it takes as many tokens."""
    command: str | None = call.command
    left = tokens * LETTERS
    for text in call.lines:
        yield Unit(text, command, said)
        command = said = None
        left -= len(text) + 1
        if left <= 0:
            return
