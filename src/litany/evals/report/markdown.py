"""The report as Markdown: tables that evals/README.md can take as they are."""

from collections.abc import Iterable, Sequence

from litany.core.money import money
from litany.evals.report import errands
from litany.evals.report.cells import by_cell
from litany.evals.report.cuts import cuts
from litany.evals.report.figures import Board, Contrast, Figures
from litany.evals.report.firsts import firsts
from litany.evals.report.grid import Grid, grid
from litany.evals.report.words import (
    amount,
    apart,
    apart_ends,
    around,
    chance,
    failures,
    line,
    many,
    price,
    seconds,
    signed,
    size,
)

LEGEND = (
    "Shares of right answers, each with its 95 % interval: Wilson's where each question was asked once, else clustered "
    "by question. n are the questions. Errors are counted apart and are in no share. Differences are tested over all "
    "cells, and cell by cell. An end is called better or worse than the middle where its interval leaves out zero and "
    "fewer than one in forty dealings of the depths at random part them as far."
)
SHARED = (
    "Cached tokens and cost are as they came: arms of one case share what the provider keeps of its beginning, so that "
    "the arm that is asked first pays for the others; compare tokens, not money."
)
COLUMNS = 12
"""Depths beside each other."""


def markdown(found: Figures) -> str:
    """The whole report."""
    parts = [f"# {_plain(title(found))}", origin(found), LEGEND]
    for board in found.boards:
        parts += _board(board, len(found.boards) > 1)
    parts += _end(found)
    return "\n\n".join(part for part in parts if part) + "\n"


def title(found: Figures) -> str:
    """What was asked of whom."""
    tasks = list(dict.fromkeys(board.task for board in found.boards))
    models = list(dict.fromkeys(board.model for board in found.boards))
    named = [", ".join(line(name, 40) for name in names[:3]) + (" …" if names[3:] else "") for names in (tasks, models)]
    return f"{named[0]} on {named[1]}"


def origin(found: Figures) -> str:
    """How many samples there are, and what ran them."""
    outcomes = found.results.outcomes
    failed = sum(outcome.error is not None for outcome in outcomes)
    parts = [many(len(outcomes), "sample"), f"{many(failed, 'error')} among them" if failed else "no error"]
    if found.judge is not None:
        cost = "no price known" if found.judge.cost is None else money(found.judge.cost)
        took = f"{found.judge.tokens:,} tokens sent, {found.judge.completion:,} written, {cost}"
        parts.append(f"the judge asked {many(found.judge.calls, 'time')} ({took})")
    if found.commits:
        parts.append("commit " + ", ".join(_plain(commit) for commit in found.commits[:3]))
    return ", ".join(parts) + "."


def _board(board: Board, several: bool) -> list[str]:
    heading = [f"## {_plain(board.task)} on {_plain(board.model)}"] if several else []
    cells = grid(board, lengths=COLUMNS, depths=COLUMNS)
    return [
        *heading,
        _standings(board),
        cuts(board, _plain),
        *_errors(board),
        *_errands(board),
        *_cells(board, cells),
        *_contrasts(board),
        *_tested(board),
        _costs(board),
        *_passes(board),
    ]


def _standings(board: Board) -> str:
    rows = []
    for each in board.standings:
        shape = each.shape
        rows.append(
            [
                _plain(each.arm),
                around(each.score),
                f"{each.score.n if each.score else 0}",
                f"{each.answered:,}",
                failures(each.errors),
                each.said,
                *([apart(each_part) for each_part in (shape.primacy, shape.recency, shape.gap)] if shape else "–––"),
            ]
        )
    head = ["arm", "right", "n", "answers", "errors", "shape", "primacy", "recency", "middle gap"]
    return f"### By arm\n\n{_table(head, rows)}"


def _errors(board: Board) -> Iterable[str]:
    lines = [f"- {kind}: {_plain(text, 300)}" for kind, text in firsts(board).items()]
    if lines:
        yield "\n".join(["### The first error of each kind", "", *lines])


def _errands(board: Board) -> Iterable[str]:
    """What was made of worlds, where there are any."""
    if not errands.made(board):
        return
    yield f"### By the state of the worlds\n\n{_table(errands.HEAD, errands.rows(board, _plain))}"
    yield _table(["arms", "orders done right", "drift"], errands.contrasts(board, _plain))
    yield errands.NOTE


