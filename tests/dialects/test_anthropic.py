"""Anthropic messages: read, counted, and rewritten as shallow copies."""

from typing import Any

import pytest

from litany.core.message import Call, Message, Role
from litany.dialects.anthropic import FRAME, Anthropic
from litany.errors import MessageError
from tests.histories import COUNT, Native, returns, says, thinks, user, uses

DIALECT = Anthropic()
IMAGE = {"type": "image", "source": {"type": "base64", "media_type": "image/png", "data": "A" * 400_000}}
REDACTED = {"type": "redacted_thinking", "data": "x" * 400}


def read(native: Native, observed: bool = False) -> Message:
    return DIALECT.read(native, COUNT, observed)


def test_a_call_with_thinking_before_it_is_bound() -> None:
    message = read(uses("a", thinks("because of the valve"), page=1))

    assert message.calls == (Call("a", "look", '{"page": 1}'),)
    assert (message.bound, message.loose) == (True, COUNT("because of the valve") + 4)
    assert not read(uses("a")).bound


def test_redacted_thinking_is_bound_and_counted_by_its_length() -> None:
    message = read({"role": "assistant", "content": [REDACTED, {"type": "text", "text": "a"}]})

    assert (message.bound, message.loose) == (True, 104)


def test_results_alone_are_a_tools_and_with_text_behind_them_the_users() -> None:
    alone, both = read(returns("a", "all well")), read(returns("a", "all well", {"type": "text", "text": "Go on."}))

    assert (alone.role, alone.speaks, alone.slots) == (Role.TOOL, False, ("all well",))
    assert (both.role, both.speaks, both.text) == (Role.USER, True, "Go on.")


def test_a_result_with_an_image_is_counted_by_formula() -> None:
    native = {
        "role": "user",
        "content": [{"type": "tool_result", "tool_use_id": "a", "content": [{"type": "text", "text": "see"}, IMAGE]}],
    }

    assert 1_600 + COUNT("see") <= read(native).tokens <= 1_600 + COUNT("see") + 3 * FRAME


def test_a_text_and_one_text_block_count_the_same() -> None:
    assert (
        read(user("hello there")).tokens
        == read({"role": "user", "content": [{"type": "text", "text": "hello there"}]}).tokens
    )


@pytest.mark.parametrize(
    ("native", "sentence"),
    [
        ({"role": "tool", "content": "a"}, "a message has role 'tool'; Anthropic knows user and assistant"),
        ({"role": "user", "content": 5}, "`content` is int; it is a text or a list of blocks"),
    ],
)
def test_what_is_no_message_is_refused_with_a_sentence(native: Native, sentence: str) -> None:
    with pytest.raises(MessageError) as refused:
        read(native)

    assert sentence in str(refused.value)


def test_a_rewritten_result_keeps_its_other_blocks_as_they_are() -> None:
    native = returns("a", "a long text", IMAGE, {"type": "text", "text": "Go on."})

    sent: Any = DIALECT.rewritten(native, {0: "short"})

    assert sent == returns("a", "short", IMAGE, {"type": "text", "text": "Go on."})
    assert sent["content"][1] is IMAGE


def test_cleared_leaves_a_stub_in_each_result_and_the_users_words() -> None:
    words = {"type": "text", "text": "Go on."}

    assert DIALECT.cleared(returns("a", "a long text", words), "stub") == returns("a", "stub", words)


def test_bare_leaves_thinking_out_and_nothing_else() -> None:
    assert DIALECT.bare(uses("a", thinks("hm"), REDACTED, page=1)) == uses("a", page=1)


def test_a_system_message_may_follow_a_user_message_only() -> None:
    assert DIALECT.system("s", user("a")) == {"role": "system", "content": "s"}
    assert DIALECT.system("s", says("a")) is None


def test_text_at_the_end_of_a_result_leaves_one_with_a_cache_mark_alone() -> None:
    marked = returns("a", "b")
    marked["content"][0]["cache_control"] = {"type": "ephemeral"}

    assert DIALECT.appended(returns("a", "b"), "c") == returns("a", "b\n\nc")
    assert DIALECT.appended(marked, "c") is None
    assert DIALECT.appended(user("a"), "c") is None


def test_a_repair_is_one_user_message_with_an_error_for_each_call() -> None:
    (repair,) = DIALECT.repair([Call("a", "look", "{}"), Call("b", "look", "{}")], "interrupted")

    assert repair == {
        "role": "user",
        "content": [
            {"type": "tool_result", "tool_use_id": id, "content": "interrupted", "is_error": True} for id in "ab"
        ],
    }
