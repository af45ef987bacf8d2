"""The runs of one file, in order; a run that cannot be read is an error in its place and does not stop the rest."""

from collections.abc import Callable, Iterable, Iterator
from functools import partial
from itertools import chain
from pathlib import Path
from typing import Any

from litany.errors import TrajectoryError
from litany.replay.formats import SESSIONS, run, session, unpack
from litany.replay.lines import Line, is_lines, lines
from litany.replay.run import Run

Found = Iterable[Line | TrajectoryError]
Session = Callable[[list[Any], str, int], Iterator[Run]]


def read(path: Path) -> Iterator[Run | TrajectoryError]:
    """The runs of a .json, .jsonl or gzipped file, named by its path.

    A session file (Claude Code, Codex, or one chat message a line) is read whole; any other gives a run a line.
    A file in which no run is found is one error, however many faults it has.
    """
    found = lines(path)
    early: list[Line | TrajectoryError] = []
    for line in found:
        early.append(line)
        if isinstance(line, Line):
            break
    rest = chain(early, found)
    kind = session(early[-1].value) if isinstance(early[-1], Line) else None
    yield from _summed(_runs(path, rest) if kind is None else _session(path, rest, SESSIONS[kind]))


def _summed(found: Iterator[Run | TrajectoryError]) -> Iterator[Run | TrajectoryError]:
    faults: list[TrajectoryError] = []
    for item in found:
        if isinstance(item, Run):
            yield from faults
            yield item
            yield from found
            return
        faults.append(item)
    more = f" (the first of {len(faults)} faults in this file, which holds no run)" if len(faults) > 1 else ""
    yield TrajectoryError(f"{faults[0]}{more}")


def _runs(path: Path, found: Found) -> Iterator[Run | TrajectoryError]:
    index = 0
    for line in found:
        if isinstance(line, TrajectoryError):
            yield line
            index += 1
            continue
        values = unpack(line.value)
        for value in values:
            place = f", line {line.number}" if is_lines(path) else f", run {index}" * (len(values) > 1)
            yield from _guarded(f"{path}{place}", partial(_one, value, str(path), index))
            index += 1


def _session(path: Path, found: Found, to_runs: Session) -> Iterator[Run | TrajectoryError]:
    values: list[Any] = []
    faults: list[TrajectoryError] = []
    for line in found:
        if isinstance(line, Line):
            values.append(line.value)
        else:
            faults.append(line)
    records = values[0] if len(values) == 1 and isinstance(values[0], list) else values
    yield from _guarded(str(path), partial(to_runs, records, str(path), 0))
    yield from faults


def _one(value: object, source: str, index: int) -> Iterator[Run]:
    yield run(value, source, index)


def _guarded(where: str, runs: Callable[[], Iterator[Run]]) -> Iterator[Run | TrajectoryError]:
    try:
        yield from runs()
    except TrajectoryError as error:
        yield TrajectoryError(f"{where}: {error}")
    except RecursionError:
        yield TrajectoryError(f"{where}: the run is nested too deeply to be read")
