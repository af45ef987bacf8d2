"""`litany compare`: a run held against the one before it; for a CI job, by its exit status."""

from __future__ import annotations

import json
from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from litany.cli.report import console, faults, put

if TYPE_CHECKING:  # numpy, rich and all of litany.evals are imported when the command runs
    from litany.evals.compare import Comparison

Before = Annotated[Path, typer.Argument(help="The run that is held to: a folder of results.", metavar="A")]
After = Annotated[Path, typer.Argument(help="The run that is judged.", metavar="B")]
Gates = Annotated[
    list[str] | None,
    typer.Option("--gate", help='What B must reach, such as "recite - bare >= 0.05"; repeatable.', metavar="GATE"),
]
Partial = Annotated[bool, typer.Option("--partial", help="B may leave cells and cases of A out.")]
Pooled = Annotated[bool, typer.Option("--pooled", help="Fail too where an arm fell over all its cells together.")]
AsJson = Annotated[bool, typer.Option("--json", help="One JSON object: every cell and every gate.")]


def compare(
    before: Before,
    after: After,
    gates: Gates = None,
    partial: Partial = False,
    pooled: Pooled = False,
    as_json: AsJson = False,
) -> int:
    """Hold run B against run A: is a cell worse than it was (paired by case and seed, 95 %, Holm)?

    A gate reads the arms of B, pooled over cells; it holds when the lower end of the 95 % paired interval reaches the
    number. Each arm is also told over all its cells together, which shows a smaller fall than one cell can; --pooled
    makes that fail. Exit status: 0 no cell of B is below its cell of A, no arm with --pooled, and every gate holds; 1
    one is, one does not, a cell of A was not asked in B or has nothing but errors there, B answers less than nine
    tenths of A's cases, no cell could be tested, or a line could not be read; 2 could not start.
    """
    from litany.evals.compare import compare as compared
    from litany.evals.compare import gate
    from litany.evals.report import read

    asked = [gate(text) for text in gates or []]
    first, second = read(before), read(after)
    found = compared(first, second, asked, partial, pooled)
    if as_json:
        print(json.dumps(plain_comparison(found)))
    else:
        from litany.evals.report.changes import told

        made, plain = console()
        put(made, told(found, plain), plain)
    return max(faults(first, second), int(found.failed))


def plain_comparison(found: Comparison) -> dict[str, Any]:
    """The comparison as JSON has it."""
    cells = [
        {**asdict(each), "below": each.below, "above": each.above, "only_errors": each.lost} for each in found.changes
    ]
    arms = [{**asdict(each), "below": each.below} for each in found.pools]
    gates = [
        {"gate": held.gate.text, "holds": held.holds, "cases": held.paired.cases, **asdict(held.interval)}
        for held in found.gates
    ]
    counts = {"failed": found.failed, "missing": found.missing, "reworded": found.reworded}
    counts |= {"tested": found.tested, "blind": found.blind, "unanswered": found.unanswered}
    return {**counts, "cells": cells, "arms": arms, "gates": gates}
