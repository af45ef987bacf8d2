"""Each OpenAI rule, with a request that keeps it and one that breaks it."""

from typing import Any

import pytest

from litany.errors import PolicyError
from litany.testing import validate

Message = dict[str, Any]

USER: Message = {"role": "user", "content": "hello"}
DONE: Message = {"role": "assistant", "content": "done"}


def call(name: str, function: str = "look", arguments: Any = "{}") -> Message:
    return {"id": name, "type": "function", "function": {"name": function, "arguments": arguments}}


def calls(*ids: str, **function: Any) -> Message:
    return {"role": "assistant", "content": None, "tool_calls": [call(name, **function) for name in ids]}


def result(name: str, content: Any = "seen") -> Message:
    return {"role": "tool", "tool_call_id": name, "content": content}


def broken(*messages: Any, **options: Any) -> list[tuple[str, str]]:
    return [(found.code, found.path) for found in validate("openai", {"messages": list(messages)}, **options)]


LEGAL = {
    "O1 one message": [USER],
    "O2 every role": [
        {"role": "system", "content": "s"},
        {"role": "developer", "content": "d"},
        USER,
        {"role": "assistant", "content": None, "function_call": {"name": "f", "arguments": "{}"}},
        {"role": "function", "name": "f", "content": None},
    ],
    "O3 results right after their calls, in any order": [USER, calls("a", "b"), result("b"), result("a")],
    "O4 every call answered before the next message": [USER, calls("a"), result("a"), calls("b"), result("b"), USER],
    "O5 an id used again in a later block": [USER, calls("a"), result("a"), calls("a"), result("a")],
    "O6 null content beside calls": [USER, calls("a"), result("a", "")],
    "O6 empty content": [{"role": "user", "content": ""}, {"role": "assistant", "content": ""}],
    "O7 tool_calls null": [USER, {**DONE, "tool_calls": None}],
    "O8 text parts": [USER, calls("a"), result("a", [{"type": "text", "text": "x"}])],
    "O9 the longest name": [USER, calls("a", function="n" * 64), result("a")],
    "O10 any JSON": [USER, calls("a", arguments='{"deep": [1, null]}'), result("a")],
    "O12 128 calls": [USER, calls(*map(str, range(128))), *(result(str(n)) for n in range(128))],
    "images from the user": [
        {
            "role": "user",
            "content": [{"type": "image_url", "image_url": {"url": "data:"}}, {"type": "text", "text": ""}],
        }
    ],
    "a custom call": [
        USER,
        {"role": "assistant", "tool_calls": [{"id": "c", "type": "custom", "custom": {"name": "n", "input": "i"}}]},
        result("c"),
    ],
}

ILLEGAL = {
    "O0 a message is a number": ([USER, 3], [("O0", "messages[1]")]),
    "O0 content is a number": ([{"role": "user", "content": 3}], [("O0", "messages[0].content")]),
    "O0 content is an empty list": ([{"role": "user", "content": []}], [("O0", "messages[0].content")]),
    "O0 a part without type": ([{"role": "user", "content": [{}]}], [("O0", "messages[0].content[0].type")]),
    "O0 a part of another dialect": (
        [{"role": "user", "content": [{"type": "image", "source": {}}]}],
        [("O0", "messages[0].content[0].type")],
    ),
    "O0 calls of the user": ([{**calls("a"), **USER}], [("O0", "messages[0].tool_calls")]),
    "O0 a call without id": (
        [USER, {**DONE, "tool_calls": [{"type": "function", "function": {"name": "n", "arguments": "{}"}}]}],
        [("O0", "messages[1].tool_calls[0].id")],
    ),
    "O0 a result without id": ([{"role": "tool", "content": "x"}], [("O0", "messages[0].tool_call_id")]),
    "O1 no message": ([], [("O1", "messages")]),
    "O2 unknown role": ([{"role": "human", "content": "x"}], [("O2", "messages[0].role")]),
    "O2 no role": ([{"content": "x"}], [("O2", "messages[0].role")]),
    "O3 a result at the start": ([result("a"), USER], [("O3", "messages[0]")]),
    "O3 a result of an older block": (
        [USER, calls("a"), result("a"), calls("b"), result("a"), result("b")],
        [("O3", "messages[4]")],
    ),
    "O4 a message between": (
        [USER, calls("a"), USER, result("a")],
        [("O4", "messages[1]"), ("O3", "messages[3]")],
    ),
    "O4 the list ends": ([USER, calls("a", "b"), result("a")], [("O4", "messages[1]")]),
    "O5 answered twice": ([USER, calls("a"), result("a"), result("a")], [("O5", "messages[3]")]),
    "O5 one id for two calls": ([USER, calls("a", "a"), result("a")], [("O5", "messages[1].tool_calls[1].id")]),
    "O6 user null": ([{"role": "user", "content": None}], [("O6", "messages[0].content")]),
    "O6 tool null": ([USER, calls("a"), result("a", None)], [("O6", "messages[2].content")]),
    "O6 assistant null without calls": ([USER, {"role": "assistant"}], [("O6", "messages[1].content")]),
    "O7 no calls": ([USER, {**DONE, "tool_calls": []}], [("O7", "messages[1].tool_calls")]),
    "O8 an image from a tool": (
        [USER, calls("a"), result("a", [{"type": "image_url", "image_url": {"url": "data:"}}])],
        [("O8", "messages[2].content[0].type")],
    ),
    "O8 an object from a tool": ([USER, calls("a"), result("a", {})], [("O8", "messages[2].content")]),
    "O9 a dot": (
        [USER, calls("a", function="a.b"), result("a")],
        [("O9", "messages[1].tool_calls[0].function.name")],
    ),
    "O9 a newline at the end": (
        [USER, calls("a", function="a\n"), result("a")],
        [("O9", "messages[1].tool_calls[0].function.name")],
    ),
    "O12 129 calls": (
        [USER, calls(*map(str, range(129))), *(result(str(n)) for n in range(129))],
        [("O12", "messages[1].tool_calls")],
    ),
}

