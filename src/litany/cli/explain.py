"""`litany explain`: a trace told in plain words: what was sent on each call, what it cost, and why."""

from __future__ import annotations

import json
import os
import shlex
import shutil
import sys
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from litany.errors import TraceError

if TYPE_CHECKING:  # rich and all of litany.explain are imported when the command runs
    from litany.cli.page import Page
    from litany.explain.read import Run, Trace

ROWS = 40
WIDE = 120
"""Columns where the output is no terminal."""
NARROW = 60

TracePath = Annotated[
    Path, typer.Argument(help="A file that `trace=` or `litany replay --trace` wrote.", metavar="TRACE")
]
CallNumber = Annotated[int | None, typer.Option("--call", help="Tell one call in full.", metavar="N")]
Compare = Annotated[bool, typer.Option("--diff", help="With --call: against the call before.")]
RunNumber = Annotated[int | None, typer.Option("--run", help="Which run of a trace that holds several.", metavar="N")]
Rows = Annotated[int, typer.Option(min=1, help="Rows of the overview; long runs are folded to fit.", metavar="N")]
AsJson = Annotated[bool, typer.Option("--json", help="One JSON object a call, a line each.")]


def explain(
    trace: TracePath,
    call: CallNumber = None,
    compare: Compare = False,
    run: RunNumber = None,
    rows: Rows = ROWS,
    as_json: AsJson = False,
) -> int:
    """Tell in plain words what a trace holds: what was sent, by section; what it cost; and why.

    Costs are in units of one uncached input token. Exit status: 0 done; 1 a part could not be read; 2 could not start.
    """
    from litany.explain.read import opened

    if compare and call is None:
        raise TraceError("--diff compares a call with the one before it; say which with --call N")
    found = opened(trace)
    told = _Told(trace, found, rows, as_json)
    if call is not None:
        chosen = found.run(run)
        told.call(chosen, chosen.place(call), compare)
    elif run is None and len(found.runs) > 1:
        told.runs()
    else:
        told.overview(found.run(run))
    for fault in found.faults:
        print(f"litany: skipped {fault}", file=sys.stderr)
    return int(bool(found.faults))


@dataclass(frozen=True, slots=True)
class _Told:
    """One command: the trace, and how it is to be told."""

    path: Path
    trace: Trace
    rows: int
    as_json: bool

    def call(self, run: Run, place: int, compare: bool) -> None:
        """One call in full."""
        if self.as_json:
            from litany.explain.plain import whole

            print(json.dumps(whole(run, place, compare)))
            return
        page = self._page()
        page.call(run, place)
        if compare:
            page.diff(run, place)

    def overview(self, run: Run) -> None:
        """One run, call by call."""
        if self.as_json:
            self._brief(run)
            return
        page = self._page()
        page.overview(run, self.rows)
        notable = max(run.calls, key=lambda call: (call.line.compacted is not None, len(call.line.edits), call.number))
        which = f" --run {run.number}" if len(self.trace.runs) > 1 else ""
        page.hint(f"litany explain {shlex.quote(str(self.path))}{which} --call {notable.number} --diff")

    def runs(self) -> None:
        """All runs: with --json each call of each, else a row a run."""
        if self.as_json:
            for run in self.trace.runs:
                self._brief(run)
            return
        page = self._page()
        page.runs(self.trace.runs)
        page.hint(f"litany explain {shlex.quote(str(self.path))} --run 1")

    def _brief(self, run: Run) -> None:
        from litany.explain.plain import brief

        for call in run.calls:
            print(json.dumps(brief(run, call)))

    def _page(self) -> Page:
        from litany.cli.page import Page

        terminal = sys.stdout.isatty()
        width = max(NARROW, shutil.get_terminal_size().columns if terminal or "COLUMNS" in os.environ else WIDE)
        return Page(width, terminal and not os.environ.get("NO_COLOR") and os.environ.get("TERM") != "dumb")
