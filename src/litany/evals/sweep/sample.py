"""Sample: one cell, from its case to its outcome."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from random import Random
from typing import Any

from litany.errors import EvalError
from litany.evals import truth
from litany.evals.answer import calls, text, written
from litany.evals.case import Case, Message
from litany.evals.models.model import Model
from litany.evals.outcome import Failure, Outcome
from litany.evals.score import Score, found
from litany.evals.sweep.asking import asked
from litany.evals.sweep.cache import Answer, Cache, request_key
from litany.evals.sweep.cell import Cell
from litany.evals.sweep.clock import Clock
from litany.evals.sweep.failing import told
from litany.evals.sweep.gate import Gate
from litany.evals.sweep.parts import Prompt
from litany.evals.sweep.purse import Purse
from litany.evals.sweep.suite import Suite
from litany.evals.waiting import completed

ENDING = 1_200
"""Characters of a prompt's end that are kept for who reads the results."""


class Broke(Exception):
    """The next call would cost more than there is to spend."""


@dataclass(frozen=True, slots=True)
class Sampler:
    """What all samples of a sweep share."""

    suite: Suite
    model: Model
    score: Score
    cache: Cache
    gate: Gate
    clock: Clock
    purse: Purse
    commit: str | None

    def __call__(self, cell: Cell, case: Case | Failure) -> Outcome:
        """What came of the cell. Raises: Broke, Stopped; nothing was asked then."""
        if isinstance(case, Failure):
            return self._outcome(cell, None, case)
        began = self.clock.now()
        try:
            prompt = cell.arm.view(case, self.model.count)
            key = request_key(self.model.name, self.suite.options, prompt.messages, prompt.tools, cell.trial)
        except Exception as error:  # noqa: BLE001  # an arm may fail in any way, and an error is an outcome
            return self._outcome(cell, case, Failure("arm", told(error)))
        with self.cache.asking(key):
            answer = self.cache.get(key) or self._asked(cell, prompt, key)
        details = {"compacted": True} if getattr(prompt, "compacted", False) else {}
        if isinstance(answer, Failure):
            outcome = self._outcome(cell, case, answer, details=details, latency=self.clock.now() - began)
        else:
            outcome = self._scored(cell, case, answer, details)
        return self._readable(outcome, prompt)

    def _readable(self, outcome: Outcome, prompt: Prompt) -> Outcome:
        """With the prompt's end where somebody will read it: all that is not right, and each cell's first question.

        Kept with every one of 10,000 right answers it would make the file three times as long.
        """
        if outcome.score == 1 and outcome.seed != self.suite.seeds[0]:
            return outcome
        return replace(outcome, details={**(outcome.details or {}), "prompt_end": ending(prompt.messages)})

    def _asked(self, cell: Cell, prompt: Prompt, key: bytes) -> Answer | Failure:
        """The model's answer, kept as soon as it is there."""
        tokens = cell.site.length
        held = self.purse.hold(tokens)
        if held is None:
            raise Broke
        usage = None
        try:
            heard = asked(
                lambda: completed(self.model, prompt.messages, prompt.tools),
                tokens,
                self.suite.pace.retries,
                self.gate,
                self.clock,
                Random(key),
            )
            usage = None if isinstance(heard, Failure) else heard.completion.usage
        finally:
            cost = self.purse.pay(held, usage)
        if isinstance(heard, Failure):
            return heard
        answer = Answer(heard.completion, heard.latency, cost)
        self.cache.put(key, answer)
        return answer

    def _scored(self, cell: Cell, case: Case, answer: Answer, details: Mapping[str, Any]) -> Outcome:
        message = answer.completion.message
        try:
            said, called = written(message), len(calls(message))
        except Exception as error:  # noqa: BLE001  # a provider may send anything, and an error is an outcome
            return self._outcome(cell, case, Failure("provider", told(error)), answer)
        if answer.completion.finish == "length" and not said.strip():
            cut = f"cut off after {answer.completion.usage.completion} tokens, before it said anything"
            return self._outcome(cell, case, Failure("provider", cut + "; allow longer answers"), answer)
        more = {**details, **_figures(case, answer, called)}
        try:
            points = self.score(case.truth, message)
        except Exception as error:  # noqa: BLE001  # a scorer may fail in any way, and that is no zero
            return self._outcome(cell, case, Failure("scorer", told(error)), answer, said, None, more)
        return self._outcome(cell, case, None, answer, said, points, more)

    def _outcome(
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
        site, usage = cell.site, None if answer is None else answer.completion.usage
        return Outcome(
            key=cell.key,
            task=site.task,
            arm=cell.arm.name,
            policy=cell.policy,
            model=self.model.name,
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
            details=dict(details) if details else None,
        )


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
    return figures | ({"reused": True} if answer.reused else {})
