"""The neighbours that a call is timed beside, each made ready outside the timed part. None is needed to use litany."""

import os
import warnings
from collections.abc import Callable
from contextlib import AbstractContextManager
from importlib.util import find_spec
from typing import Any

import pytest

from benches.history import Message
from litany.tokens import counter

Work = Callable[[], object]


def summarization(messages: list[Message], *, triggers: bool) -> Work:
    """LangChain's SummarizationMiddleware with its approximate counter and a model that answers at once."""
    needs("langchain")
    with quiet():
        from langchain.agents.middleware import SummarizationMiddleware
        from langchain_core.language_models.fake_chat_models import FakeListChatModel
    trigger: Any = ("tokens", 10_000 if triggers else 100_000_000)
    model = FakeListChatModel(responses=["What happened so far."])
    middleware: Any = SummarizationMiddleware(model=model, trigger=trigger, keep=("messages", 20))
    state = {"messages": _langchain(messages)}
    runtime: Any = None
    assert (middleware.before_model(state, runtime) is not None) == triggers
    return lambda: middleware.before_model(state, runtime)


def trimmed(messages: list[Message], *, exact: bool) -> Work:
    """langchain_core's trim_messages with nothing to trim, counting approximately or with tiktoken."""
    needs("langchain_core")
    with quiet():
        from langchain_core.messages import trim_messages
        from langchain_core.messages.utils import count_tokens_approximately
    count = counter()
    known = _langchain(messages)

    def counted(many: Any) -> int:
        calls = (call for one in many for call in getattr(one, "tool_calls", ()))
        return sum(count(one.text) + 4 for one in many) + sum(count(str(call["args"])) + 6 for call in calls)

    way: Any = counted if exact else count_tokens_approximately
    return lambda: trim_messages(known, max_tokens=100_000_000, token_counter=way, strategy="last")


def litellm_count(messages: list[Message]) -> Work:
    """litellm.token_counter over all the messages."""
    needs("litellm")
    os.environ["LITELLM_LOCAL_MODEL_COST_MAP"] = "True"  # else the import asks the network for a price list
    with quiet():
        import litellm
    return lambda: litellm.token_counter(model="gpt-4o", messages=messages)


def needs(package: str) -> None:
    """Skips what needs a package that is not installed."""
    if find_spec(package) is None:
        # Neighbours are timed beside litany and are no part of it: without one, the rest is still worth timing.
        pytest.skip(f"{package} is not installed; `make bench` installs it")


def quiet() -> AbstractContextManager[object]:
    """Lets a neighbour warn about itself while it is imported."""
    return warnings.catch_warnings(action="ignore")


def _langchain(messages: list[Message]) -> list[Any]:
    with quiet():
        from langchain_core.messages.utils import convert_to_messages
    return list(convert_to_messages(messages))
