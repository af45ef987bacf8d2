"""The heat map: depth down, length across, a cell coloured by its share of right answers."""

from collections.abc import Iterator

from litany.evals.report.grid import Cell, Grid
from litany.evals.report.markup import Markup, tag
from litany.evals.report.words import around, ends, line, many, share

HIGH, TOP, LETTER = 38, 24, 7.6
WIDE, NARROW = 84, 40
FEW = 6
"""Columns in which an interval has room under its share."""


def heat(cells: Grid, arm: str, top: bool = True) -> Markup:
    """One arm's map."""
    wide = WIDE if len(cells.lengths) <= FEW else NARROW
    left = round(max(len(name) for name in cells.depth_names()) * LETTER + 12)
    across, down = left + wide * len(cells.lengths), TOP + HIGH * len(cells.depths)
    return tag(
        "svg",
        _names(cells, left, wide),
        _cells(cells, arm, left, wide),
        class_="heat",
        width=across,
        height=down,
        viewBox=f"0 0 {across} {down}",
        role="img",
        aria_label=f"{line(arm, 60)}: share of right answers by depth, down, and length, across",
    )


def _names(cells: Grid, left: int, wide: int) -> Iterator[Markup]:
    for i, name in enumerate(cells.length_names()):
        yield tag("text", name, x=left + wide * (i + 0.5), y=15, class_="m")
    for i, name in enumerate(cells.depth_names()):
        yield tag("text", name, x=left - 8, y=TOP + HIGH * i + HIGH / 2 + 4, class_="e")


def _cells(cells: Grid, arm: str, left: int, wide: int) -> Iterator[Markup]:
    for i, (length, across) in enumerate(zip(cells.lengths, cells.length_names(), strict=True)):
        for j, (depth, down) in enumerate(zip(cells.depths, cells.depth_names(), strict=True)):
            cell = cells.cells.get((arm, length, depth))
            where = f"length {across}, depth {down}"
            yield _cell(cell, where, left + wide * i, TOP + HIGH * j, wide)


def _cell(cell: Cell | None, where: str, x: int, y: int, wide: int) -> Markup:
    step = "none" if cell is None else "err" if cell.score is None else f"h{round(cell.score.middle * 10)}"
    box = tag("rect", x=x + 1, y=y + 1, width=wide - 2, height=HIGH - 2, rx=3, class_=step)
    return tag("g", tag("title", f"{where}: {said(cell)}"), box, _inside(cell, x, y, wide, step))


def _inside(cell: Cell | None, x: int, y: int, wide: int, step: str) -> Iterator[Markup]:
    middle = x + wide / 2
    if cell is None:
        return
    if cell.score is None:
        yield tag("text", "error", x=middle, y=y + HIGH / 2 + 4, class_="m s")
        return
    roomy = wide == WIDE
    yield tag("text", share(cell.score.middle), x=middle, y=y + (17 if roomy else 23), class_=f"m t{step}")
    if roomy:
        yield tag("text", ends(cell.score), x=middle, y=y + 31, class_=f"m s t{step}")
    if cell.errors:
        yield tag("circle", cx=x + wide - 8, cy=y + 8, r=3, class_="mark")


def said(cell: Cell | None) -> str:
    """A cell in words."""
    if cell is None:
        return "not asked"
    errors = f", {many(cell.errors, 'error')}" if cell.errors else ""
    if cell.score is None:
        return f"no answer{errors}"
    return f"{around(cell.score)}, {cell.right:g} of {cell.answered:,} right, n {cell.score.n}{errors}"
