"""Plan: what a sweep would take, before anything is paid."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import product
from pathlib import Path

from litany.core.completion import Usage
from litany.evals.case import Case
from litany.evals.judge import Judge
from litany.evals.outcome import Outcome, Toll
from litany.evals.sweep.cache import request_key, spent
from litany.evals.sweep.cell import Cell, Site, cells
from litany.evals.sweep.due import expected
from litany.evals.sweep.failing import LASTING
from litany.evals.sweep.parts import Arm, Parts, parts_of
from litany.evals.sweep.purse import guess, most
from litany.evals.sweep.results import read, there
from litany.evals.sweep.run import drawn, fits, room, size
from litany.evals.sweep.suite import Suite
from litany.models.model import Model

FULL = 0.75
"""Of its window: what a call of an errand is taken to send."""
GUESS = 0.25
"""Share of questions that exactly one of two arms gets right, until somebody has measured it."""


@dataclass(frozen=True, slots=True)
class Plan:
    """An estimate."""

    calls: int
    """Still to be made, repetitions and a judge's aside; what two arms send alike is one call, and an errand the most
    that it may take."""
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
    reserve: float | None = None
    """Dollars that one call may cost at the shortest length, were it answered as long as can be: a limit below that
    buys nothing. None where no price is known."""


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
    every = [cell for _, here in cells(suite, parts, model.name) for cell in here]
    left = _left(every, earlier)
    cases = _cases(suite, model, parts)
    prompts = _prompts(cases, suite, model, parts)
    answers = [each for each in earlier if each.answer is not None]
    sent = _asked(every, left, prompts, {each.key for each in answers})
    answer = _answer(answers, model)
    calls, tokens = sum(each.calls for each in sent), sum(each.calls * each.tokens for each in sent)
    judging = None if judge is None else expected(judge, [_kind(cell) for cell in left], cases, earlier, answer)
    return Plan(
        calls=calls,
        done=size(suite) - len(left),
        tokens=tokens,
        written=answer * calls,
        dollars=_dollars(model, sent, answer, judging),
        seconds=_seconds(suite, Toll(calls, tokens, answer * calls, None), judging, answers),
        detectable=_shown(suite),
        questions=suite.n,
        answer=answer,
        guessed=not answers,
        judge=judging,
        spent=0.0 if out is None else spent(out),
        reserve=None if model.price(Usage(1, 1)) is None else most(model, min(suite.lengths)),
    )


def _left(every: Sequence[Cell], earlier: Sequence[Outcome]) -> list[Cell]:
    """The cells that have no outcome that stays."""
    done = {each.key for each in earlier if each.error is None or LASTING[each.error.kind]}
    return [cell for cell in every if cell.key not in done]


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


@dataclass(frozen=True, slots=True)
class _Prompt:
    """What an arm sends for a case."""

    key: bytes | str
    """What tells it from the prompts of other arms."""
    tokens: int
    """Of one call."""
    calls: int


Prompts = Mapping[tuple[str, int, str], _Prompt]
"""By task, length and arm."""


def _prompts(cases: Mapping[tuple[str, int], Case], suite: Suite, model: Model, parts: Parts) -> Prompts:
    """What is sent; an arm that fails counts as the whole length."""
    found: dict[tuple[str, int, str], _Prompt] = {}
    for (task, length), case in cases.items():
        for arm in parts.arms:
            try:
                found[task, length, arm.name] = _prompt(case, arm, suite, model)
            except Exception:  # noqa: BLE001  # an arm may fail in any way; the sweep says how
                found[task, length, arm.name] = _Prompt(arm.name, length, _calls(case))
    return found


def _prompt(case: Case, arm: Arm, suite: Suite, model: Model) -> _Prompt:
    """One of an errand is told by its arm: two arms send the same at first, and other things later."""
    sent = arm.view(case, model.count)
    if case.world is not None:
        return _Prompt(arm.name, round(FULL * case.length), _calls(case))
    key = request_key(model.name, suite.asking, sent.messages, sent.tools, 0)
    return _Prompt(key, model.count(sent.messages, sent.tools), 1)


def _asked(every: Sequence[Cell], left: Sequence[Cell], prompts: Prompts, known: set[str]) -> list[_Prompt]:
    """The prompts that are sent: of arms that send the same for a case, and were not answered yet, one."""
    placed = {cell.key: (cell.site, cell.trial, prompts[*_kind(cell), cell.arm.name]) for cell in every}
    answered = {place for key, place in placed.items() if key in known}
    return [place[2] for place in dict.fromkeys(placed[cell.key] for cell in left) if place not in answered]


def _dollars(model: Model, sent: list[_Prompt], answer: int, judging: Toll | None) -> float | None:
    prices = {tokens: model.price(Usage(tokens, answer)) for tokens in {each.tokens for each in sent}}
    dollars = [prices[each.tokens] for each in sent for _ in range(each.calls)]
    dollars += [] if judging is None else [judging.cost]
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
