"""Shift: a crew works off jobs, until all are done, the money is spent, nobody answers, or somebody interrupts."""

from collections.abc import Callable, Iterable
from typing import Generic, Literal, TypeVar

from litany.evals.outcome import Outcome
from litany.evals.sweep.asking import Stopped
from litany.evals.sweep.clock import Clock
from litany.evals.sweep.crew import Crew
from litany.evals.sweep.failing import SILENCE
from litany.evals.sweep.progress import Tally
from litany.evals.sweep.purse import Broke

J = TypeVar("J")
Stop = Literal["cost", "interrupt", "down"]
"""Why a shift ended early; "down": nothing was answered any more."""
GRACE = 60.0
"""Seconds that an interrupted shift waits for the calls under way, which are paid; another interrupt ends that."""
DOWN = 20
"""So many times in a row no answer, and two for each worker, end a shift: the provider is down."""


class Shift(Generic[J]):
    """One shift; what it makes is kept as soon as it is there."""

    def __init__(
        self,
        work: Callable[[J], Outcome],
        keep: Callable[[J, Outcome], None],
        tally: Tally,
        clock: Clock,
        workers: int,
    ) -> None:
        """`work` may raise Broke, or Stopped when the clock is; both say that nothing was asked."""
        self._work, self._keep, self._tally, self._clock = work, keep, tally, clock
        self._workers, self._silence = workers, Silence(max(DOWN, 2 * workers))
        self._stopped: Literal["cost", "down"] | None = None

    def done(self, jobs: Iterable[J], number: int) -> Stop | None:
        """Why it ended early, or None. `number`: how many jobs there are.

        Raises: what `jobs` or `keep` raise; KeyboardInterrupt when it is interrupted again while it waits for calls.
        """
        crew: Crew[J] = Crew(min(self._workers, number or 1), self._one, self._tally.tick)
        try:
            for job in jobs:
                if self._stopped:
                    break
                crew.give(job)
            crew.finish()
        except KeyboardInterrupt:
            self._left(crew)
            return "interrupt"
        except BaseException:
            self._left(crew)
            raise
        finally:
            self._tally.last()
        return self._stopped

    def _left(self, crew: Crew[J]) -> None:
        self._clock.stop()
        crew.leave(GRACE)

    def _one(self, job: J) -> None:
        """In a thread of the crew."""
        if self._stopped or self._clock.stopped:
            return
        try:
            outcome = self._work(job)
        except Broke:
            self._stopped = "cost"
        except Stopped:
            pass
        else:
            self._keep(job, outcome)
            self._tally.add(outcome)
            self._heard(outcome)

    def _heard(self, outcome: Outcome) -> None:
        if self._silence.lasts(outcome):
            self._stopped = self._stopped or "down"
            self._clock.stop()


class Silence:
    """How long nobody has answered. Two threads that count at once may count one less: no harm is done."""

    def __init__(self, most: int) -> None:
        self._most, self._model, self._judge = most, 0, 0

    def lasts(self, outcome: Outcome) -> bool:
        """Whether model or judge has not answered for too long, after this one."""
        silent = outcome.error is not None and outcome.error.kind in SILENCE
        self._model = self._model + 1 if silent and outcome.answer is None else 0
        if outcome.judge is not None:
            self._judge = 0
        elif silent and outcome.answer is not None:
            self._judge += 1
        return max(self._model, self._judge) >= self._most
