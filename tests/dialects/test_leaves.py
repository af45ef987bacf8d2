"""Every text within a result is a slot, whatever block it stands in; what is sealed stays as it came."""

from typing import Any

import pytest

from litany.core.message import Role
from litany.dialects.anthropic import Anthropic
from litany.dialects.leaves import MOST_DEEP
from litany.dialects.openai import OpenAI
from litany.errors import MessageError
from tests.histories import COUNT, Native, returns

IMAGE = {"type": "image", "source": {"type": "base64", "media_type": "image/png", "data": "A" * 400_000}}
FILE = {"type": "base64", "media_type": "application/pdf", "data": "A" * 4_000}
FOUND = {
    "type": "search_result",
    "source": "src",
    "title": "ttl",
    "content": [{"type": "text", "text": "one"}, {"type": "text", "text": "two"}],
    "citations": {"enabled": True},
    "cache_control": {"type": "ephemeral"},
}
PLAIN = {"type": "text", "media_type": "text/plain", "data": "body"}
BLOCKS: dict[str, tuple[Native, tuple[str, ...]]] = {
    "a search result": (FOUND, ("src", "ttl", "one", "two")),
    "a document": (
        {"type": "document", "source": PLAIN, "title": "ttl", "context": "ctx"},
        ("body", "ttl", "ctx"),
    ),
    "a document of one text": ({"type": "document", "source": {"type": "content", "content": "body"}}, ("body",)),
    "a document of blocks": (
        {"type": "document", "source": {"type": "content", "content": [{"type": "text", "text": "a"}, IMAGE]}},
        ("a",),
    ),
    "a file": ({"type": "document", "source": FILE, "title": "ttl"}, ("ttl",)),
    "a file elsewhere": ({"type": "document", "source": {"type": "url", "url": "https://x.test/a.pdf"}}, ()),
    "a file by its id": ({"type": "document", "source": {"type": "file", "file_id": "file_1"}}, ()),
    "a reference": ({"type": "tool_reference", "tool_name": "look"}, ("look",)),
    "an image": (IMAGE, ()),
}

by_block = pytest.mark.parametrize(("block", "texts"), BLOCKS.values(), ids=BLOCKS)


def held(*blocks: Native) -> Native:
    return {"role": "user", "content": [{"type": "tool_result", "tool_use_id": "a", "content": list(blocks)}]}


@by_block
def test_every_text_of_a_block_in_a_result_is_a_slot(block: Native, texts: tuple[str, ...]) -> None:
    message = Anthropic().read(held({"type": "text", "text": "first"}, block), COUNT, False)

    assert message.slots == ("first", *texts)
    assert message.sizes == tuple(map(COUNT, message.slots))


@by_block
def test_a_block_in_an_observation_is_a_slot_like_one_in_a_result(block: Native, texts: tuple[str, ...]) -> None:
    native = {"role": "user", "content": [{"type": "text", "text": "first"}, block]}

    message = Anthropic().read(native, COUNT, True)

    assert (message.role, message.text, message.slots) == (Role.TOOL, "", ("first", *texts))
    assert message.tokens == Anthropic().read(native, COUNT, False).tokens


@by_block
@pytest.mark.parametrize("observed", [False, True], ids=["result", "observation"])
def test_each_slot_is_written_back_where_it_stood(block: Native, texts: tuple[str, ...], observed: bool) -> None:
    native = {"role": "user", "content": [IMAGE, block]} if observed else held(IMAGE, block)
    new = {slot: f"new {slot}" for slot in range(len(texts))}

    sent: Any = Anthropic().rewritten(native, new)

    assert Anthropic().read(sent, COUNT, observed).slots == tuple(new.values())
    assert Anthropic().rewritten(sent, dict(enumerate(texts))) == native
    inside = sent["content"] if observed else sent["content"][0]["content"]
    assert inside[0] is IMAGE


def test_a_long_text_is_counted_whole_and_once() -> None:
    long = "the valve is open " * 20_000
    found = {"type": "search_result", "source": "x", "title": "t", "content": [{"type": "text", "text": long}]}
    document = {"type": "document", "source": {**PLAIN, "data": long}}

    for block in (found, document):
        for native in (held(block), {"role": "user", "content": [block]}):
            tokens = Anthropic().read(native, COUNT, False).tokens
            assert COUNT(long) <= tokens <= COUNT(long) + 60


def test_a_cache_mark_within_a_block_changes_no_count() -> None:
    bare = {key: value for key, value in FOUND.items() if key != "cache_control"}

    assert Anthropic().read(held(FOUND), COUNT, False).tokens == Anthropic().read(held(bare), COUNT, False).tokens


def test_pictures_and_files_within_a_block_are_counted_by_formula() -> None:
    pictured = BLOCKS["a document of blocks"][0]

    assert 1_600 < Anthropic().read(held(pictured), COUNT, False).tokens < 1_700
    assert 3_000 < Anthropic().read(held(BLOCKS["a file"][0]), COUNT, False).tokens < 3_100


def test_a_result_among_observations_is_read_as_a_result() -> None:
    message = Anthropic().read(returns("a", "all well"), COUNT, True)

    assert (message.role, message.slots, message.answers) == (Role.TOOL, ("all well",), ("a",))


def test_a_block_nested_without_end_is_refused_with_a_sentence() -> None:
    deep: Native = {"type": "text", "text": "a"}
    for _ in range(MOST_DEEP + 1):
        deep = {"type": "document", "source": deep}

    with pytest.raises(MessageError, match="nested more than"):
        Anthropic().read(held(deep), COUNT, False)


def test_every_text_of_a_part_in_a_tool_message_is_a_slot() -> None:
    picture = {"type": "image_url", "image_url": {"url": "data:image/png;base64," + "A" * 4_000}}
    file = {"type": "file", "file": {"filename": "a.pdf", "file_data": "A" * 4_000}}
    parts = ["bare", {"type": "refusal", "refusal": "no"}, picture, file, {"type": "json", "json": {"page": "p"}}]
    native = {"role": "tool", "tool_call_id": "a", "content": parts}

    message = OpenAI().read(native, COUNT, False)
    sent: Any = OpenAI().rewritten(native, {slot: text.upper() for slot, text in enumerate(message.slots)})

    assert message.slots == ("bare", "no", "a.pdf", "p")
    assert OpenAI().read(sent, COUNT, False).slots == ("BARE", "NO", "A.PDF", "P")
    assert sent["content"][1] == {"type": "refusal", "refusal": "NO"}
    assert sent["content"][2] is picture
