"""Asking: one call through the gate, and again after what passes."""

from collections.abc import Callable
from dataclasses import dataclass
from random import Random

from litany.core.completion import Completion
from litany.evals.outcome import Failure
from litany.evals.sweep.clock import Clock
from litany.evals.sweep.failing import unanswered
from litany.evals.sweep.gate import Gate
from litany.models.backoff import PATIENCE, backoff
from litany.models.model import Unanswered


class Stopped(Exception):
    """The sweep was stopped before the call was made."""


@dataclass(frozen=True, slots=True)
class Heard:
    """A completion, and how long it took."""

    completion: Completion
    latency: float
    """Seconds of the try that succeeded."""
    tries: int


def asked(
    call: Callable[[], Completion], tokens: int, retries: int, gate: Gate, clock: Clock, dice: Random
) -> Heard | Failure:
    """What the call gives, or why it gives nothing. `tokens`: what it is expected to take.

    Raises: Stopped when the sweep is.
    """
    for attempt in range(retries + 1):
        if not gate.passed(tokens):
            raise Stopped
        began = clock.now()
        try:
            completion = call()
        except Exception as error:  # noqa: BLE001  # a model may fail in any way, and an error is an outcome
            miss = unanswered(error)
        else:
            usage = completion.usage
            gate.corrected(usage.prompt + usage.completion - tokens)
            return Heard(completion, clock.now() - began, attempt + 1)
        if attempt == retries or not miss.passes or (miss.wait or 0) > PATIENCE:
            return _given_up(miss, attempt)
        if miss.wait is not None:
            gate.pause(miss.wait)
        if clock.wait(backoff(attempt, dice, miss.wait)):
            raise Stopped
    raise AssertionError("the last try returns or raises")


def _given_up(miss: Unanswered, attempt: int) -> Failure:
    again = f" (after {attempt + 1} tries)" if attempt else ""
    return Failure(miss.failure.kind, miss.failure.text + again)
