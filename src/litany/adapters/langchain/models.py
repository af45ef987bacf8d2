"""What a chat model of LangChain says of itself: who serves it, what its window holds, what its answers may take.

A model that says nothing changes nothing.
"""

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from litany.adapters.fitting import fitting_model
from litany.core.policy import Policy


def fitted(policy: Policy | None, model: object) -> Policy:
    """The policy for this model; None: the default one, in a window no wider than the model's.

    Of a window that the answer's own limit reaches into so much more is reserved: Claude refuses a request whose
    `max_tokens` does not fit. A wider window than the model speaks of is believed. Claude's recitations are kept,
    unless the policy says otherwise: LangChain ends a request of Claude's with a cache mark
    (AnthropicPromptCachingMiddleware), and one that is gone the next time would cost the cache of all before it.
    """
    fit = fitting_model(policy, _takes(model), _writes(model))
    return replace(fit, keep_recitations=True) if fit.keep_recitations == "auto" and claude(model) else fit


def provider(model: object) -> str:
    """Who serves the model, as LangChain's tracing names it; "" when it does not say."""
    return str(_said(model).get("ls_provider") or "").lower()


def claude(model: object) -> bool:
    """Whether the model is one of Claude's, whoever serves it."""
    return provider(model) == "anthropic" or "claude" in str(_said(model).get("ls_model_name") or "").lower()


def _said(model: object) -> Mapping[str, Any]:
    """What it says of itself to tracers."""
    tell = getattr(_bare(model), "_get_ls_params", None)
    said = tell() if callable(tell) else {}
    return said if isinstance(said, Mapping) else {}


def _takes(model: object) -> int:
    """Tokens of its window; 0 when it does not say."""
    profile = getattr(_bare(model), "profile", None)
    takes = profile.get("max_input_tokens") if isinstance(profile, Mapping) else None
    return takes if isinstance(takes, int) and takes >= Policy().spare else 0


def _writes(model: object) -> int:
    """Tokens that its answers may take; 0 when it sets no limit."""
    names = ("max_tokens", "max_output_tokens", "max_completion_tokens")
    limits = [getattr(_bare(model), name, None) for name in names]
    return next((limit for limit in limits if isinstance(limit, int)), 0)


def _bare(model: object) -> object:
    """The model itself, where it is bound to tools."""
    bound = getattr(model, "bound", None)
    return model if bound is None else bound
