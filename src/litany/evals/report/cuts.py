"""Cuts: in how many answers an arm that can cut did so; where nothing was cut, it is another name for no cut at all."""

from collections.abc import Callable

from litany.evals.report.figures import Board
from litany.evals.report.words import line

MOST = 12
"""Arms that are told of."""


def cuts(board: Board, named: Callable[[str], str] = line) -> str:
    """One sentence; empty where no arm can cut. `named`: how an arm's name is written."""
    told = [_told(board, arm, named(arm)) for arm in board.arms]
    parts = [part for part in told if part][:MOST]
    return f"Of the answers, the history was cut in: {', '.join(parts)}." if parts else ""


def _told(board: Board, arm: str, name: str) -> str:
    details = [each.details for each in board.arms[arm] if each.details and each.error is None]
    found = [each["compacted"] for each in details if "compacted" in each]
    return f"{name} {sum(map(bool, found)) or 'none'} of {len(found):,}" if found else ""
