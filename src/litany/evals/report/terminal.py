"""The report for a terminal: tables of the arms, heat maps, paired differences. Nothing is printed here."""

from collections.abc import Iterable, Iterator, Sequence

from rich import box
from rich.console import Group, RenderableType
from rich.table import Table
from rich.text import Text

from litany.core.money import money
from litany.evals.report import errands
from litany.evals.report.cells import by_cell
from litany.evals.report.cuts import cuts
from litany.evals.report.figures import Board, Figures
from litany.evals.report.firsts import firsts
from litany.evals.report.grid import Cell, Grid, grid
from litany.evals.report.markdown import LEGEND, SHARED, origin, title
from litany.evals.report.words import amount, apart, around, chance, failures, line, seconds, share

RAMP = (
    ("#d4552e", "#15171a"), ("#b9502f", "#f2f2f0"), ("#98472f", "#f2f2f0"), ("#763d2e", "#f2f2f0"),
    ("#54342c", "#f2f2f0"), ("#33322f", "#f2f2f0"), ("#2a4344", "#f2f2f0"), ("#25565a", "#f2f2f0"),
    ("#226c72", "#f2f2f0"), ("#24858d", "#15171a"), ("#2aa0a9", "#15171a"),
)  # fmt: skip
"""Ground and letters of a cell, from nothing right to all right."""
WIDE = 6
"""Columns of a cell."""


def terminal(found: Figures, plain: bool, width: int = 100) -> list[RenderableType]:
    """What to print, in order. `plain`: no frames and no colours, for what is no terminal."""
    out: list[RenderableType] = [Text(f"{title(found)}: {origin(found)}"), Text()]
    for board in found.boards:
        if len(found.boards) > 1:
            out += [Text(f"{line(board.task)} on {line(board.model)}", style="" if plain else "bold")]
        out += [
            _standings(board, plain),
            *_worse(board),
            *_errors(board),
            *map(Text, filter(None, [cuts(board)])),
            *_errands(board, plain),
            Text(),
            *_maps(board, plain, width),
            *_contrasts(board, plain),
            *_costs(board, plain),
        ]
    out.append(Text(LEGEND, style="" if plain else "dim"))
    return out


def _standings(board: Board, plain: bool) -> Table:
    made = _table(plain, ("arm", "right", "n", "errors", "shape", "middle gap"), ("arm", "shape"))
    for each in board.standings:
        cells = (
            line(each.arm, 32),
            around(each.score),
            f"{each.score.n if each.score else 0}",
            f"{each.failed:,}" if each.failed else "–",
            each.verdict,
            apart(each.shape.gap if each.shape else None),
        )
        made.add_row(*map(Text, cells))
    return made


def _costs(board: Board, plain: bool) -> Iterator[RenderableType]:
    made = _table(plain, ("arm", "tokens sent", "cached", "written", "n", "time", "cost in all", "priced"), ("arm",))
    for each in board.standings:
        cells = (
            line(each.arm, 32),
            amount(each.tokens),
            f"{each.cached:.0%}",
            amount(each.completion),
            f"{each.tokens.n if each.tokens else 0}",
            seconds(each.latency),
            money(each.cost),
            f"{each.priced:,}",
        )
        made.add_row(*map(Text, cells))
    yield made
    if any(each.cached for each in board.standings):
        yield Text(SHARED, style="" if plain else "dim")
    yield Text()


def _worse(board: Board) -> Iterator[Text]:
    for each in board.standings:
        if each.worse:
            yield Text(f"{line(each.arm, 32)}: {each.worse}")


def _errors(board: Board) -> Iterator[Text]:
    for each in board.standings:
        if each.failed:
            yield Text(f"{line(each.arm, 32)}: errors: {failures(each.errors)}")
    for kind, text in firsts(board).items():
        yield Text(f"the first {kind}: {line(text, 300)}")


def _errands(board: Board, plain: bool) -> Iterator[RenderableType]:
    """What was made of worlds, where there are any."""
    if not errands.made(board):
        return
    names = ("arm", "worlds", "all done", "orders done right", "drift", "first slip", "calls")
    made = _table(plain, names, ("arm",))
    for cells in errands.rows(board):
        made.add_row(*map(Text, cells))
    yield Text()
    yield made


