"""The recipes for clients, wrapped or behind a proxy: they run without a key, and what they say of themselves holds."""

from importlib.util import find_spec

import pytest

from tests.recipes.running import holds, told

with_openai = pytest.mark.skipif(find_spec("openai") is None, reason="the client comes with the extra litellm")
with_litellm = pytest.mark.skipif(find_spec("litellm") is None, reason="needs the extra litellm")
with_proxy = pytest.mark.skipif(find_spec("uvicorn") is None, reason="needs the extra proxy")


@with_openai
def test_a_wrapped_client_recites_over_its_compactions_and_the_agent_keeps_no_recitation() -> None:
    holds("wrapped_client", "82 messages in the agent's list")


@with_openai
@with_proxy
def test_a_client_through_the_proxy_sends_less_and_the_agent_keeps_no_recitation() -> None:
    first, second, third = told("served_client")

    sent, whole = (int(word) for word in first.replace(".", "").split() if word.isdecimal() and int(word) > 41)
    assert first.startswith("41 calls")
    assert sent < whole / 2
    assert int(second.split()[0]) > 10
    assert third == "82 messages in the agent's list, 0 recitations"


@with_litellm
def test_the_hook_of_litellms_proxy_fits_each_request_into_the_window() -> None:
    first, second = told("litellm_proxy")

    most, budget = (int(word) for word in first.split() if word.isdecimal() and int(word) > 40)
    assert most <= budget == 3_500
    assert int(second.split()[0]) > 10
    assert second.endswith("the goal in 40")
