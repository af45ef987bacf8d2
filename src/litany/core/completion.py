"""Completion: what a model answered, and what it took."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Literal

Finish = Literal["stop", "tool_calls", "length"]


@dataclass(frozen=True, slots=True)
class Usage:
    """Tokens of one request, by the model's own counting."""

    prompt: int
    """Read, the cached ones among them."""
    completion: int
    """Written."""
    cached: int = 0
    """Of the prompt: served from what the model had read before."""


@dataclass(frozen=True, slots=True)
class Completion:
    """A model's next message."""

    message: Mapping[str, object]
    """The assistant's message in OpenAI's words: `content`, and `tool_calls` where it calls tools."""
    usage: Usage
    finish: Finish
    """Why it ended; "length": it was cut off, and what there is of it may be half a thought."""
