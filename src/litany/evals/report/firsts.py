"""Firsts: of each kind of error the first one in its own words."""

from collections.abc import Mapping

from litany.evals.report.figures import Board


def firsts(board: Board) -> Mapping[str, str]:
    """The text of the first error of each kind, in the order of the samples."""
    found: dict[str, str] = {}
    for outcomes in board.arms.values():
        for each in outcomes:
            if each.error is not None:
                found.setdefault(each.error.kind, each.error.text)
    return found
