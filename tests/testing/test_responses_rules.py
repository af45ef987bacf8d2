"""The rules of OpenAI Responses: each has a request that breaks it, and what keeps to them is silent."""

from typing import Any

import pytest

from litany import PolicyError
from litany.testing import Violation, seal, validate

Item = dict[str, Any]

USER = {"role": "user", "content": "hi"}
SAID = {"type": "message", "role": "assistant", "id": "msg_1", "content": [{"type": "output_text", "text": "I look."}]}

ASKED = {"type": "mcp_approval_request", "id": "mcpr_1", "name": "a", "arguments": "{}", "server_label": "s"}


def call(call: str, **fields: Any) -> Item:
    return {"type": "function_call", "call_id": call, "name": "look", "arguments": "{}", **fields}


def output(id: str, **fields: Any) -> Item:
    return {"type": "function_call_output", "call_id": id, "output": "blue", **fields}


def reasoning(id: str = "rs_1", **fields: Any) -> Item:
    return {"type": "reasoning", "id": id, "summary": [], **fields}


def found(*items: Any, **beside: Any) -> list[Violation]:
    fields: Item = {name: beside.pop(name) for name in ("store", "previous_response_id", "tools") if name in beside}
    return validate("responses", {"model": "fake", "input": list(items), **fields}, **beside)


def codes(*items: Any, **beside: Any) -> list[tuple[str, str]]:
    return [(violation.code, violation.path) for violation in found(*items, **beside)]


@pytest.mark.parametrize(
    "items",
    [
        [USER],
        [{"type": "message", "role": "developer", "content": [{"type": "input_text", "text": "Be brief."}]}, USER],
        [USER, reasoning(), SAID, call("a"), call("b"), output("b"), output("a"), USER],
        [USER, call("a"), output("a", output=[{"type": "input_image", "image_url": "data:,"}])],
        [USER, call("a", type="custom_tool_call", input="ls"), output("a", type="custom_tool_call_output")],
        [USER, call("a", type="local_shell_call", id="lsh_1", action={}), output("a")],
        [USER, {"type": "web_search_call", "id": "ws_1", "status": "completed", "action": {}}, SAID],
        [USER, reasoning(encrypted_content=seal("hm")), reasoning("rs_2"), SAID],
        [{"type": "compaction", "encrypted_content": seal("all before")}, USER],
        [USER, ASKED, {"type": "mcp_approval_response", "approval_request_id": "mcpr_1", "approve": True}],
        [USER, {"type": "tool_search_call", "execution": "server", "arguments": {}, "call_id": None}, SAID],
        [USER, {"id": "msg_9"}, output("on the server")],
    ],
)
def test_a_legal_input_breaks_no_rule(items: list[Any]) -> None:
    assert found(*items) == []


def test_a_text_is_an_input() -> None:
    assert validate("responses", {"input": "hi"}) == []


