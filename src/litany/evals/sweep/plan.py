"""Plan: what a sweep would take, before anything is paid."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from statistics import fmean

from litany.core.completion import Usage
from litany.evals.lines import NAME
from litany.evals.models.model import Model
from litany.evals.outcome import Outcome
from litany.evals.sweep.cell import Site, cells
from litany.evals.sweep.failing import LASTING
from litany.evals.sweep.parts import Parts, parts_of
from litany.evals.sweep.purse import ANSWER
from litany.evals.sweep.results import read
from litany.evals.sweep.run import drawn, fits, room, size
from litany.evals.sweep.suite import Suite

GUESS = 0.25
"""Share of questions that exactly one of two arms gets right, until somebody has measured it."""


@dataclass(frozen=True, slots=True)
class Plan:
    """An estimate."""

    calls: int
    """Still to be made, repetitions aside; fewer where two arms send the same."""
    done: int
    """Samples that have an outcome."""
    tokens: int
    """To be sent: one case of each task, length and arm is counted, and stands for all of its kind."""
    written: int
    """To be answered: as earlier answers here took, else a guess of 256 tokens each."""
    dollars: float | None
    """None where no price is known."""
    seconds: float | None
    """None where neither a limit nor an earlier answer says how long a call takes."""
    detectable: float | None
    """The smallest difference between two arms in one cell that n questions show four times in five."""
    questions: int
    """n."""


def plan(
    suite: Suite,
    model: Model,
    out: Path | None = None,
    *,
    parts: Parts | None = None,
    detectable: Callable[[int, float], float] | None = None,
) -> Plan:
    """What is left of the suite in that folder. No model is asked.

    Raises: EvalError where the sweep could not be run.
    """
    parts = parts or parts_of(suite)
    fits(suite, model)
    earlier = read(out) if out is not None and (out / NAME).exists() else []
    done = {each.key for each in earlier if each.error is None or LASTING[each.error.kind]}
    sizes = _sizes(suite, model, parts)
    sent = [
        sizes[site.task, site.length, cell.arm.name]
        for site, every in cells(suite, parts.arms, model.name)
        for cell in every
        if cell.key not in done
    ]
    answers = [each for each in earlier if each.answer is not None]
    answer = round(fmean(each.completion for each in answers)) if answers else ANSWER
    tokens, said = sum(sent), answer * len(sent)
    dollars = _dollars(model, sent, answer)
    seconds = _seconds(suite, len(sent), tokens + said, answers)
    return Plan(len(sent), size(suite) - len(sent), tokens, said, dollars, seconds, _shown(suite, detectable), suite.n)


def _sizes(suite: Suite, model: Model, parts: Parts) -> Mapping[tuple[str, int, str], int]:
    """Tokens of what is sent, by task, length and arm; an arm that fails counts as the whole length."""
    depth = float(sorted(suite.depths)[len(suite.depths) // 2])
    sizes: dict[tuple[str, int, str], int] = {}
    for task in suite.tasks:
        for length in suite.lengths:
            site = Site(task, suite.seeds[0], length, depth)
            case = drawn(site, model, parts, room(site, model, parts))
            for arm in parts.arms:
                try:
                    prompt = arm.view(case, model.count)
                    sizes[task, length, arm.name] = model.count(prompt.messages, prompt.tools)
                except Exception:  # noqa: BLE001  # an arm may fail in any way; the sweep says how
                    sizes[task, length, arm.name] = length
    return sizes


def _dollars(model: Model, sent: list[int], answer: int) -> float | None:
    prices = {tokens: model.price(Usage(tokens, answer)) for tokens in set(sent)}
    dollars = [prices[tokens] for tokens in sent]
    return None if any(each is None for each in dollars) else sum(filter(None, dollars), 0.0)


def _seconds(suite: Suite, calls: int, tokens: int, answers: list[Outcome]) -> float | None:
    """The longest of what the limits ask for and what the calls take."""
    pace = suite.pace
    bounds = [60 * calls / pace.requests] if pace.requests else []
    bounds += [60 * tokens / pace.tokens] if pace.tokens else []
    bounds += [calls * fmean(each.latency for each in answers) / pace.workers] if answers else []
    return max(bounds) if bounds else None


def _shown(suite: Suite, detectable: Callable[[int, float], float] | None) -> float | None:
    if len(suite.arms) < 2:
        return None
    if detectable is not None:
        return detectable(suite.n, GUESS)
    from litany.evals.stats import power  # here, not above: NumPy comes with it

    return power.detectable(suite.n, GUESS)
