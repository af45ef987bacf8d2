"""Each Anthropic rule, with a request that keeps it and one that breaks it."""

from typing import Any

import pytest

from litany.testing import validate

Body = dict[str, Any]

MARK = {"type": "ephemeral"}
LONG = {"type": "ephemeral", "ttl": "1h"}
ON: Body = {"thinking": {"type": "enabled", "budget_tokens": 2048}, "max_tokens": 4096}
OFF: Body = {"thinking": {"type": "disabled"}}
THOUGHT: Body = {"type": "thinking", "thinking": "hm", "signature": "s"}
HIDDEN: Body = {"type": "redacted_thinking", "data": "d"}
IMAGE: Body = {"type": "image", "source": {"type": "base64", "media_type": "image/png", "data": ""}}


def user(*content: Any) -> Body:
    return {"role": "user", "content": list(content) or "hello"}


def assistant(*content: Any) -> Body:
    return {"role": "assistant", "content": list(content) or "done"}


def system(text: Any = "note") -> Body:
    return {"role": "system", "content": text}


def text(words: str = "words", **fields: Any) -> Body:
    return {"type": "text", "text": words, **fields}


def use(name: str, /, **fields: Any) -> Body:
    return {"type": "tool_use", "id": name, "name": "look", "input": {}, **fields}


def result(name: str, content: Any = "seen", **fields: Any) -> Body:
    return {"type": "tool_result", "tool_use_id": name, "content": content, **fields}


def server_use(name: str) -> Body:
    return {"type": "server_tool_use", "id": name, "name": "web_search", "input": {}}


def server_result(name: str) -> Body:
    return {"type": "web_search_tool_result", "tool_use_id": name, "content": []}


def broken(*messages: Any, flags: tuple[str, ...] = (), tail: Any = "refuse", **fields: Any) -> list[tuple[str, str]]:
    found = validate("anthropic", {"messages": list(messages), **fields}, flags=flags, open_tail=tail)
    return [(each.code, each.path) for each in found]


LOOP = (user(), assistant(use("a")), user(result("a")))

LEGAL: dict[str, tuple[Any, ...]] = {
    "A1 the user first": (user(),),
    "A2 turns of one role in a row": (user(), user(), assistant(), assistant(), user()),
    "A4 A5 A6 parallel calls answered in any order": (
        user(),
        assistant(text(), use("a"), use("b")),
        user(result("b"), result("a")),
    ),
    "A5 A6 calls and results split over messages": (
        user(),
        assistant(use("a")),
        assistant(use("b")),
        user(result("a")),
        user(result("b")),
    ),
    "A6 a server tool in one message": (user(), assistant(server_use("s"), server_result("s"), text()), user()),
    "A7 text after the results": (user(), assistant(use("a")), user(result("a"), text())),
    "A7 text in a message of its own after the results": (*LOOP, user()),
    "A8 blank text beside an image": (user(text(" "), IMAGE),),
    "A8 an empty final assistant message": (user(), {"role": "assistant", "content": ""}),
    "A9 trailing whitespace before the end": (user(), assistant(text("done\n")), user()),
    "A10 images and documents in a result": (
        user(),
        assistant(use("a")),
        user(result("a", [text(), IMAGE, {"type": "document", "source": {}}, {"type": "search_result"}])),
    ),
    "A10 a result without content": (user(), assistant(use("a")), user({"type": "tool_result", "tool_use_id": "a"})),
    "A12c A12e thinking first, not last": (user(), assistant(HIDDEN, THOUGHT, text()), user()),
    "A12c thinking in an earlier message of the turn": (user(), assistant(THOUGHT), assistant(text()), user()),
    "A16 a compaction block, done or failed": (
        user(),
        assistant({"type": "compaction", "content": "short", "signature": "s"}, THOUGHT, text()),
        user(),
        assistant({"type": "compaction", "content": None, "encrypted_content": None}),
        user(),
    ),
}