@pytest.mark.parametrize(
    ("items", "code", "path", "sentence"),
    [
        ([output("a")], "P1", "input[0]", "No tool call found for function call output with call_id a."),
        ([output("a"), call("a")], "P1", "input[0]", "No tool call found"),
        ([call("a"), output("a"), output("a")], "P1", "input[2]", "Duplicate output"),
        ([{"type": "custom_tool_call_output", "call_id": "a", "output": "x"}], "P1", "input[0]", "custom tool call"),
        (
            [call("a"), {"type": "custom_tool_call_output", "call_id": "a", "output": "x"}],
            "P1",
            "input[1]",
            "and the call is not",
        ),
        ([call("a")], "P2", "input[0]", "No tool output found for function call a."),
        ([call("a"), USER], "P2", "input[0]", "No tool output found for function call a."),
        ([call("a"), output("a"), call("a")], "P2", "input[2].call_id", "Duplicate call_id in input: a."),
        ([reasoning(), USER], "P3", "input[0]", "'rs_1' of type 'reasoning' was provided without its required follow"),
        ([USER, reasoning()], "P3", "input[1]", "without its required following item"),
        ([reasoning(encrypted_content=seal("hm")[:-9] + "AAAAAAAA=")], "P3", "input[0].encrypted_content", "verified"),
        ([call("a", id="call_a"), output("a")], "P4", "input[0].id", "'call_a'. Expected an ID that begins with 'fc'."),
        ([{**SAID, "id": "rs_1"}], "P4", "input[0].id", "begins with 'msg'"),
        ([{"type": "compaction", "id": "cmp_1"}], "P6", "input[0].encrypted_content", "Missing required parameter"),
        ([{"type": "compaction", "encrypted_content": ""}], "P6", "input[0].encrypted_content", "verified"),
        ([5], "P0", "input[0]", "expected an object"),
        ([{"type": "robot"}], "P0", "input[0].type", "Invalid value: 'robot'"),
        ([{"role": "tool", "content": "x"}], "P0", "input[0].role", "Invalid value: 'tool'"),
        ([{"role": "user", "content": None}], "P0", "input[0].content", "expected one of an array of objects or str"),
        ([{"role": "user", "content": [{"type": "text", "text": "x"}]}], "P0", "input[0].content[0].type", "'text'"),
        (
            [{"role": "assistant", "content": [{"type": "input_text", "text": "x"}]}],
            "P0",
            "input[0].content[0].type",
            "o",
        ),
        ([call("a", name="no spaces"), output("a")], "P0", "input[0].name", "does not match pattern"),
        ([call("a" * 65), output("a" * 65)], "P0", "input[0].call_id", "maximum length 64"),
        ([call("a", arguments={}), output("a")], "P0", "input[0].arguments", "Missing required parameter"),
        ([SAID, SAID], "P0", "input[1].id", "Duplicate item found with id msg_1"),
        ([{"type": "compaction_trigger"}, USER], "P0", "input[0]", "must be the final input item"),
    ],
)
def test_a_broken_rule_is_named_with_its_place_in_the_providers_words(
    items: list[Any], code: str, path: str, sentence: str
) -> None:
    told = [violation for violation in found(*items) if (violation.code, violation.path) == (code, path)]

    assert told
    assert sentence in told[0].text


def test_every_violation_is_told_and_not_only_the_first() -> None:
    assert codes(output("a"), call("b", id="b"), USER, reasoning()) == [
        ("P4", "input[1].id"),
        ("P1", "input[0]"),
        ("P2", "input[1]"),
        ("P3", "input[3]"),
    ]


def test_a_record_may_end_on_open_calls_of_its_last_reply_only() -> None:
    last = [USER, reasoning(), SAID, call("a"), call("b"), output("b")]

    assert codes(*last) == [("P2", "input[3]")]
    assert codes(*last, open_tail="allow") == []
    assert codes(*last, USER, open_tail="allow") == [("P2", "input[3]")]
    assert codes(*last, call("c"), open_tail="allow") == [("P2", "input[3]")]


def test_reasoning_without_its_content_is_refused_where_nothing_is_stored() -> None:
    assert codes(USER, reasoning(), SAID, store=False) == [("P3", "input[1]")]
    assert codes(USER, reasoning(encrypted_content=seal("hm")), SAID, store=False) == []


def test_an_item_that_was_made_with_reasoning_needs_it_before_it() -> None:
    made = {"msg_1": "rs_1"}

    assert codes(USER, SAID, reasoned=made) == [("P3", "input[1]")]
    assert codes(USER, reasoning(), SAID, reasoned=made) == []


def test_with_state_on_the_server_an_output_may_answer_a_call_that_is_there() -> None:
    assert codes(output("a"), previous_response_id="resp_1") == []
    assert codes(call("a"), previous_response_id="resp_1") == [("P2", "input[0]")]
    assert codes(output("a"), previous_response_id="resp_1", resolved=True) == [("P1", "input[0]")]


def test_some_servers_want_each_output_right_behind_its_call() -> None:
    together, apart = [call("a"), call("b"), output("a"), output("b")], [call("a"), output("a"), call("b"), output("b")]
    flags = ["positional-pairs"]

    assert codes(*together, flags=flags) == [("P5", "input[0]"), ("P5", "input[1]")]
    assert codes(*together) == codes(*apart, flags=flags) == []


def test_tools_are_written_flat() -> None:
    chat = [{"type": "function", "function": {"name": "look"}}]

    assert codes(USER, tools=chat) == [("P0", "tools[0].name")]
    assert codes(USER, tools=[{"type": "function", "name": "look"}, {"type": "web_search"}]) == []


def test_a_request_without_input_is_refused() -> None:
    assert [violation.code for violation in validate("responses", {"model": "fake"})] == ["P0"]
    assert [violation.code for violation in validate("responses", {"input": 5})] == ["P0"]


def test_an_unknown_flag_is_refused() -> None:
    with pytest.raises(PolicyError, match="responses has no flag 'bedrock'"):
        validate("responses", {"input": "hi"}, flags=["bedrock"])
