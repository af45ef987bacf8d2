"""`litany demo`: a small eval on the pocket reader, told so that a newcomer understands it in a minute."""

from __future__ import annotations

import json
import sys
from dataclasses import asdict
from pathlib import Path
from time import monotonic
from typing import TYPE_CHECKING, Annotated, Any

import typer

from litany.cli.progress import Progress
from litany.cli.report import plain_figures
from litany.cli.threads import one_each

if TYPE_CHECKING:  # the evals, and NumPy with them, are imported when the command runs
    from litany.evals.demo import Scene
    from litany.evals.report import Figures
    from litany.evals.sweep import Suite
    from litany.models import Model

OUT = Path("litany-demo")

Out = Annotated[
    Path, typer.Option("--out", help="Where results and report go; an earlier demo's are replaced.", metavar="DIR")
]
Number = Annotated[int | None, typer.Option("-n", help="Questions; more take longer and show smaller differences.")]
Seed = Annotated[int, typer.Option("--seed", help="Another seed asks other questions.", metavar="N")]
AsJson = Annotated[bool, typer.Option("--json", help="One JSON object: the question, every number, the files.")]


def demo(out: Out = OUT, n: Number = None, seed: Seed = 0, as_json: AsJson = False) -> int:
    """Watch a small model lose what it was told, and what reciting does about it: no key, no network, some seconds.

    Everything is computed in this run. Exit status: 0 done; 1 a question has no answer; 2 could not start; 130 Ctrl-C.
    """
    one_each()
    try:
        return _told(out, n, seed, as_json)
    except KeyboardInterrupt:
        print("litany: interrupted; a demo begins anew each time", file=sys.stderr)
        return 130


def _told(out: Path, n: int | None, seed: int, as_json: bool) -> int:
    from litany.evals import demo as telling
    from litany.models import model_named

    began = monotonic()
    asked, model = telling.suite(seed, telling.QUESTIONS if n is None else n), model_named("pocket")
    errand, beside = telling.errand.suite(seed), out / telling.errand.FOLDER
    telling.taken(out, asked)
    telling.taken(beside, errand)
    scene = telling.scene(asked, model)
    if not as_json:
        _say(*telling.question(asked, scene, model.name), "")
    found, played = _ran(asked, model, out), _ran(errand, model, beside)
    seconds = monotonic() - began
    if as_json:
        print(json.dumps({**_plain(asked, scene, found, out, seconds), "errand": _errand(played)}))
    else:
        tale = telling.errand.told(errand, played, model)
        _say(*telling.results(asked, scene, found, out, seconds, tale), "", *telling.ended(seed))
    return int(any(outcome.error for each in (found, played) for outcome in each.results.outcomes))


def _ran(asked: Suite, model: Model, out: Path) -> Figures:
    """The eval, its outcomes and its report written."""
    from litany.evals.report import figures, html, read
    from litany.evals.sweep import run
    from litany.evals.sweep.results import replaced

    progress = Progress()
    try:
        run(asked, model, out, tell=lambda at: progress.at(at.done / at.total, f"{at.done:,} of {at.total:,} answers"))
    finally:
        progress.clear()
    found = figures(read(out))
    replaced(out / "report.html", html(found).encode("utf-8", "backslashreplace"))
    return found


def _plain(asked: Suite, scene: Scene, found: Figures, out: Path, seconds: float) -> dict[str, Any]:
    answers = {
        each.arm: {"answer": each.answer, "score": each.score}
        for each in found.results.outcomes
        if (each.seed, each.depth) == (scene.site.seed, scene.site.depth)
    }
    return {
        "suite": asdict(asked),
        "question": {**asdict(scene), "answers": answers},
        **plain_figures(found),
        "seconds": round(seconds, 2),
        "files": {name: str(out / name) for name in ("report.html", "outcomes.jsonl", "suite.toml")},
    }


def _errand(played: Figures) -> dict[str, Any]:
    """What was made of its world, by arm."""
    return {each.arm: {"score": each.score, **(each.details or {})} for each in played.results.outcomes}


def _say(*lines: str) -> None:
    print("\n".join(lines))
    sys.stdout.flush()
