"""Events: what a run tells while it is at work. Whoever listens prints, draws, or counts."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any, Literal

Kind = Literal[
    "begun",  # name, goal, model, resumed
    "agenda",  # goal, constraints, todos
    "sending",  # tokens, budget, sections, reasons: the view that goes out
    "heard",  # text: a piece of the answer
    "answered",  # text, calls, prompt, cached, completion, cost, model
    "called",  # tool, arguments, key
    "gave",  # tool, text, failed, seconds
    "unknown",  # tool, key: a call whose outcome nobody knows, and that is not run again
    "waiting",  # model, why, seconds
    "fallback",  # model, why
    "shrunk",  # why
    "told",  # text: what the gate said
    "stuck",  # tool, times
    "ended",  # status, text, open
]


@dataclass(frozen=True, slots=True)
class Event:
    """One thing that happened."""

    kind: Kind
    run: str
    """The run, or the sub-task, that it happened in."""
    step: int
    """Answers of the model so far."""
    fields: Mapping[str, Any]


Tell = Callable[[Event], object]
