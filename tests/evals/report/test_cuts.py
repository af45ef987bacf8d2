"""Cuts in a report: of how many cases an arm left something out."""

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

from litany.evals.outcome import Outcome
from litany.evals.report import figures, html, markdown
from litany.evals.report.read import Results
from tests.evals.made import flat, outcomes
from tests.evals.report.test_texts import printed

TOLD = "Of the answers, the history was cut in: clear none of 75, compact 20 of 75."


def cut() -> Iterator[Outcome]:
    """compact cuts the longer histories of four questions, clear none, and bare never would."""
    for each in outcomes(dict.fromkeys(("bare", "compact", "clear"), flat), n=5):
        told = {"compacted": each.arm == "compact" and each.seed < 2 and each.length > 1_000}
        yield each if each.arm == "bare" else replace(each, details=told)


def test_a_report_says_in_how_many_answers_something_was_cut() -> None:
    results = Results(Path("out/outcomes.jsonl"), tuple(cut()))

    assert TOLD in markdown(figures(results))
    assert TOLD in " ".join(printed(results, 100).split())
    assert TOLD in html(figures(results))


def test_a_report_of_arms_that_never_cut_says_nothing_of_it() -> None:
    results = Results(Path("out/outcomes.jsonl"), tuple(outcomes(n=2)))

    assert "history was cut" not in markdown(figures(results))
