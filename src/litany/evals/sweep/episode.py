"""Episode: a cell of many calls, from an opened world to what an agent has made of it.

A call is known by its request and its step, so that a sweep that was stopped goes over what was answered already, for
nothing, and goes on where it was; the world does the same again, for the same answers are given to it.
"""

from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any, Protocol, runtime_checkable

from litany.core.completion import Completion, Usage
from litany.evals.answer import calls, written
from litany.evals.case import Case, Message, Place
from litany.evals.outcome import Failure, Outcome
from litany.evals.sweep.asker import Call
from litany.evals.sweep.asking import Stopped
from litany.evals.sweep.cache import Answer
from litany.evals.sweep.cell import Cell
from litany.evals.sweep.failing import told
from litany.evals.sweep.parts import Count
from litany.evals.sweep.purse import Broke
from litany.evals.sweep.sample import Sampler, ending

SPAN = 100_000
"""Steps that one trial has."""


class Memory(Protocol):
    """What of a record is sent."""

    def view(self, record: Sequence[Message], todos: Sequence[tuple[str, str]], /) -> list[Message]:
        """The messages of the next call."""


@runtime_checkable
class Keeps(Protocol):
    """An arm of episodes."""

    def begin(self, case: Case, count: Count, /) -> Memory:
        """The memory of one episode."""


@dataclass(slots=True)
class Played:
    """How far an episode is."""

    record: list[Message]
    answers: list[Answer] = field(default_factory=list)
    state: tuple[str, ...] = ()
    slip: dict[str, Any] = field(default_factory=dict)
    """The first step that did not do what was ordered, and nothing else: its number, what was said, what was sent."""


@dataclass(frozen=True, slots=True)
class Player:
    """Makes the outcomes of a sweep: of one call by the sampler, of many calls here."""

    sampler: Sampler

    def __call__(self, job: tuple[Cell, Case | Failure]) -> Outcome:
        """What came of the cell. Raises: Broke, Stopped; what was answered until then is in the cache."""
        cell, case = job
        if isinstance(case, Failure) or case.world is None:
            return self.sampler(job)
        played = Played(list(case.messages))
        with TemporaryDirectory(prefix="litany-errand-") as folder:
            failure = self._through(cell, case, case.world, played, Path(folder))
        return self._outcome(cell, case, played, failure)

    def _through(self, cell: Cell, case: Case, world: Place, played: Played, folder: Path) -> Failure | None:
        """Plays until the world is over or the steps are used up; why it could not, if so."""
        if not isinstance(cell.arm, Keeps):
            return Failure("arm", f"{cell.arm.name} is no arm of an errand")
        asker = self.sampler.asker
        try:
            memory, scene = cell.arm.begin(case, asker.model.count), world.opened(folder)
            while not scene.over and len(played.answers) < world.steps:
                sent = memory.view(played.record, scene.todos())
                key = asker.key(sent, case.tools, cell.trial * SPAN + len(played.answers))
                answer = asker(Call(key, sent, case.tools, cell.site.length, cell.key))
                if isinstance(answer, Failure):
                    return answer
                message = dict(answer.completion.message)
                played.answers.append(answer)
                played.record += [message, *scene.hear(_called(message))]
                _noted(played, scene.state(), case, sent)
        except (Broke, Stopped):
            raise
        except Exception as error:  # noqa: BLE001  # arm and world may fail in any way, and an error is an outcome
            return Failure("arm", told(error))
        return None

    def _outcome(self, cell: Cell, case: Case, played: Played, failure: Failure | None) -> Outcome:
        answer = _summed(played.answers, cell.key) if played.answers else None
        if failure is not None or answer is None:
            failure = failure or Failure("arm", "nothing was asked: the world was over before the first call")
            return self.sampler.outcome(cell, case, failure, answer, details=_owed(played, cell.key))
        said = "\n".join(played.state)
        grade = self.sampler.grader(case.truth, {"role": "assistant", "content": said}, cell.key)
        details = {**_figures(case, played), **_owed(played, cell.key)}
        if grade.score == 1 and case.seed != self.sampler.first:
            details.pop("prompt_end", None)
        return self.sampler.outcome(cell, case, grade.error, answer, said, grade.score, details)


def _called(message: Message) -> list[tuple[str, Any]]:
    """The calls of a message, each with its id."""
    ids = [str(call.get("id", "")) for call in message.get("tool_calls") or ()]
    return list(zip(ids, calls(message), strict=True))


def _noted(played: Played, state: tuple[str, ...], case: Case, sent: Sequence[Message]) -> None:
    new = list(state)
    for line in played.state:
        new.remove(line)
    right = len(new) == 1 and new[0] in case.truth.texts
    played.state = state
    if not right and not played.slip:
        said = written(played.answers[-1].completion.message)
        played.slip = {"slip": len(played.answers), "slipped": said[:200], "prompt_end": ending(sent)}


def _figures(case: Case, played: Played) -> dict[str, Any]:
    """What the score alone does not say: calls, how much is done, what was done beside it, where it first slipped."""
    wanted = set(case.truth.texts)
    done = len(wanted & set(played.state))
    figures = {"asked": len(played.answers), "done": done, "of": len(wanted), "drift": len(played.state) - done}
    return {**figures, **played.slip}


def _owed(played: Played, sample: str) -> dict[str, float]:
    """Dollars that the sample paid, where others paid for some of its calls, for they had sent the same."""
    free = not any(each.cost for each in played.answers)
    if free or len({each.payer == sample for each in played.answers}) < 2:
        return {}
    owed = [each.owed(sample) for each in played.answers]
    return {} if None in owed else {"owed": sum(each or 0.0 for each in owed)}


def _summed(answers: Sequence[Answer], sample: str) -> Answer:
    """All answers as one: what they took together, paid for by the sample where it paid for any."""
    usages = [each.completion.usage for each in answers]
    costs = [each.cost for each in answers]
    usage = Usage(
        sum(each.prompt for each in usages),
        sum(each.completion for each in usages),
        sum(each.cached for each in usages),
    )
    return Answer(
        Completion({}, usage, "stop"),
        sum(each.latency for each in answers),
        None if None in costs else sum(cost or 0.0 for cost in costs),
        answers[-1].model,
        payer=sample if any(each.payer == sample for each in answers) else "",
        reused=all(each.reused for each in answers),
    )
