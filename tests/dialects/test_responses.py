"""Responses items: read, counted, and rewritten as shallow copies; as dicts and as objects of the openai package."""

from importlib import import_module
from importlib.util import find_spec
from typing import Any

import pytest

from litany import Litany
from litany.core.message import Call, Joint, Message, Role
from litany.dialects import dialect_of
from litany.dialects.responses import CALL_FRAME, FRAME, Responses
from litany.errors import MessageError
from litany.testing import validate
from tests.histories import COUNT, Native

DIALECT = Responses()
PICTURE = {"type": "input_image", "image_url": "data:image/png;base64," + "A" * 400_000, "detail": "auto"}
ARGUMENTS = '{"page": 1}'
CALL = {"type": "function_call", "id": "fc_1", "call_id": "a", "name": "look", "arguments": ARGUMENTS}


def read(native: Any, observed: bool = False) -> Message:
    return DIALECT.read(native, COUNT, observed)


def output(text: object, kind: str = "function_call_output") -> Native:
    return {"type": kind, "call_id": "a", "output": text}


@pytest.mark.parametrize(
    ("role", "read_as"),
    [("system", Role.SYSTEM), ("developer", Role.SYSTEM), ("user", Role.USER), ("assistant", Role.ASSISTANT)],
)
def test_a_message_reads_alike_as_text_and_as_parts(role: str, read_as: Role) -> None:
    kind = "output_text" if role == "assistant" else "input_text"
    short = {"role": role, "content": "all well"}
    long = {"type": "message", "role": role, "content": [{"type": kind, "text": "all well", "annotations": []}]}

    for native in (short, long):
        message = read(native)
        assert (message.role, message.text, message.tokens) == (read_as, "all well", FRAME + COUNT("all well"))


def test_a_call_is_read_with_its_kind_and_arguments_as_written() -> None:
    message = read(CALL)

    assert message.calls == (Call("a", "look", ARGUMENTS, "function_call"),)
    assert (message.role, message.joint) == (Role.ASSISTANT, Joint.REPLY)
    assert message.tokens == CALL_FRAME + COUNT("look") + COUNT(ARGUMENTS)


@pytest.mark.parametrize(
    ("item", "id", "name", "arguments"),
    [
        ({"type": "custom_tool_call", "call_id": "a", "name": "sh", "input": "ls"}, "a", "sh", "ls"),
        ({"type": "computer_call", "call_id": "a", "action": {"type": "wait"}}, "a", "computer", '{"type": "wait"}'),
        ({"type": "shell_call", "call_id": "a", "action": {"commands": ["ls"]}}, "a", "shell", '{"commands": ["ls"]}'),
        ({"type": "local_shell_call", "id": "x", "call_id": "a", "action": {}}, "a", "local_shell", "{}"),
        ({"type": "apply_patch_call", "call_id": "a", "operation": {"p": 1}}, "a", "apply_patch", '{"p": 1}'),
        (
            {"type": "tool_search_call", "call_id": "a", "execution": "client", "arguments": {}},
            "a",
            "tool_search",
            "{}",
        ),
        ({"type": "mcp_approval_request", "id": "a", "name": "rm", "arguments": "{}"}, "a", "rm", "{}"),
        ({"type": "future_call", "call_id": "a", "arguments": "{}"}, "a", "future", "{}"),
    ],
)
def test_every_kind_of_call_is_read_and_repaired_by_an_output_of_its_kind(
    item: Native, id: str, name: str, arguments: str
) -> None:
    (call,) = read(item).calls
    (repair,) = DIALECT.repair([call], "interrupted")

    assert (call.id, call.name, call.arguments) == (id, name, arguments)
    assert read(repair).answers == (id,)
    if item["type"] != "future_call":
        made = {"status": "completed", "server_label": "s", **item}
        assert validate("responses", {"input": [{"role": "user", "content": "hi"}, made, repair]}) == []


