"""run: a whole sweep into a folder, and on from where an earlier run was stopped."""

from collections.abc import Iterator
from contextlib import closing
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Literal

from litany.errors import EvalError
from litany.evals.case import Case
from litany.evals.models.model import Model
from litany.evals.outcome import Failure, Outcome
from litany.evals.score import Score, score
from litany.evals.sweep.asking import Stopped
from litany.evals.sweep.cache import Cache
from litany.evals.sweep.cell import Cell, Site, cells
from litany.evals.sweep.clock import Clock
from litany.evals.sweep.commit import commit
from litany.evals.sweep.crew import Crew
from litany.evals.sweep.failing import LASTING, told
from litany.evals.sweep.gate import Gate
from litany.evals.sweep.lock import alone
from litany.evals.sweep.parts import Parts, parts_of
from litany.evals.sweep.progress import Tally, Tell
from litany.evals.sweep.purse import Purse
from litany.evals.sweep.results import Results, repaired, replaced
from litany.evals.sweep.sample import Broke, Sampler
from litany.evals.sweep.suite import Suite
from litany.evals.sweep.toml import written

GRACE = 60.0
"""Seconds that an interrupted sweep waits for the calls under way, which are paid; another interrupt ends that."""
DOWN = 20
"""So many samples without an answer in a row, and two for each worker, end a sweep: the provider is down."""
SILENCE = frozenset(("timeout", "rate_limit", "provider"))
"""The failures that say so."""
Job = tuple[Cell, Case | Failure]


@dataclass(frozen=True, slots=True)
class Ran:
    """Counts of a run."""

    total: int
    """Samples of the suite."""
    before: int
    """Of them: had an outcome before this run."""
    now: int
    """Came in this run."""
    errors: int
    """Of those: errors, which a further run asks again where that may help."""
    reused: int
    """Of those: answered from the cache."""
    cost: float
    """Dollars, earlier runs included; 0 where no price is known."""
    stopped: Literal["cost", "interrupt", "down"] | None = None
    """Why it ended early; "down": nothing was answered any more."""

    @property
    def left(self) -> int:
        """Samples without an outcome; the same command asks them."""
        return self.total - self.before - self.now


class Interrupted(KeyboardInterrupt):
    """The sweep was interrupted; everything that was answered is written."""

    def __init__(self, ran: Ran) -> None:
        super().__init__(f"interrupted; {ran.left} of {ran.total} samples are left, and the same command asks them")
        self.ran = ran


def run(
    suite: Suite,
    model: Model,
    out: Path,
    *,
    parts: Parts | None = None,
    score: Score = score,
    max_cost: float | None = None,
    tell: Tell | None = None,
    clock: Clock | None = None,
) -> Ran:
    """Asks everything that the suite says and `out` has no outcome for.

    parts -- tasks and arms; None: litany's own, by the suite's names. score -- grades the answers. max_cost -- dollars,
    earlier runs included; a call that could go beyond is not made. tell -- is told of progress, in this thread.
    Raises: EvalError, before the first call where that can be known; Interrupted on Ctrl-C.
    """
    parts, clock = parts or parts_of(suite), clock or Clock()
    fits(suite, model)
    with alone(out):
        before = _held(suite, model, out, parts)
        missing = [
            (site, left)
            for site, every in cells(suite, parts.arms, model.name)
            if (left := [cell for cell in every if cell.key not in before])
        ]
        if missing:
            _tried(suite, model, parts)
        with closing(Cache(out / "cache.sqlite")) as cache, closing(Results(out)) as results:
            purse = Purse(max_cost, cache.spent, model.price)
            replaced(out / "suite.toml", written(suite).encode())
            sampler = Sampler(suite, model, score, cache, Gate(suite.pace, clock), clock, purse, commit(Path.cwd()))
            tally = Tally(len(before), size(suite), clock, lambda: purse.spent, tell)
            sweep = _Sweep(sampler, parts, results, tally)
            return sweep.done(missing)


def size(suite: Suite) -> int:
    """Samples of a suite."""
    sites = len(suite.tasks) * len(suite.lengths) * len(suite.depths) * suite.n
    return sites * len(suite.arms) * suite.trials


def fits(suite: Suite, model: Model) -> None:
    """Raises: EvalError when a length is more than the model's window holds."""
    room = model.window - model.answer
    for length in suite.lengths:
        if length > room:
            kept = f", {model.answer:,} of them kept for the answer" if model.answer else ""
            raise EvalError(
                f"a length is {length:,} tokens and the window of {model.name} {model.window:,}{kept}; "
                f"ask for lengths up to {room:,}, or another model"
            )


