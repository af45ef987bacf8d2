"""Reading a trace: its runs told apart, each with its calls in order."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from pydantic import ValidationError

from litany.errors import TraceError
from litany.explain.line import Line, New
from litany.explain.price import Cost, cost
from litany.trace import Torn, files, lines

MOST = 5
"""Lines that cannot be read and are named one by one."""


@dataclass(frozen=True, slots=True)
class Call:
    """One call of a run, with its price."""

    number: int
    line: Line
    cost: Cost


@dataclass(frozen=True, slots=True)
class Run:
    """One conversation, or one run of a replay in one window."""

    number: int
    name: str
    calls: tuple[Call, ...] = ()

    def place(self, number: int) -> int:
        """Where the call of that number stands. Raises: TraceError when there is none."""
        for place, call in enumerate(self.calls):
            if call.number == number:
                return place
        first, last = self.calls[0].number, self.calls[-1].number
        raise TraceError(f"there is no call {number} in {self.name}; give --call a number from {first} to {last}")

    def told(self, end: int) -> dict[int, New]:
        """The messages of the record by index, as the calls up to place `end` told them."""
        return {new.index: new for call in self.calls[: end + 1] for new in call.line.new}

    @property
    def cost(self) -> float:
        """What all its calls cost."""
        return sum(call.cost.total for call in self.calls)


@dataclass(frozen=True, slots=True)
class Trace:
    """What was read of a trace, and what could not be."""

    runs: tuple[Run, ...]
    faults: tuple[str, ...]

    def run(self, number: int | None) -> Run:
        """The run of that number; the only one when none is given. Raises: TraceError."""
        if number is None and len(self.runs) == 1:
            return self.runs[0]
        if number is None:
            raise TraceError(f"the trace holds {len(self.runs)} runs; choose one with --run N")
        if not 1 <= number <= len(self.runs):
            raise TraceError(f"there is no run {number}; give --run a number from 1 to {len(self.runs)}")
        return self.runs[number - 1]


def opened(path: Path) -> Trace:
    """The trace in that file and those it was rotated to.

    Raises: TraceError when it is not there, cannot be read, or holds no call.
    """
    found: dict[tuple[object, ...], list[Line]] = {}
    faults: list[str] = []
    for item in _items(path):
        if isinstance(item, Torn):
            faults.append(str(item))
        else:
            key = (item.source, item.index, item.window) if item.source is not None else (item.key,)
            found.setdefault(key, []).append(item)
    if not found:
        why = faults[0] if faults else f"{path} is empty"
        raise TraceError(f"{why}; give a file that `Litany(trace=...)` or `litany replay --trace` wrote")
    runs = (_run(number, same) for number, same in enumerate(found.values(), start=1))
    return Trace(tuple(runs), _few(faults))


def _items(path: Path) -> Sequence[Line | Torn]:
    try:
        return [
            item if isinstance(item, Torn) else _line(file, place, item)
            for file in files(path)
            for place, item in enumerate(lines(file), start=1)
        ]
    except OSError as error:
        raise TraceError(f"{path}: cannot be read ({error.strerror or error}); give the path of a trace") from error


def _line(path: Path, number: int, fields: dict[str, object]) -> Line | Torn:
    try:
        return Line.model_validate(fields)
    except ValidationError as error:
        first = error.errors(include_url=False, include_input=False)[0]
        return Torn(path, number, f"not a line of a trace: {'.'.join(map(str, first['loc']))}: {first['msg']}")


def _run(number: int, same: Sequence[Line]) -> Run:
    """The calls numbered on where a second process began again at 1."""
    run, calls, shift = Run(number, _name(same[0])), list[Call](), 0
    for line in same:
        before = calls[-1] if calls else None
        if before is not None and line.call + shift <= before.number:
            shift = before.number
        calls.append(Call(line.call + shift, line, cost(line, None if before is None else before.line)))
    return replace(run, calls=tuple(calls))


def _name(line: Line) -> str:
    if line.source is None:
        return f"conversation {line.key}" if line.key else "the conversation"
    return f"{line.source}, run {line.index}, window {line.window or 0:,}"


def _few(faults: Sequence[str]) -> tuple[str, ...]:
    more = len(faults) - MOST
    return (*faults[:MOST], *([f"and {more} more lines that cannot be read"] if more > 0 else []))
