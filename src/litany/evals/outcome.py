"""Outcome: what came of one case in one arm, one line of outcomes.jsonl."""

from dataclasses import dataclass
from typing import Any

from litany.models.failure import Failure

__all__ = ["Failure", "Outcome", "Toll"]


@dataclass(frozen=True, slots=True)
class Toll:
    """What calls took."""

    calls: int
    tokens: int
    """Sent."""
    completion: int
    """Tokens of the answers."""
    cost: float | None
    """Dollars; None where no price is known."""

    def __add__(self, other: "Toll") -> "Toll":
        cost = None if self.cost is None or other.cost is None else self.cost + other.cost
        calls, tokens = self.calls + other.calls, self.tokens + other.tokens
        return Toll(calls, tokens, self.completion + other.completion, cost)


@dataclass(frozen=True, slots=True)
class Outcome:
    """One sample."""

    key: str
    """Hash of task, seed, trial, length, depth, arm with its policy, and model: what a resumed run goes by."""
    task: str
    arm: str
    policy: str
    """Hash of the arm's policy; empty for an arm without one."""
    model: str
    seed: int
    trial: int
    question: str
    length: int
    """Tokens asked for."""
    depth: float
    truth: str
    answer: str | None
    """Text, or a call as name({"key": "value"}); None where the model gave none."""
    score: float | None
    """0 to 1; None with an error."""
    error: Failure | None
    tokens: int
    """Tokens sent, by the model's own counting."""
    cached: int
    """Of them: served from the model's cache."""
    completion: int
    """Tokens of the answer."""
    latency: float
    """Seconds."""
    cost: float | None
    """Dollars, the judge's aside; None where no price is known."""
    commit: str | None
    """Of the working tree that ran it, with a + when it was changed; None outside of git."""
    details: dict[str, Any] | None = None
    """Further figures of the scorer."""
    judge: Toll | None = None
    """What a judge took for the score; None where code alone gave it."""
    case: str = ""
    """Hash of the history and tools before any treatment; empty where they were not made, or not noted."""


def paid(outcome: Outcome) -> float | None:
    """Dollars that were paid for this sample: less than its cost where another one asked the same before, and paid.

    None where no price is known.
    """
    details = outcome.details or {}
    if outcome.cost is None:
        return None
    return 0.0 if details.get("unpaid") else float(details.get("owed", outcome.cost))
