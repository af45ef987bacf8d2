"""One errand of the demo, played in two ways; every number is of this run."""

from collections.abc import Iterator

from litany.evals.demo.told import prose, quoted
from litany.evals.errand import World, world
from litany.evals.outcome import Outcome
from litany.evals.report.figures import Figures
from litany.evals.report.words import line
from litany.evals.sweep.suite import Pace, Suite
from litany.models.model import Model

FOLDER = "errand"
"""Where its results go, in the demo's own folder."""
ORDERS = 24
LENGTH = 1_000
"""Tokens of the window."""
ARMS = {"last-n": "bare", "litany": "litany"}
"""Arms, and how the demo calls them."""


def suite(seed: int = 0) -> Suite:
    """The errand as an ordinary suite of one world. Raises: EvalError for what is none."""
    arms = tuple(ARMS)
    return Suite((f"errand:{ORDERS}",), "pocket", arms, (LENGTH,), (0.0,), 1, seed=seed, pace=Pace(workers=len(arms)))


def told(asked: Suite, found: Figures, model: Model) -> Iterator[str]:
    """What was asked, and what was made of the world."""
    errand = world(asked.seeds[0], ORDERS)
    yield "AN ERRAND, call after call"
    yield ""
    yield "  The agent is told once:"
    yield from quoted(str(errand.opening()[1]["content"]))
    yield from prose(
        f'Then {ORDERS} orders come one by one, the first: "{errand.kind.job.order(errand.orders[0])}" The tools '
        f"answer at length, {_tokens(errand, model):,} tokens in all, and the window holds {LENGTH:,}: bare sends the "
        "last messages that fit, litany compacts and restates. What is done is written into files, and those count.",
        "  ",
    )
    yield ""
    yield "             orders done right   against the rule or unasked   first slip"
    outcomes = {each.arm: each for each in found.results.outcomes}
    for arm, name in ARMS.items():
        yield f"  {name:<8} {_row(outcomes[arm])}"
    yield ""
    yield from (part for arm, name in ARMS.items() for part in _slipped(name, outcomes[arm]))
    yield from prose(
        "One world proves nothing. `litany eval errand` plays 104 of 13 kinds, with a placebo and with compaction "
        "alone.",
        "  ",
    )


def _tokens(errand: World, model: Model) -> int:
    """Tokens of what the tools say to one who does all of it."""
    said = ({"role": "user", "content": errand.noise.at(step)} for step in range(1, ORDERS + 1))
    return sum(model.count([message]) for message in said)


def _row(outcome: Outcome) -> str:
    figures = outcome.details or {}
    if outcome.error is not None or "of" not in figures:
        return line(f"no result: {outcome.error.text if outcome.error else outcome.answer}", 60)
    right = f"{figures['done']} of {figures['of']}"
    slip = f"call {figures['slip']}" if "slip" in figures else "none"
    return f"{right:>19}   {figures['drift']:>27}   {slip:>10}"


def _slipped(name: str, outcome: Outcome) -> Iterator[str]:
    said = (outcome.details or {}).get("slipped")
    if said is not None:
        yield f"  The first slip of {name}: {line(said or '(nothing)', 50)}"
