"""Sums: reports added up, a line of the table each."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from statistics import median

from litany.replay.report import Report

MANY = 12
"""More runs than these are shown a line a file."""


@dataclass(frozen=True, slots=True)
class Sum:
    """Reports of one window, added up."""

    name: str
    window: int
    reports: tuple[Report, ...]

    def total(self, key: str) -> float:
        """The sum of a field, or of a count of what it holds."""
        values = [getattr(report, key) for report in self.reports]
        return sum(len(value) if isinstance(value, tuple) else value for value in values)

    @property
    def largest(self) -> int:
        """Tokens of the largest request."""
        return max((report.max_view_tokens for report in self.reports), default=0)

    @property
    def faults(self) -> int:
        """Rules broken, calls over their budget, messages that do not come back."""
        return int(self.total("violations") + self.total("over_budget_calls") + self.total("recall_missing"))

    @property
    def ms(self) -> float:
        """Milliseconds a call, the median over the runs."""
        return median([report.ms_median for report in self.reports] or [0.0])

    @property
    def rivals(self) -> Mapping[str, float]:
        """The cost of each baseline."""
        costs: dict[str, float] = {}
        for rival in (rival for report in self.reports for rival in report.against):
            costs[rival.name] = costs.get(rival.name, 0.0) + rival.cost
        return costs


def lines(reports: Sequence[Report]) -> list[Sum]:
    """A line a run and window, or with many runs a line a file and window."""
    runs = {(report.source, report.index) for report in reports}
    alone = len({source for source, _ in runs}) == len(runs)
    if len(runs) > MANY:
        return _grouped(reports, lambda report: _short(report.source))
    return _grouped(reports, lambda report: _short(report.source) + ("" if alone else f" #{report.index}"))


def totals(reports: Sequence[Report]) -> list[Sum]:
    """All runs, a line a window."""
    count = len({(report.source, report.index) for report in reports})
    return _grouped(reports, lambda _: f"all {count} runs")


def _grouped(reports: Iterable[Report], name: Callable[[Report], str]) -> list[Sum]:
    groups: dict[tuple[str, int], list[Report]] = {}
    for report in reports:
        groups.setdefault((name(report), report.window), []).append(report)
    return [Sum(title, window, tuple(inside)) for (title, window), inside in groups.items()]


def _short(source: str) -> str:
    path = Path(source)
    return "/".join([*path.parts[-2:-1], path.name.split(".json")[0]])
