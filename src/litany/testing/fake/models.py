"""The lists of models that each provider gives."""

from collections.abc import Callable, Mapping, Sequence
from typing import Any

from litany.testing.fake.openai import CREATED

Listed = Callable[[Sequence[str], Mapping[str, str]], dict[str, Any]]
DATE = "2025-01-01T00:00:00Z"


def _listed(names: Sequence[str], headers: Mapping[str, str]) -> dict[str, Any]:
    """OpenAI and Anthropic share a path; Anthropic's clients name their version."""
    if "anthropic-version" in headers:
        anthropic = [{"type": "model", "id": name, "display_name": name, "created_at": DATE} for name in names]
        return {"data": anthropic, "has_more": False, "first_id": names[0], "last_id": names[-1]}
    rows = [{"id": name, "object": "model", "created": CREATED, "owned_by": "litany"} for name in names]
    return {"object": "list", "data": rows}


def _gemini(names: Sequence[str], headers: Mapping[str, str]) -> dict[str, Any]:
    methods = ["generateContent", "countTokens"]
    rows = [{"name": f"models/{name}", "displayName": name, "supportedGenerationMethods": methods} for name in names]
    return {"models": rows}


LISTS: Mapping[str, Listed] = {"/v1/models": _listed, "/v1beta/models": _gemini}
"""Where a list is asked for."""
