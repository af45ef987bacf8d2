"""Curves over depth: a panel for each length, a line for each arm, every point with its interval."""

from collections.abc import Iterator, Sequence
from dataclasses import replace

from litany.evals.report.figures import Board
from litany.evals.report.grid import Grid, Span, cell, grid
from litany.evals.report.markup import Markup, tag
from litany.evals.report.words import around, line
from litany.evals.stats import Interval

WIDE, HIGH, LEFT, RIGHT, TOP, BOTTOM = 340, 220, 34, 12, 12, 34
COLOURS = 8
"""Arms that have a colour of their own; the rest take them again, dashed."""


def curves(board: Board, arms: Sequence[str], panels: int, points: int) -> Iterator[Markup]:
    """The panels: every length, and where there are several, all of them together; so many at most, pooled else.

    A length at which nothing was answered has none.
    """
    cells = grid(board, lengths=panels, depths=points)
    answered = {length for (arm, length, _), each in cells.cells.items() if each.score and arm in arms}
    for length, name in zip(cells.lengths, cells.length_names(), strict=True):
        if length in answered:
            yield _panel(cells, length, f"length {name}", arms)
    if len(answered) > 1:
        yield _panel(*_pooled(board, arms, cells), "all lengths", arms)


def legend(arms: Sequence[str]) -> Markup:
    """Which line is which arm."""
    items = (
        tag("li", tag("svg", _sample(i), width=34, height=12, aria_hidden="true"), line(arm, 60))
        for i, arm in enumerate(arms)
    )
    return tag("ul", items, class_="legend")


def _sample(i: int) -> Iterator[Markup]:
    yield tag("line", x1=1, x2=33, y1=6, y2=6, class_=_line(i))
    yield _mark(i, 17.0, 6.0)


def _pooled(board: Board, arms: Sequence[str], cells: Grid) -> tuple[Grid, Span]:
    every = Span(cells.lengths[0].low, cells.lengths[-1].high)
    found = {
        (arm, every, depth): cell(each for each in board.arms[arm] if depth.low <= each.depth <= depth.high)
        for arm in arms
        for depth in cells.depths
    }
    return replace(cells, lengths=(every,), cells=found), every


def _panel(cells: Grid, length: Span, name: str, arms: Sequence[str]) -> Markup:
    lines = (_arm(cells, length, arm, i, len(arms)) for i, arm in enumerate(arms))
    picture = tag(
        "svg",
        _axes(cells),
        lines,
        class_="curve",
        viewBox=f"0 0 {WIDE} {HIGH}",
        role="img",
        aria_label=f"Share of right answers by depth, {name}",
    )
    return tag("figure", tag("figcaption", name), picture)


def _axes(cells: Grid) -> Iterator[Markup]:
    for share in (0.0, 0.25, 0.5, 0.75, 1.0):
        yield tag("line", x1=LEFT, x2=WIDE - RIGHT, y1=_y(share), y2=_y(share), class_="rule" if share else "axis")
        yield tag("text", f"{share:g}", x=LEFT - 6, y=_y(share) + 4, class_="e s")
    names, last = cells.depth_names(), -99.0
    for span, name in zip(cells.depths, names, strict=True):
        at = _x(span, cells)
        if at - last >= len(name) * 6.5 + 6:
            yield tag("text", name, x=at, y=HIGH - BOTTOM + 16, class_="m s")
            last = at
    yield tag("text", "depth: 0 the beginning, 1 the end", x=(LEFT + WIDE - RIGHT) / 2, y=HIGH - 3, class_="m s dim")


def _arm(cells: Grid, length: Span, arm: str, i: int, arms: int) -> Markup:
    aside = (i - (arms - 1) / 2) * min(5.0, 24 / arms)
    found = [(span, cells.cells.get((arm, length, span))) for span in cells.depths]
    points = [(_x(span, cells) + aside, span, each.score) for span, each in found if each and each.score]
    path = " ".join(f"{x:.1f},{_y(score.middle):.1f}" for x, _, score in points)
    marks = (
        _point(i, x, score, f"{line(arm, 40)}, depth {span.said(lambda v: f'{v:.3g}')}") for x, span, score in points
    )
    return tag("g", tag("polyline", points=path, class_=_line(i)), marks)


def _point(i: int, x: float, score: Interval, where: str) -> Markup:
    bar = tag("line", x1=x, x2=x, y1=_y(score.low), y2=_y(score.high), class_=f"bar a{i % COLOURS}")
    return tag("g", tag("title", f"{where}: {around(score)}, n {score.n}"), bar, _mark(i, x, _y(score.middle)))


def _mark(i: int, x: float, y: float) -> Markup:
    colour = f"dot a{i % COLOURS}"
    if i % 3 == 0:
        return tag("circle", cx=x, cy=y, r=3.4, class_=colour)
    if i % 3 == 1:
        return tag("rect", x=x - 3, y=y - 3, width=6, height=6, class_=colour)
    return tag("path", d=f"M{x:.1f} {y - 4.4:.1f}l4 7h-8z", class_=colour)


def _line(i: int) -> str:
    return f"ln a{i % COLOURS}{' dash' if i >= COLOURS else ''}"


def _x(span: Span, cells: Grid) -> float:
    """Depths stand where they are; pooled ones in the middle of their span."""
    low, high = cells.depths[0].low, cells.depths[-1].high
    place = ((span.low + span.high) / 2 - low) / (high - low) if high > low else 0.5
    return LEFT + 14 + place * (WIDE - LEFT - RIGHT - 28)


def _y(share: float) -> float:
    return TOP + (1 - share) * (HIGH - TOP - BOTTOM)
