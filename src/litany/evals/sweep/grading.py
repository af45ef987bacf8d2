"""Grading: the score of an answer, by code or by a judge, whose calls go the way that all calls of a sweep go."""

from collections.abc import Sequence
from dataclasses import dataclass

from litany.core.completion import Completion
from litany.evals.case import Message, Truth
from litany.evals.judge import Judge
from litany.evals.outcome import Failure, Toll
from litany.evals.score import Message as Said
from litany.evals.score import Score
from litany.evals.sweep.asker import Asker, Call, Means
from litany.evals.sweep.asking import Stopped
from litany.evals.sweep.cache import Answer
from litany.evals.sweep.failing import SILENCE, told
from litany.evals.sweep.purse import VERDICT, Broke
from litany.evals.sweep.suite import Suite


@dataclass(frozen=True, slots=True)
class Grade:
    """What came of grading one answer."""

    score: float | None
    """None with an error."""
    error: Failure | None
    judge: Toll | None
    """What a judge took for it; None where none was asked."""


class Unjudged(Exception):
    """The judge gave no answer."""

    def __init__(self, failure: Failure) -> None:
        super().__init__(failure.text)
        self.failure = failure


class Grader:
    """Grades the answers of a sweep."""

    def __init__(self, score: Score, asker: Asker | None = None) -> None:
        """`asker`: through which a judge is asked, where the score is one."""
        self._score, self._asker = score, asker

    def __call__(self, truth: Truth, message: Said, sample: str) -> Grade:
        """The grade; `sample`: the key of whose answer it is.

        Raises: Broke, Stopped where the judge could not be asked; what it said before is kept.
        """
        answers: list[Answer] = []
        try:
            points = self._scorer(answers, sample)(truth, message)
        except (Broke, Stopped):
            raise
        except Unjudged as error:
            return Grade(None, error.failure, _toll(answers, sample))
        except Exception as error:  # noqa: BLE001  # a scorer may fail in any way, and that is no zero
            return Grade(None, Failure("scorer", told(error)), _toll(answers, sample))
        return Grade(points, None, _toll(answers, sample))

    def _scorer(self, answers: list[Answer], sample: str) -> Score:
        """The score; a judge adds to the answers what it says."""
        judge, asker = self._score, self._asker
        if asker is None or not isinstance(judge, Judge):
            return judge

        def ask(messages: Sequence[Message], trial: int) -> Completion:
            key, tokens = asker.key(messages, (), trial), asker.model.count(messages)
            answer = asker(Call(key, messages, (), tokens, sample, VERDICT))
            if isinstance(answer, Failure):
                raise Unjudged(_failure(judge, answer))
            answers.append(answer)
            return answer.completion

        return judge.through(ask)


def grader(score: Score, suite: Suite | None, means: Means) -> Grader:
    """Who grades. `suite`: says how a judge is asked; None: as its model is by default."""
    if not isinstance(score, Judge):
        return Grader(score)
    options = {} if suite is None else suite.options_of(score.name)
    return Grader(score, Asker(score.model, options, means))


def _failure(judge: Judge, failure: Failure) -> Failure:
    """Silence may pass, and a resumed sweep asks again; what the judge cannot read or will not grade, it never will."""
    kind = failure.kind if failure.kind in SILENCE else "scorer"
    return Failure(kind, f"the judge {judge.name}: {failure.text}")


def _toll(answers: Sequence[Answer], sample: str) -> Toll | None:
    found = None
    for each in answers:
        usage = each.completion.usage
        one = Toll(1, usage.prompt, usage.completion, each.owed(sample))
        found = one if found is None else found + one
    return found
