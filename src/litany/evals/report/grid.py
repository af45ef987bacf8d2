"""Grid: depth by length, a cell for each arm; too many lengths or depths are pooled with their neighbours."""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from math import ceil

from litany.evals.outcome import Outcome
from litany.evals.report.figures import Board, estimate
from litany.evals.report.words import size
from litany.evals.stats import Interval


@dataclass(frozen=True, slots=True)
class Span:
    """Neighbouring lengths or depths that are shown as one."""

    low: float
    high: float

    def said(self, how: Callable[[float], str]) -> str:
        """The value, or where it begins and ends."""
        return how(self.low) if self.low == self.high else f"{how(self.low)}–{how(self.high)}"


@dataclass(frozen=True, slots=True)
class Cell:
    """One arm at one length and depth."""

    score: Interval | None
    """None where nothing was answered."""
    right: float
    """The sum of its scores."""
    answered: int
    errors: int


@dataclass(frozen=True, slots=True)
class Grid:
    """All cells of a board."""

    lengths: tuple[Span, ...]
    depths: tuple[Span, ...]
    cells: Mapping[tuple[str, Span, Span], Cell]
    """By arm, length and depth; what was never asked is not there."""

    def length_names(self) -> list[str]:
        """As they are written."""
        return [span.said(size) for span in self.lengths]

    def depth_names(self) -> list[str]:
        """As they are written."""
        return [span.said(lambda value: f"{value:.3g}") for span in self.depths]


def grid(board: Board, lengths: int = 12, depths: int = 12) -> Grid:
    """The cells of a board, at most so many lengths and depths."""
    columns, rows = spans(board.lengths, lengths), spans(board.depths, depths)
    across = {value: span for span in columns for value in board.lengths if span.low <= value <= span.high}
    down = {value: span for span in rows for value in board.depths if span.low <= value <= span.high}
    found: dict[tuple[str, Span, Span], list[Outcome]] = {}
    for arm, outcomes in board.arms.items():
        for outcome in outcomes:
            found.setdefault((arm, across[outcome.length], down[outcome.depth]), []).append(outcome)
    return Grid(columns, rows, {place: cell(outcomes) for place, outcomes in found.items()})


def cell(outcomes: Iterable[Outcome]) -> Cell:
    """What came of the outcomes together."""
    every = list(outcomes)
    scores = [outcome.score for outcome in every if outcome.score is not None]
    return Cell(estimate(every), sum(scores), len(scores), len(every) - len(scores))


def spans(values: Iterable[float], most: int) -> tuple[Span, ...]:
    """The values, ascending, neighbours pooled so that there are at most so many."""
    ordered = sorted(set(values))
    each = ceil(len(ordered) / most)
    return tuple(Span(part[0], part[-1]) for part in (ordered[i : i + each] for i in range(0, len(ordered), each)))
