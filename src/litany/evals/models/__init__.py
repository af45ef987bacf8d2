"""Models that an eval can ask, by name: the pocket reader, a script, and whatever LiteLLM reaches."""

from litany.evals.models.model import Model, Unanswered
from litany.evals.models.named import model_named

__all__ = ["Model", "Unanswered", "model_named"]
