"""OpenAI chat messages: read, counted, and rewritten as shallow copies."""

from typing import Any

import pytest

from litany.core.message import Call, Message, Role
from litany.dialects.openai import CALL_FRAME, FRAME, OpenAI
from litany.errors import MessageError
from tests.histories import COUNT, Native, calls, result, user

DIALECT = OpenAI()
TEXT = {"type": "text", "text": "look at this"}
PICTURE = {"type": "image_url", "image_url": {"url": "data:image/png;base64," + "A" * 400_000}}


def read(native: Native, observed: bool = False) -> Message:
    return DIALECT.read(native, COUNT, observed)


@pytest.mark.parametrize(
    ("role", "read_as"),
    [("system", Role.SYSTEM), ("developer", Role.SYSTEM), ("user", Role.USER), ("assistant", Role.ASSISTANT)],
)
def test_roles_are_read(role: str, read_as: Role) -> None:
    assert (read({"role": role, "content": "a"}).role, read({"role": role, "content": "a"}).text) == (read_as, "a")


def test_calls_are_read_with_their_arguments_as_written() -> None:
    message = read(calls("a", "b", page=1))

    assert message.calls == (Call("a", "look", '{"page": 1}'), Call("b", "look", '{"page": 1}'))
    assert message.tokens == FRAME + 2 * (CALL_FRAME + COUNT("look") + COUNT('{"page": 1}'))


def test_a_result_has_its_text_in_a_slot_and_says_nothing() -> None:
    message = read(result("a", "all well"))

    assert (message.answers, message.slots, message.sizes) == (("a",), ("all well",), (COUNT("all well"),))
    assert (message.text, message.speaks, message.observed) == ("", False, True)


def test_an_observation_in_the_user_role_is_read_like_a_result() -> None:
    message = read(user("total 0"), observed=True)

    assert (message.role, message.slots, message.text) == (Role.TOOL, ("total 0",), "")


def test_an_image_is_counted_by_formula_and_never_as_text() -> None:
    message = read({"role": "user", "content": [TEXT, PICTURE]})

    assert message.tokens == FRAME + COUNT("look at this") + 85 + 170 * 8


def test_reasoning_counts() -> None:
    native = {"role": "assistant", "content": "a", "reasoning_content": "because of the valve"}

    assert read(native).tokens == FRAME + COUNT("a") + COUNT("because of the valve") + 1


@pytest.mark.parametrize(
    ("native", "sentence"),
    [
        ({"role": "robot", "content": "a"}, "a message has role 'robot'; OpenAI knows system, developer, user"),
        ({"role": "user", "content": 5}, "`content` is int; it is a text, a list of parts, or null"),
        ({"role": "assistant", "tool_calls": [{"id": "a"}]}, "the call 'a' has no `function`"),
        ("hello", "a message is str; give dicts as the provider's API takes them"),
    ],
)
def test_what_is_no_message_is_refused_with_a_sentence(native: Any, sentence: str) -> None:
    with pytest.raises(MessageError) as refused:
        read(native)

    assert sentence in str(refused.value)


def test_a_rewritten_slot_leaves_everything_else_the_same_object() -> None:
    native = {"role": "tool", "tool_call_id": "a", "content": [TEXT, PICTURE, {"type": "text", "text": "second"}]}

    sent: Any = DIALECT.rewritten(native, {1: "short"})

    assert sent["content"] == [TEXT, PICTURE, {"type": "text", "text": "short"}]
    assert sent["content"][1] is PICTURE
    assert native["content"][2] == {"type": "text", "text": "second"}


def test_a_repair_answers_every_call() -> None:
    calls_made = [Call("a", "look", "{}"), Call("b", "look", "{}")]

    assert DIALECT.repair(calls_made, "interrupted") == [result("a", "interrupted"), result("b", "interrupted")]


def test_only_a_tool_message_can_carry_text_at_its_end() -> None:
    assert DIALECT.appended(result("a", "b"), "c") == result("a", "b\n\nc")
    assert DIALECT.appended({**result("a", ""), "content": [TEXT]}, "c") == {
        **result("a", ""),
        "content": [TEXT, {"type": "text", "text": "c"}],
    }
    assert DIALECT.appended(user("a"), "c") is None