ILLEGAL: dict[str, tuple[tuple[Any, ...], list[tuple[str, str]]]] = {
    "A0 a message is a number": ((user(), 3), [("A0", "messages[1]")]),
    "A0 content is a number": (({"role": "user", "content": 3},), [("A0", "messages[0].content")]),
    "A0 unknown role": ((user(), {"role": "tool", "content": "x"}), [("A0", "messages[1].role")]),
    "A0 a block is a string": ((user("x"),), [("A0", "messages[0].content[0]")]),
    "A0 a block without type": ((user({"text": "x"}),), [("A0", "messages[0].content[0].type")]),
    "A0 text is a number": ((user({"type": "text", "text": 3}),), [("A0", "messages[0].content[0].text")]),
    "A0 a use by the user": ((user(use("a")),), [("A0", "messages[0].content[0]")]),
    "A0 a use without name": (
        (user(), assistant(use("a", name=None)), user(result("a"))),
        [("A0", "messages[1].content[0].name")],
    ),
    "A1 no message": ((), [("A1", "messages")]),
    "A1 the assistant first": ((assistant(), user()), [("A1", "messages[0]")]),
    "A4 one id twice": (
        (*LOOP, assistant(use("a")), user(result("a"))),
        [("A4", "messages[3].content[0].id")],
    ),
    "A4 a colon in an id": (
        (user(), assistant(use("a:1")), user(result("a:1"))),
        [("A4", "messages[1].content[0].id")],
    ),
    "A5 no answer": ((user(), assistant(use("a")), user()), [("A5", "messages[1].content[0]")]),
    "A5 one of two answered": (
        (user(), assistant(use("a"), use("b")), user(result("a"))),
        [("A5", "messages[1].content[1]")],
    ),
    "A5 the list ends": ((user(), assistant(use("a"))), [("A5", "messages[1].content[0]")]),
    "A6 no call before": ((user(result("a")),), [("A6", "messages[0].content[0]")]),
    "A6 the call stands two turns before": (
        (*LOOP, assistant(), user(result("a"))),
        [("A6", "messages[4].content[0]")],
    ),
    "A6 one call answered twice": (
        (user(), assistant(use("a")), user(result("a")), user(result("a"))),
        [("A6", "messages[3].content[0]")],
    ),
    "A6 a server result without its use": (
        (user(), assistant(server_result("s"), text()), user()),
        [("A6", "messages[1].content[0]")],
    ),
    "A7 text before the result": (
        (user(), assistant(use("a")), user(text(), result("a"))),
        [("A7", "messages[2].content[1]")],
    ),
    "A7 text between results of merged messages": (
        (user(), assistant(use("a"), use("b")), user(result("a"), text()), user(result("b"))),
        [("A7", "messages[3].content[0]")],
    ),
    "A8 empty text": ((user(text(""), IMAGE),), [("A8", "messages[0].content[0]")]),
    "A8 an empty string": ((user(), {"role": "user", "content": ""}), [("A8", "messages[1].content")]),
    "A8 no blocks": (({"role": "user", "content": []}, user()), [("A8", "messages[0].content")]),
    "A8 whitespace alone": ((user(text(" "), text("\n")),), [("A8", "messages[0].content")]),
    "A8 a whitespace string": (({"role": "user", "content": " \n"},), [("A8", "messages[0].content")]),
    "A8 empty text in a result": (
        (user(), assistant(use("a")), user(result("a", [text("")]))),
        [("A8", "messages[2].content[0].content[0]")],
    ),
    "A9 trailing whitespace at the end": ((user(), assistant(text("so: "))), [("A9", "messages[1].content[0]")]),
    "A10 input is a string": (
        (user(), assistant(use("a", input="{}")), user(result("a"))),
        [("A10", "messages[1].content[0].input")],
    ),
    "A10 a use inside a result": (
        (user(), assistant(use("a")), user(result("a", [use("b")]))),
        [("A10", "messages[2].content[0].content[0].type")],
    ),
    "A10 a result that is an object": (
        (user(), assistant(use("a")), user(result("a", {}))),
        [("A10", "messages[2].content[0].content")],
    ),
    "A12b thinking without its signature": (
        (user(), assistant({"type": "thinking", "thinking": "hm"}, text()), user()),
        [("A12b", "messages[1].content[0].signature")],
    ),
    "A12c text before thinking": (
        (user(), assistant(text(), THOUGHT, text()), user()),
        [("A12c", "messages[1].content[0]")],
    ),
    "A12c text in an earlier message of the turn": (
        (user(), assistant(text()), assistant(THOUGHT, text()), user()),
        [("A12c", "messages[1].content[0]")],
    ),
    "A12e thinking last": ((user(), assistant(THOUGHT), user()), [("A12e", "messages[1].content[0]")]),
    "A14 a system message": ((user(), system()), [("A14", "messages[1]")]),
    "A16 an empty compaction": (
        (user(), assistant({"type": "compaction", "content": ""}), user()),
        [("A16", "messages[1].content[0].content")],
    ),
}


@pytest.mark.parametrize("messages", LEGAL.values(), ids=LEGAL)
def test_a_legal_request_has_no_violation(messages: tuple[Any, ...]) -> None:
    assert broken(*messages) == []


