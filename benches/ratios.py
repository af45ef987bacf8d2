"""The ratios that the project promises, in one run: `python -m benches.ratios`. Exit status 1: one is broken."""

import subprocess
import sys
from collections.abc import Callable, Iterator
from functools import partial
from statistics import median
from time import perf_counter

from benches.promises import Figure, told
from benches.starts import COMMANDS
from benches.talks import Talk, compacting, size, talk

DIALECTS = ("openai", "anthropic")
STARTS = {"import litany": 0.3, "litany --help": 0.5}
BLOCK = 10
"""Repetitions of one thing before the other has its turn: each runs in the caches that it leaves itself."""


def calls(dialect: str, blocks: int = 20) -> Iterator[Figure]:
    """A call that brings two new messages, beside json.dumps of the same request, taken in turn in short blocks."""
    talks = {length: talk(dialect, length) for length in (1_000, 3_000)}
    call: dict[int, list[float]] = {length: [] for length in talks}
    dumps: dict[int, list[float]] = {length: [] for length in talks}
    cold: dict[int, list[float]] = {length: [] for length in talks}
    for _ in range(blocks):
        for length, begun in talks.items():
            call[length] += [grown(begun) for _ in range(BLOCK)]
            dumps[length] += [timed(begun.dumped) for _ in range(BLOCK)]
            cold[length].append(grown(begun))
    ratio = {length: median(call[length]) / median(dumps[length]) for length in talks}
    yield f"call at 1,000 messages ({size(dialect, 1_000):,} tokens), ms", median(call[1_000]) * 1e3, None
    yield "json.dumps of the same request, ms", median(dumps[1_000]) * 1e3, None
    yield "call / json.dumps at 1,000 messages", ratio[1_000], 0.10
    yield "the same, right after json.dumps emptied the caches, ms", median(cold[1_000]) * 1e3, None
    yield f"call at 3,000 messages ({size(dialect, 3_000):,} tokens), ms", median(call[3_000]) * 1e3, None
    yield "call / json.dumps at 3,000 messages", ratio[3_000], 0.10
    yield "call at 3,000 / call at 1,000 messages", median(call[3_000]) / median(call[1_000]), None


def compactions(dialect: str, repeats: int = 25) -> Iterator[Figure]:
    """A call that compacts without a model at 1,000 messages, beside json.dumps of the same request."""
    call, dumps = [], []
    for _ in range(repeats):
        begun = compacting(dialect, 1_000)
        begun.grow()
        call.append(timed(begun.call))
        dumps.append(timed(begun.dumped))
    yield "call that compacts at 1,000 messages, ms", median(call) * 1e3, None
    yield "call that compacts / json.dumps", median(call) / median(dumps), 10.0


def starts(repeats: int = 9) -> Iterator[Figure]:
    """Fresh processes, in turn: an empty one, the import, the command's help."""
    walls: dict[str, list[float]] = {name: [] for name in COMMANDS}
    for _ in range(repeats):
        for name, line in COMMANDS.items():
            walls[name].append(timed(partial(subprocess.run, line, check=True, capture_output=True)))
    for name in COMMANDS:
        yield f"{name}, s", median(walls[name]), STARTS.get(name)


def grown(begun: Talk) -> float:
    """Seconds of a call that brings two new messages; making them is not counted."""
    begun.grow()
    return timed(begun.call)


def timed(work: Callable[[], object]) -> float:
    """Seconds that the work takes."""
    begun = perf_counter()
    work()
    return perf_counter() - begun


def main() -> int:
    """Prints every figure and says which promise it breaks."""
    parts = [(name, part(name)) for part in (calls, compactions) for name in DIALECTS] + [("", starts())]
    figures = ((f"{dialect:10} {name}", value, most) for dialect, part in parts for name, value, most in part)
    return 1 if told(figures, 69) else 0


if __name__ == "__main__":
    sys.exit(main())
