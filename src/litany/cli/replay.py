"""`litany replay`: recorded runs of real agents, walked call by call. No model is asked."""

from __future__ import annotations

import json
import os
import shlex
import sys
import traceback
from contextlib import ExitStack, closing
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from litany.cli.progress import Progress
from litany.cli.settings import from_file, from_settings, listed, size
from litany.cli.tracing import opened, refused
from litany.errors import LitanyError, PolicyError

if TYPE_CHECKING:  # rich, tiktoken and all of litany.replay are imported when the command runs
    from litany.replay.jobs import Done, Terms
    from litany.replay.report import Report
    from litany.replay.walk import Walk
    from litany.trace import TraceFile

WINDOW = "32k"
WIDE = 200
"""Columns where the output is no terminal."""

Paths = Annotated[list[Path], typer.Argument(help="Files or folders of runs: .json, .jsonl, .gz.", metavar="PATH")]
Windows = Annotated[
    list[str] | None,
    typer.Option("--window", help=f"Tokens the model takes: 8k,32k,128k. [default: {WINDOW}]", metavar="SIZE,..."),
]
Reserve = Annotated[str | None, typer.Option(help="Tokens left free for the answer.", metavar="SIZE")]
PolicyFile = Annotated[Path | None, typer.Option("--policy", help="A TOML file of Policy fields.", metavar="FILE")]
Settings = Annotated[list[str] | None, typer.Option("--set", help="One Policy field; repeatable.", metavar="KEY=VALUE")]
GoalOption = Annotated[
    str | None, typer.Option(help="first-user, system, none or a text. [default: by the run]", metavar="GOAL")
]
Against = Annotated[
    list[str] | None, typer.Option(help="Baselines: full, sliding, clear, compact.", metavar="NAME,...")
]
TracePath = Annotated[
    Path | None, typer.Option("--trace", help="Write a JSON line a call; see `litany explain`.", metavar="FILE")
]
AsJson = Annotated[bool, typer.Option("--json", help="One JSON object a run and window, a line each.")]
Jobs = Annotated[int | None, typer.Option(min=1, help="Processes. [default: one a processor]", metavar="N")]


def replay(
    paths: Paths,
    window: Windows = None,
    reserve: Reserve = None,
    policy: PolicyFile = None,
    settings: Settings = None,
    goal: GoalOption = None,
    against: Against = None,
    trace: TracePath = None,
    as_json: AsJson = False,
    jobs: Jobs = None,
) -> int:
    """Replay recorded runs: build the view of each call, check it strictly, price it. No model is asked.

    Reads OpenAI chat, Anthropic blocks, tau2-bench, SWE-agent, mini-swe-agent, Who&When, and the session files of
    Claude Code and Codex. Exit status: 0 done; 1 a run could not be read or broke a rule; 2 could not start.
    """
    try:
        refusal = None if trace is None else refused(trace, paths)
        if refusal is not None:
            for text in refusal:
                print(f"litany: {' '.join(text.split())}", file=sys.stderr)
            return 2
        table = _table(policy, settings or [], {"window": window, "reserve": reserve})
        if reserve is not None:
            table["reserve"] = size(reserve, "--reserve")
        terms = _terms(table, window or [], goal, against or [], trace is not None)
        with ExitStack() as stack:
            out = opened(stack, trace)
            return _Session(paths, terms, as_json, out, jobs or os.cpu_count() or 1).run()
    except KeyboardInterrupt:
        print("litany: interrupted before anything was done", file=sys.stderr)
        return 130


def _table(policy: Path | None, settings: list[str], options: dict[str, object]) -> dict[str, Any]:
    """The Policy fields of file and settings, each said once on the command line."""
    own = from_settings(settings)
    for key, value in options.items():
        if value is not None and key in own:
            raise PolicyError(f"--{key} and --set {key}= are both given; leave one out")
    table = {**(from_file(policy) if policy else {}), **own}
    if table.get("shadow") is True:
        raise PolicyError("`shadow` is true; a replay measures what would be sent: leave it out")
    return table


