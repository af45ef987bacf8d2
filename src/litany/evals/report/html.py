"""The report as one HTML file: pictures inside, no network, readable without scripts, at most 300 kB."""

from base64 import b64encode
from collections.abc import Iterator, Sequence
from dataclasses import replace
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
from litany.evals.report.detail import LEVELS, Detail
from litany.evals.report.figures import Board, Contrast, Figures, Standing
from litany.evals.report.grid import grid
from litany.evals.report.markdown import LEGEND, SHARED, origin, title
from litany.evals.report.markup import Markup, joined, table, tag
from litany.evals.report.samples import samples
from litany.evals.report.words import apart, around, chance, clipped, failures, line, many, shown

LIMIT = 300_000
"""Bytes that the file stays below."""

LEADING = ("bare", "last-n", "recite", "litany", "placebo")
"""Arms that are drawn where there is room for a few."""


def html(found: Figures) -> str:
    """The whole page."""
    page = ""
    for detail in (each for each in LEVELS if not each.hopeless(found, LIMIT)):
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
        _errands(board, arms, detail),
        *_pictures(board, _drawn(arms, detail.drawn), len(arms), detail),
        _differences(board, arms, detail),
        _costs(standings, detail.bars),
    ]
    return tag("section", parts, id=name)


def _found(board: Board) -> Markup | None:
    """Each arm's pooled differences, from the first arm and from the placebo, in words: what a reader came for."""
    pooled = [each for each in board.contrasts if each.length is None and each.paired.interval is not None]
    arms = list(dict.fromkeys(each.first for each in pooled))[:8]
    told = (
        tag("li", tag("b", line(arm, 40)), " ", "; ".join(_said(each) for each in pooled if each.first == arm))
        for arm in arms
    )
    return tag("ul", told, class_="found") if arms else None


def _said(each: Contrast) -> str:
    interval = each.paired.interval
    shown = "is not shown to differ from"
    if interval is not None and each.sure:
        shown = f"answers {'more' if interval.middle > 0 else 'less'} right than"
    return f"{shown} {line(each.second, 40)}: {apart(interval)}, n {each.paired.n}, p {chance(each.adjusted)} (Holm)"


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


def _standing(each: Standing) -> list[Markup | str]:
    shape = each.shape
    parts = [apart(part) for part in (shape.primacy, shape.recency, shape.gap)] if shape else ["–"] * 3
    counts = [f"{each.score.n if each.score else 0}", f"{each.answered:,}", failures(each.errors)]
    return [line(each.arm, 60), around(each.score), *counts, tag("span", each.said, class_="fold"), *parts]


def _drawn(arms: Sequence[str], most: int) -> list[str]:
    """So many at most, in their order: what litany is about before the rest."""
    names = {arm: arm.partition("@")[0] for arm in arms}
    chosen = sorted(arms, key=lambda arm: LEADING.index(names[arm]) if names[arm] in LEADING else len(LEADING))[:most]
    return [arm for arm in arms if arm in chosen]


def _pictures(board: Board, drawn: Sequence[str], arms: int, detail: Detail) -> Iterator[Markup | None]:
    if not drawn:
        yield tag("p", "There is no room for pictures here; the Markdown report tells every cell.", class_="note")
        return
    if len(drawn) < arms:
        yield tag("p", f"Of the {arms} arms {len(drawn)} are drawn; the tables tell of all.", class_="note")
    yield _maps(board, drawn, detail.cells)
    if detail.panels:
        yield _curves(board, drawn, detail)


def _costs(standings: Sequence[Standing], full: bool) -> Markup | None:
    if not any(each.answered for each in standings):
        return None
    note = tag("p", SHARED, class_="note")
    return tag("section", tag("h3", "What it takes"), bars(standings, full), note, class_="costs")


def _errands(board: Board, arms: Sequence[str], detail: Detail) -> Markup | None:
    """What was made of worlds, where there are any; of every two arms where there is room, else against the first."""
    shown = replace(board, arms={arm: board.arms[arm] for arm in arms})
    if not errands.made(shown):
        return None
    tables = [
        table(errands.HEAD, list(errands.rows(shown))),
        table(["arms", "orders done right", "drift"], list(errands.contrasts(shown, every=detail.parts))),
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


def _curves(board: Board, arms: Sequence[str], detail: Detail) -> Markup | None:
    panels = list(curves(board, arms[:12], detail.panels, detail.points))
    if not panels:
        return None
    made = tag("div", panels, class_="panels")
    return tag("section", tag("h3", "Share of right answers by depth"), legend(arms[:12]), made)


def _differences(board: Board, arms: Sequence[str], detail: Detail) -> Markup | None:
    base = next(iter(board.arms))
    told = [
        each
        for each in board.contrasts
        if each.first in arms
        and each.second in arms
        and (detail.parts or each.length is None)
        and (detail.placebo or each.second == base or each.first.partition("@")[0] == "recite")
    ]
    if not any(each.paired.interval for each in told):
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
