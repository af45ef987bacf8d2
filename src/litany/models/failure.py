"""Failure: why a model gave no answer, or why an eval has none."""

from dataclasses import dataclass
from typing import Literal


@dataclass(frozen=True, slots=True)
class Failure:
    """Why there is no answer. An error is an outcome, and never a zero."""

    kind: Literal["window", "timeout", "rate_limit", "refused", "provider", "arm", "scorer"]
    text: str
