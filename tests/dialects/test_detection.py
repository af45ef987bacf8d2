"""Which dialect messages are written in."""

import pytest

from litany import PolicyError
from litany.dialects import dialect_named, dialect_of
from tests.histories import Native, calls, result, returns, says, thinks, user, uses

IMAGE = {"type": "image", "source": {"type": "base64", "media_type": "image/png", "data": ""}}


@pytest.mark.parametrize(
    ("message", "name"),
    [
        ({"role": "system", "content": "be brief"}, "openai"),
        ({"role": "developer", "content": "be brief"}, "openai"),
        (calls("a"), "openai"),
        (result("a", "b"), "openai"),
        (uses("a"), "anthropic"),
        (returns("a", "b"), "anthropic"),
        ({"role": "assistant", "content": [thinks("hm")]}, "anthropic"),
        ({"role": "user", "content": [IMAGE]}, "anthropic"),
    ],
)
def test_one_telling_message_is_enough(message: Native, name: str) -> None:
    found = dialect_of([user("hello"), says("hi"), message])

    assert found is not None
    assert found.name == name


@pytest.mark.parametrize(
    "messages", [[], [user("hello"), says("hi")], [{"role": "user", "content": [{"type": "text", "text": "hello"}]}]]
)
def test_what_could_be_either_is_left_open(messages: list[Native]) -> None:
    assert dialect_of(messages) is None


def test_an_unknown_name_is_refused_with_those_there_are() -> None:
    with pytest.raises(PolicyError, match="there is no dialect 'claude'; there are openai, anthropic"):
        dialect_named("claude")