@pytest.mark.parametrize(
    "item",
    [
        {"type": "web_search_call", "id": "ws_1", "status": "completed", "action": {"type": "search", "query": "sea"}},
        {"type": "tool_search_call", "execution": "server", "call_id": None, "arguments": {}},
        {"type": "reasoning", "id": "rs_1", "summary": [], "encrypted_content": "A" * 400},
        {"type": "mcp_list_tools", "id": "mcpl_1", "server_label": "s", "tools": [{"name": "a", "input_schema": {}}]},
        {"type": "item_reference", "id": "fc_1"},
        {"id": "fc_1"},
    ],
)
def test_what_the_provider_did_by_itself_waits_for_nothing(item: Native) -> None:
    message = read(item)

    assert (message.role, message.calls, message.slots, message.joint) == (Role.ASSISTANT, (), (), Joint.REPLY)
    assert message.tokens > FRAME


def test_encrypted_content_counts_by_its_length_and_pictures_by_formula() -> None:
    drawn = {"type": "image_generation_call", "id": "ig_1", "status": "completed", "result": "A" * 400_000}
    shot = output({"type": "computer_screenshot", "image_url": PICTURE["image_url"]}, "computer_call_output")

    assert 100 < read({"type": "reasoning", "id": "r", "summary": [], "encrypted_content": "A" * 400}).tokens < 120
    assert max(map(_tokens, (drawn, shot, output([PICTURE])))) < 85 + 170 * 8 + 20
    assert read({"role": "user", "content": [PICTURE]}).tokens == FRAME + 85 + 170 * 8


def _tokens(native: Native) -> int:
    return read(native).tokens


def test_a_compaction_stands_for_all_before_it() -> None:
    assert read({"type": "compaction", "id": "cmp_1", "encrypted_content": "A" * 40}).folds
    assert not read(CALL).folds


@pytest.mark.parametrize(
    ("item", "slots"),
    [
        (output("all well"), ("all well",)),
        (
            output([{"type": "input_text", "text": "all"}, PICTURE, {"type": "input_text", "text": "well"}]),
            ("all", "well"),
        ),
        (
            output([{"stdout": "a", "stderr": "b", "outcome": {"type": "exit", "exit_code": 0}}], "shell_call_output"),
            ("a", "b"),
        ),
        ({"type": "mcp_call", "id": "m", "name": "a", "arguments": "{}", "output": "found"}, ("found",)),
        (
            {"type": "file_search_call", "id": "fs_1", "queries": ["a"], "results": [{"text": "t", "filename": "f"}]},
            ("t", "f"),
        ),
        ({"type": "code_interpreter_call", "id": "c", "code": "1", "outputs": [{"type": "logs", "logs": "1"}]}, ("1",)),
        ({"type": "program_output", "id": "p", "call_id": "a", "result": "r", "status": "completed"}, ("r",)),
        ({"type": "tool_search_output", "call_id": "a", "tools": [{"name": "look"}]}, ()),
    ],
)
def test_what_a_tool_gave_stands_in_slots_and_is_written_back_where_it_stood(
    item: Native, slots: tuple[str, ...]
) -> None:
    message = read(item)
    sent: Any = DIALECT.rewritten(item, {at: text.upper() for at, text in enumerate(slots)})

    assert (message.slots, message.sizes) == (slots, tuple(map(COUNT, slots)))
    assert read(sent).slots == tuple(text.upper() for text in slots)
    assert DIALECT.rewritten(sent, dict(enumerate(slots))) == item
    if slots:
        assert read(DIALECT.cleared(item, "stub")).slots[0] == "stub"
        assert {*read(DIALECT.cleared(item, "stub")).slots[1:]} <= {""}


def test_an_observation_in_the_user_role_is_read_like_a_result() -> None:
    native = {"role": "user", "content": [{"type": "input_text", "text": "total 0"}, PICTURE]}
    message = read(native, observed=True)

    assert (message.role, message.slots, message.text) == (Role.TOOL, ("total 0",), "")
    assert message.tokens == read(native).tokens


