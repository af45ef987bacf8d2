"""What `litany eval --rescore` does: answers that are there are graded again, by code or by a judge."""

from __future__ import annotations

import json
from dataclasses import asdict
from typing import TYPE_CHECKING

from litany.cli.report import faults
from litany.cli.suites import Options, folder, judged, paced
from litany.cli.summary import command, failed, kinds, numbers, over, say, show
from litany.cli.watch import Watch
from litany.core.money import money
from litany.errors import EvalError
from litany.evals.report import read
from litany.evals.report.words import line, many
from litany.evals.score import score
from litany.evals.sweep import Pace, Unscored, due, rescore
from litany.evals.sweep.purse import limited
from litany.evals.sweep.toml import beside

if TYPE_CHECKING:
    from pathlib import Path

    from litany.evals.judge import Judge
    from litany.evals.sweep import Due, Rescored, Suite


def planned(options: Options, most: float | None, as_json: bool) -> int:
    """Says what grading again would take. The exit status."""
    out, judge, suite = _asked(options)
    paced(options, Pace() if suite is None else suite.pace)
    limited(most, [] if judge is None else [judge.model])
    found = due(out, judge, options.cache)
    if as_json:
        print(json.dumps({"out": str(out), "by": options.judge, **asdict(found)}))
        return 0
    print(f"grades      {many(found.total, 'answer')} of {out} by {options.judge or 'code'}")
    for name, text in [] if judge is None else _plan(found, most):
        print(f"{name:<12}{text}")
    return 0


def _plan(found: Due, most: float | None) -> list[tuple[str, str]]:
    toll = found.judge
    known = f", beside {found.known:,} whose verdict is known" if found.known else ""
    paid = None if toll.cost is None else f"some {money(toll.cost)}{over(toll.cost, found.spent, most)}"
    return [
        ("calls", f"{toll.calls:,}{known}"),
        ("tokens", f"{toll.tokens:,} to send, at most some {toll.completion:,} to be written"),
        ("money", paid or "no price is known"),
    ]


def rescored(options: Options, most: float | None, as_json: bool) -> int:
    """Grades again what was answered. The exit status."""
    out, judge, suite = _asked(options)
    pace, watch = paced(options, Pace() if suite is None else suite.pace), Watch("")
    try:
        done = rescore(out, score=judge or score, pace=pace, max_cost=most, cache=options.cache, tell=watch)
    except Unscored as stop:
        done = stop.done
    except KeyboardInterrupt:  # before the first call, or a second one: calls that were under way are left
        say(f"interrupted; the scores in {out} are as they were, and verdicts are kept; to go on: {command()}")
        return 130
    except EvalError as error:
        if not watch.began:
            raise
        watch.clear()
        say(f"{error}; the scores in {out} are as they were, and verdicts are kept; to go on: {command()}")
        return 1
    finally:
        watch.clear()
    if done.stopped is not None:
        return _stopped(out, done, most, as_json)
    found = read(out)
    if as_json:
        print(json.dumps({"out": str(out), **asdict(done), "errors": kinds(found), "report": numbers(found)}))
    else:
        show(found, out, 0)
        say(f"graded {many(done.scored, 'answer')} again by {options.judge or 'code'}: {done.changed:,} changed")
    return max(faults(found), failed(found))


def _asked(options: Options) -> tuple[Path, Judge | None, Suite | None]:
    """The folder, who grades, and the suite whose outcomes lie there."""
    out = folder(options)
    suite = beside(out)
    return out, judged(options.judge, suite), suite


def _stopped(out: Path, done: Rescored, most: float | None, as_json: bool) -> int:
    """Says why it ended early, and how to go on; the exit status that makes."""
    if as_json:
        print(json.dumps({"out": str(out), **asdict(done)}))
    left = f"{done.left:,} of {many(done.scored, 'answer')} are left; the scores in {out} are as they were"
    if done.stopped == "interrupt":
        say(f"interrupted; {left}, and verdicts are kept; to go on: {command()}")
        return 130
    if done.stopped == "cost":
        spent = f"{money(done.cost)} of {money(most)} are spent, and the next call could cost more than the rest"
        say(f"{spent}; {left}, and verdicts are kept; to go on: the same command with a greater --max-cost")
    else:
        why = f"stopped, because nothing is answered any more ({line(done.silence or '', 300)})"
        say(f"{why}; {left}; to go on, later: {command()}")
    return 1
