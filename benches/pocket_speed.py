"""How fast the pocket reader reads and loads, on one core: `OMP_NUM_THREADS=1 python -m benches.pocket_speed`."""

import subprocess
import sys
import time
from collections.abc import Callable
from functools import partial
from statistics import median

from evals.pocket.questions import page
from litany.pocket.network import Network, load
from litany.pocket.reader import Pocket
from litany.pocket.weights import read as read_weights

PROMISES = {1_000: 100, 2_000: 300}
"""Milliseconds to read so many tokens and answer."""


def spent(act: Callable[[], object], times: int = 15) -> float:
    """Milliseconds that it takes, the middle of some."""
    took = []
    for _ in range(times):
        start = time.perf_counter()
        act()
        took.append(1_000 * (time.perf_counter() - start))
    return median(took)


def read(length: int, cache: int) -> Callable[[], object]:
    """Ask one question after a text of that length."""
    text = page("needle", 1, length, "bare")
    model = Pocket(Network(read_weights(), cache))
    return lambda: model(text.at(0.5))


def main() -> None:
    for length, promise in PROMISES.items():
        cold, warm = spent(read(length, 0)), spent(read(length, 64_000_000))
        took = f"{cold:.0f} ms (promise {promise}), {warm:.0f} ms if read before"
        print(f"pocket: {length:,} tokens read and answered in {took}")
    print(f"pocket: weights loaded in {spent(load):.1f} ms (promise 50)")
    for what in ("numpy", "litany.pocket.reader"):
        start = partial(subprocess.run, [sys.executable, "-c", f"import {what}"], check=True)
        print(f"pocket: a process that imports {what} takes {spent(start, 7):.0f} ms")


if __name__ == "__main__":
    main()
