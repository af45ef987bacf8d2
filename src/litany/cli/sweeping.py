"""What `litany eval` does once it knows what: plans, sweeps or grades again, and says what came of it."""

from __future__ import annotations

import json
import shlex
import sys
from collections import Counter
from dataclasses import asdict, replace
from itertools import count
from pathlib import Path
from typing import TYPE_CHECKING, Any

from litany.cli.progress import Progress, clock
from litany.cli.report import faults, plain_figures, shown
from litany.cli.suites import Asked, Options, earlier, folder, judged
from litany.cli.watch import Watch
from litany.evals.lines import NAME
from litany.evals.report import Results, figures, read
from litany.evals.report.words import line, many, money
from litany.evals.stats import detectable
from litany.evals.sweep import Interrupted, Ran, plan, rescore, run
from litany.evals.sweep.plan import GUESS
from litany.evals.sweep.results import replaced
from litany.evals.sweep.run import size
from litany.evals.sweep.toml import written

if TYPE_CHECKING:
    from litany.evals.case import Truth
    from litany.evals.outcome import Outcome
    from litany.evals.score import Message, Score
    from litany.evals.sweep import Plan, Suite

MENDS = {
    "window": "give shorter lengths; the same command asks them again",
    "timeout": "the same command asks them again; --set timeout=600 waits longer",
    "rate_limit": "the same command asks them again; --requests-per-minute and --tokens-per-minute make it slower",
    "refused": "the model was asked and refused; they stay as they are",
    "provider": "mend that, and the same command asks them again",
    "arm": "give other lengths or arms; the same command asks them again",
    "scorer": "grade them again with --rescore, which asks nothing anew",
}
"""What to do, by the kind of a failure."""


def planned(asked: Asked, as_json: bool) -> int:
    """Says what a sweep would take. The exit status."""
    found = plan(asked.suite, asked.model, asked.out, parts=asked.parts)
    if as_json:
        print(json.dumps({"out": str(asked.out), "model": asked.model.name, **asdict(found)}))
        return 0
    for name, text in _plan(asked, found):
        print(f"{name:<12}{text}")
    return 0


def swept(asked: Asked, most: float | None, as_json: bool) -> int:
    """Asks what is left, and says what came of it. The exit status."""
    score, watch = asked.score, Watch(_start(asked.suite, asked.out))
    try:
        ran = run(asked.suite, asked.model, asked.out, parts=asked.parts, score=score, max_cost=most, tell=watch)
    except Interrupted as stop:
        ran = stop.ran
    except KeyboardInterrupt:  # a second one: calls that were under way are left
        _say(f"interrupted; what was answered is kept in {asked.out}; to go on: {command()}")
        return 130
    finally:
        watch.clear()
    found = read(asked.out) if ran.before + ran.now else None
    if as_json:
        print(json.dumps(_plain(asked.out, ran, found)))
    elif found is not None and ran.stopped != "interrupt":
        _show(found, asked.out, ran.now)
    return _status(ran, found, most)


def rescored(options: Options, as_json: bool) -> int:
    """Grades again what was answered. The exit status."""
    out = folder(options)
    before, name = earlier(out), options.judge
    progress = Progress()
    try:
        done = rescore(out, score=_counted(judged(name), progress))
    finally:
        progress.clear()
    if before is not None:
        replaced(out / "suite.toml", written(replace(before, judge=name)).encode())
    found = read(out)
    if as_json:
        print(json.dumps({"out": str(out), **asdict(done), "errors": _kinds(found), "report": _numbers(found)}))
    else:
        _show(found, out, 0)
        _say(f"graded {many(done.scored, 'answer')} again by {name or 'code'}: {done.changed:,} changed")
    return max(faults(found), _failed(found))


def command() -> str:
    """This command, to be run again."""
    return f"litany {shlex.join(sys.argv[1:])}"


def _plan(asked: Asked, found: Plan) -> list[tuple[str, str]]:
    guess = "" if found.written != 256 * found.calls else ", if an answer takes 256"
    rows = [
        ("asks", _grid(asked.suite, asked.model.name)),
        ("calls", f"{found.calls:,}" + (f", beside {found.done:,} that are done" if found.done else "")),
        ("tokens", f"{found.tokens:,} to send, some {found.written:,} to be written{guess}"),
        ("money", "no price is known" if found.dollars is None else f"some {money(found.dollars)}"),
        ("time", "not known before the first answers" if found.seconds is None else f"some {clock(found.seconds)}"),
        ("folder", str(asked.out)),
    ]
    if found.detectable is not None:
        rows.insert(5, ("shows", _shows(found.questions, found.detectable)))
    return rows


