"""Figures: all numbers of a report, each with its n and its interval; errors are counted apart."""

from collections import Counter
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from statistics import fmean

import numpy as np

from litany.errors import EvalError
from litany.evals.outcome import Outcome, Toll, paid
from litany.evals.report.pairs import Paired, against, question, redrawn
from litany.evals.report.read import Results, by_arm
from litany.evals.stats import Curve, Interval, Trials, clustered, curve, holm, wilson

RESAMPLES = 2_000
SURE = 0.05
"""A p below it is told as a difference."""
SEED = 0
"""Of the bootstrap: the same outcomes give the same report."""
COMPACT, RECITING = "compact", ("compact+recite", "litany")
"""Compacting alone, and the arms that do as much and recite."""


@dataclass(frozen=True, slots=True)
class Standing:
    """One arm, all its cells together."""

    arm: str
    score: Interval | None
    """None where nothing was answered."""
    answered: int
    errors: Mapping[str, int]
    """By kind, the most frequent first."""
    shape: Curve | None
    """None where there are fewer than three depths, or too few questions that were answered at all of them."""
    few: int
    """Those questions, where they are too few for a shape; else 0."""
    passes: tuple[Interval, ...]
    """pass^1, pass^2 and so on, of cases that were tried as often; empty where each was tried once. Errands of one kind
    are trials of one case."""
    chances: tuple[Interval, ...]
    """pass@1, pass@2 and so on, of the same cases."""
    tokens: Interval | None
    """Sent in one call, the cached ones among them."""
    cached: float
    """Of them: the share that came from the model's cache."""
    completion: Interval | None
    """Written in one call."""
    latency: Interval | None
    """Seconds that one call took."""
    price: Interval | None
    """Dollars of one call; None where no price is known."""
    cost: float | None
    """Dollars in all, errors included, each answer where it was paid for; None where no price is known."""
    priced: int
    """Outcomes whose price is known, errors included."""

    @property
    def verdict(self) -> str:
        """The shape in a word, with its own n where some questions are not in it."""
        if self.shape is None:
            return f"n {self.few} is too few" if self.few else "–"
        n = self.shape.gap.n
        return f"{self.shape.verdict}{'' if self.score and self.score.n == n else f' (n {n})'}"

    @property
    def worse(self) -> str:
        """Which end is shown to do worse than the middle, of which the verdict says nothing; mostly empty."""
        if self.shape is None:
            return ""
        ends = {"beginning": self.shape.beginning, "end": self.shape.end}
        named = " and ".join(name for name, shown in ends.items() if shown < 0)
        return f"{named} below the middle" if named else ""

    @property
    def said(self) -> str:
        """The verdict, and what it leaves out."""
        return f"{self.verdict}; {self.worse}" if self.worse else self.verdict

    @property
    def failed(self) -> int:
        """Errors."""
        return sum(self.errors.values())


@dataclass(frozen=True, slots=True)
class Contrast:
    """One arm against another on the same cases."""

    first: str
    second: str
    length: int | None
    """None: pooled over all cells, and tested."""
    paired: Paired
    adjusted: float | None
    """The p by Holm: over the pooled contrasts of the board, or over the cells of these two arms."""
    depth: float | None = None
    """None: all depths."""
    resampled: Interval | None = None
    """The interval of the paired bootstrap by question, beside Student's; of a pooled contrast only."""

    @property
    def sure(self) -> bool:
        """Whether the arms differ, by the adjusted p."""
        return self.adjusted is not None and self.adjusted < SURE


@dataclass(frozen=True, slots=True)
class Board:
    """One task asked of one model."""

    task: str
    model: str
    arms: Mapping[str, tuple[Outcome, ...]]
    standings: tuple[Standing, ...]
    contrasts: tuple[Contrast, ...]
    cells: tuple[Contrast, ...]
    """The same arms in each cell, at one length and depth."""

    @property
    def outcomes(self) -> Iterable[Outcome]:
        """Of all arms."""
        return (outcome for each in self.arms.values() for outcome in each)

    @property
    def lengths(self) -> tuple[int, ...]:
        """That were asked for, ascending."""
        return tuple(sorted({outcome.length for outcome in self.outcomes}))

    @property
    def depths(self) -> tuple[float, ...]:
        """That were asked at, ascending."""
        return tuple(sorted({outcome.depth for outcome in self.outcomes}))


