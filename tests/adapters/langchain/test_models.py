"""What a model says of itself shapes the policy; a model that says nothing changes nothing."""

from types import SimpleNamespace
from typing import Any

import pytest

pytest.importorskip("langchain_core", reason="needs the extra langgraph or langchain")

from litany import Policy
from litany.adapters.langchain.models import claude, fitted


def model(provider: str = "openai", name: str = "gpt", **fields: Any) -> Any:
    said = {"ls_provider": provider, "ls_model_name": name}
    return SimpleNamespace(_get_ls_params=lambda: said, **fields)


def test_without_a_policy_the_window_is_no_wider_than_the_models() -> None:
    assert fitted(None, model(profile={"max_input_tokens": 32_000})).window == 32_000
    assert fitted(None, model(profile={"max_input_tokens": 1_000_000})).window == Policy().window
    assert fitted(None, model()) == Policy()


def test_what_an_answer_may_take_is_reserved_where_it_reaches_into_the_window() -> None:
    opus = model("anthropic", "claude", profile={"max_input_tokens": 200_000}, max_tokens=64_000)

    assert fitted(Policy(window=200_000), opus).budget == 136_000
    assert fitted(Policy(window=100_000), opus).reserve is None
    assert fitted(Policy(window=200_000, reserve=9_000), opus).reserve == 9_000
    assert fitted(Policy(window=1_000_000), opus).reserve is None


def test_recitations_to_claude_are_kept_unless_the_policy_says_otherwise() -> None:
    assert fitted(Policy(), model("anthropic", "claude-sonnet")).keep_recitations is True
    assert fitted(Policy(), model("amazon_bedrock", "anthropic.claude-v9")).keep_recitations is True
    assert fitted(Policy(keep_recitations=False), model("anthropic", "claude-sonnet")).keep_recitations is False
    assert fitted(Policy(), model()).keep_recitations == "auto"


def test_a_model_that_is_bound_to_tools_is_looked_through() -> None:
    bound = SimpleNamespace(bound=model("anthropic", "claude", profile={"max_input_tokens": 9_000}))

    assert claude(bound)
    assert fitted(None, bound).window == 9_000


def test_a_model_that_says_nothing_changes_nothing() -> None:
    for silent in (None, object(), SimpleNamespace(profile={"max_input_tokens": None}), SimpleNamespace(profile=7)):
        assert fitted(Policy(window=9_000), silent) == Policy(window=9_000)
