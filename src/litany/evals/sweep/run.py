"""run: a whole sweep into a folder, and on from where an earlier run was stopped."""

from collections.abc import Iterator
from contextlib import closing
from dataclasses import dataclass, replace
from itertools import product
from operator import itemgetter
from pathlib import Path

from litany.errors import EvalError
from litany.evals.case import Case
from litany.evals.judge import Judge
from litany.evals.outcome import Failure
from litany.evals.score import Score, score
from litany.evals.sweep.asker import Asker, Means, allowed, means, workers_for
from litany.evals.sweep.cache import opened
from litany.evals.sweep.cell import Cell, Site, cells
from litany.evals.sweep.clock import Clock
from litany.evals.sweep.commit import commit
from litany.evals.sweep.episode import Player
from litany.evals.sweep.failing import LASTING, told
from litany.evals.sweep.grading import grader
from litany.evals.sweep.lock import alone
from litany.evals.sweep.parts import Parts, parts_of
from litany.evals.sweep.progress import Tally, Tell, Trying
from litany.evals.sweep.purse import affordable
from litany.evals.sweep.results import Held, Results, held, replaced
from litany.evals.sweep.sample import Sampler
from litany.evals.sweep.shift import Shift, Stop
from litany.evals.sweep.suite import Suite
from litany.evals.sweep.toml import written
from litany.evals.sweep.unlike import unlike
from litany.models.model import Model

Job = tuple[Cell, Case | Failure]
LONG = 20_000
"""Tokens from which on a history takes a while to be made."""


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
    """Of those: errors."""
    reused: int
    """Of those: answered from the cache."""
    cost: float
    """Dollars, a judge's and those of earlier runs included; 0 where no price is known."""
    stopped: Stop | None = None
    """Why it ended early."""
    again: int = 0
    """Of the errors: a further run asks them again."""

    @property
    def left(self) -> int:
        """Samples without an outcome that stays; the same command asks them."""
        return self.total - self.before - self.now + self.again


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
    cache: Path | None = None,
    tell: Tell | None = None,
    clock: Clock | None = None,
) -> Ran:
    """Asks everything that the suite says and `out` has no outcome for.

    parts -- tasks and arms; None: litany's own, by the suite's names. score -- grades the answers; a Judge is asked
    through the sweep's own cache, at its pace and on its money. max_cost -- dollars, a judge's and those of earlier
    runs included; a call that could go beyond is not made. cache -- a file of answers that other folders share: what is
    in it is not asked, and costs nothing here; None: the folder's alone. tell -- is told of progress, in this thread.
    Raises: EvalError, before the first call where that can be known; Interrupted on Ctrl-C.
    """
    parts, clock = parts or parts_of(suite), clock or Clock()
    models = [model, score.model] if isinstance(score, Judge) else [model]
    fits(suite, model)
    allowed(max_cost, cache, models)
    with alone(out) as claim:
        before = _before(suite, model, out, parts)
        if missing := _missing(suite, model, parts, before):
            affordable(max_cost, suite, models)
            _tried(suite, model, parts, Trying(len(before.outcomes), size(suite), clock, tell))
        with closing(opened(out, cache)) as answers:
            shared = means(answers, suite.pace, clock, max_cost)
            sample, workers = _player(suite, model, score, shared), workers_for(models, suite.pace)
            tally = Tally(len(before.outcomes), size(suite), clock, lambda: shared.purse.spent, tell)
            with closing(_results(suite, out, before)) as results:
                claim.keep()
                shift = Shift[Job](sample, lambda _, outcome: results.add(outcome), tally, clock, workers)
                return _ran(tally, shift.done(jobs(missing, model, parts), sum(len(left) for _, left in missing)))


def _player(suite: Suite, model: Model, score: Score, shared: Means) -> Player:
    asker, grades = Asker(model, suite.options, shared), grader(score, suite, shared)
    return Player(Sampler(asker, grades, suite.seeds[0], shared.clock, commit(Path.cwd())))


def _results(suite: Suite, out: Path, before: Held) -> Results:
    """The file that outcomes go to, whole, with its suite beside it."""
    before.mend()
    results = Results(out)
    try:
        replaced(out / "suite.toml", written(suite).encode())
    except BaseException:
        results.close()
        raise
    return results


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


def _ran(tally: Tally, stopped: Stop | None) -> Ran:
    """Raises: Interrupted when that is how it ended."""
    now = tally.progress
    ran = Ran(now.total, now.done - tally.now, tally.now, now.errors, now.reused, now.cost, stopped, tally.again)
    if stopped == "interrupt":
        raise Interrupted(ran)
    return ran


def _missing(suite: Suite, model: Model, parts: Parts, before: Held) -> list[tuple[Site, list[Cell]]]:
    """The cells that have no outcome."""
    keys = {outcome.key for outcome in before.outcomes}
    return [
        (site, left)
        for site, every in cells(suite, parts, model.name)
        if (left := [cell for cell in every if cell.key not in keys])
    ]


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


def _tried(suite: Suite, model: Model, parts: Parts, trying: Trying) -> None:
    """One case of each task at each length, so that what cannot be asked is refused before anything is paid; the
    shortest first, for those are the ones that are refused. What takes long is told of."""
    places = sorted(product(suite.tasks, suite.lengths), key=itemgetter(1))
    for number, (task, length) in enumerate(places, 1):
        if length >= LONG:
            trying.tell(f"{task} at {length:,} tokens ({number} of {len(places)})")
        site = Site(task, suite.seeds[0], length, float(suite.depths[0]))
        drawn(site, model, parts, room(site, model, parts))


def _before(suite: Suite, model: Model, out: Path, parts: Parts) -> Held:
    """The outcomes that an earlier run left. Raises: EvalError when they are another suite's."""
    before = held(out, LASTING)
    if not before.outcomes:
        return before
    ours = {cell.key for _, every in cells(suite, parts, model.name) for cell in every}
    one = next((outcome for outcome in before.outcomes if outcome.key not in ours), None)
    if one is not None:
        raise EvalError(
            f"{out} holds outcomes of another suite: {unlike(out, one, suite, model, parts)}; give another folder, or "
            "name that too (tasks, arms, lengths, depths, n and trials may grow; model, options and seed stay)"
        )
    return before
