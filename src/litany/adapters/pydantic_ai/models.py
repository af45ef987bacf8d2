"""What a model of Pydantic AI says of itself: what its window holds, and where it keeps what was said."""

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from litany.adapters.fitting import fitting_model
from litany.core.policy import Policy

ELSEWHERE = ("openai_previous_response_id", "openai_conversation_id")
"""Settings by which the provider holds what was said before."""
MARKS = ("anthropic_cache", "anthropic_cache_messages", "bedrock_cache_messages")
"""Settings by which a request ends with a cache mark."""


def fitted(policy: Policy | None, model: Any, settings: Mapping[str, Any]) -> Policy:
    """The policy for this model; None: the default one, in a window no wider than the model's.

    Of a window that the answer's own limit reaches into so much more is reserved. Claude's recitations are kept, unless
    the policy says otherwise, where Pydantic AI ends a request with a cache mark: one on a recitation that is gone the
    next time would cost the cache of all before it.
    """
    fit = fitting_model(policy, getattr(model, "context_window", None) or 0, settings.get("max_tokens") or 0)
    keeps = fit.keep_recitations == "auto" and marks(model, settings)
    return replace(fit, keep_recitations=True) if keeps else fit


def marks(model: Any, settings: Mapping[str, Any]) -> bool:
    """Whether the host places a cache mark at the end of each request."""
    if any(settings.get(name) for name in MARKS):
        return True
    return bool(settings.get("cache")) and "claude" in str(getattr(model, "model_name", "")).lower()


def elsewhere(settings: Mapping[str, Any]) -> bool:
    """Whether the provider holds what was said before, so that nothing of it can be taken out or changed."""
    return any(settings.get(name) for name in ELSEWHERE) or settings.get("openai_transport") == "websocket"


def system_anywhere(model: Any) -> bool:
    """Whether the model takes system prompts in mid-conversation."""
    profile = getattr(model, "profile", None)
    return isinstance(profile, Mapping) and bool(profile.get("supports_inline_system_prompts"))
