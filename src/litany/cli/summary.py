"""What `litany eval` says at its end: the tables, the errors by kind, what to do about them, how to go on."""

from __future__ import annotations

import shlex
import sys
from collections import Counter
from pathlib import Path
from typing import TYPE_CHECKING, Any

from litany.cli.report import plain_figures, shown
from litany.core.money import money
from litany.evals.lines import NAME
from litany.evals.report import Results, figures
from litany.evals.report.words import line, many

if TYPE_CHECKING:
    from litany.evals.outcome import Outcome

MENDS = {
    "window": "give shorter lengths; the same command asks them again",
    "timeout": "the same command asks them again; --set timeout=600 waits longer",
    "rate_limit": "the same command asks them again; --requests-per-minute and --tokens-per-minute make it slower",
    "refused": "the model was asked and refused; they stay as they are",
    "provider": "mend that, and the same command asks them again",
    "arm": "give other lengths or arms; the same command asks them again",
    "scorer": "grade them again with --rescore, which asks no model but a judge",
}
"""What to do, by the kind of a failure."""


def show(found: Results, out: Path, new: int) -> None:
    """The tables, where the files are, and what to do next; where nothing was answered, where the errors are."""
    if all(each.error for each in found.outcomes):
        print(f"wrote {out / NAME} ({many(len(found.outcomes), 'sample')}, none of them answered)")
        return
    shown(figures(found))
    fresh = f", {new:,} of them new" if new < len(found.outcomes) else ""
    print(f"wrote {out / NAME} ({many(len(found.outcomes), 'sample')}{fresh}); suite.toml beside it runs it again")
    name = shlex.quote(str(out))
    print(f"next: litany report {name} --html {shlex.quote(str(out / 'report.html'))}")
    print(f"      litany compare BEFORE {name}")


def failed(found: Results) -> int:
    """Says how many errors there are, with one of the commonest kind; the exit status that makes."""
    every = [each for each in found.outcomes if each.error]
    if not every:
        return 0
    counted = kinds(found)
    one = next(each for each in every if each.error and each.error.kind == next(iter(counted)))
    counts = ", ".join(f"{number:,} {kind}" for kind, number in counted.items())
    say(f"{many(len(every), 'error')} among {many(len(found.outcomes), 'sample')} ({counts}), such as {_told(one)}")
    return 1


def over(dollars: float, spent: float, most: float | None) -> str:
    """What was spent before, and whether all of it together is more than may be."""
    before = f"; {money(spent)} are spent already" if spent else ""
    return before + (
        f"; --max-cost {most:g} stops before the end" if most is not None and spent + dollars > most else ""
    )


def kinds(found: Results) -> dict[str, int]:
    """Errors by kind, the commonest first."""
    return dict(Counter(each.error.kind for each in found.outcomes if each.error).most_common())


def numbers(found: Results) -> dict[str, Any]:
    """The report as JSON has it."""
    return plain_figures(figures(found))


def command() -> str:
    """This command, to be run again."""
    return f"litany {shlex.join(sys.argv[1:])}"


def say(text: str) -> None:
    """One line beside the output."""
    print(f"litany: {' '.join(text.split())}", file=sys.stderr, flush=True)


def _told(one: Outcome) -> str:
    where = f"{line(one.question)} in {line(one.arm, 32)} at {one.length:,} tokens, depth {one.depth:g}"
    kind, text = (one.error.kind, one.error.text) if one.error else ("", "")
    return f"{where}: {line(text, 300)}; {MENDS.get(kind, '')}"