def _cells(board: Board, cells: Grid) -> Iterable[str]:
    rows = []
    for arm in board.arms:
        for span, name in zip(cells.lengths, cells.length_names(), strict=True):
            row = [cells.cells.get((arm, span, depth)) for depth in cells.depths]
            counts = sorted({cell.score.n for cell in row if cell and cell.score} or {0})
            told = [
                "" if cell is None else around(cell.score) + (f" ({many(cell.errors, 'error')})" if cell.errors else "")
                for cell in row
            ]
            rows.append([_plain(arm), name, "–".join(map(str, dict.fromkeys((counts[0], counts[-1])))), *told])
    head = ["arm", "length", "n", *(f"depth {name}" for name in cells.depth_names())]
    yield f"### By length and depth\n\n{_table(head, rows)}"


def _contrasts(board: Board) -> Iterable[str]:
    if not board.contrasts:
        return
    rows = [
        [
            f"{_plain(each.first)} − {_plain(each.second)}",
            "all" if each.length is None else size(each.length),
            apart(each.paired.interval),
            str(each.paired.n),
            f"{each.paired.cases:,}",
            f"{each.paired.left_out:,}",
            chance(each.adjusted),
            apart_ends(each.resampled) if each.resampled else "",
        ]
        for each in board.contrasts
    ]
    head = ["arms", "length", "difference", "n", "cases", "left out", "p (Holm)", "bootstrap"]
    yield f"### Paired differences\n\n{_table(head, rows)}"


def _tested(board: Board) -> Iterable[str]:
    """Cell by cell, the arms against the first one."""
    told = by_cell(board, _plain)
    if not told:
        return
    yield f"### Paired differences by cell\n\n{told}"
    base = next(iter(board.arms))
    cells = {(each.first, each.length, each.depth): each for each in board.cells if each.second == base}
    if max(len(board.lengths), len(board.depths)) > COLUMNS:
        return
    rows = [
        [f"{_plain(arm)} − {_plain(base)}", size(length)]
        + [_cell(cells.get((arm, length, depth))) for depth in board.depths]
        for arm in board.arms
        if arm != base
        for length in board.lengths
    ]
    yield _table(["arms", "length", *(f"depth {depth:.3g}" for depth in board.depths)], rows)


def _cell(each: Contrast | None) -> str:
    if each is None or each.paired.interval is None:
        return ""
    return f"{signed(each.paired.interval.middle)}, p {chance(each.adjusted)}"


def _costs(board: Board) -> str:
    rows = [
        [
            _plain(each.arm),
            amount(each.tokens),
            f"{each.cached:.0%}",
            amount(each.completion),
            str(each.tokens.n if each.tokens else 0),
            seconds(each.latency),
            price(each.price),
            money(each.cost),
            f"{each.priced:,}",
        ]
        for each in board.standings
    ]
    head = [
        "arm",
        "tokens sent",
        "cached",
        "tokens written",
        "n",
        "time",
        "cost of one",
        "cost in all",
        "samples priced",
    ]
    return f"### Tokens and cost\n\n{_table(head, rows)}\n\n{SHARED}"


def _passes(board: Board) -> Iterable[str]:
    most = max((len(each.passes) for each in board.standings), default=0)
    if not most:
        return
    rows = []
    for each in board.standings:
        lacking = ["–"] * (most - len(each.passes))
        told = [*map(around, each.passes), *lacking, *map(around, each.chances), *lacking]
        rows.append([_plain(each.arm), str(each.passes[0].n if each.passes else 0), *told])
    head = [f"pass{sign}{k}" for sign in "^@" for k in range(1, most + 1)]
    yield f"### Right in all (^) and in any (@) of k trials\n\n{_table(['arm', 'n', *head], rows)}"


def _end(found: Figures) -> Iterable[str]:
    results = found.results
    if results.faults:
        listed = "\n".join(f"- {_plain(fault)}" for fault in results.faults[:20])
        more = f"\n- and {len(results.faults) - 20:,} more" if results.faults[20:] else ""
        yield f"### Lines that could not be read\n\n{listed}{more}"
    if results.suite is not None:
        yield f"Run it again: `litany eval {_plain(str(results.folder / 'suite.toml'))}`"


def _table(head: Sequence[str], rows: Iterable[Sequence[str]]) -> str:
    lines = [head, ["---"] * len(head), *rows]
    return "\n".join(f"| {' | '.join(row)} |" for row in lines)


def _plain(text: str, most: int = 160) -> str:
    """A text on one line that is neither Markdown nor HTML."""
    return "".join(f"\\{letter}" if letter in "\\`*_|<>[]#&" else letter for letter in line(text, most))