def _maps(board: Board, plain: bool, width: int) -> Iterator[RenderableType]:
    """The heat maps, as many beside each other as there is room for."""
    cells = grid(board, lengths=max(2, min(12, (width - 10) // (WIDE + 1))), depths=12)
    names = list(board.arms)
    one = max(len(name) for name in cells.depth_names()) + len("depth ") + len(cells.lengths) * _wide(cells) + 4
    beside = max(1, width // one)
    for start in range(0, len(names), beside):
        row = Table.grid(padding=(0, 3, 0, 0))
        part = names[start : start + beside]
        row.add_row(*(_map(name, cells, plain) for name in part))
        yield row
        yield Text()
    yield Text(_reach(cells))
    yield Text()


def _map(arm: str, cells: Grid, plain: bool) -> Group:
    wide = _wide(cells)
    edge = max(len(name) for name in cells.depth_names()) + len("depth ")
    lines = [Text(line(arm, 32), style="" if plain else "bold")]
    lines.append(Text(f"{'':{edge}}" + "".join(f"{name:>{wide}}" for name in cells.length_names())))
    for depth, name in zip(cells.depths, cells.depth_names(), strict=True):
        told = Text(f"{f'depth {name}':<{edge}}")
        for length in cells.lengths:
            told.append_text(_cell(cells.cells.get((arm, length, depth)), wide, plain))
        lines.append(told)
    return Group(*lines)


def _wide(cells: Grid) -> int:
    return max(WIDE, *(len(name) + 1 for name in cells.length_names()))


def _cell(cell: Cell | None, wide: int, plain: bool) -> Text:
    if cell is None:
        return Text(f"{'·':>{wide}}")
    if cell.score is None:
        return Text(f"{'error':>{wide}}", style="" if plain else "reverse")
    said = f"{share(cell.score.middle)}{'!' if cell.errors else ''}"
    if plain:
        return Text(f"{said:>{wide}}")
    ground, letters = RAMP[round(cell.score.middle * 10)]
    return Text(f"{said:^{wide}}", style=f"{letters} on {ground}")


def _reach(cells: Grid) -> str:
    """The n of the cells and how far their intervals reach: what the map has no room for."""
    every = [cell.score for cell in cells.cells.values() if cell.score]
    if not every:
        return "no cell was answered"
    few, most = min(each.n for each in every), max(each.n for each in every)
    reach = max(max(each.high - each.middle, each.middle - each.low) for each in every)
    counts = f"n {few}" if few == most else f"n {few} to {most}"
    errors = "; ! marks a cell with errors beside" if any(cell.errors for cell in cells.cells.values()) else ""
    return f"{counts} a cell; 95 % intervals reach at most {share(reach)} to a side{errors}"


def _contrasts(board: Board, plain: bool) -> Iterable[RenderableType]:
    pooled = [each for each in board.contrasts if each.length is None]
    if not pooled:
        return
    made = _table(plain, ("paired difference", "all cells", "n", "p (Holm)"), ("paired difference",))
    for each in pooled:
        said = f"{line(each.first, 32)} − {line(each.second, 32)}"
        cells = (said, apart(each.paired.interval), str(each.paired.n), chance(each.adjusted))
        made.add_row(*map(Text, cells))
    yield made
    yield from map(Text, filter(None, [by_cell(board)]))
    yield Text()


def _table(plain: bool, names: Sequence[str], texts: Sequence[str]) -> Table:
    """An empty table; columns that are no texts stand to the right, and only the first one folds."""
    frame, style = (None, "") if plain else (box.SIMPLE_HEAD, "bold")
    made = Table(box=frame, header_style=style, padding=(0, 1), pad_edge=False)
    for name in names:
        first = name == names[0]
        made.add_column(
            name,
            justify="left" if name in texts else "right",
            no_wrap=not first,
            overflow="fold" if first else "ellipsis",
            min_width=8 if first else None,
        )
    return made
