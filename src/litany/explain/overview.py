"""Overview: a run in a few rows, and the context of a call as a bar."""

import re
from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from itertools import groupby

from litany.explain.line import SECTIONS, Line
from litany.explain.read import Call, Run
from litany.explain.why import events

LETTERS = re.compile(r"[a-z ]+[a-z]")


@dataclass(frozen=True, slots=True)
class Row:
    """A call, or several in a row that are told together."""

    calls: Sequence[Call]

    @property
    def number(self) -> str:
        """12, or 12-25."""
        first, last = self.calls[0].number, self.calls[-1].number
        return str(first) if first == last else f"{first}-{last}"

    @property
    def line(self) -> Line:
        """Of several calls the one with the largest view."""
        return max((call.line for call in self.calls), key=lambda line: line.tokens)

    @property
    def cost(self) -> float:
        """What they cost together."""
        return sum(call.cost.total for call in self.calls)

    @property
    def said(self) -> str:
        """What happened on it; of several calls how often."""
        if len(self.calls) == 1:
            return ", ".join(events(self.calls[0].line))
        found = totals(self.calls)
        return ", ".join([f"{len(self.calls)} calls", *(f"{number} x {name}" for name, number in found.items())])


def rows(run: Run, most: int) -> list[Row]:
    """The calls in at most `most` rows where that can be: uneventful ones together, then those that only recited,
    at last so many calls a row."""
    if len(run.calls) <= most:
        return [Row([call]) for call in run.calls]
    for dull in (_uneventful, _only_recited):
        found = _folded(run.calls, dull)
        if len(found) <= most:
            return found
    each = -(-len(run.calls) // most)
    return [Row(run.calls[start : start + each]) for start in range(0, len(run.calls), each)]


def totals(calls: Sequence[Call]) -> Counter[str]:
    """How often each thing happened."""
    every = (event for call in calls for event in events(call.line))
    return Counter(found[0] if (found := LETTERS.match(event)) else event for event in every)


def cells(line: Line, width: int) -> list[tuple[str, int]]:
    """How many cells of a bar each section fills, the bar being the budget; what is not empty fills one at least."""
    sizes = [(name, max(0, getattr(line.sections, name))) for name in SECTIONS]
    whole = max(line.budget, sum(size for _, size in sizes), 1)
    filled = {name: max(1, round(size * width / whole)) for name, size in sizes if size}
    while filled and sum(filled.values()) > width and max(filled.values()) > 1:
        filled[max(filled, key=lambda name: filled[name])] -= 1
    return list(filled.items())


def _folded(calls: Sequence[Call], dull: Callable[[Call], bool]) -> list[Row]:
    found: list[Row] = []
    for quiet, same in groupby(calls, dull):
        these = list(same)
        found += [Row(these)] if quiet else [Row([call]) for call in these]
    return found


def _uneventful(call: Call) -> bool:
    return not events(call.line)


def _only_recited(call: Call) -> bool:
    return set(events(call.line)) <= {"recited"}
