"""Thinking blocks that are bound to the conversation before them."""

from types import MappingProxyType
from typing import Any

import pytest

from litany.testing import sign, validate

Message = dict[str, Any]

MARK = {"type": "ephemeral"}
ASK: Message = {"role": "user", "content": "ask"}
USE: Message = {"type": "tool_use", "id": "a", "name": "look", "input": {"cache_control": "kept"}}
SEEN: Message = {"role": "user", "content": [{"type": "tool_result", "tool_use_id": "a", "content": "seen"}]}
AGAIN: Message = {"role": "user", "content": "again"}


def text(words: str, **fields: Any) -> Message:
    return {"type": "text", "text": words, **fields}


def thinks(signature: str, *rest: Message, words: str = "hm") -> Message:
    thought = {"type": "thinking", "thinking": words, "signature": signature}
    return {"role": "assistant", "content": [thought, *(rest or (text("done"),))]}


def broken(*messages: Message, system: Any = "be good", **fields: Any) -> list[tuple[str, str]]:
    request = {"messages": list(messages), "system": system, **fields}
    return [(each.code, each.path) for each in validate("anthropic", request, flags=["bound-thinking"])]


def test_a_block_stands_behind_the_prefix_that_it_was_signed_for() -> None:
    first = thinks(sign("be good", [ASK]), USE)
    second = thinks(sign("be good", [ASK, first, SEEN]))

    assert broken(ASK, first, SEEN, second, AGAIN) == []


@pytest.mark.parametrize(
    ("changed", "system"),
    [
        ([{"role": "user", "content": "other"}], "be good"),
        ([ASK, AGAIN], "be good"),
        ([ASK], "be better"),
        ([ASK], None),
        ([{"role": "user", "content": [text("as"), text("k")]}], "be good"),
    ],
    ids=["other text", "one message more", "other system", "no system", "text cut in two"],
)
def test_a_changed_prefix_or_system_prompt_is_refused(changed: list[Message], system: Any) -> None:
    found = broken(*changed, thinks(sign("be good", [ASK])), AGAIN, system=system)

    assert found == [("A13", f"messages[{len(changed)}].content[0]")]


def test_a_recital_that_is_gone_next_time_breaks_the_binding() -> None:
    first = thinks(sign("be good", [ASK]), USE)
    recited = {"role": "user", "content": [*SEEN["content"], text("remember")]}
    second = thinks(sign("be good", [ASK, first, recited]))

    assert broken(ASK, first, recited, second, AGAIN) == []
    assert broken(ASK, first, SEEN, second, AGAIN) == [("A13", "messages[3].content[0]")]


def test_only_the_flag_asks_for_the_binding() -> None:
    messages = [ASK, thinks(sign("be good", [AGAIN])), AGAIN]

    assert validate("anthropic", {"messages": messages, "system": "be good"}) == []


def test_a_mismatch_is_no_violation_if_the_request_says_drop_block() -> None:
    binding = {"block_binding": {"prefix_mismatch_behavior": "drop_block"}}
    thinking = {"type": "enabled", "budget_tokens": 1024, **binding}

    assert broken(ASK, thinks(sign("be good", [AGAIN])), AGAIN, thinking=thinking) == []


def test_a_signature_that_is_not_ours_is_not_checked() -> None:
    assert broken(ASK, thinks("EqQBCkYIBRgC"), AGAIN) == []


def test_requests_that_are_equal_on_the_wire_sign_equally() -> None:
    first = thinks(sign("be good", [ASK]), USE)
    marked: Message = {"role": "user", "content": [text("ask", cache_control=MARK)]}
    listed = [{"type": "tool_result", "tool_use_id": "a", "content": [text("seen", cache_control=MARK)]}]
    split = [{"role": "assistant", "content": [block]} for block in first["content"]]

    plain = sign("be good", [ASK, first, SEEN, AGAIN])

    system = [text("be good", cache_control=MARK)]
    assert plain == sign(system, [marked, *split, {"role": "user", "content": [*listed, text("again")]}])


def test_a_name_like_that_of_a_mark_inside_an_input_counts() -> None:
    other: Message = {"role": "assistant", "content": [{**USE, "input": {}}]}

    assert sign(None, [ASK, {"role": "assistant", "content": [USE]}]) != sign(None, [ASK, other])


def test_no_system_prompt_is_an_empty_one() -> None:
    assert sign(None, [ASK]) == sign("", [ASK]) == sign([], [ASK])
    assert sign("ask", []) != sign(None, [ASK])


def test_another_key_signs_otherwise() -> None:
    messages = [ASK, thinks(sign(None, [ASK], key=b"mine")), AGAIN]

    assert validate("anthropic", {"messages": messages}, flags=["bound-thinking"], key=b"mine") == []
    assert [each.code for each in validate("anthropic", {"messages": messages}, flags=["bound-thinking"])] == ["A13"]


def test_a_host_may_split_or_continue_the_turn_of_the_assistant() -> None:
    signature = sign("be good", [ASK])
    first, continued = thinks(signature, text("so"), USE), sign("be good", [ASK, thinks(signature, text("so"))])
    split = [{"role": "assistant", "content": [block]} for block in first["content"]]

    assert broken(ASK, *split, SEEN) == []
    assert broken(ASK, thinks(signature, text("so")), thinks(continued), AGAIN) == []


def test_a12b_a_sealed_block_may_not_be_changed_or_moved() -> None:
    prefix = [ASK]
    one, two = (
        {"type": "thinking", "thinking": words, "signature": sign("be good", prefix, thinking=words, place=place)}
        for place, words in enumerate(["first", "second"])
    )

    def answered(*thoughts: Message) -> list[tuple[str, str]]:
        return broken(ASK, {"role": "assistant", "content": [*thoughts, text("done")]}, AGAIN)

    assert answered(one, two) == []
    assert answered({**one, "thinking": "fixed"}, two) == [("A12b", "messages[1].content[0]")]
    assert answered(two, one) == [("A12b", "messages[1].content[0]"), ("A12b", "messages[1].content[1]")]
    assert answered(two) == [("A12b", "messages[1].content[0]")]


def test_redacted_thinking_is_bound_by_its_data() -> None:
    hidden = {"type": "redacted_thinking", "data": sign("be good", [ASK])}
    answer: Message = {"role": "assistant", "content": [hidden, text("done")]}

    assert broken(ASK, answer, AGAIN) == []
    assert broken(AGAIN, answer, AGAIN) == [("A13", "messages[1].content[0]")]


def test_a_read_only_mapping_signs_like_the_dict_it_shows() -> None:
    plain: Message = {"role": "assistant", "content": [{**USE, "input": {"path": "x"}}]}
    shown: Message = {
        "role": "assistant",
        "content": [MappingProxyType({**USE, "input": MappingProxyType({"path": "x"})})],
    }

    assert sign(None, [ASK, plain]) == sign(None, [ASK, shown])


def test_what_is_no_json_signs_without_an_error() -> None:
    assert sign(None, [{"role": "user", "content": [{"type": "text", 1: b"x"}]}]).startswith("bound:")