@pytest.mark.parametrize(("messages", "expected"), ILLEGAL.values(), ids=ILLEGAL)
def test_a_broken_rule_is_named_with_its_place(messages: tuple[Any, ...], expected: list[tuple[str, str]]) -> None:
    assert broken(*messages) == expected


def test_a3_a_request_holds_at_most_100_000_messages() -> None:
    assert broken(*[user()] * 100_000) == []
    assert broken(*[user()] * 100_001) == [("A3", "messages")]


def test_every_violation_is_reported_not_only_the_first() -> None:
    found = broken(assistant(use("a", input=3)), user(text("")), assistant(text("x ")))

    assert sorted(code for code, _ in found) == ["A1", "A10", "A5", "A8", "A9"]


def test_a_record_may_end_on_an_open_call() -> None:
    assert broken(user(), assistant(use("a")), tail="allow") == []
    assert broken(user(), assistant(use("a"), use("b")), user(result("a")), tail="allow") == []
    assert broken(user(), assistant(use("a")), user(), tail="allow") == [("A5", "messages[1].content[0]")]
    assert broken(user(), assistant(use("a")), tail="allow", flags=("no-prefill",)) == []


def test_a11_a_model_without_prefill_wants_the_user_last() -> None:
    assert broken(user(), assistant()) == []
    assert broken(*LOOP, flags=("no-prefill",)) == []
    assert broken(user(), assistant(), flags=("no-prefill",)) == [("A11", "messages[1]")]


@pytest.mark.parametrize("budget", [None, "2048", True, 1023, 4096])
def test_a12a_a_budget_is_at_least_1024_and_below_max_tokens(budget: Any) -> None:
    assert broken(user(), **ON) == []
    found = broken(user(), thinking={"type": "enabled", "budget_tokens": budget}, max_tokens=4096)
    assert found == [("A12a", "thinking.budget_tokens")]


@pytest.mark.parametrize("mode", [ON, {"thinking": {"type": "adaptive"}}], ids=["enabled", "adaptive"])
def test_a12d_within_a_tool_loop_the_turn_starts_with_thinking(mode: Body) -> None:
    assert broken(*LOOP, **mode) == [("A12d", "messages[1].content[0]")]
    assert broken(*LOOP) == []
    assert broken(*LOOP, assistant(), user(), **mode) == []
    assert broken(user(), assistant(HIDDEN, use("a")), user(result("a")), **mode) == []
    assert broken(user(), assistant(THOUGHT, text()), assistant(use("a")), user(result("a"), text()), **mode) == []


def test_a12d_a_final_assistant_message_starts_with_thinking() -> None:
    assert broken(user(), assistant(), **ON) == [("A12d", "messages[1].content")]
    assert broken(user(), assistant(THOUGHT, text()), **ON) == []


def test_a12f_without_thinking_the_last_assistant_message_holds_none() -> None:
    thinks = assistant(THOUGHT, text())

    assert broken(user(), thinks, user(), **OFF) == [("A12f", "messages[1].content[0]")]
    assert broken(user(), thinks, user(), assistant(), user(), **OFF) == []


@pytest.mark.parametrize("kind", ["any", "tool"])
def test_a12g_thinking_does_not_go_with_a_forced_tool(kind: str) -> None:
    assert broken(user(), **ON, tool_choice={"type": "auto"}) == []
    assert broken(user(), **OFF, tool_choice={"type": kind}) == []
    assert broken(user(), **ON, tool_choice={"type": kind}) == [("A12g", "tool_choice")]


MID = ("mid-conversation-system",)
SERVED = assistant(server_use("s"))


@pytest.mark.parametrize(
    "messages",
    [(user(), system()), (*LOOP, system(), assistant(), user()), (user(), SERVED, system([text()]))],
    ids=["last", "after results, before the assistant", "after server tool use"],
)
def test_a14_a_system_message_may_stand_there_if_the_model_takes_it(messages: tuple[Any, ...]) -> None:
    assert broken(*messages, flags=MID) == []


@pytest.mark.parametrize(
    ("messages", "expected"),
    [
        ((system(), user()), ["A1", "A14", "A14"]),
        ((user(), system(), user()), ["A14"]),
        ((user(), assistant(), system()), ["A14"]),
        ((user(), system(), system()), ["A14"]),
        ((user(), assistant(use("a")), system(), user(result("a"))), ["A14", "A14"]),
        ((user(), assistant(use("a"), use("b")), user(result("a")), system(), user(result("b"))), ["A14"]),
        ((user(), system([IMAGE])), ["A14"]),
    ],
    ids=["first", "before a user", "after an assistant", "two in a row", "use/result", "results parted", "an image"],
)
def test_a14_a_system_message_may_not_stand_there(messages: tuple[Any, ...], expected: list[str]) -> None:
    assert [code for code, _ in broken(*messages, flags=MID)] == expected


