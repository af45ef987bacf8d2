"""Jobs: the runs of many files, replayed in order, on several processors where that pays."""

import multiprocessing
import signal
import warnings
from collections import deque
from collections.abc import Callable, Generator, Iterable, Iterator, Mapping
from concurrent.futures import ProcessPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass
from functools import partial
from itertools import chain, islice
from pathlib import Path
from typing import Any

from litany import Policy
from litany.errors import LitanyError, TrajectoryError
from litany.replay.find import find
from litany.replay.parts import Parts
from litany.replay.read import read
from litany.replay.run import Run
from litany.replay.walk import Walk, walked
from litany.tokens import counter

FEW = 4
"""Fewer runs than these are not worth starting a process for."""
AHEAD = 4
"""Runs a process that wait for it."""


@dataclass(frozen=True, slots=True)
class Terms:
    """How every run is replayed."""

    settings: Mapping[str, Any]
    """Policy fields, the window aside."""
    windows: tuple[int, ...]
    goal: str | None = None
    """What `--goal` says; None: by the run."""
    against: tuple[str, ...] = ()
    traced: bool = False

    def policy(self, window: int, run: Run | None = None) -> Policy:
        """The policy in that window. Raises: PolicyError when it cannot work."""
        observed = {} if run is None else {"observations": run.observations}
        return Policy.of({**observed, **self.settings, "window": window})


@dataclass(frozen=True, slots=True)
class Found:
    """A run, or what stands in its place; with its share of all the bytes there are to read."""

    path: str
    item: Run | TrajectoryError
    share: float


@dataclass(frozen=True, slots=True)
class Done:
    """What came of it: `result` gives a Walk a window, or raises LitanyError."""

    path: str
    index: int
    share: float
    result: Callable[[], list[Walk]]


def found(paths: Iterable[Path]) -> Iterator[Found]:
    """The runs in those files and folders, in order, and each fault in its place."""
    files = list(find(paths))
    total = sum(file.stat().st_size for file in files if isinstance(file, Path)) or 1
    for file in files:
        if isinstance(file, TrajectoryError):
            yield Found("", file, 0.0)
            continue
        items = list(read(file))
        for item in items:
            yield Found(str(file), item, file.stat().st_size / total / len(items))


def replayed(run: Run, terms: Terms) -> list[Walk]:
    """A run in each window. Raises: LitanyError, naming the run, when it cannot be replayed."""
    try:
        parts = Parts(run, counter(terms.policy(terms.windows[0]).encoding))
        walks = [walked(run, terms.policy(window, run), terms.goal, terms.against, parts) for window in terms.windows]
    except LitanyError as error:
        raise TrajectoryError(f"{run.source}, run {run.index}: {error}") from error
    return walks if terms.traced else [Walk(walk.report, ()) for walk in walks]


def done(items: Iterable[Found], terms: Terms, processes: int) -> Generator[Done, None, None]:
    """Every item, replayed or refused, in order."""
    rest = iter(items)
    first = list(islice(rest, FEW)) if processes > 1 else []
    if len(first) < FEW:
        yield from (_done(item, _here(item.item, terms)) for item in chain(first, rest))
        return
    with _pool(processes) as pool:
        waiting: deque[Done] = deque()
        for item in chain(first, rest):
            waiting.append(_done(item, _there(pool, item.item, terms)))
            if len(waiting) > processes * AHEAD:
                yield waiting.popleft()
        yield from waiting


def _done(item: Found, result: Callable[[], list[Walk]]) -> Done:
    return Done(item.path, item.item.index if isinstance(item.item, Run) else 0, item.share, result)


def _here(item: Run | TrajectoryError, terms: Terms) -> Callable[[], list[Walk]]:
    return partial(replayed, item, terms) if isinstance(item, Run) else partial(_refused, item)


def _there(pool: ProcessPoolExecutor, item: Run | TrajectoryError, terms: Terms) -> Callable[[], list[Walk]]:
    return pool.submit(replayed, item, terms).result if isinstance(item, Run) else partial(_refused, item)


def _refused(error: TrajectoryError) -> list[Walk]:
    raise error


@contextmanager
def _pool(processes: int) -> Iterator[ProcessPoolExecutor]:
    """Processes that end at once when the work is given up."""
    before = {child.pid for child in multiprocessing.active_children()}
    pool = ProcessPoolExecutor(processes, multiprocessing.get_context("spawn"), _quiet)
    finished = False
    try:
        yield pool
        finished = True
    finally:  # after an interrupt nobody waits for what is under way
        pool.shutdown(wait=finished, cancel_futures=not finished)
        for child in multiprocessing.active_children() if not finished else ():
            if child.pid not in before:
                child.terminate()


def _quiet() -> None:
    """In a process of the pool: the one at the terminal answers Ctrl-C and says the warnings."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    warnings.simplefilter("ignore")
