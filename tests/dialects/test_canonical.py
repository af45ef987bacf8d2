"""Canonical bytes: what a handle covers, and what recall gives back."""

import json

import pytest
from pydantic import BaseModel

from litany.dialects.canonical import digest, plain
from litany.errors import MessageError
from tests.histories import user


class Said(BaseModel):
    role: str
    content: str
    refusal: str | None = None


def test_a_handle_leaves_out_cache_marks_and_the_order_of_keys() -> None:
    block = {"type": "text", "text": "hello"}
    marked = {"content": [{**block, "cache_control": {"type": "ephemeral"}}], "role": "user"}

    assert digest({"role": "user", "content": [block]}) == digest(marked)
    assert len(digest(marked)) == 16


def test_a_text_reads_as_itself_whether_it_stands_alone_or_in_a_block_of_its_own() -> None:
    mark = {"cache_control": {"type": "ephemeral"}}
    block = {"type": "text", "text": "hello"}
    result = {"type": "tool_result", "tool_use_id": "a"}
    as_text, as_block, marked = ([{**result, "content": said}] for said in ("hello", [block], [{**block, **mark}]))

    assert digest(user("hello")) == digest({"role": "user", "content": [block]})
    assert digest({"role": "user", "content": as_text}) == digest({"role": "user", "content": marked})
    assert digest({"role": "user", "content": as_block}) == digest({"role": "user", "content": marked})
    assert digest({"role": "user", "content": [block, block]}) != digest(user("hello\nhello"))
    assert digest({"role": "user", "content": [{**block, "citations": []}]}) != digest(user("hello"))


def test_a_handle_tells_any_other_difference() -> None:
    assert len({digest(user(text)) for text in ("a", "b", "a ", "cache_control", '"cache_control"')}) == 5


def test_plain_keeps_cache_marks_and_the_order_of_keys() -> None:
    native = {"content": [{"type": "text", "text": "ü", "cache_control": {"type": "ephemeral"}}], "role": "user"}

    assert json.loads(plain(native)) == native
    assert plain(native).startswith('{"content":[{"type":"text","text":"\\u00fc"')


def test_a_lone_surrogate_is_kept() -> None:
    assert json.loads(plain(user("\ud800"))) == user("\ud800")


def test_an_sdk_object_reads_as_the_dict_that_it_is() -> None:
    assert digest(Said(role="user", content="hello")) == digest(user("hello"))


def test_what_is_no_json_is_refused_and_told_what_to_give() -> None:
    with pytest.raises(MessageError, match="object is not JSON; give plain dicts, lists and texts"):
        digest({"role": "user", "content": object()})