@dataclass(frozen=True, slots=True)
class Figures:
    """All numbers of a report."""

    results: Results
    boards: tuple[Board, ...]
    commits: tuple[str, ...]
    """Of the working trees that ran it."""
    judge: Toll | None = None
    """What the judge took for all of it; None where code alone graded."""


def figures(results: Results) -> Figures:
    """The numbers of a folder, board by board."""
    found: dict[tuple[str, str], list[Outcome]] = {}
    for outcome in results.outcomes:
        found.setdefault((outcome.task, outcome.model), []).append(outcome)
    commits = sorted({outcome.commit for outcome in results.outcomes if outcome.commit})
    tolls = [outcome.judge for outcome in results.outcomes if outcome.judge is not None]
    judge = sum(tolls[1:], tolls[0]) if tolls else None
    return Figures(results, tuple(_board(*key, found[key]) for key in sorted(found)), tuple(commits), judge)


def estimate(outcomes: Iterable[Outcome]) -> Interval | None:
    """The mean score with its 95 % interval; None where nothing was answered.

    Wilson's where each question was asked once and is right or wrong, else the one clustered by question. Where all
    questions agree that one has no width, and Wilson's over the questions takes its place.
    """
    return spread([(each.score, question(each)) for each in outcomes if each.score is not None])


def spread(scored: Sequence[tuple[float, object]]) -> Interval | None:
    """The mean of shares between 0 and 1 with its interval, as in `estimate`."""
    if not scored:
        return None
    scores = [score for score, _ in scored]
    mean, n = fmean(scores), len({asked for _, asked in scored})
    if n == len(scored) and {*scores} <= {0.0, 1.0}:
        return wilson(round(sum(scores)), n)
    found = clustered(scores, [asked for _, asked in scored])
    if found is None:
        return Interval(mean, 0.0, 1.0, 1)
    if found.low == found.high:
        guess = wilson(round(mean * n), n)
        return Interval(mean, min(guess.low, mean), max(guess.high, mean), n)
    return Interval(mean, max(0.0, found.low), min(1.0, found.high), n)


def _board(task: str, model: str, outcomes: Sequence[Outcome]) -> Board:
    arms = by_arm(outcomes)
    standings, wanted = tuple(_standing(arm, each) for arm, each in arms.items()), _wanted(list(arms))
    return Board(task, model, arms, standings, _contrasts(arms, wanted), tuple(_by_cell(arms, wanted)))


def _standing(arm: str, outcomes: Sequence[Outcome]) -> Standing:
    answered = [outcome for outcome in outcomes if outcome.error is None]
    kinds = Counter(outcome.error.kind for outcome in outcomes if outcome.error)
    prices = [dollars for outcome in outcomes if (dollars := paid(outcome)) is not None]
    sent = sum(outcome.tokens for outcome in answered)
    shape = _shape(answered)
    few = shape.gap.n if shape and shape.verdict is None else 0
    return Standing(
        arm=arm,
        score=estimate(answered),
        answered=len(answered),
        errors=dict(kinds.most_common()),
        shape=None if few else shape,
        few=few,
        passes=_passes(answered, Trials.all_of),
        chances=_passes(answered, Trials.any_of),
        tokens=_mean([(outcome.tokens, question(outcome)) for outcome in answered]),
        cached=sum(outcome.cached for outcome in answered) / sent if sent else 0.0,
        completion=_mean([(outcome.completion, question(outcome)) for outcome in answered]),
        latency=_mean([(outcome.latency, question(outcome)) for outcome in answered]),
        price=_mean([(each.cost, question(each)) for each in answered if each.cost is not None]),
        cost=sum(prices) if prices else None,
        priced=len(prices),
    )


