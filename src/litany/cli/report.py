"""`litany report`: what came of an eval, in the terminal, as one HTML file and as Markdown."""

from __future__ import annotations

import json
import os
import shlex
import shutil
import sys
from collections.abc import Iterable
from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from litany.errors import EvalError

if TYPE_CHECKING:  # numpy, rich and all of litany.evals are imported when the command runs
    from rich.console import Console

    from litany.evals.report import Figures, Results

WIDE = 120
"""Columns where the output is no terminal."""
STDOUT = Path("-")

Folder = Annotated[Path, typer.Argument(help="A folder that `litany eval --out` wrote.", metavar="DIR")]
HtmlPath = Annotated[Path | None, typer.Option("--html", help="Write one self-contained page.", metavar="FILE")]
MdPath = Annotated[Path | None, typer.Option("--md", help="Write Markdown; - is standard output.", metavar="FILE")]
AsJson = Annotated[bool, typer.Option("--json", help="One JSON object: every number with its n and interval.")]


def report(folder: Folder, html: HtmlPath = None, md: MdPath = None, as_json: AsJson = False) -> int:
    """Tell what came of an eval: accuracy by depth and length, differences between arms, tokens and cost.

    Without options a table and heat maps for the terminal. Exit status: 0 done; 1 a line of the results could not be
    read; 2 could not start.
    """
    from litany.evals.report import figures, read

    found = figures(read(folder))
    if html == STDOUT:
        raise EvalError("--html - would fill the terminal with a page; name a file")
    for path in filter(None, (html, md)):
        _refused(path, found.results)
    written = [_html(found, html)] if html else []
    if md == STDOUT:
        print(_markdown(found), end="")
    elif md:
        written.append(_written(md, _markdown(found)))
    if as_json:
        print(json.dumps(plain_figures(found)))
    elif not html and not md:
        shown(found)
        print(f"next: litany report {shlex.quote(str(folder))} --html {shlex.quote(str(_beside(found)))}")
    for line in written:
        print(line, file=sys.stderr if as_json or md == STDOUT else sys.stdout)
    return faults(found.results)


def faults(*results: Results) -> int:
    """Says which lines could not be read; the exit status that makes."""
    every = [fault for each in results for fault in each.faults]
    for fault in every[:20]:
        print(f"litany: {fault}", file=sys.stderr)
    if every[20:]:
        print(f"litany: and {len(every) - 20:,} more lines that could not be read", file=sys.stderr)
    return int(bool(every))


def shown(found: Figures) -> None:
    """The table and the heat maps, on this terminal."""
    from litany.evals.report.terminal import terminal

    made, plain = console()
    put(made, terminal(found, plain, made.width), plain)


def console() -> tuple[Console, bool]:
    """Where to print, and whether it is plain: no terminal, or one without colours, or too few for the maps."""
    from rich.console import Console

    plain = not sys.stdout.isatty()
    width = max(60, shutil.get_terminal_size().columns) if not plain or "COLUMNS" in os.environ else WIDE
    bare = plain or bool(os.environ.get("NO_COLOR")) or os.environ.get("TERM") == "dumb"
    made = Console(width=width, highlight=False, markup=False, emoji=False)
    return made, bare or made.color_system in (None, "standard")


def put(made: Console, renderables: Iterable[Any], plain: bool) -> None:
    """Prints, without blanks at the ends of lines where it is plain."""
    if not plain:
        made.print(*renderables, sep="\n")
        return
    with made.capture() as held:
        made.print(*renderables, sep="\n")
    print("\n".join(line.rstrip() for line in held.get().rstrip("\n").split("\n")))


def plain_figures(found: Figures) -> dict[str, Any]:
    """The numbers as JSON has them."""
    from litany.evals.report.grid import grid

    boards = []
    for board in found.boards:
        cells = grid(board, lengths=len(board.lengths), depths=len(board.depths)).cells
        boards.append(
            {
                "task": board.task,
                "model": board.model,
                "arms": [asdict(each) for each in board.standings],
                "cells": [
                    {"arm": arm, "length": length.low, "depth": depth.low, **asdict(cell)}
                    for (arm, length, depth), cell in cells.items()
                ],
                "differences": [asdict(each) for each in board.contrasts],
                "by_cell": [asdict(each) for each in board.cells],
            }
        )
    judge = None if found.judge is None else asdict(found.judge)
    return {"samples": len(found.results.outcomes), "commits": found.commits, "judge": judge, "boards": boards}


def _html(found: Figures, path: Path) -> str:
    from litany.evals.report import html

    return _written(path, html(found))


def _markdown(found: Figures) -> str:
    from litany.evals.report import markdown

    return markdown(found)


def _beside(found: Figures) -> Path:
    return found.results.folder / "report.html"


def _refused(path: Path, results: Results) -> None:
    """Raises: EvalError where a report would be written over what it tells of."""
    kept = [results.path, results.folder / "suite.toml", results.folder / "cache.sqlite"]
    if path.is_dir():
        raise EvalError(f"{path} is a folder; name a file in it")
    if path != STDOUT and any(path.resolve() == each.resolve() for each in kept):
        raise EvalError(f"{path} holds the results themselves; write the report to another file")


def _written(path: Path, text: str) -> str:
    from litany.evals.files import replaced

    body = text.encode("utf-8", "backslashreplace")
    try:
        replaced(path, body)
    except OSError as error:
        raise EvalError(
            f"{path}: cannot be written ({error.strerror or error}); name a file in a folder that is there"
        ) from error
    return f"wrote {path} ({len(body):,} bytes)"
