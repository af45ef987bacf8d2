"""Sample: one cell, from its case to its outcome."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from hashlib import blake2b
from typing import Any

from litany.errors import EvalError
from litany.evals import truth
from litany.evals.answer import calls, text, written
from litany.evals.case import Case, Message
from litany.evals.outcome import Failure, Outcome
from litany.evals.score import found
from litany.evals.sweep.asker import Asker, Call
from litany.evals.sweep.cache import Answer
from litany.evals.sweep.cell import Cell
from litany.evals.sweep.clock import Clock
from litany.evals.sweep.failing import told
from litany.evals.sweep.grading import Grader
from litany.evals.sweep.parts import Prompt

ENDING = 1_200
"""Characters of a prompt's end that are kept for who reads the results."""


@dataclass(frozen=True, slots=True)
class Sampler:
    """What all samples of a sweep share."""

    asker: Asker
    grader: Grader
    first: int
    """The seed whose prompts are shown, whatever came of them."""
    clock: Clock
    commit: str | None

    def __call__(self, job: tuple[Cell, Case | Failure]) -> Outcome:
        """What came of the cell. Raises: Broke, Stopped; what was answered until then is in the cache."""
        cell, case = job
        if isinstance(case, Failure):
            return self.outcome(cell, None, case)
        began = self.clock.now()
        try:
            prompt = cell.arm.view(case, self.asker.model.count)
            key = self.asker.key(prompt.messages, prompt.tools, cell.trial)
        except Exception as error:  # noqa: BLE001  # an arm may fail in any way, and an error is an outcome
            return self.outcome(cell, case, Failure("arm", told(error)))
        answer = self.asker(Call(key, prompt.messages, prompt.tools, cell.site.length, cell.key))
        cut = getattr(prompt, "compacted", None)
        details = {} if cut is None else {"compacted": cut}
        if isinstance(answer, Failure):
            outcome = self.outcome(cell, case, answer, details=details, latency=self.clock.now() - began)
        else:
            outcome = self._scored(cell, case, answer, details)
        return self._readable(outcome, prompt)

    def _readable(self, outcome: Outcome, prompt: Prompt) -> Outcome:
        """With the prompt's end where somebody will read it: all that is not right, and each cell's first question.

        Kept with every one of 10,000 right answers it would make the file three times as long.
        """
        if outcome.score == 1 and outcome.seed != self.first:
            return outcome
        return replace(outcome, details={**(outcome.details or {}), "prompt_end": ending(prompt.messages)})

    def _scored(self, cell: Cell, case: Case, answer: Answer, details: Mapping[str, Any]) -> Outcome:
        message = answer.completion.message
        try:
            said, called = written(message), len(calls(message))
        except Exception as error:  # noqa: BLE001  # a provider may send anything, and an error is an outcome
            return self.outcome(cell, case, Failure("provider", told(error)), answer)
        if answer.completion.finish == "length" and not said.strip():
            cut = f"cut off after {answer.completion.usage.completion} tokens, before it said anything"
            return self.outcome(cell, case, Failure("provider", cut + "; allow longer answers"), answer)
        more = {**details, **_figures(case, answer, called)}
        grade = self.grader(case.truth, message, cell.key)
        outcome = self.outcome(cell, case, grade.error, answer, said, grade.score, more)
        return replace(outcome, judge=grade.judge)

    def outcome(
        self,
        cell: Cell,
        case: Case | None,
        error: Failure | None,
        answer: Answer | None = None,
        said: str | None = None,
        points: float | None = None,
        details: Mapping[str, Any] | None = None,
        latency: float = 0.0,
    ) -> Outcome:
        """The outcome of a cell, with what its answer took."""
        site, usage = cell.site, None if answer is None else answer.completion.usage
        more = {**(details or {}), **({} if answer is None else _origin(answer, cell))}
        return Outcome(
            key=cell.key,
            task=site.task,
            arm=cell.arm.name,
            policy=cell.policy,
            model=self.asker.model.name,
            seed=site.seed,
            trial=cell.trial,
            question=f"{site.task}/{site.seed}" if case is None else case.question,
            length=site.length,
            depth=site.depth,
            truth="" if case is None else truth.written(case.truth),
            answer=said,
            score=points,
            error=error,
            tokens=0 if usage is None else usage.prompt,
            cached=0 if usage is None else usage.cached,
            completion=0 if usage is None else usage.completion,
            latency=round(latency if answer is None else answer.latency, 6),
            cost=None if answer is None else answer.cost,
            commit=self.commit,
            details=more or None,
            case="" if case is None else mark(case),
        )


def mark(case: Case) -> str:
    """What tells two histories apart that ask the same: they differ where other arms need other room."""
    return blake2b(repr((case.messages, case.tools)).encode("utf-8", "backslashreplace"), digest_size=6).hexdigest()


def ending(messages: Sequence[Message], most: int = ENDING) -> str:
    """The last characters of a prompt, each message under its role; cut off at the front."""
    blocks: list[str] = []
    size = 0
    for message in reversed(messages):
        blocks.append(f"{message.get('role')}: {_said(message)}")
        size += len(blocks[-1]) + 2
        if size > most:
            break
    whole = "\n\n".join(reversed(blocks))
    return whole if len(whole) <= most else f"…{whole[1 - most :]}"


def _said(message: Message) -> str:
    try:
        return written(message)
    except EvalError:  # an arm's own, which the model was sent all the same
        return text(message)


def _figures(case: Case, answer: Answer, called: int) -> dict[str, Any]:
    """What the score alone does not say: how many calls the answer ends with, how many of the texts it has, ..."""
    figures: dict[str, Any] = {"calls": called} if called else {}
    if case.truth.grader == "all":
        figures |= {"found": len(found(case.truth, answer.completion.message)), "of": len(case.truth.texts)}
    if answer.completion.finish == "length":
        figures["cut"] = True
    if not called and not text(answer.completion.message).strip():
        figures["empty"] = True
    return figures


def _origin(answer: Answer, cell: Cell) -> dict[str, bool]:
    """Whether it was in the cache, and whether this sample did not pay for it."""
    figures = {"reused": answer.reused, "unpaid": answer.payer != cell.key}
    return {name: True for name, so in figures.items() if so}
