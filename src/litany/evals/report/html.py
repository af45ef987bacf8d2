"""The report as one HTML file: pictures inside, no network, readable without scripts, at most 300 kB."""

from base64 import b64encode
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cache
from hashlib import sha256
from html import escape
from importlib.resources import files
from string import Template

from litany.evals.report import errands
from litany.evals.report.cells import by_cell
from litany.evals.report.charts.bars import bars
from litany.evals.report.charts.curves import curves, legend
from litany.evals.report.charts.forest import forest
from litany.evals.report.charts.heat import heat
from litany.evals.report.cuts import cuts
from litany.evals.report.figures import Board, Contrast, Figures, Standing
from litany.evals.report.grid import grid
from litany.evals.report.markdown import LEGEND, SHARED, origin, title
from litany.evals.report.markup import Markup, joined, table, tag
from litany.evals.report.samples import samples
from litany.evals.report.words import apart, around, chance, clipped, failures, line, many, shown

LIMIT = 300_000
"""Bytes that the file stays below."""


@dataclass(frozen=True, slots=True)
class Detail:
    """How much the page tells."""

    boards: int
    """Tasks that are told in full."""
    arms: int
    """Arms of each."""
    cells: int
    """Lengths, and depths, of a heat map."""
    samples: int
    characters: int
    """Of a sample's prompt, answer or truth."""
    panels: int = 6
    """Lengths that have curves of their own."""
    points: int = 24
    """Of a curve."""
    parts: bool = True
    """Differences length by length."""


LEVELS = (
    Detail(40, 40, 12, 100, 1_200),
    Detail(40, 40, 12, 100, 500),
    Detail(40, 40, 12, 100, 240),
    Detail(24, 24, 10, 100, 120, panels=4, points=12, parts=False),
    Detail(12, 16, 8, 60, 120, panels=2, points=8, parts=False),
    Detail(6, 12, 6, 40, 120, panels=2, points=6, parts=False),
    Detail(3, 8, 4, 20, 80, panels=1, points=5, parts=False),
)
"""The first one that fits is taken; the last one always does."""


def html(found: Figures) -> str:
    """The whole page."""
    page = ""
    for detail in LEVELS:
        page = _page(found, detail)
        if len(page.encode()) < LIMIT:
            break
    return page


def _page(found: Figures, detail: Detail) -> str:
    script = _asset("page.js")
    return Template(_asset("page.html")).substitute(
        hash=b64encode(sha256(script.encode()).digest()).decode(),
        title=escape(shown(f"litany: {title(found)}")),
        style=_asset("page.css"),
        body=joined(_body(found, detail)),
        script=script,
    )


@cache
def _asset(name: str) -> str:
    return (files("litany.evals.report") / name).read_text(encoding="utf-8").strip()


def _body(found: Figures, detail: Detail) -> Iterator[Markup]:
    boards = found.boards[: detail.boards]
    yield tag("header", tag("h1", title(found)), tag("p", origin(found), class_="dim"), _contents(boards))
    sections = (_board(board, detail, f"t{i}", len(found.boards) > 1) for i, board in enumerate(boards))
    more = len(found.boards) - len(boards)
    rest = tag("p", f"and {many(more, 'more task')}, told in the Markdown report", class_="note") if more else None
    yield tag("main", sections, rest, samples(found.results, detail.samples, detail.characters))
    yield tag("footer", _end(found))


def _contents(boards: Sequence[Board]) -> Markup | None:
    if len(boards) < 2:
        return None
    links = (tag("a", line(f"{board.task} on {board.model}", 60), href=f"#t{i}") for i, board in enumerate(boards))
    return tag("nav", links, tag("a", "samples", href="#samples"), aria_label="Contents")


def _board(board: Board, detail: Detail, name: str, several: bool) -> Markup:
    arms = list(board.arms)[: detail.arms]
    standings = [each for each in board.standings if each.arm in arms]
    left = len(board.arms) - len(arms)
    parts = [
        tag("h2", line(f"{board.task} on {board.model}", 120)) if several else None,
        _found(board),
        _standings(standings),
        tag("p", cuts(board), class_="note") if cuts(board) else None,
        tag("p", f"and {many(left, 'more arm')}, told in the Markdown report", class_="note") if left else None,
        _errands(board),
        _maps(board, arms, detail.cells),
        _curves(board, arms, detail),
        _differences(board, arms, detail.parts),
        tag("section", tag("h3", "What it takes"), bars(standings), tag("p", SHARED, class_="note"), class_="costs"),
    ]
    return tag("section", parts, id=name)


