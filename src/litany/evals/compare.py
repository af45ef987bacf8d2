"""Compare: a run held against the one before it, cell by cell, and gates that the new one must pass."""

import re
from collections.abc import Callable, Hashable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from math import ceil

from litany.errors import EvalError
from litany.evals.outcome import Outcome
from litany.evals.report.figures import estimate
from litany.evals.report.pairs import Paired, against, case, in_model
from litany.evals.report.read import Results, by_arm
from litany.evals.report.words import many
from litany.evals.stats import Interval, holm
from litany.evals.stats.interval import z

ALPHA = 0.05
MOST_LOST = 0.1
"""The share of the first run's answers to which the second may have none."""
LEAST = 6
"""Questions of a gate: fewer coins than six fall all alike more often than one time in twenty."""
GATE = re.compile(r"(\S.*?)\s+-\s+(\S.*?)\s*>=\s*([+-]?(?:\d+\.?\d*|\.\d+))")


@dataclass(frozen=True, slots=True)
class Gate:
    """A difference that the new run must be sure to reach."""

    text: str
    first: str
    second: str
    least: float


@dataclass(frozen=True, slots=True)
class Held:
    """A gate and what was found."""

    gate: Gate
    paired: Paired
    interval: Interval

    @property
    def holds(self) -> bool:
        """Whether the lower end of the interval reaches the number."""
        return round(self.interval.low, 12) >= self.gate.least


@dataclass(frozen=True, slots=True)
class Change:
    """One cell, before and after."""

    task: str
    arm: str
    length: int
    depth: float
    before: Interval | None
    """None where nothing was answered."""
    after: Interval | None
    paired: Paired
    """After less before."""
    adjusted: float | None
    """The p by Holm, over all cells that both runs answered."""
    unanswered: int = 0
    """Cases that were answered before and are not after, for an error or for not being asked."""

    @property
    def below(self) -> bool:
        """Whether the cell is surely worse than it was."""
        return self._sure and self._shift < 0

    @property
    def above(self) -> bool:
        """Whether the cell is surely better than it was."""
        return self._sure and self._shift > 0

    @property
    def lost(self) -> bool:
        """Whether the new run asked and has nothing but errors, so that nobody can tell."""
        return self.before is not None and self.after is None

    @property
    def _sure(self) -> bool:
        return self.adjusted is not None and self.adjusted < ALPHA

    @property
    def _shift(self) -> float:
        return self.paired.interval.middle if self.paired.interval else 0.0


@dataclass(frozen=True, slots=True)
class Pool:
    """One arm, before and after, over all cells that both runs hold."""

    arm: str
    """With the model, where a run asked several."""
    paired: Paired
    """After less before."""
    adjusted: float | None
    """The p by Holm, over all arms."""

    @property
    def below(self) -> bool:
        """Whether the arm is surely worse than it was."""
        found = self.paired.interval
        return found is not None and self.adjusted is not None and self.adjusted < ALPHA and found.middle < 0


@dataclass(frozen=True, slots=True)
class Comparison:
    """Two runs held against each other."""

    changes: tuple[Change, ...]
    pools: tuple[Pool, ...]
    missing: int
    """Cells of the first run that the second never asked."""
    gates: tuple[Held, ...]
    partial: bool = False
    """Whether the second run may leave cells out."""
    reworded: int = 0
    """Cases whose text differs between the runs: the same question in other filler."""
    pooled: bool = False
    """Whether an arm that is below what it was, over all its cells together, fails too."""

    @property
    def failed(self) -> bool:
        """Whether a cell is below what it was, holds nothing but errors or was not asked, or a gate does not hold.

        Also where the second run answers too little of the first, or no cell could be tested; with `pooled` whether an
        arm is below what it was.
        """
        missing = (self.missing > 0 or self.thin) and not self.partial
        worse = any(each.below or each.lost for each in self.changes)
        fell = self.pooled and any(each.below for each in self.pools)
        return missing or worse or fell or not self.tested or not all(each.holds for each in self.gates)

    @property
    def tested(self) -> int:
        """Cells with two questions or more that both runs answered."""
        return sum(each.adjusted is not None for each in self.changes)

    @property
    def blind(self) -> int:
        """Cells of so few questions that no fall could show among so many cells, not one of them all."""
        return sum(2 * 0.5**each.paired.n >= ALPHA / max(1, self.tested) for each in self.changes)

    @property
    def unanswered(self) -> int:
        """Cases of the cells of both runs that were answered before and are not after."""
        return sum(each.unanswered for each in self.changes)

    @property
    def thin(self) -> bool:
        """Whether the second run answers so little of the first that it says little of it."""
        return self.unanswered > MOST_LOST * (self.unanswered + sum(each.paired.cases for each in self.changes))


