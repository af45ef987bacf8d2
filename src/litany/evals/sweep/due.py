"""Due: what a judge would be asked, and what that would take, before anything is paid."""

from collections import Counter
from collections.abc import Mapping, Sequence
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path

from litany.core.completion import Usage
from litany.errors import EvalError
from litany.evals import truth
from litany.evals.answer import message_of
from litany.evals.case import Case, Message
from litany.evals.judge import Judge, judgeable, request
from litany.evals.outcome import Outcome, Toll
from litany.evals.score import CODED, score
from litany.evals.sweep.cache import NAME, Cache, request_key, spent
from litany.evals.sweep.purse import VERDICT
from litany.evals.sweep.results import some
from litany.evals.sweep.suite import telling
from litany.evals.sweep.toml import beside
from litany.models.model import Model

Kind = tuple[str, int]
"""Task and length."""
NOTHING = Toll(0, 0, 0, 0.0)


@dataclass(frozen=True, slots=True)
class Due:
    """What grading the answers of a folder again takes."""

    total: int
    """Answers."""
    known: int
    """Of them: what the judge says of them is in the cache."""
    judge: Toll
    """What is left for it; an answer is taken to be as long as a guess says."""
    spent: float = 0.0
    """Dollars that the answers and verdicts that are there cost."""


def expected(
    judge: Judge, left: Sequence[Kind], cases: Mapping[Kind, Case], earlier: Sequence[Outcome], answer: int
) -> Toll:
    """What a judge will take for samples that are still to be graded; `answer`: tokens of one of their answers.

    As often as earlier answers here took one, and where there are none: for each that code could find wrong.
    """
    graded = {kind: case.truth for kind, case in cases.items() if case.truth.grader not in CODED}
    often, words = _habit(judge.model, [each for each in earlier if (each.task, each.length) in graded])
    total = NOTHING
    for kind, number in Counter(kind for kind in left if kind in graded).items():
        tokens = judge.model.count(request(graded[kind], {"role": "assistant", "content": ""})) + answer
        total += _taking(judge.model, round(often * number), tokens, words)
    return total


def due(out: Path, judge: Judge | None, cache: Path | None = None) -> Due:
    """What grading again takes; nobody is asked. `cache`: as for `run`.

    Raises: EvalError when there are no outcomes.
    """
    outcomes = [each for each in some(out) if each.answer is not None]
    if judge is None:
        return Due(len(outcomes), 0, NOTHING, spent(out))
    suite, model = beside(out), judge.model
    options = {} if suite is None else telling(suite.options_of(judge.name))
    asked = [messages for each in outcomes if (messages := _asked(each)) is not None]
    keys = [request_key(model.name, options, messages, (), 0) for messages in asked]
    known = _known((out / NAME, cache), set(keys))
    new = {key: messages for key, messages in zip(keys, asked, strict=True) if key not in known}
    takes = (_taking(model, 1, model.count(messages), VERDICT) for messages in new.values())
    return Due(len(outcomes), sum(key in known for key in keys), sum(takes, NOTHING), spent(out))


def _habit(model: Model, earlier: Sequence[Outcome]) -> tuple[float, int]:
    """How often an answer is judged, and how many tokens the judge writes."""
    answered = [each for each in earlier if each.answer is not None]
    judged = [each.judge for each in answered if each.judge is not None]
    calls = sum(each.calls for each in judged)
    often = calls / len(answered) if answered else 1.0
    return often, round(sum(each.completion for each in judged) / calls) if calls else VERDICT


def _taking(model: Model, calls: int, tokens: int, words: int) -> Toll:
    """So many calls of so many tokens."""
    dollars = model.price(Usage(tokens, words))
    return Toll(calls, calls * tokens, calls * words, None if dollars is None else calls * dollars)


def _asked(outcome: Outcome) -> list[Message] | None:
    """What a judge is sent about an answer; None where code decides, or nobody can read it."""
    try:
        right = truth.read(outcome.truth)
        said = message_of(outcome.answer or "", (outcome.details or {}).get("calls", 0))
        return request(right, said) if judgeable(right, said) and score(right, said) != 1 else None
    except EvalError:
        return None


def _known(paths: Sequence[Path | None], keys: set[bytes]) -> set[bytes]:
    """Which of the requests were answered already."""
    known = set[bytes]()
    for path in paths:
        if path is not None and path.exists():
            with closing(Cache(path)) as cache:
                known |= {key for key in keys - known if cache.get(key) is not None}
    return known
