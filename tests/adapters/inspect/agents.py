"""Evaluations of Inspect over a provider, through its OpenAI model."""

import gc
from pathlib import Path
from typing import Any

import pytest

pytest.importorskip("inspect_ai", reason="needs inspect-ai: make test-adapters HOSTS=inspect")

from inspect_ai import Task
from inspect_ai import eval as evaluated
from inspect_ai.agent import react
from inspect_ai.dataset import Sample
from inspect_ai.log import EvalLog
from inspect_ai.model import ChatMessage, GenerateConfig, Model, get_model, modelapi
from inspect_ai.model._providers.openai import OpenAIAPI
from inspect_ai.tool import Tool, tool

from litany.testing import Provider
from tests.adapters.said import LONG

MARKS = [
    pytest.mark.filterwarnings("ignore::DeprecationWarning"),
    pytest.mark.filterwarnings("ignore::UserWarning"),
    pytest.mark.filterwarnings("ignore::ResourceWarning"),
]


@tool
def look() -> Tool:
    """The tool of these agents."""

    async def execute(at: int) -> str:
        """Looks at the sea.

        Args:
            at: Which wave.
        """
        return f"wave {at}: {LONG}"

    return execute


@modelapi(name="sea")
class Sea(OpenAIAPI):
    """OpenAI's API, which counts without a table of an encoding, for none may be on the machine."""

    async def count_text_tokens(self, text: str) -> int:
        return len(text) // 4 + 1


def model(provider: Provider, **fields: Any) -> Model:
    given = {"base_url": f"{provider.url}/v1", "api_key": "key", "memoize": False, "responses_api": False, **fields}
    return get_model("sea/gpt-4o-mini", config=GenerateConfig(max_retries=0), **given)


def ran(provider: Provider, folder: Path, inputs: Any = ("go",), **fields: Any) -> EvalLog:
    """The log of an evaluation with one sample an input."""
    solver = react(submit=False, prompt="You watch.", **{"tools": [look()], **fields})
    task = Task(dataset=[Sample(input=text) for text in inputs], solver=solver)
    log = evaluated(task, model=model(provider), log_dir=str(folder), display="none", fail_on_error=True)[0]
    gc.collect()  # what Inspect leaves open is warned of here, where it is let pass
    assert log.status == "success", log.error
    return log


def kept(log: EvalLog, number: int = 0) -> list[ChatMessage]:
    """The messages that the log holds of a sample."""
    assert log.samples is not None
    messages: list[ChatMessage] = log.samples[number].messages
    return messages
