"""By cell: in how many cells an arm is surely better or worse than the first one, in words."""

from collections.abc import Callable

from litany.evals.report.figures import Board
from litany.evals.report.words import line, many

MOST = 12
"""Arms that are told of."""


def by_cell(board: Board, named: Callable[[str], str] = line) -> str:
    """One sentence; empty where there is one arm, or one cell. `named`: how an arm's name is written."""
    base = next(iter(board.arms))
    told = [_told(board, arm, base, named) for arm in board.arms if arm != base][:MOST]
    parts = [part for part in told if part]
    return f"Cell by cell (95 %, Holm over the cells of two arms): {'; '.join(parts)}." if parts else ""


def _told(board: Board, arm: str, base: str, named: Callable[[str], str]) -> str:
    cells = [each for each in board.cells if (each.first, each.second) == (arm, base) and each.paired.interval]
    if len(cells) < 2:
        return ""
    moved = [each.paired.interval.middle for each in cells if each.sure and each.paired.interval]
    above = sum(middle > 0 for middle in moved)
    return f"{named(arm)} above {named(base)} in {above}, below in {len(moved) - above} of {many(len(cells), 'cell')}"