def test_only_a_functions_output_carries_text_at_its_end() -> None:
    assert DIALECT.appended(output("b"), "c") == output("b\n\nc")
    assert DIALECT.appended(output([PICTURE]), "c") == output([PICTURE, {"type": "input_text", "text": "c"}])
    assert DIALECT.appended({"role": "user", "content": "a"}, "c") is None
    assert DIALECT.appended(output([], "shell_call_output"), "c") is None


@pytest.mark.parametrize(
    ("native", "sentence"),
    [
        ({"role": "robot", "content": "a"}, "a message has role 'robot'; OpenAI Responses knows system, developer"),
        ({"role": "user", "content": 5}, "`content` is int; it is a text or a list of parts"),
        ({"output": "x"}, "an item has no `type` and no `role`: ['output']"),
        ({"type": "compaction_trigger"}, "litany compacts by itself"),
    ],
)
def test_what_is_no_item_is_refused_with_a_sentence(native: Native, sentence: str) -> None:
    with pytest.raises(MessageError) as refused:
        read(native)

    assert sentence in str(refused.value)


def test_the_instructions_beside_the_input_do_not_fix_the_dialect() -> None:
    litany = Litany()
    begun: list[Any] = [{"role": "user", "content": "Find the leak."}]
    litany(begun, system="Be brief.")

    view = litany([*begun, CALL, output("all well")], system="Be brief.")

    assert view == [*begun, CALL, output("all well")]


def test_a_developer_message_alone_leaves_the_dialect_open() -> None:
    litany = Litany()
    begun: list[Any] = [{"role": "developer", "content": "Be brief."}, {"role": "user", "content": "Find the leak."}]
    litany(begun)

    assert litany([*begun, CALL, output("x")])[2] is CALL


def test_litanys_tools_are_written_flat_and_a_call_of_one_is_served() -> None:
    litany = Litany()
    tools = litany.tools("responses")
    call = {**CALL, "name": "note", "arguments": '{"content": "the valve is open"}'}

    assert [tool["name"] for tool in tools] == ["update_todos", "note", "recall"]
    assert validate("responses", {"input": "hi", "tools": tools}) == []
    assert litany.answer(call) == "noted"
    assert litany.answer({**call, "id": "fc_2"}) == "noted"
    assert [note.text for note in litany.agenda.notes] == ["the valve is open"]


@pytest.mark.skipif(find_spec("openai") is None, reason="the openai package comes with the extra litellm")
def test_objects_of_the_openai_package_read_as_their_dicts_and_leave_as_they_came() -> None:
    types = import_module("openai.types.responses")
    said = {"type": "output_text", "text": "I look.", "annotations": []}
    dicts: list[Native] = [
        {"type": "reasoning", "id": "rs_1", "summary": [], "encrypted_content": "A" * 40},
        {"type": "message", "id": "msg_1", "role": "assistant", "status": "completed", "content": [said]},
        {**CALL, "status": "completed"},
        {"type": "web_search_call", "id": "ws_1", "status": "completed", "action": {"type": "search", "query": "sea"}},
        {"type": "mcp_call", "id": "m", "name": "a", "arguments": "{}", "server_label": "s", "output": "found"},
        {"type": "custom_tool_call", "call_id": "b", "name": "sh", "input": "ls"},
    ]
    names = ("ReasoningItem", "OutputMessage", "FunctionToolCall", "FunctionWebSearch", "McpCall", "CustomToolCall")
    made: list[Any] = [getattr(types, f"Response{name}", None) for name in names]
    made[4] = import_module("openai.types.responses.response_output_item").McpCall
    objects = [model.model_validate(item) for model, item in zip(made, dicts, strict=True)]

    assert [read(native) for native in objects] == [read(native) for native in dicts]
    assert {dialect_of([native]) for native in objects} == {DIALECT}
    user, outputs = (
        {"role": "user", "content": "hi"},
        [output("x"), {**output("y", "custom_tool_call_output"), "call_id": "b"}],
    )
    view = Litany()([user, *objects, *outputs])
    assert all(before is after for before, after in zip([user, *objects, *outputs], view, strict=True))
    assert DIALECT.rewritten(objects[4], {0: "short"}) == {**dicts[4], "output": "short"}
