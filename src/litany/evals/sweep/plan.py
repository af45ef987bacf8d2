"""Plan: what a sweep would take, before anything is paid."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import product
from pathlib import Path

from litany.core.completion import Usage
from litany.evals.case import Case
from litany.evals.judge import Judge
from litany.evals.models.model import Model
from litany.evals.outcome import Outcome, Toll
from litany.evals.sweep.cache import spent
from litany.evals.sweep.cell import Cell, Site, cells
from litany.evals.sweep.due import expected
from litany.evals.sweep.failing import LASTING
from litany.evals.sweep.parts import Parts, parts_of
from litany.evals.sweep.purse import guess
from litany.evals.sweep.results import read, there
from litany.evals.sweep.run import drawn, fits, room, size
from litany.evals.sweep.suite import Suite

FULL = 0.75
"""Of its window: what a call of an errand is taken to send."""
GUESS = 0.25
"""Share of questions that exactly one of two arms gets right, until somebody has measured it."""


@dataclass(frozen=True, slots=True)
class Plan:
    """An estimate."""

    calls: int
    """Still to be made, repetitions and a judge's aside; fewer where two arms send the same or an errand ends early."""
    done: int
    """Samples that have an outcome."""
    tokens: int
    """To be sent: one case of each task, length and arm is counted, and stands for all of its kind."""
    written: int
    """To be answered."""
    dollars: float | None
    """The judge's among them; None where a price is not known."""
    seconds: float | None
    """None where neither a limit nor an earlier answer says how long a call takes."""
    detectable: float | None
    """The smallest difference between two arms in one cell that n questions show four times in five, by McNemar's
    exact test; None for one arm, or where n is too few for any."""
    questions: int
    """n."""
    answer: int
    """Tokens that an answer is taken for: as earlier answers here took, else a guess."""
    guessed: bool
    judge: Toll | None = None
    """What a judge will take; None where there is none."""
    spent: float = 0.0
    """Dollars that earlier answers here cost."""


def plan(
    suite: Suite,
    model: Model,
    out: Path | None = None,
    *,
    parts: Parts | None = None,
    judge: Judge | None = None,
) -> Plan:
    """What is left of the suite in that folder. No model is asked.

    Raises: EvalError where the sweep could not be run.
    """
    parts = parts or parts_of(suite)
    fits(suite, model)
    earlier = read(out) if out is not None and there(out) else []
    left = _left(suite, model, parts, earlier)
    cases = _cases(suite, model, parts)
    sizes = _sizes(cases, model, parts)
    answers = [each for each in earlier if each.answer is not None]
    known = {each.key for each in answers}
    asked = [_kind(cell) for cell in left if cell.key not in known]
    sent = [sizes[*_kind(cell), cell.arm.name] for cell in left if cell.key not in known]
    calls = sum(_calls(cases[kind]) for kind in asked)
    answer = _answer(answers, model)
    judging = None if judge is None else expected(judge, [_kind(cell) for cell in left], cases, earlier, answer)
    return Plan(
        calls=calls,
        done=size(suite) - len(left),
        tokens=sum(sent),
        written=answer * calls,
        dollars=_dollars(model, sent, answer * calls // max(1, len(sent)), judging),
        seconds=_seconds(suite, Toll(calls, sum(sent), answer * calls, None), judging, answers),
        detectable=_shown(suite),
        questions=suite.n,
        answer=answer,
        guessed=not answers,
        judge=judging,
        spent=0.0 if out is None else spent(out),
    )


def _left(suite: Suite, model: Model, parts: Parts, earlier: Sequence[Outcome]) -> list[Cell]:
    """The cells that have no outcome that stays."""
    done = {each.key for each in earlier if each.error is None or LASTING[each.error.kind]}
    return [cell for _, every in cells(suite, parts, model.name) for cell in every if cell.key not in done]


def _calls(case: Case) -> int:
    """Of a model, for one sample: the most that an errand may take."""
    return 1 if case.world is None else case.world.steps


def _made(outcome: Outcome) -> int:
    """Calls that one sample took."""
    return int((outcome.details or {}).get("asked", 1))


def _answer(answers: Sequence[Outcome], model: Model) -> int:
    """Tokens of one answer, as earlier ones took."""
    if not answers:
        return guess(model.longest)
    return round(sum(each.completion for each in answers) / sum(map(_made, answers)))


def _kind(cell: Cell) -> tuple[str, int]:
    return cell.site.task, cell.site.length


def _cases(suite: Suite, model: Model, parts: Parts) -> Mapping[tuple[str, int], Case]:
    """One case of each task and length."""
    depth = float(sorted(suite.depths)[len(suite.depths) // 2])
    kinds = product(suite.tasks, suite.lengths)
    places = {kind: Site(kind[0], suite.seeds[0], kind[1], depth) for kind in kinds}
    return {kind: drawn(site, model, parts, room(site, model, parts)) for kind, site in places.items()}


def _sizes(cases: Mapping[tuple[str, int], Case], model: Model, parts: Parts) -> Mapping[tuple[str, int, str], int]:
    """Tokens of what is sent, by task, length and arm; an arm that fails counts as the whole length."""
    sizes: dict[tuple[str, int, str], int] = {}
    for (task, length), case in cases.items():
        for arm in parts.arms:
            try:
                prompt = arm.view(case, model.count)
                tokens = model.count(prompt.messages, prompt.tools) if case.world is None else FULL * length
                sizes[task, length, arm.name] = round(tokens * _calls(case))
            except Exception:  # noqa: BLE001  # an arm may fail in any way; the sweep says how
                sizes[task, length, arm.name] = length * _calls(case)
    return sizes


def _dollars(model: Model, sent: list[int], answer: int, judging: Toll | None) -> float | None:
    prices = {tokens: model.price(Usage(tokens, answer)) for tokens in set(sent)}
    dollars = [prices[tokens] for tokens in sent] + ([] if judging is None else [judging.cost])
    return None if any(each is None for each in dollars) else sum(filter(None, dollars), 0.0)


def _seconds(suite: Suite, asked: Toll, judging: Toll | None, answers: list[Outcome]) -> float | None:
    """The longest of what the limits ask for and what the calls take."""
    pace = suite.pace
    every = asked if judging is None else asked + judging
    bounds = [60 * every.calls / pace.requests] if pace.requests else []
    bounds += [60 * (every.tokens + every.completion) / pace.tokens] if pace.tokens else []
    took = sum(each.latency for each in answers) / sum(map(_made, answers)) if answers else 0.0
    bounds += [every.calls * took / pace.workers] if answers else []
    return max(bounds) if bounds else None


def _shown(suite: Suite) -> float | None:
    if len(suite.arms) < 2:
        return None
    from litany.evals.stats import shown  # here, not above: NumPy comes with it

    return shown(suite.n, GUESS)
