"""The models that a command can ask, by name."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:  # a model is loaded when it is named, and NumPy or LiteLLM with it
    from litany.models import Model

MODELS = "pocket, scripted:FILE.jsonl, or a name of LiteLLM's such as openai/gpt-4o-mini"
"""What --model takes."""


def model_named(name: str, /, **options: object) -> Model:
    """The model of that name. Raises: EvalError when there is none, PocketError when its weights are damaged."""
    from litany.models import model_named as named

    return named(name, **options)
