"""Scoring again: new scores for outcomes that are there, and no model is asked but a judge."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass, replace
from pathlib import Path

from litany.evals import truth
from litany.evals.answer import message_of
from litany.evals.lines import NAME
from litany.evals.outcome import Failure, Outcome
from litany.evals.score import Score, score
from litany.evals.sweep.failing import told
from litany.evals.sweep.lock import alone
from litany.evals.sweep.results import read, write


@dataclass(frozen=True, slots=True)
class Rescored:
    """Counts."""

    total: int
    scored: int
    """Had an answer."""
    changed: int
    """Have another score now, or an error in its place, or the other way round."""
    failed: int
    """The scorer could not score."""


def rescore(out: Path, *, score: Score = score, to: Path | None = None) -> Rescored:
    """Scores every answer of a folder again; `to`: another file for the result, else it replaces the old one.

    Raises: EvalError when there are no outcomes, or they cannot be written.
    """
    path = out / NAME
    before = read(path)
    with alone(out):
        after = list(rescored(before, score))
        write(to or path, after)
    answered = [each for each in after if each.answer is not None]
    pairs = zip(before, after, strict=True)
    changed = sum((old.score, old.error is None) != (new.score, new.error is None) for old, new in pairs)
    failed = sum(each.error is not None for each in answered)
    return Rescored(len(after), len(answered), changed, failed)


def rescored(outcomes: Iterable[Outcome], score: Score = score) -> Iterable[Outcome]:
    """The outcomes with new scores; those without an answer stay as they are."""
    return (each if each.answer is None else _again(each, each.answer, score) for each in outcomes)


def _again(outcome: Outcome, answer: str, score: Callable[..., float]) -> Outcome:
    called = (outcome.details or {}).get("calls", 0)
    try:
        points = score(truth.read(outcome.truth), message_of(answer, called))
    except Exception as error:  # noqa: BLE001  # a scorer may fail in any way, and that is no zero
        return replace(outcome, score=None, error=Failure("scorer", told(error)))
    return replace(outcome, score=points, error=None)