def _shape(answered: Sequence[Outcome]) -> Curve | None:
    if len({outcome.depth for outcome in answered}) < 3:
        return None
    try:
        return curve(
            [outcome.score or 0.0 for outcome in answered],
            [outcome.depth for outcome in answered],
            [question(outcome) for outcome in answered],
            np.random.default_rng(SEED),
            resamples=RESAMPLES,
        )
    except EvalError:
        return None  # no question was answered at the beginning, in the middle and at the end


def _passes(answered: Sequence[Outcome], share: Callable[[Trials, int], float]) -> tuple[Interval, ...]:
    tried: dict[object, list[Outcome]] = {}
    for outcome in answered:
        place = (question(outcome), outcome.length, outcome.depth)
        tried.setdefault(place, []).append(outcome)
    most = max(map(len, tried.values()), default=1)
    if most == 1:
        return ()
    trials = [(Trials(len(each), sum(one.score == 1 for one in each)), question(each[0])) for each in tried.values()]
    found = (spread([(share(each, k), asked) for each, asked in trials if each.tried >= k]) for k in range(1, most + 1))
    return tuple(interval for interval in found if interval is not None)


def _mean(values: Sequence[tuple[float, object]]) -> Interval | None:
    """The mean of amounts, clustered by question; without width where there is one question only."""
    if not values:
        return None
    mean = fmean(value for value, _ in values)
    found = clustered([value for value, _ in values], [asked for _, asked in values])
    return found or Interval(mean, mean, mean, 1)


def _wanted(names: Sequence[str]) -> list[tuple[str, str]]:
    """Every arm against the first and against the placebo; what recites beside compacting, against compacting alone."""
    wanted = [(first, second) for second in names[:1] for first in names[1:]]
    wanted += [(first, second) for second in names if _is_placebo(second) for first in names if first not in names[:1]]
    wanted += [(first, COMPACT) for first in RECITING if first in names and COMPACT in names]
    return [(first, second) for first, second in dict.fromkeys(wanted) if not _is_placebo(first) or second == names[0]]


def _contrasts(arms: Mapping[str, Sequence[Outcome]], wanted: Sequence[tuple[str, str]]) -> tuple[Contrast, ...]:
    """Pooled and tested, then length by length."""
    pooled = [against(arms[first], arms[second]) for first, second in wanted]
    adjusted = iter(holm([found.p for found in pooled if found.p is not None]))
    out: list[Contrast] = []
    for (first, second), found in zip(wanted, pooled, strict=True):
        resampled = redrawn(arms[first], arms[second], np.random.default_rng(SEED), RESAMPLES)
        p = None if found.p is None else next(adjusted)
        out.append(Contrast(first, second, None, found, p, resampled=resampled))
        out += _by_length(first, second, arms)
    return tuple(out)


def _by_cell(arms: Mapping[str, Sequence[Outcome]], wanted: Sequence[tuple[str, str]]) -> Iterable[Contrast]:
    """Every cell tested, McNemar's test where each question was asked once; Holm over the cells of two arms."""
    placed = {arm: _placed(outcomes) for arm, outcomes in arms.items()}
    for first, second in wanted:
        one, other = placed[first], placed[second]
        found = {place: against(one[place], other[place]) for place in sorted(one) if place in other}
        adjusted = iter(holm([each.p for each in found.values() if each.p is not None]))
        for (length, depth), each in found.items():
            yield Contrast(first, second, length, each, None if each.p is None else next(adjusted), depth)


def _placed(outcomes: Sequence[Outcome]) -> Mapping[tuple[int, float], list[Outcome]]:
    found: dict[tuple[int, float], list[Outcome]] = {}
    for outcome in outcomes:
        found.setdefault((outcome.length, outcome.depth), []).append(outcome)
    return found


def _is_placebo(arm: str) -> bool:
    return arm.partition("@")[0] == "placebo"


def _by_length(first: str, second: str, arms: Mapping[str, Sequence[Outcome]]) -> Iterable[Contrast]:
    lengths = sorted({outcome.length for outcome in arms[first]} & {outcome.length for outcome in arms[second]})
    if len(lengths) < 2:
        return
    for length in lengths:
        one, other = ([each for each in arms[name] if each.length == length] for name in (first, second))
        yield Contrast(first, second, length, against(one, other), None)
