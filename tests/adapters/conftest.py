"""LiteLLM, imported once, and a provider that always answers with a summary."""

import asyncio
from collections.abc import Iterator
from importlib import import_module
from typing import Any

import pytest

from litany.adapters.litellm import LiteLLMSummarizer
from litany.testing import Provider
from tests.adapters.asked import GPT, SUMMARY


@pytest.fixture(scope="module")
def litellm() -> Iterator[Any]:
    """Imported once, for it takes seconds, and as the summarizer imports it; with a loop, else it opens one and leaves
    it open."""
    with asyncio.Runner() as runner:
        runner.get_loop()
        LiteLLMSummarizer(GPT)
        yield import_module("litellm")


@pytest.fixture
def provider() -> Iterator[Provider]:
    with Provider(lambda received: SUMMARY) as running:
        yield running
