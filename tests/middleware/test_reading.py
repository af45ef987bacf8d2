"""Reading the host's messages: each one once, by identity first; objects leave as they came."""

from typing import Any

import pytest
from pydantic import BaseModel

from litany import Litany
from litany.errors import MessageError
from litany.middleware.reading import counted, texts
from tests.histories import COUNT, GOAL, Native, result, rows, says, steps, user


class Function(BaseModel):
    name: str = "look"
    arguments: str = "{}"


class ToolCall(BaseModel):
    id: str = "a"
    type: str = "function"
    function: Function = Function()


class Said(BaseModel):
    role: str = "assistant"
    content: str | None = None
    tool_calls: list[ToolCall] | None = None


class Block(BaseModel):
    type: str = "tool_use"
    id: str = "a"
    name: str = "look"
    input: dict[str, int] = {"page": 1}


def tokens(messages: list[Any], **beside: Any) -> int:
    """Tokens of the request that is sent for these messages."""
    lines: list[dict[str, Any]] = []
    Litany(trace=lines.append)(messages, **beside)
    return int(lines[0]["tokens"])


def test_a_short_history_leaves_as_the_very_objects_that_came() -> None:
    work = [user(GOAL), *steps(3, 3)]

    assert all(before is after for before, after in zip(work, Litany()(work), strict=True))


def test_an_sdk_object_leaves_as_the_very_object_and_counts_as_its_dict() -> None:
    said = Said(tool_calls=[ToolCall()])
    work = [user(GOAL), said, result("a", "all well")]

    assert Litany()(work)[1] is said
    assert tokens(work) == tokens([user(GOAL), said.model_dump(exclude_none=True), result("a", "all well")])


def test_sdk_blocks_in_a_dict_are_read_as_anthropic() -> None:
    said = {"role": "assistant", "content": [Block()]}
    answer = {"role": "user", "content": [{"type": "tool_result", "tool_use_id": "a", "content": "all well"}]}

    assert Litany()([user(GOAL), said, answer])[1] is said


def test_system_text_and_tool_schemas_count() -> None:
    tools = [{"name": "look", "description": rows(30), "input_schema": {"type": "object"}}]

    assert tokens([user(GOAL)], system=rows(30)) == tokens([user(GOAL)]) + COUNT(rows(30)) + 4
    assert tokens([user(GOAL)], tools=tools) > tokens([user(GOAL)]) + COUNT(rows(30))


def test_a_tool_added_to_the_same_list_counts() -> None:
    lines: list[dict[str, Any]] = []
    litany, tools = Litany(trace=lines.append), [{"name": "look"}]
    litany([user(GOAL)], tools=tools)
    tools.append({"name": "listen"})
    litany([user(GOAL)], tools=tools)

    assert lines[1]["sections"]["tools"] > lines[0]["sections"]["tools"]


def test_tools_that_are_objects_count_by_name_and_description() -> None:
    def look(page: int) -> str:
        """Looks at a page of the log of the pump."""
        return str(page)

    assert counted([look], COUNT) == counted(
        [{"name": "look", "description": "Looks at a page of the log of the pump."}], COUNT
    )


def test_a_message_edited_in_place_is_read_again() -> None:
    work = [user(GOAL), says("Yes?"), user("Go on.")]
    lines: list[dict[str, Any]] = []
    litany = Litany(trace=lines.append)
    litany(work)
    work[1]["content"] = rows(30)
    litany(work)

    assert lines[1]["rewritten"] is True
    assert lines[1]["tokens"] > lines[0]["tokens"] + 300


def test_equal_messages_in_new_objects_are_the_same_record() -> None:
    lines: list[dict[str, Any]] = []
    litany = Litany(trace=lines.append)
    litany([user(GOAL), says("Yes?")])
    litany([user(GOAL), says("Yes?"), user("Go on.")])

    assert lines[1]["rewritten"] is False


@pytest.mark.parametrize(
    ("messages", "sentence"),
    [
        (None, "`messages` is None; give the list of all messages so far"),
        ("hello", "`messages` is a str; give the list of all messages so far"),
        (user("hello"), "`messages` is a dict; give the list of all messages so far"),
        (iter([user("hello")]), "give the list of all messages so far"),
        ([user("hello"), "hi"], "messages[1]: a message is str; give dicts as the provider's API takes them"),
        ([user("hello"), {"role": "robot"}], "messages[1]: a message has role 'robot'"),
    ],
)
def test_what_is_no_list_of_messages_is_refused_with_a_sentence(messages: Any, sentence: str) -> None:
    with pytest.raises(MessageError) as refused:
        Litany()(messages)

    assert sentence in str(refused.value)


def test_the_text_of_a_system_in_blocks_is_read() -> None:
    blocks: list[Native] = [{"type": "text", "text": "Be brief."}, {"type": "text", "text": "Be kind."}]

    assert texts(blocks) == "Be brief.\nBe kind."


@pytest.mark.parametrize(
    "system",
    [
        "Be brief.\nBe kind.",
        {"parts": [{"text": "Be brief."}, {"text": "Be kind."}]},
        [{"role": "developer", "content": "Be brief."}, {"role": "user", "content": [{"text": "Be kind."}]}],
    ],
)
def test_the_text_beside_the_messages_is_read_in_every_form_that_a_provider_takes(system: Any) -> None:
    assert texts(system) == "Be brief.\nBe kind."
