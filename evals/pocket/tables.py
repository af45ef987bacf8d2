"""What came of the examination, counted by cell, with intervals, as Markdown."""

import json
from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from litany.evals.stats import paired, wilson


@dataclass(frozen=True, slots=True)
class Answer:
    """What came of one question at one depth."""

    task: str
    arm: str
    length: int
    """Tokens at most."""
    seed: int
    depth: float
    tokens: int
    """Tokens in fact."""
    answer: str
    truth: str
    right: bool


@dataclass(frozen=True, slots=True)
class Counted:
    """One cell."""

    task: str
    arm: str
    length: int
    depth: float
    asked: int
    right: int


@dataclass(frozen=True, slots=True)
class Difference:
    """Two arms on the same questions, pooled over depths."""

    arm: str
    base: str
    length: int
    middle: float
    """Share of right answers in `arm` less that in `base`."""
    low: float
    high: float
    """Student's 95 % interval, clustered by question."""
    questions: int

    def __str__(self) -> str:
        points = f"{100 * self.middle:+.1f} points [{100 * self.low:+.1f}, {100 * self.high:+.1f}]"
        where = f"{self.arm} - {self.base} at {self.length:,} tokens"
        return f"{where}: {points}, {self.questions} questions at every depth"


def counted(found: Iterable[Answer]) -> list[Counted]:
    """The answers by cell, in the order in which the cells come."""
    by = defaultdict[tuple[str, str, int, float], list[bool]](list)
    for one in found:
        by[one.task, one.arm, one.length, one.depth].append(one.right)
    return [Counted(*cell, len(right), sum(right)) for cell, right in by.items()]


def difference(found: Iterable[Answer], arm: str, base: str, length: int, task: str = "needle") -> Difference | None:
    """How much more is right in one arm than in another, question by question. None of one question."""
    right = {(one.arm, one.seed, one.depth): one.right for one in found if (one.task, one.length) == (task, length)}
    asked = [(seed, depth) for name, seed, depth in right if name == arm]
    apart = paired(
        [right[arm, *each] for each in asked], [right[base, *each] for each in asked], [seed for seed, _ in asked]
    )
    if apart is None:
        return None
    between = apart.interval
    return Difference(arm, base, length, between.middle, between.low, between.high, between.n)


def table(cells: Sequence[Counted], tasks: Sequence[str] | None = None) -> Iterator[str]:
    """A row for each task, arm and length, a column for each depth: per cent right, and Wilson's interval."""
    chosen = [cell for cell in cells if tasks is None or cell.task in tasks]
    depths = sorted({cell.depth for cell in chosen})
    rows = defaultdict[tuple[str, str, int], dict[float, Counted]](dict)
    for cell in chosen:
        rows[cell.task, cell.arm, cell.length][cell.depth] = cell
    yield "| task | arm | tokens | " + " | ".join(f"{depth:g}" for depth in depths) + " |"
    yield "|---|---|---|" + "---|" * len(depths)
    for (task, arm, length), row in rows.items():
        yield f"| {task} | {arm} | {length:,} | " + " | ".join(_shown(row[depth]) for depth in depths) + " |"


def _shown(cell: Counted) -> str:
    share = wilson(cell.right, cell.asked)
    return f"{100 * share.middle:.0f} [{100 * share.low:.0f}-{100 * share.high:.0f}]"


def cells_in(path: Path) -> list[Counted]:
    """The cells that a run of measure.py left."""
    return [Counted(**json.loads(line)) for line in path.read_text(encoding="utf-8").splitlines()]


def differences_in(path: Path) -> list[Difference]:
    """The differences that it left."""
    return [Difference(**json.loads(line)) for line in path.read_text(encoding="utf-8").splitlines()]