def gate(text: str) -> Gate:
    """The gate that a text means: `recite - bare >= 0.05`. Raises: EvalError where it means none."""
    found = GATE.fullmatch(text.strip())
    if found is None:
        raise EvalError(f'--gate {text!r} is none; write "ARM - ARM >= NUMBER", such as "recite - bare >= 0.05"')
    least = float(found[3])
    if not -1 < least < 1:
        raise EvalError(f"--gate {text!r}: no difference of shares is shown to reach that; write 0.05 for 5 points")
    if found[1] == found[2]:
        raise EvalError(f"--gate {text!r} holds an arm against itself; name two")
    return Gate(text.strip(), found[1], found[2], least)


def compare(
    before: Results, after: Results, gates: Iterable[Gate] = (), partial: bool = False, pooled: bool = False
) -> Comparison:
    """The cells that both runs hold, paired by case and seed, and the gates on the second run.

    partial -- the second run may leave cells of the first one out.
    pooled -- an arm that fell over all its cells together fails too.
    Raises: EvalError where they share no case, a gate names an arm that is not there, or too few questions pair for it.
    """
    held = tuple(_held(each, after) for each in gates)
    name = _name(before, after)
    was, now = _cells(before, name), _cells(after, name)
    shared = [place for place in sorted(was) if place in now]
    found = {place: against(now[place], was[place], name) for place in shared}
    if not any(set(map(name, was[place])) & set(map(name, now[place])) for place in shared):
        raise EvalError(
            f"{before.path} and {after.path} hold no case in common; run both by one suite: "
            f"litany eval {before.folder / 'suite.toml'} --out {after.folder}"
        )
    adjusted = zip(shared, _adjusted([found[place] for place in shared]), strict=True)
    changes = (_change(place, was[place], now[place], found[place], p, name) for place, p in adjusted)
    missing, pools = len(was) - len(shared), _pools(was, now, shared, name)
    return Comparison(tuple(changes), pools, missing, held, partial, _reworded(was, now, name), pooled)


Name = Callable[[Outcome], Hashable]
Place = tuple[str, str, str, int, float]
"""Task, model (empty where each run asked one), arm, length and depth."""
Cells = Mapping[Place, Sequence[Outcome]]


def _name(before: Results, after: Results) -> Name:
    """What pairs: where each run asked one model, that may be another one."""
    models = [len({outcome.model for outcome in run.outcomes}) for run in (before, after)]
    return case if models == [1, 1] else in_model


def _cells(run: Results, name: Name) -> Cells:
    found: dict[Place, list[Outcome]] = {}
    for arm, outcomes in by_arm(run.outcomes).items():
        for outcome in outcomes:
            model = outcome.model if name is in_model else ""
            found.setdefault((outcome.task, model, arm, outcome.length, outcome.depth), []).append(outcome)
    return found


def _adjusted(found: Sequence[Paired]) -> list[float | None]:
    """The p of each by Holm, over all that have one."""
    adjusted = iter(holm([each.p for each in found if each.p is not None]))
    return [None if each.p is None else next(adjusted) for each in found]


def _pools(was: Cells, now: Cells, shared: Sequence[Place], name: Name) -> tuple[Pool, ...]:
    """Each arm over the cells that both runs hold."""
    places: dict[str, list[Place]] = {}
    for place in shared:
        _, model, arm, *_ = place
        places.setdefault(f"{arm} on {model}" if model else arm, []).append(place)
    first, second = (
        {arm: [each for place in held for each in run[place]] for arm, held in places.items()} for run in (was, now)
    )
    found = [against(second[arm], first[arm], name) for arm in places]
    return tuple(map(Pool, places, found, _adjusted(found)))


def _reworded(was: Cells, now: Cells, name: Name) -> int:
    texts = [{name(each): each.case for every in run.values() for each in every if each.case} for run in (was, now)]
    return sum(texts[1].get(asked, text) != text for asked, text in texts[0].items())


def _change(
    place: Place, was: Sequence[Outcome], now: Sequence[Outcome], paired: Paired, adjusted: float | None, name: Name
) -> Change:
    first, model = was[0], place[1]
    task = f"{first.task} on {model}" if model else first.task
    answered, still = ({name(each) for each in run if each.score is not None} for run in (was, now))
    rooms = first.length, first.depth, estimate(was), estimate(now)
    return Change(task, place[2], *rooms, paired, adjusted, len(answered - still))


def _held(asked: Gate, run: Results) -> Held:
    arms = by_arm(run.outcomes)
    for arm in (asked.first, asked.second):
        if arm not in arms:
            raise EvalError(f"--gate {asked.text!r}: {run.path} holds no arm {arm!r}; it holds {', '.join(arms)}")
    paired = against(arms[asked.first], arms[asked.second])
    interval = paired.interval
    least = _least_questions(asked.least)
    if interval is None or interval.n < least:
        raise EvalError(
            f"--gate {asked.text!r}: {many(paired.n, 'question')} answered in both arms, too few to show "
            f"{asked.least:g} at 95 %; ask at least {least:,}, better twice as many: litany eval -n {2 * least}"
        )
    return Held(asked, paired, interval)


def _least_questions(least: float) -> int:
    """Questions that could show it, were every one of them to speak for it; really it takes more."""
    return max(LEAST, ceil(z(0.95) ** 2 * (1 + least) / (1 - least)))