class _Sweep:
    """One run under way."""

    def __init__(self, sampler: Sampler, parts: Parts, results: Results, tally: Tally) -> None:
        self._sampler, self._parts, self._results, self._tally = sampler, parts, results, tally
        self._stopped: Literal["cost", "down"] | None = None
        self._silent = 0
        """Samples without an answer since the last one that had one."""

    def done(self, missing: list[tuple[Site, list[Cell]]]) -> Ran:
        workers = min(self._sampler.suite.pace.workers, sum(len(left) for _, left in missing) or 1)
        crew: Crew[Job] = Crew(workers, self._one, self._tally.tick)
        clock = self._sampler.clock
        try:
            for job in jobs(missing, self._sampler.model, self._parts):
                if self._stopped:
                    break
                crew.give(job)
            crew.finish()
        except KeyboardInterrupt:
            clock.stop()
            crew.leave(GRACE)
            raise Interrupted(replace(self._ran(), stopped="interrupt")) from None
        except BaseException:
            clock.stop()
            crew.leave(GRACE)
            raise
        finally:
            self._tally.last()
        return replace(self._ran(), stopped=self._stopped)

    def _one(self, job: Job) -> None:
        """In a thread of the crew: one sample, written as soon as it is there."""
        if self._stopped or self._sampler.clock.stopped:
            return
        try:
            outcome = self._sampler(*job)
        except Broke:
            self._stopped = "cost"
        except Stopped:
            pass
        else:
            self._results.add(outcome)
            self._tally.add(outcome)
            self._heard(outcome)

    def _heard(self, outcome: Outcome) -> None:
        """Ends the sweep when nobody answers. Two threads that count at once may count one less: no harm is done."""
        if outcome.error is None or outcome.error.kind not in SILENCE:
            self._silent = 0
            return
        self._silent += 1
        if self._silent >= max(DOWN, 2 * self._sampler.suite.pace.workers):
            self._stopped = self._stopped or "down"
            self._sampler.clock.stop()

    def _ran(self) -> Ran:
        now = self._tally.progress
        before = now.done - self._tally.now
        return Ran(now.total, before, self._tally.now, now.errors, now.reused, now.cost)


def jobs(missing: list[tuple[Site, list[Cell]]], model: Model, parts: Parts) -> Iterator[Job]:
    """Each cell with its case, which is made once a site."""
    drafted: Site | None = None
    spare = 0
    for site, left in missing:
        case: Case | Failure
        try:
            text = replace(site, depth=0.0)
            if drafted != text:  # its depths follow one another
                drafted, spare = text, room(text, model, parts)
            case = drawn(site, model, parts, spare)
        except Exception as error:  # noqa: BLE001  # a task may fail in any way, and an error is an outcome
            drafted, case = None, Failure("arm", f"the case could not be made: {told(error)}")
        yield from ((cell, case) for cell in left)


def room(site: Site, model: Model, parts: Parts) -> int:
    """Tokens that stay free in a case for what the arms add to it; the same at every depth, as the text is."""
    at = replace(site, depth=0.0)
    return parts.spare(
        parts.arms, parts.tasks[site.task], site.seed, model.count, lambda spare: drawn(at, model, parts, spare)
    )


def drawn(site: Site, model: Model, parts: Parts, spare: int) -> Case:
    """The case of a site."""
    return parts.case(parts.tasks[site.task], site.seed, site.length, site.depth, model.count, spare)


def _tried(suite: Suite, model: Model, parts: Parts) -> None:
    """One case of each task at each length, so that what cannot be asked is refused before anything is paid."""
    for task in suite.tasks:
        for length in suite.lengths:
            site = Site(task, suite.seeds[0], length, float(suite.depths[0]))
            drawn(site, model, parts, room(site, model, parts))


def _held(suite: Suite, model: Model, out: Path, parts: Parts) -> dict[str, Outcome]:
    """The outcomes that an earlier run left. Raises: EvalError when they are another suite's."""
    before = {outcome.key: outcome for outcome in repaired(out, LASTING)}
    if not before:
        return {}
    ours = {cell.key for _, every in cells(suite, parts.arms, model.name) for cell in every}
    for key in before.keys() - ours:
        one = before[key]
        raise EvalError(
            f"{out} holds outcomes of another suite, such as {one.task} in {one.arm} at {one.length:,} tokens of "
            f"{one.model}; give another folder, or the suite.toml that lies there (its n, lengths, depths, tasks and "
            "trials may grow; its arms, options and seed stay)"
        )
    return before
