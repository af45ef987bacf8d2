"""Errands: what was made of their worlds, arm by arm: how much is done, and how much that nobody asked for."""

from collections.abc import Callable, Hashable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import combinations, product
from statistics import fmean, median

from litany.evals.outcome import Outcome
from litany.evals.report.figures import Board, spread
from litany.evals.report.pairs import in_model, question
from litany.evals.report.words import apart, around, line
from litany.evals.stats import Interval, paired

HEAD = ("arm", "worlds", "all done and nothing else", "orders done right", "drift", "first slip", "calls a world")
NOTE = (
    "By the state of the worlds. Done right: of the orders, those whose effect stands there; drift: of the effects, "
    "those that break the rule or that nobody ordered; first slip: the first call that did not do what was ordered, in "
    "the median of the worlds that have one. Intervals are clustered by kind of world."
)


@dataclass(frozen=True, slots=True)
class Made:
    """What one arm has made of its worlds."""

    arm: str
    worlds: int
    whole: Interval | None
    """The share of worlds in which all is done and nothing else."""
    done: Interval | None
    """The share of orders that are done right, a world each."""
    drift: Interval | None
    """The share of effects that should not be, a world each."""
    slip: float | None
    """The first call that was not right, in the median; None where each one was."""
    calls: float


@dataclass(frozen=True, slots=True)
class Apart:
    """An arm less another, world by world."""

    first: str
    second: str
    done: Interval | None
    drift: Interval | None


def made(board: Board) -> tuple[Made, ...]:
    """Of each arm; none where the board has no errands."""
    found = {arm: [each for each in outcomes if _is_errand(each)] for arm, outcomes in board.arms.items()}
    return tuple(_made(arm, outcomes) for arm, outcomes in found.items() if outcomes)


def differences(board: Board, every: bool = True) -> tuple[Apart, ...]:
    """Each arm against those before it, or only the first, on the worlds that both played, clustered by kind."""
    arms = [each.arm for each in made(board)]
    pairs = combinations(arms, 2) if every else product(arms[:1], arms[1:])
    return tuple(
        Apart(
            arm,
            base,
            _less(board.arms[arm], board.arms[base], done),
            _less(board.arms[arm], board.arms[base], drift),
        )
        for base, arm in pairs
    )


def rows(board: Board, named: Callable[[str], str] = line) -> Iterator[list[str]]:
    """The table's, as HEAD has them."""
    for each in made(board):
        slip = "–" if each.slip is None else f"{each.slip:.0f}"
        shares = [around(each.whole), around(each.done), around(each.drift)]
        yield [named(each.arm), f"{each.worlds}", *shares, slip, f"{each.calls:.0f}"]


def contrasts(board: Board, named: Callable[[str], str] = line, every: bool = True) -> Iterator[list[str]]:
    """Differences, as texts: arms, done, drift."""
    for each in differences(board, every):
        yield [f"{named(each.first)} − {named(each.second)}", apart(each.done), apart(each.drift)]


def done(outcome: Outcome) -> float:
    """The share of the orders that are done right."""
    figures = _figures(outcome)
    return figures["done"] / figures["of"]


def drift(outcome: Outcome) -> float:
    """The share of the effects that should not be; 0 where there is no effect."""
    figures = _figures(outcome)
    return figures["drift"] / max(1, figures["done"] + figures["drift"])


def _is_errand(outcome: Outcome) -> bool:
    return outcome.score is not None and {"asked", "done", "of", "drift"} <= _figures(outcome).keys()


def _figures(outcome: Outcome) -> Mapping[str, int]:
    return outcome.details or {}


def _made(arm: str, outcomes: Sequence[Outcome]) -> Made:
    slips = [_figures(each)["slip"] for each in outcomes if "slip" in _figures(each)]
    return Made(
        arm,
        len(outcomes),
        spread([(each.score or 0.0, question(each)) for each in outcomes]),
        spread([(done(each), question(each)) for each in outcomes]),
        spread([(drift(each), question(each)) for each in outcomes]),
        median(slips) if slips else None,
        fmean(_figures(each)["asked"] for each in outcomes),
    )


def _less(first: Sequence[Outcome], second: Sequence[Outcome], share: Callable[[Outcome], float]) -> Interval | None:
    """The mean difference, clustered by kind; None of fewer than two kinds."""
    one: dict[Hashable, Outcome] = {in_model(each): each for each in first if _is_errand(each)}
    other = {in_model(each): each for each in second if _is_errand(each)}
    both = [(one[key], other[key]) for key in one if key in other]
    if not both:
        return None
    found = paired([share(a) for a, _ in both], [share(b) for _, b in both], [question(a) for a, _ in both])
    return None if found is None else found.interval
