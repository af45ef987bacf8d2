"""What providers report, and how it corrects the counting."""

from typing import Any

import pytest
from pydantic import BaseModel

from litany import Litany
from litany.middleware.usage import prompt_tokens
from tests.histories import GOAL, SMALL, Native, steps, user

OPENAI = {"prompt_tokens": 900, "completion_tokens": 50, "prompt_tokens_details": {"cached_tokens": 800}}
ANTHROPIC = {"input_tokens": 40, "cache_read_input_tokens": 800, "cache_creation_input_tokens": 60, "output_tokens": 50}

RESPONSES = {"input_tokens": 900, "input_tokens_details": {"cached_tokens": 800}, "output_tokens": 50}
GEMINI = {"promptTokenCount": 900, "cachedContentTokenCount": 800, "candidatesTokenCount": 50, "totalTokenCount": 950}
USAGES = {"OpenAI": OPENAI, "Anthropic": ANTHROPIC, "Responses": RESPONSES, "Gemini": GEMINI}


class Usage(BaseModel):
    input_tokens: int = 40
    cache_read_input_tokens: int | None = 860
    cache_creation_input_tokens: int | None = None


@pytest.mark.parametrize("usage", [*USAGES.values(), Usage()], ids=[*USAGES, "an SDK object"])
def test_prompt_tokens_are_all_that_were_sent_cached_or_not(usage: object) -> None:
    assert prompt_tokens(usage) == 900


@pytest.mark.parametrize("usage", [None, {}, {"prompt_tokens": None}, {"prompt_tokens": "900"}, {"total_tokens": 5}, 5])
def test_a_usage_that_reports_nothing_corrects_nothing(usage: object) -> None:
    litany = Litany()
    litany([user(GOAL)])
    litany.used(usage)

    assert litany.state["drift"] == 1.0


def first_cut(times: float) -> int:
    """The length of the record at which it is first cut, when the provider counts that many times what we count."""
    lines: list[dict[str, Any]] = []
    litany = Litany(policy=SMALL, trace=lines.append)
    work: list[Native] = [user(GOAL), *steps(60, 20)]
    for end in range(1, len(work) + 1, 2):
        litany(work[:end])
        if lines[-1]["changed"]:
            return end
        litany.used({"prompt_tokens": int(lines[-1]["tokens"] * times)})
    return len(work)


def test_the_more_the_provider_counts_the_earlier_it_is_cut() -> None:
    lengths = [first_cut(times) for times in (0.3, 0.7, 1.0, 1.5, 4.0)]

    assert lengths == sorted(lengths, reverse=True)
    assert len(set(lengths)) == 5


def test_the_correction_is_what_was_reported_by_what_was_counted() -> None:
    lines: list[dict[str, Any]] = []
    litany = Litany(trace=lines.append)
    litany([user(GOAL), *steps(4, 20)])
    litany.used({"prompt_tokens": lines[0]["tokens"] * 2})

    assert litany.state["drift"] == 2.0


def test_a_usage_before_any_call_corrects_nothing() -> None:
    litany = Litany()
    litany.used(OPENAI)

    assert litany.state["drift"] == 1.0
