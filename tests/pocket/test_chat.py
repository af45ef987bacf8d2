"""Chat messages and tools as tokens, and what cannot be read."""

import json
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import BaseModel

from litany import Litany, Policy
from litany.errors import MessageError, PocketError
from litany.pocket.chat import prompt
from litany.pocket.words import ASSISTANT, END, PARTS, TOOLS, VOCABULARY

WEATHER = {
    "type": "function",
    "function": {
        "name": "get_weather",
        "description": "The weather of a city.",
        "parameters": {"type": "object", "properties": {"city": {"type": "string"}, "days": {"type": "integer"}}},
    },
}
PING = {"name": "ping", "description": "Is it up?", "input_schema": {"type": "object", "properties": {"host": {}}}}


def read(messages: list[Any], tools: list[Any] | None = None) -> str:
    """A request's tokens, as words with spaces."""
    asked = prompt(messages, tools or [])
    return " ".join(asked.words.word(token) for token in asked.ids)


def user(content: object) -> dict[str, object]:
    return {"role": "user", "content": content}


def calling(*functions: object) -> dict[str, object]:
    calls = [{"id": f"c{n}", "type": "function", "function": function} for n, function in enumerate(functions)]
    return {"role": "assistant", "content": None, "tool_calls": calls}


def test_a_chat_is_its_messages_between_who_speaks_and_an_end() -> None:
    chat = [
        {"role": "system", "content": "Be brief."},
        user("Where is Ann?"),
        {"role": "assistant", "content": "Paris"},
        user("And Bob?"),
    ]

    assert read(chat) == (
        "<system> be brief . <end> <user> where is Ann ? <end> "
        "<assistant> Paris <end> <user> and Bob ? <end> <assistant>"
    )


def test_a_developer_speaks_as_the_system_does_and_a_function_as_a_tool() -> None:
    for role, part in (("developer", "<system>"), ("function", "<tool>"), ("tool", "<tool>")):
        assert read([{"role": role, "content": "Ann"}]) == f"{part} Ann <end> <assistant>"


@pytest.mark.parametrize(
    ("content", "words"),
    [
        (None, ""),
        ("", ""),
        ([], ""),
        ([{"type": "text", "text": "Ann"}, {"type": "text", "text": "Bob"}], "Ann \n Bob "),
        (["Ann"], "Ann "),
        ([{"type": "refusal", "refusal": "Never"}], "never "),
    ],
)
def test_content_is_a_text_its_parts_or_nothing(content: object, words: str) -> None:
    assert read([user(content)]) == f"<user> {words}<end> <assistant>"


def test_a_call_is_its_name_and_its_arguments_and_its_result_a_message() -> None:
    given = {"city": "Paris", "days": 3, "wet": True, "why": None, "at": ["a", 1]}
    chat = [
        calling({"name": "get_weather", "arguments": json.dumps(given)}),
        {"role": "tool", "tool_call_id": "c0", "content": "rain"},
    ]

    assert read(chat) == (
        "<assistant> <call> get_weather ( city = Paris , days = 3 , wet = true , why = null , "
        'at = [ " a " , 1 ] ) <end> <tool> rain <end> <assistant>'
    )


def test_several_calls_follow_each_other_behind_the_text() -> None:
    two = {**calling({"name": "f", "arguments": "{}"}, {"name": "g", "arguments": ""}), "content": "Look"}

    assert read([two]) == "<assistant> Look <call> f ( ) <call> g ( ) <end> <assistant>"


@pytest.mark.parametrize(
    ("function", "words"),
    [
        ({"name": "f", "arguments": '{"a": '}, 'f ( = { " a " : )'),
        ({"name": "f", "arguments": "[1]"}, "f ( = [ 1 ] )"),
        ({"name": "f", "arguments": "[" * 3}, "f ( = [ [ [ )"),
        ({"name": "f", "arguments": {"a": 1}}, "f ( a = 1 )"),
        ({"name": "f"}, "f ( )"),
        ({"name": "f", "input": "ls"}, "f ( = ls )"),
    ],
)
def test_arguments_that_are_no_json_object_are_read_as_they_stand(function: object, words: str) -> None:
    assert read([calling(function)]) == f"<assistant> <call> {words} <end> <assistant>"


def test_json_that_is_nested_without_end_is_read_as_it_stands() -> None:
    assert read([calling({"name": "f", "arguments": "[" * 99_999})]).count("[") == 99_999


def test_the_call_field_of_old_is_read_too() -> None:
    old = {"role": "assistant", "content": None, "function_call": {"name": "f", "arguments": '{"a": 1}'}}

    assert read([old]) == "<assistant> <call> f ( a = 1 ) <end> <assistant>"


def test_tools_stand_last_by_name_and_arguments_in_openais_shape_and_in_anthropics() -> None:
    ends = "<tools> get_weather ( city , days ) ; ping ( host ) ; <end> <assistant>"

    assert read([user("Ann")], [WEATHER, PING]) == f"<user> Ann <end> {ends}"
    assert prompt([user("Ann")], [WEATHER, PING]).tools == {
        "get_weather": {"city": {"type": "string"}, "days": {"type": "integer"}},
        "ping": {"host": {}},
    }