def _shows(n: int, difference: float) -> str:
    return f"a difference of {difference:.2f} between two arms in one cell with n {n}, four times in five"


def _grid(suite: Suite, model: str) -> str:
    named = ", ".join(line(name) for name in suite.tasks)
    parts = [many(len(suite.arms), "arm"), many(len(suite.lengths), "length"), many(len(suite.depths), "depth")]
    parts += [many(suite.n, "question"), *([many(suite.trials, "trial")] if suite.trials > 1 else [])]
    return f"{named} of {line(model)}: {' × '.join(parts)} = {many(size(suite), 'sample')}"


def _start(suite: Suite, out: Path) -> str:
    """What begins, and how little it can show where that is little."""
    told = f"{_grid(suite, suite.model)}, into {out}"
    if len(suite.arms) < 2:
        return told
    return f"{told}; it shows {_shows(suite.n, detectable(suite.n, GUESS))}"


def _counted(score: Score, progress: Progress) -> Score:
    """The scorer, which shows how many answers it has graded."""
    done = count(1)

    def counted(truth: Truth, message: Message) -> float:
        progress.show(f"{next(done):,} graded")
        return score(truth, message)

    return counted


def _show(found: Results, out: Path, new: int) -> None:
    """The tables, where the files are, and what to do next."""
    shown(figures(found))
    fresh = f", {new:,} of them new" if new < len(found.outcomes) else ""
    print(f"wrote {out / NAME} ({many(len(found.outcomes), 'sample')}{fresh}); suite.toml beside it runs it again")
    name = shlex.quote(str(out))
    print(f"next: litany report {name} --html {shlex.quote(str(out / 'report.html'))}")
    print(f"      litany compare BEFORE {name}")


def _status(ran: Ran, found: Results | None, most: float | None) -> int:
    """Says what is not as it should be; the exit status that makes."""
    wrong = 0 if found is None else max(faults(found), _failed(found))
    left = f"{ran.left:,} of {many(ran.total, 'sample')} are left"
    if ran.stopped == "interrupt":
        _say(f"interrupted; {left}; to go on: {command()}")
        return 130
    if ran.stopped == "cost":
        spent = f"{money(ran.cost)} of {money(most)} are spent, and the next call could cost more than the rest"
        _say(f"{spent}; {left}; to go on: the same command with a greater --max-cost")
    if ran.stopped == "down":
        _say(f"stopped, because nothing is answered any more; {left}; to go on, later: {command()}")
    return max(wrong, int(ran.stopped is not None))


def _failed(found: Results) -> int:
    """Says how many errors there are, with one of the commonest kind; the exit status that makes."""
    failed = [each for each in found.outcomes if each.error]
    if not failed:
        return 0
    kinds = _kinds(found)
    one = next(each for each in failed if each.error and each.error.kind == next(iter(kinds)))
    counts = ", ".join(f"{number:,} {kind}" for kind, number in kinds.items())
    _say(f"{many(len(failed), 'error')} among {many(len(found.outcomes), 'sample')} ({counts}), such as {_told(one)}")
    return 1


def _told(one: Outcome) -> str:
    where = f"{line(one.question)} in {line(one.arm, 32)} at {one.length:,} tokens, depth {one.depth:g}"
    kind, text = (one.error.kind, one.error.text) if one.error else ("", "")
    return f"{where}: {line(text, 300)}; {MENDS.get(kind, '')}"


def _kinds(found: Results) -> dict[str, int]:
    """Errors by kind, the commonest first."""
    return dict(Counter(each.error.kind for each in found.outcomes if each.error).most_common())


def _plain(out: Path, ran: Ran, found: Results | None) -> dict[str, Any]:
    """The run as JSON has it."""
    counts = {"out": str(out), **asdict(ran), "left": ran.left}
    return counts | {"errors": {} if found is None else _kinds(found), "report": found and _numbers(found)}


def _numbers(found: Results) -> dict[str, Any]:
    return plain_figures(figures(found))


def _say(text: str) -> None:
    print(f"litany: {' '.join(text.split())}", file=sys.stderr, flush=True)
