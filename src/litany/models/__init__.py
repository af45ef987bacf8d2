"""Models that an eval or a run can ask, by name: the pocket reader, a script, and whatever LiteLLM reaches."""

from litany.models.model import Model, Unanswered
from litany.models.named import is_remote, model_named

__all__ = ["Model", "Unanswered", "is_remote", "model_named"]