def _found(board: Board) -> Markup | None:
    """The pooled differences from the first arm in words: what a reader came for."""
    base = next(iter(board.arms))
    pooled = [each for each in board.contrasts if each.length is None and each.second == base]
    told = [tag("li", _said(each)) for each in pooled[:8] if each.paired.interval is not None]
    return tag("ul", told, class_="found") if told else None


def _said(each: Contrast) -> Iterator[Markup | str]:
    first, second, interval = line(each.first, 40), line(each.second, 40), each.paired.interval
    yield tag("b", first)
    if interval is None or not each.sure:
        yield f" is not shown to differ from {second}: "
    else:
        yield f" answers {'more' if interval.middle > 0 else 'less'} right than {second}: "
    yield f"{apart(interval)}, n {each.paired.n}, p {chance(each.adjusted)} (Holm)"


def _standings(standings: Sequence[Standing]) -> Markup:
    head = ["arm", "right", "n", "answers", "errors", "shape", "primacy", "recency", "middle gap"]
    rows = [_standing(each) for each in standings]
    passes = max((len(each.passes) for each in standings), default=0)
    for each, row in zip(standings, rows, strict=True):
        lacking = ["–"] * (passes - len(each.passes))
        row += [*map(around, each.passes), *lacking, *map(around, each.chances), *lacking]
    head += [f"pass{sign}{k}" for sign in "^@" for k in range(1, passes + 1)]
    note = tag("p", LEGEND, class_="note")
    return tag("section", tag("h3", "By arm"), table(head, rows), note)


def _standing(each: Standing) -> list[str]:
    shape = each.shape
    parts = [apart(part) for part in (shape.primacy, shape.recency, shape.gap)] if shape else ["–"] * 3
    counts = [f"{each.score.n if each.score else 0}", f"{each.answered:,}", failures(each.errors)]
    return [line(each.arm, 60), around(each.score), *counts, each.verdict, *parts]


def _errands(board: Board) -> Markup | None:
    """What was made of worlds, where there are any."""
    if not errands.made(board):
        return None
    tables = [
        table(errands.HEAD, list(errands.rows(board))),
        table(["arms", "orders done right", "drift"], list(errands.contrasts(board))),
    ]
    return tag("section", tag("h3", "By the state of the worlds"), *tables, tag("p", errands.NOTE, class_="note"))


def _maps(board: Board, arms: Sequence[str], most: int) -> Markup:
    cells = grid(board, lengths=most, depths=most)
    pictures = (tag("figure", tag("figcaption", line(arm, 60)), heat(cells, arm)) for arm in arms)
    counts = sorted({cell.score.n for cell in cells.cells.values() if cell.score} or {0})
    n = f"{counts[0]}" if len(counts) == 1 else f"{counts[0]} to {counts[-1]}"
    ramp = (tag("rect", x=i * 14, y=0, width=14, height=14, class_=f"h{i}") for i in range(11))
    scale = tag("span", tag("svg", ramp, width=154, height=14, aria_hidden="true"), class_="ramp")
    errors = ". A ring marks a cell with errors beside its answers"
    ringed = errors if any(cell.errors for cell in cells.cells.values()) else ""
    note = tag(
        "p", "Share of right answers: 0", scale, f"1. Length across, depth down; n {n} a cell{ringed}.", class_="note"
    )
    return tag("section", tag("h3", "By depth and length"), note, tag("div", pictures, class_="maps"))


def _curves(board: Board, arms: Sequence[str], detail: Detail) -> Markup:
    panels = tag("div", curves(board, arms[:12], detail.panels, detail.points), class_="panels")
    return tag("section", tag("h3", "Share of right answers by depth"), legend(arms[:12]), panels)


def _differences(board: Board, arms: Sequence[str], parts: bool) -> Markup | None:
    told = [
        each
        for each in board.contrasts
        if each.first in arms and each.second in arms and (parts or each.length is None)
    ]
    if not told:
        return None
    note = "The same cases in both arms; all cells pooled and tested, then length by length, for looking."
    cells = tag("p", said, class_="note") if (said := by_cell(board)) else None
    return tag("section", tag("h3", "Paired differences"), tag("p", note, class_="note"), forest(told), cells)


def _end(found: Figures) -> Iterator[Markup]:
    results = found.results
    if results.faults:
        listed = (tag("li", line(fault, 300)) for fault in results.faults[:20])
        more = tag("li", f"and {len(results.faults) - 20:,} more") if results.faults[20:] else None
        yield tag("section", tag("h3", "Lines that could not be read"), tag("ul", listed, more))
    if results.suite is not None:
        body = tag("pre", clipped(results.suite, 4_000))
        yield tag("details", tag("summary", "suite.toml: how to run it again"), body)
    yield tag("p", "All samples are in outcomes.jsonl, one a line.")
