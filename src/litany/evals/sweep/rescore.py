"""Scoring again: new scores for outcomes that are there, and no model is asked but a judge."""

from collections.abc import Sequence
from contextlib import ExitStack, closing
from dataclasses import dataclass, replace
from pathlib import Path

from litany.evals import truth
from litany.evals.answer import message_of
from litany.evals.judge import Judge
from litany.evals.lines import NAME
from litany.evals.outcome import Failure, Outcome
from litany.evals.score import Score, score
from litany.evals.sweep.asker import allowed, means, workers_for
from litany.evals.sweep.cache import opened
from litany.evals.sweep.clock import Clock
from litany.evals.sweep.failing import SILENCE, told
from litany.evals.sweep.grading import Grader, grader
from litany.evals.sweep.lock import alone
from litany.evals.sweep.progress import Tally, Tell
from litany.evals.sweep.results import replaced, some, write
from litany.evals.sweep.shift import Shift, Stop
from litany.evals.sweep.suite import Pace, Suite
from litany.evals.sweep.toml import beside, written

Job = tuple[int, Outcome]
"""An outcome that has an answer, and its place in the file."""


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
    cost: float = 0.0
    """Dollars, those of the sweep included; 0 where no price is known, or no judge is asked."""
    stopped: Stop | None = None
    """Why it ended early. Then nothing is written, and what a judge said is kept for the next time."""
    left: int = 0
    """Answers that are not graded yet."""
    silence: str | None = None
    """Where the judge did not answer: why not, the first time."""


class Unscored(KeyboardInterrupt):
    """Scoring was interrupted: the scores are as they were, and what a judge said is kept for the next time."""

    def __init__(self, done: Rescored) -> None:
        super().__init__(
            f"interrupted; {done.left} of {done.scored} answers are left, and the same command grades them"
        )
        self.done = done


def rescore(
    out: Path,
    *,
    score: Score = score,
    to: Path | None = None,
    pace: Pace | None = None,
    max_cost: float | None = None,
    cache: Path | None = None,
    tell: Tell | None = None,
    clock: Clock | None = None,
) -> Rescored:
    """Scores every answer of a folder again, all of them or none.

    score -- grades them; a Judge is asked as in `run`, and what it said before is not asked again. to -- another file
    for the result; None: it takes the place of the old one, and suite.toml names the judge. pace -- None: the suite's.
    max_cost -- dollars, those of the sweep included. cache -- as for `run`. tell -- is told of progress.
    Raises: EvalError when there are no outcomes, or they cannot be written; Unscored on Ctrl-C.
    """
    clock = clock or Clock()
    judge = score if isinstance(score, Judge) else None
    models = [] if judge is None else [judge.model]
    allowed(max_cost, cache, models)
    with alone(out) as claim, ExitStack() as stack:
        before, suite = some(out), beside(out)
        claim.keep()
        pace = pace or (Pace() if suite is None else suite.pace)
        grades, purse = Grader(score), None
        if judge is not None:
            shared = means(stack.enter_context(closing(opened(out, cache))), pace, clock, max_cost)
            grades, purse = grader(judge, suite, shared), shared.purse
        work = _Work(before, grades)
        tally = Tally(0, len(work.jobs), clock, lambda: purse.spent if purse else 0.0, _fresh(tell))
        stopped = Shift[Job](work, work.keep, tally, clock, workers_for(models, pace)).done(work.jobs, len(work.jobs))
        done = replace(work.counted(stopped), cost=purse.spent if purse else 0.0)
        if done.stopped is None:
            write(to or out / NAME, work.after)
            _signed(out, suite if to is None else None, judge)
    if done.stopped == "interrupt":
        raise Unscored(done)
    return done


class _Work:
    """The outcomes of a file, while they are scored again."""

    def __init__(self, before: Sequence[Outcome], grades: Grader) -> None:
        self._before, self._grades = before, grades
        self.jobs = [(place, each) for place, each in enumerate(before) if each.answer is not None]
        self._new: dict[int, Outcome] = {}

    def __call__(self, job: Job) -> Outcome:
        """The outcome with its new score. Raises: Broke, Stopped."""
        _, outcome = job
        called = (outcome.details or {}).get("calls", 0)
        try:
            right, message = truth.read(outcome.truth), message_of(outcome.answer or "", called)
        except Exception as error:  # noqa: BLE001  # a file may hold anything, and that is no zero
            return replace(outcome, score=None, error=Failure("scorer", told(error)), judge=None)
        grade = self._grades(right, message, outcome.key)
        return replace(outcome, score=grade.score, error=grade.error, judge=grade.judge)

    def keep(self, job: Job, outcome: Outcome) -> None:
        """Puts it in its place."""
        self._new[job[0]] = outcome

    @property
    def after(self) -> list[Outcome]:
        """All outcomes, as far as they are scored again."""
        return [self._new.get(place, old) for place, old in enumerate(self._before)]

    def counted(self, stopped: Stop | None) -> Rescored:
        """What came of it; a judge who said nothing at all is down, however few the answers."""
        new = self._new.values()
        silent = [each.error.text for each in new if each.error is not None and each.error.kind in SILENCE]
        if stopped is None and silent and not any(each.judge for each in new):
            stopped = "down"
        pairs = ((old, self._new[place]) for place, old in self.jobs if place in self._new)
        return Rescored(
            total=len(self._before),
            scored=len(self.jobs),
            changed=sum((old.score, old.error is None) != (one.score, one.error is None) for old, one in pairs),
            failed=sum(each.error is not None for each in new),
            stopped=stopped,
            left=0 if stopped is None else len(self.jobs) - len(new) + len(silent),
            silence=silent[0] if silent else None,
        )


def _fresh(tell: Tell | None) -> Tell | None:
    """What was known before is told of samples, and these are answers."""
    return None if tell is None else lambda now: tell(replace(now, reused=0))


def _signed(out: Path, suite: Suite | None, judge: Judge | None) -> None:
    """Says in suite.toml who graded what lies beside it."""
    if suite is not None:
        named = replace(suite, judge=None if judge is None else judge.name)
        replaced(out / "suite.toml", written(named).encode())