def _terms(table: dict[str, Any], windows: list[str], goal: str | None, against: list[str], traced: bool) -> Terms:
    from litany.replay.against import BASELINES
    from litany.replay.goal import WAYS
    from litany.replay.jobs import Terms
    from litany.tokens import counter

    if goal is not None and not goal.strip():
        raise PolicyError(f"--goal is blank; write {', '.join(WAYS)} or a text")
    given = table.pop("window", None)
    sizes = tuple(size(text, "--window") for text in listed(windows, "--window")) or (
        size(WINDOW, "") if given is None else given,
    )
    names = listed(against, "--against")
    for name in names:
        if name not in BASELINES:
            raise PolicyError(f"--against {name!r}: there are {', '.join(BASELINES)}")
    terms = Terms(table, sizes, goal, names, traced)
    for each in sizes:
        counter(terms.policy(each).encoding)("one text, so that a missing table is told once, here")
    return terms


@dataclass(slots=True)
class _Session:
    """One command: what it replays, and what came of it so far."""

    paths: list[Path]
    terms: Terms
    as_json: bool
    trace: TraceFile | None
    processes: int
    reports: list[Report] = field(default_factory=list)
    failed: bool = False
    progress: Progress = field(default_factory=Progress)
    share: float = 0.0
    """How much of all that there is to read is done."""
    at: str = ""
    """The file of the last run that is done."""

    def run(self) -> int:
        """The exit status."""
        from litany.replay.jobs import done, found

        try:
            with closing(done(found(self.paths), self.terms, self.processes)) as items:
                for item in items:
                    self._take(item)
        except KeyboardInterrupt:
            self._end()
            self._say(f"interrupted after {self._runs} runs; to go on: {self._rest()}")
            return 130
        self._end()
        return int(self.failed or any(report.failed for report in self.reports))

    @property
    def _runs(self) -> int:
        return len({(report.source, report.index) for report in self.reports})

    def _take(self, item: Done) -> None:
        try:
            walks = item.result()
            self._goalless(walks[0].report)
            for walk in walks:
                self._keep(walk)
        except LitanyError as error:
            self.failed = True
            self._say(str(error))
        except Exception as error:  # noqa: BLE001 -- one run must not stop the rest
            self.failed = True
            self._say(
                f"{item.path}, run {item.index}: internal error: {type(error).__name__}: {error}; please report it"
            )
            if debugging():
                traceback.print_exc()
        self.share, self.at = self.share + item.share, item.path
        self.progress.at(self.share, f"{self._runs} runs")

    def _goalless(self, report: Report) -> None:
        if self.terms.goal == "system" and report.goal_source == "none":
            self._say(f"{report.source}, run {report.index}: it has no system text for --goal system; its goal is none")

    def _keep(self, walk: Walk) -> None:
        report = walk.report
        self.reports.append(report)
        if self.as_json:
            self.progress.clear()
            print(json.dumps(report.plain()), flush=True)
        if self.trace is not None:
            where = {"source": report.source, "index": report.index, "window": report.window}
            for line in walk.trace:
                self.trace({**where, **line, "key": ""})

    def _end(self) -> None:
        self.progress.clear()
        if self.as_json or not self.reports:
            return
        from rich.console import Console

        from litany.replay.table import remarks, table

        plain = not sys.stdout.isatty()
        console = Console(width=WIDE if plain else None, highlight=False, markup=False, emoji=False)
        console.print(table(self.reports, plain))
        for text in remarks(self.reports):
            console.print(text, soft_wrap=plain)

    def _say(self, text: str) -> None:
        self.progress.clear()
        print(f"litany: {' '.join(text.split())}", file=sys.stderr, flush=True)

    def _rest(self) -> str:
        """The command for the files that are left, the one at work included."""
        from litany.replay.find import find

        files = [str(file) for file in find(self.paths) if isinstance(file, Path)]
        left = files[files.index(self.at) :] if self.at in files else files
        return f"litany replay {shlex.join(left[:20])}{' ...' if len(left) > 20 else ''} (and the same options)"


def debugging() -> bool:
    """Whether --debug was given."""
    return "--debug" in sys.argv
