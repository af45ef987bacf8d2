"""What `litany eval` does once it knows what: plans or sweeps, and says what came of it."""

from __future__ import annotations

import json
from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING, Any

from litany.cli.progress import clock
from litany.cli.report import faults
from litany.cli.suites import Asked
from litany.cli.summary import command, failed, kinds, numbers, over, say, show
from litany.cli.watch import Watch
from litany.core.money import money
from litany.errors import EvalError
from litany.evals.report import Results, read
from litany.evals.report.words import line, many
from litany.evals.score import score
from litany.evals.stats import shown
from litany.evals.sweep import Interrupted, Ran, plan, run
from litany.evals.sweep.plan import GUESS
from litany.evals.sweep.purse import affordable, limited
from litany.evals.sweep.run import size

if TYPE_CHECKING:
    from litany.evals.outcome import Toll
    from litany.evals.sweep import Plan, Suite


def planned(asked: Asked, most: float | None, as_json: bool) -> int:
    """Says what a sweep would take, and whether that is more than may be spent. The exit status."""
    judge = asked.judge
    limited(most, [asked.model] if judge is None else [asked.model, judge.model])
    found = plan(asked.suite, asked.model, asked.out, parts=asked.parts, judge=judge)
    refused = _refused(asked, found, most)
    if as_json:
        print(json.dumps({"out": str(asked.out), "model": asked.model.name, **asdict(found), "refused": refused}))
        return 0
    for name, text in [*_plan(asked, found, most), *([("refused", refused)] if refused else [])]:
        print(f"{name:<12}{text}")
    return 0


def _refused(asked: Asked, found: Plan, most: float | None) -> str | None:
    """Why the sweep would not start; None where it would."""
    judge = asked.judge
    try:
        if found.calls or found.judge:
            affordable(most, asked.suite, [asked.model] if judge is None else [asked.model, judge.model])
    except EvalError as error:
        return str(error)
    return None


def swept(asked: Asked, most: float | None, as_json: bool) -> int:
    """Asks what is left, and says what came of it. The exit status."""
    grades, watch = asked.judge or score, Watch(_start(asked.suite, asked.out))
    try:
        ran = run(
            asked.suite,
            asked.model,
            asked.out,
            parts=asked.parts,
            score=grades,
            max_cost=most,
            cache=asked.cache,
            tell=watch,
        )
    except Interrupted as stop:
        ran = stop.ran
    except KeyboardInterrupt:  # before the first call, or a second one: calls that were under way are left
        kept = f"what was answered is kept in {asked.out}" if watch.began else "nothing was asked yet"
        say(f"interrupted; {kept}; to go on: {command()}")
        return 130
    except EvalError as error:
        if not watch.began:
            raise
        watch.clear()
        say(f"{error}; what was answered is kept in {asked.out}; to go on: {command()}")
        return 1
    finally:
        watch.clear()
    found = read(asked.out) if ran.before + ran.now else None
    if as_json:
        print(json.dumps(_plain(asked.out, ran, found)))
    elif found is not None and ran.stopped != "interrupt":
        show(found, asked.out, ran.now)
    return _status(ran, found, most)


def _plan(asked: Asked, found: Plan, most: float | None) -> list[tuple[str, str]]:
    guess = f", if an answer takes {found.answer}" if found.guessed else ""
    rows = [
        ("asks", _grid(asked.suite, asked.model.name)),
        ("calls", _calls(asked, found)),
        ("tokens", f"{found.tokens:,} to send, some {found.written:,} to be written{guess}"),
        *([] if found.judge is None else [("judge", _judging(found.judge))]),
        ("money", _money(found, most)),
        ("time", "not known before the first answers" if found.seconds is None else f"some {clock(found.seconds)}"),
        ("folder", str(asked.out)),
    ]
    if len(asked.suite.arms) > 1:
        rows.insert(-1, ("shows", _shows(found.questions, found.detectable)))
    return rows


def _calls(asked: Asked, found: Plan) -> str:
    parts = [f"{found.calls:,}"]
    parts += [f"beside {many(found.done, 'sample')} that are done"] if found.done else []
    parts += [f"less those that {asked.cache} knows"] if asked.cache is not None and asked.cache.exists() else []
    return ", ".join(parts)


def _judging(toll: Toll) -> str:
    return f"up to {many(toll.calls, 'call')}, {toll.tokens:,} tokens to send, some {toll.completion:,} to be written"


def _money(found: Plan, most: float | None) -> str:
    if found.dollars is None:
        return "no price is known" if found.judge is None else "no price is known of the model, or of the judge"
    judge = "" if found.judge is None or not found.judge.cost else f", the judge's {money(found.judge.cost)} among them"
    return f"some {money(found.dollars)}{judge}{over(found.dollars, found.spent, most)}"


def _shows(n: int, difference: float | None) -> str:
    if difference is None:
        return f"n {n} is too few to show a difference in a single cell; all cells together may show one"
    return f"n {n} shows a difference of {difference:.2f} between two arms in a single cell four times in five"


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
    return f"{told}; {_shows(suite.n, shown(suite.n, GUESS))}"


def _status(ran: Ran, found: Results | None, most: float | None) -> int:
    """Says what is not as it should be; the exit status that makes."""
    wrong = 0 if found is None else max(faults(found), failed(found))
    left = f"{ran.left:,} of {many(ran.total, 'sample')} are left"
    if ran.stopped == "interrupt":
        say(f"interrupted; {left}; to go on: {command()}")
        return 130
    if ran.stopped == "cost":
        spent = f"{money(ran.cost)} of {money(most)} are spent, and the next call could cost more than the rest"
        longest = "shorter answers: --set max_tokens=N, into another folder"
        say(f"{spent}; {left}; to go on: the same command with a greater --max-cost, or {longest}")
    if ran.stopped == "down":
        say(f"stopped, because nothing is answered any more; {left}; to go on, later: {command()}")
    return max(wrong, int(ran.stopped is not None))


def _plain(out: Path, ran: Ran, found: Results | None) -> dict[str, Any]:
    """The run as JSON has it."""
    counts = {"out": str(out), **asdict(ran), "left": ran.left}
    return counts | {"errors": {} if found is None else kinds(found), "report": found and numbers(found)}
