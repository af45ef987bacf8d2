"""Whatever stands in a request, a validator answers with violations and never raises."""

from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from litany.testing import FLAGS, Violation, sign, validate

ROLES = ["user", "assistant", "system", "tool", "developer", "function"]
KINDS = ["text", "image", "tool_use", "tool_result", "server_tool_use", "web_search_tool_result", "compaction"]
MODES = ["thinking", "redacted_thinking", "enabled", "disabled", "adaptive", "ephemeral", "1h", "5m"]
WORDS = st.sampled_from([*ROLES, *KINDS, *MODES, "a", "b", "bound:", "bound:00", "{}", "[", "any"])
FIELDS = ["system", "tools", "thinking", "tool_choice", "max_tokens", "cache_control", "context_management"]
BODY = [
    "role",
    "content",
    "type",
    "text",
    "id",
    "name",
    "input",
    "tool_use_id",
    "tool_call_id",
    "tool_calls",
    "function",
]
DETAILS = ["custom", "arguments", "thinking", "signature", "data", "cache_control", "ttl", "function_call", "edits"]
KEYS = st.sampled_from([*BODY, *DETAILS, "block_binding", "prefix_mismatch_behavior", "budget_tokens"])
LEAVES = st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=5) | WORDS
JSON = st.recursive(
    LEAVES,
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(KEYS | st.text(max_size=3), inner, max_size=6),
    max_leaves=30,
)
BLOCK = st.fixed_dictionaries({"type": WORDS}, optional=dict.fromkeys(("id", "input", "tool_use_id", "content"), JSON))
MESSAGE = st.fixed_dictionaries(
    {"role": WORDS, "content": JSON | st.lists(BLOCK | JSON, max_size=4)},
    optional={"tool_calls": JSON, "tool_call_id": JSON, "function_call": JSON, "cache_control": JSON},
)
REQUEST = JSON | st.fixed_dictionaries(
    {"messages": JSON | st.lists(MESSAGE | JSON, max_size=6)}, optional=dict.fromkeys(FIELDS, JSON)
)


@pytest.mark.parametrize("dialect", FLAGS)
@settings(max_examples=300, deadline=None)
@given(request=REQUEST, previous=REQUEST, allow=st.booleans(), flagged=st.booleans())
def test_any_json_is_judged_and_never_raises(
    dialect: str, request: Any, previous: Any, allow: bool, flagged: bool
) -> None:
    found = validate(
        dialect,
        request,
        open_tail="allow" if allow else "refuse",
        flags=FLAGS[dialect] if flagged else (),
        previous=previous,
    )

    assert all(type(each) is Violation and each.code and each.text for each in found)


@settings(max_examples=200, deadline=None)
@given(system=JSON, messages=st.lists(MESSAGE | JSON, max_size=5))
def test_any_prefix_can_be_signed(system: Any, messages: list[Any]) -> None:
    assert sign(system, messages) == sign(system, messages)