def test_a15a_at_most_four_blocks_are_marked_over_tools_system_and_messages() -> None:
    four: Body = {"tools": [{"name": "t", "cache_control": MARK}], "system": [text(cache_control=MARK)]}
    marked = text(cache_control=MARK)

    assert broken(user(marked), user(marked), **four) == []
    assert broken(user(marked), user(marked), user(marked), **four) == [("A15a", "messages[2].content[0]")]
    assert broken(user(marked), user(marked), cache_control=MARK, **four) == []
    assert broken(user(marked), user(marked, text()), cache_control=MARK, **four) == [("A15a", "cache_control")]


def test_a15b_an_hour_does_not_come_after_five_minutes() -> None:
    assert broken(user(text(cache_control=MARK)), system=[text(cache_control=LONG)]) == []
    found = broken(user(text(cache_control=LONG)), system=[text(cache_control=MARK)])
    assert found == [("A15b", "messages[0].content[0]")]


@pytest.mark.parametrize("block", [THOUGHT, HIDDEN], ids=["thinking", "redacted"])
def test_a15c_thinking_bears_no_mark(block: Body) -> None:
    found = broken(user(), assistant({**block, "cache_control": MARK}, text()), user())

    assert found == [("A15c", "messages[1].content[0].cache_control")]


def test_a15d_empty_text_bears_no_mark() -> None:
    found = broken(user(text("", cache_control=MARK), IMAGE))

    assert found == [("A8", "messages[0].content[0]"), ("A15d", "messages[0].content[0].cache_control")]


def test_a15e_the_mark_of_the_request_agrees_with_that_of_the_last_block() -> None:
    assert broken(user(text(cache_control=LONG)), cache_control=LONG) == []
    assert broken(user(text(cache_control=LONG)), cache_control=MARK) == [("A15e", "cache_control")]
    assert broken(user(text(cache_control=MARK)), cache_control={**MARK, "ttl": 3}) == [("A0", "cache_control.ttl")]


def test_a15f_the_cache_of_the_previous_request_is_within_twenty_blocks() -> None:
    before = {"messages": [user(text(cache_control=MARK))]}

    def after(blocks: int) -> list[str]:
        messages = [user(text()), *[user(text())] * (blocks - 1), user(text(cache_control=MARK))]
        return [each.code for each in validate("anthropic", {"messages": messages}, previous=before)]

    assert after(19) == []
    assert after(20) == ["A15f"]


def test_a15g_a_mark_inside_a_result_belongs_on_the_result() -> None:
    nested = user(result("a", [text(cache_control=MARK)]))

    assert broken(user(), assistant(use("a")), user(result("a", cache_control=MARK))) == []
    assert broken(user(), assistant(use("a")), nested) == [("A15g", "messages[2].content[0].content[0].cache_control")]


def test_a16_a_compaction_block_does_not_go_with_a_compact_edit() -> None:
    messages = (user(), assistant({"type": "compaction", "content": "short"}), user())
    clear, compact = ({"edits": [{"type": kind}]} for kind in ("clear_tool_uses_20250919", "compact_20260112"))

    assert broken(*messages, context_management=clear) == []
    assert broken(user(), context_management=compact) == []
    assert broken(*messages, context_management=compact) == [("A16", "messages[1].content[0]")]


def test_a17_bedrock_mixes_no_text_with_results_and_takes_no_empty_result() -> None:
    mixed, empty = (*LOOP, user()), (*LOOP[:2], user(result("a", "")))

    assert broken(*mixed) == broken(*empty) == []
    assert broken(*LOOP, flags=("bedrock",)) == []
    assert broken(*mixed, flags=("bedrock",)) == [("A17", "messages[3].content")]
    assert broken(*empty, flags=("bedrock",)) == [("A17", "messages[2].content[0].content")]


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("system", 3),
        ("system", [IMAGE]),
        ("tools", {}),
        ("thinking", "on"),
        ("cache_control", {"type": "ephemeral", "ttl": "2h"}),
        ("cache_control", "on"),
        ("messages", "hello"),
    ],
)
def test_a_field_of_the_wrong_shape_is_malformed(field: str, value: Any) -> None:
    found = validate("anthropic", {"messages": [user()], field: value})

    assert {each.code for each in found} == {"A0"}