def test_a_tool_without_arguments_needs_no_schema() -> None:
    assert read([user("Ann")], [{"name": "stop"}]).endswith("<tools> stop ( ) ; <end> <assistant>")


class Typed(BaseModel):
    role: str = "user"
    content: str = "hi"


@pytest.mark.parametrize(
    ("message", "text"),
    [
        ("hello", "message 1 is a str"),
        (None, "message 1 is a NoneType"),
        (Typed(), r"message 1 is a Typed.*model_dump\(exclude_none=True\)"),
        ({"content": "hello"}, "message 1: its role is None; pocket reads system, developer, user, assistant"),
        ({"role": "robot", "content": ""}, "message 1: its role is 'robot'"),
        ({"role": ["user"], "content": ""}, r"message 1: its role is \['user'\]"),
        (user(5), "message 1: its content is int"),
        (user(b"hello"), "message 1: its content is bytes"),
        (user({"text": "hello"}), "message 1: its content is dict"),
        (calling("f"), "message 1: a tool call names no function"),
        (calling({"arguments": "{}"}), "message 1: a tool call names no function"),
        ({"role": "assistant", "tool_calls": ["f"]}, "message 1: a tool call names no function"),
        ({"role": "assistant", "tool_calls": 5}, "message 1: its tool_calls are int"),
        ({"role": "assistant", "tool_calls": {"id": 1}}, "message 1: its tool_calls are dict"),
    ],
)
def test_what_is_no_message_is_refused_by_its_place(message: object, text: str) -> None:
    with pytest.raises(MessageError, match=text):
        prompt([user("fine"), message])


@pytest.mark.parametrize(
    ("part", "kind"),
    [
        ({"type": "image_url", "image_url": {"url": "data:"}}, "'image_url'"),
        ({"type": "input_audio", "input_audio": {}}, "'input_audio'"),
        ({"type": "text", "text": None}, "'text'"),
        (5, "'int'"),
    ],
)
def test_a_part_that_is_no_text_is_refused_by_its_kind(part: object, kind: str) -> None:
    with pytest.raises(PocketError, match=f"message 1: it holds a part of type {kind}, and pocket reads text only"):
        prompt([user("fine"), user([{"type": "text", "text": "look"}, part])])


@pytest.mark.parametrize(
    ("tool", "text"),
    [
        ("ping", "tool 1 has no name"),
        ({"type": "function", "function": {}}, "tool 1 has no name"),
        ({"name": "ping", "parameters": "host"}, "tool 1, 'ping': its parameters are no JSON schema"),
        ({"name": "ping", "parameters": {"properties": ["host"]}}, "tool 1, 'ping': its parameters are no JSON schema"),
    ],
)
def test_what_is_no_tool_is_refused_by_its_place(tool: object, text: str) -> None:
    with pytest.raises(MessageError, match=text):
        prompt([user("fine")], [WEATHER, tool])


def test_no_messages_are_refused() -> None:
    with pytest.raises(MessageError, match="there are no messages; give at least the one that is to be answered"):
        prompt([])


def test_what_litany_sends_can_be_read() -> None:
    litany = Litany(
        "Find the leak.", ["Never guess."], Policy(window=4_000, reserve=500, recite="every"), dialect="openai"
    )
    chat: list[dict[str, Any]] = [user("Go.")]
    for n in range(60):
        chat.append({**calling({"name": "look", "arguments": f'{{"at": {n}}}'}), "content": f"step {n} " * 20})
        chat.append({"role": "tool", "tool_call_id": "c0", "content": f"drop {n} " * 60})
        view = litany(chat)

    asked = prompt(view, litany.tools("openai"))

    assert len(view) < len(chat)
    assert "update_todos" in asked.tools
    assert "leak" in asked.words.text(asked.ids[-400:])


@given(st.lists(st.tuples(st.sampled_from(["system", "user", "assistant", "tool"]), st.text()), min_size=1))
def test_a_chat_has_as_many_ends_as_messages_whatever_they_say(said: list[tuple[str, str]]) -> None:
    asked = prompt([{"role": role, "content": content} for role, content in said])

    assert asked.ids.count(END) == len(said)
    assert sum(token < len(PARTS) for token in asked.ids) == 2 * len(said) + 1
    assert asked.ids[-1] == ASSISTANT
    assert max(asked.ids) < VOCABULARY


@given(st.lists(st.text(), min_size=1), st.lists(st.text(), min_size=1))
def test_messages_that_follow_change_nothing_before_them(said: list[str], more: list[str]) -> None:
    short, long = (prompt([user(text) for text in texts]).ids[:-1] for texts in (said, said + more))

    assert long[: len(short)] == short


def test_tools_change_nothing_of_the_messages_before_them() -> None:
    bare, offered = prompt([user("Ann")]).ids[:-1], prompt([user("Ann")], [WEATHER]).ids

    assert offered[: len(bare) + 1] == (*bare, TOOLS)