BAD_ARGUMENTS: list[Any] = [{}, None, "", "{", '{"a": NaN}', "[" * 100_000]


@pytest.mark.parametrize("messages", LEGAL.values(), ids=LEGAL)
def test_a_legal_request_has_no_violation(messages: list[Message]) -> None:
    assert broken(*messages) == []


@pytest.mark.parametrize(("messages", "expected"), ILLEGAL.values(), ids=ILLEGAL)
def test_a_broken_rule_is_named_with_its_place(messages: list[Any], expected: list[tuple[str, str]]) -> None:
    assert broken(*messages) == expected


@pytest.mark.parametrize("arguments", BAD_ARGUMENTS, ids=["object", "null", "empty", "half", "NaN", "deep"])
def test_arguments_are_a_string_that_holds_json(arguments: Any) -> None:
    found = broken(USER, calls("a", arguments=arguments), result("a"))

    assert found == [("O10", "messages[1].tool_calls[0].function.arguments")]


def test_every_violation_is_reported_not_only_the_first() -> None:
    found = broken({"role": "x"}, result("a"), {**DONE, "tool_calls": []}, calls("b", function=""))

    assert [code for code, _ in found] == ["O2", "O7", "O9", "O3", "O4"]


def test_an_unanswered_call_is_named_as_the_provider_names_it() -> None:
    (found,) = validate("openai", {"messages": [USER, calls("a", "b"), result("b"), USER]})

    assert found.text.endswith("The following tool_call_ids did not have response messages: a")


def test_a_record_may_end_on_an_open_call() -> None:
    assert broken(USER, calls("a"), open_tail="allow") == []
    assert broken(USER, calls("a", "b"), result("b"), open_tail="allow") == []
    assert broken(USER, calls("a"), USER, open_tail="allow") == [("O4", "messages[1]")]


def test_the_limit_of_calls_is_a_parameter() -> None:
    assert broken(USER, calls("a", "b"), result("a"), result("b"), max_tool_calls=1) == [
        ("O12", "messages[1].tool_calls")
    ]


QUIRKS = {
    "last-role": ([USER, DONE], "messages[1]", [USER, calls("a"), result("a")]),
    "alternation": ([USER, USER], "messages[1]", [USER, calls("a"), result("a"), DONE, USER]),
    "system-first": (
        [USER, DONE, {"role": "system", "content": "s"}, USER],
        "messages[2]",
        [{"role": "system", "content": "s"}, USER],
    ),
    "no-null-content": (
        [USER, calls("a"), result("a")],
        "messages[1].content",
        [USER, {**calls("a"), "content": ""}, result("a")],
    ),
}


@pytest.mark.parametrize(("flag", "case"), QUIRKS.items(), ids=QUIRKS)
def test_a_quirk_is_refused_only_under_its_flag(flag: str, case: tuple[list[Any], str, list[Any]]) -> None:
    illegal, path, legal = case

    assert broken(*illegal) == []
    assert broken(*illegal, flags=[flag]) == [("O11", path)]
    assert broken(*illegal, flags=["strict-compat"]) == [("O11", path)]
    assert broken(*legal, flags=[flag]) == []


def test_an_open_tail_is_no_wrong_last_role() -> None:
    assert broken(USER, calls("a"), flags=["last-role"], open_tail="allow") == []
    assert broken(USER, DONE, flags=["last-role"], open_tail="allow") == [("O11", "messages[1]")]


def test_a_system_message_does_not_part_two_users() -> None:
    found = broken(USER, {"role": "system", "content": "s"}, USER, flags=["alternation"])

    assert found == [("O11", "messages[2]")]


@pytest.mark.parametrize("messages", [None, {}, "text", 3])
def test_messages_that_are_no_list_are_malformed(messages: Any) -> None:
    assert [found.code for found in validate("openai", {"messages": messages})] == ["O0"]


def test_tools_have_legal_names() -> None:
    tools = [{"type": "function", "function": {"name": "ok"}}, {"type": "function", "function": {"name": "not ok"}}, 3]

    found = validate("openai", {"messages": [USER], "tools": tools})

    assert [(each.code, each.path) for each in found] == [("O9", "tools[1].function.name"), ("O0", "tools[2]")]


def test_an_unknown_dialect_or_flag_is_refused() -> None:
    with pytest.raises(PolicyError, match="cohere"):
        validate("cohere", {"messages": [USER]})
    with pytest.raises(PolicyError, match="last-rôle"):
        validate("openai", {"messages": [USER]}, flags=["last-rôle"])
