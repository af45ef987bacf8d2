"""What came back from a model that was asked for a summary, whichever dialect it came in, and what it took."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from litany.core.summary import SummaryError

CUT = {"length": "cut off", "max_tokens": "cut off", "model_context_window_exceeded": "cut off by a full context"}
REFUSED = {"content_filter": "held back by a filter", "refusal": "refused"}


@dataclass(frozen=True, slots=True)
class Bill:
    """What the summaries took so far."""

    calls: int = 0
    """Answers that came, failed summaries among them."""
    prompt: int = 0
    """Tokens sent, the cached ones among them."""
    cached: int = 0
    """Tokens sent that the provider had in its cache."""
    written: int = 0
    """Tokens sent that it wrote to its cache for a price (Anthropic)."""
    completion: int = 0
    """Tokens of the answers."""
    cost: float = 0.0
    """Dollars, where the prices are known."""
    unpriced: int = 0
    """Answers whose price is not known."""

    def __add__(self, more: "Bill") -> "Bill":
        return Bill(*(getattr(self, name) + getattr(more, name) for name in Bill.__slots__))


@dataclass(frozen=True, slots=True)
class Answer:
    """A response read."""

    text: str
    finish: str
    """The provider's finish or stop reason."""
    called: str
    """The tool that it calls, if any."""
    bill: Bill
    """What it took, but for the price."""


def read(response: Any) -> Answer:
    """A chat completion, or a message in Anthropic's own words."""
    return _message(response) if isinstance(response, Mapping) else _completion(response)


def judged(answer: Answer) -> str:
    """Its text, when it is a summary. Raises: SummaryError when it calls a tool, was cut off or refused."""
    if answer.called:
        raise SummaryError(f"the summarizer called the tool {answer.called!r} instead of answering")
    if answer.finish in CUT:
        raise SummaryError(f"the summary was {CUT[answer.finish]} after {answer.bill.completion} tokens")
    if answer.finish in REFUSED:
        raise SummaryError(f"the summary was {REFUSED[answer.finish]}")
    return answer.text


def _completion(response: Any) -> Answer:
    if not response.choices:
        raise SummaryError("the summarizer gave no choice")
    choice, usage = response.choices[0], getattr(response, "usage", None)
    calls = choice.message.tool_calls or ()
    cached = getattr(getattr(usage, "prompt_tokens_details", None), "cached_tokens", None) or 0
    written = getattr(usage, "cache_creation_input_tokens", None) or 0
    prompt, completion = getattr(usage, "prompt_tokens", 0), getattr(usage, "completion_tokens", 0)
    called = (calls[0].function.name or "a tool") if calls else ""
    bill = Bill(1, prompt, cached, written, completion)
    return Answer(choice.message.content or "", choice.finish_reason or "", called, bill)


def _message(response: Mapping[str, Any]) -> Answer:
    usage, blocks = response.get("usage") or {}, response.get("content") or ()
    cached, written = (usage.get(f"cache_{name}_input_tokens") or 0 for name in ("read", "creation"))
    bill = Bill(1, usage.get("input_tokens", 0) + cached + written, cached, written, usage.get("output_tokens", 0))
    text = "".join(block.get("text", "") for block in blocks if block.get("type") == "text")
    called = next((block["name"] for block in blocks if block.get("type") == "tool_use"), "")
    return Answer(text, response.get("stop_reason") or "", called, bill)
