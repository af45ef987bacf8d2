"""The store's figures, measured in one run: `python -m benches.store_ratios`. Exit status 1: a promise is broken."""

import sys
from collections.abc import Iterator
from itertools import chain
from pathlib import Path
from statistics import median
from tempfile import TemporaryDirectory

from benches.promises import Figure, told
from benches.stored import COMPACTING, ROOMY, Stored
from litany import Policy

LENGTHS = (100, 1_000, 10_000)


def writes(name: str, policy: Policy, folder: Path) -> Iterator[Figure]:
    """The write of an average call, which brings two messages of 2 kB, in a record that grows; and the file's size."""
    medians: dict[int, float] = {}
    stored = Stored(folder / f"{name}.litany", policy)
    for length in LENGTHS:
        stored.fill(length)
        medians[length] = median(stored.writes(100)) * 1e3
        yield f"{name}: write at {length:,} messages, ms", medians[length], 5.0
    yield (
        f"{name}: write at {LENGTHS[-1]:,} / at {LENGTHS[0]:,} messages",
        medians[LENGTHS[-1]] / medians[LENGTHS[0]],
        2.0,
    )


def sizes(folder: Path) -> Iterator[Figure]:
    """The closed file beside the record's JSON."""
    for length in (200, 1_000, 10_000):
        stored = Stored(folder / f"{length}.litany", COMPACTING)
        stored.fill(length)
        stored.litany.revise(constraints=["Nothing but the bills."])
        file, record = stored.bytes()
        yield f"file / record's JSON at {length:,} messages ({record / length:,.0f} bytes each)", file / record, 1.5


def main() -> int:
    """Prints every figure and says which promise it breaks."""
    with TemporaryDirectory() as made:
        folder = Path(made)
        parts = (writes("compacting", COMPACTING, folder), writes("nothing cut", ROOMY, folder), sizes(folder))
        broken = told(chain.from_iterable(parts), 66)
    return 1 if broken else 0


if __name__ == "__main__":
    sys.exit(main())
