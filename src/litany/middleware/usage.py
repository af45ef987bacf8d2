"""Usage: how many prompt tokens a provider reported."""

from collections.abc import Mapping

PROMPTS = ("prompt_tokens", "promptTokenCount", "prompt_token_count")
PARTS = ("cache_read_input_tokens", "cache_creation_input_tokens")


def prompt_tokens(usage: object) -> int:
    """Prompt tokens of a `usage`, cached ones included; 0 when it reports none.

    OpenAI counts cached tokens within prompt_tokens (input_tokens in Responses, which then has
    input_tokens_details), Gemini within promptTokenCount; Anthropic reports them beside input_tokens.
    """
    for name in PROMPTS:
        if prompt := _number(usage, name):
            return prompt
    given = _number(usage, "input_tokens")
    return given + sum(_number(usage, name) for name in PARTS)


def _number(usage: object, name: str) -> int:
    value = usage.get(name) if isinstance(usage, Mapping) else getattr(usage, name, None)
    return value if isinstance(value, int) and not isinstance(value, bool) and value > 0 else 0
