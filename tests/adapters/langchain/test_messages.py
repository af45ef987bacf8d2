"""The dialect of LangChain's messages: what is read, what is changed, and what is left alone."""

import json
from typing import Any

import pytest

pytest.importorskip("langchain_core", reason="needs the extra langgraph or langchain")

from langchain_core.messages import (
    AIMessage,
    BaseMessage,
    ChatMessage,
    FunctionMessage,
    HumanMessage,
    RemoveMessage,
    SystemMessage,
    ToolMessage,
    messages_from_dict,
)

from litany import Litany, Policy
from litany.adapters.langchain.messages import GATE, LangChain
from litany.core.message import Call, Message, Role
from litany.errors import MessageError
from litany.tokens import counter
from tests.adapters.langchain.turned import CLAUDE
from tests.laws.writing import PNG

COUNT = counter()
DIALECT = LangChain()
CALL = {"id": "c1", "name": "look", "args": {"at": "sea"}}


def read(message: BaseMessage, observed: bool = False) -> Message:
    return DIALECT.read(message, COUNT, observed)


def claude(*blocks: dict[str, Any], **fields: Any) -> AIMessage:
    return AIMessage(list(blocks), response_metadata=CLAUDE, **fields)


@pytest.mark.parametrize(
    ("message", "role"),
    [
        (SystemMessage("be brief"), Role.SYSTEM),
        (HumanMessage("look at the sea"), Role.USER),
        (AIMessage("it is calm"), Role.ASSISTANT),
        (ToolMessage("calm", tool_call_id="c1"), Role.TOOL),
        (FunctionMessage(content="calm", name="look"), Role.TOOL),
        (ChatMessage(content="be brief", role="developer"), Role.SYSTEM),
        (ChatMessage(content="look", role="user"), Role.USER),
    ],
)
def test_each_kind_of_message_has_its_role(message: BaseMessage, role: Role) -> None:
    assert read(message).role is role


@pytest.mark.parametrize(
    "native", [RemoveMessage(id="m1"), ChatMessage(content="x", role="narrator"), {"role": "user"}, "hi"]
)
def test_what_no_model_is_sent_is_refused(native: object) -> None:
    with pytest.raises(MessageError, match=r"a model is sent|give LangChain messages"):
        DIALECT.read(native, COUNT, False)


def test_a_call_is_read_once_though_the_content_says_it_again() -> None:
    use = {"type": "tool_use", "id": "c1", "name": "look", "input": {"at": "sea"}}
    both, one = claude(use, tool_calls=[CALL]), AIMessage("", tool_calls=[CALL])

    assert read(both).calls == read(one).calls == (Call("c1", "look", '{"at": "sea"}'),)
    assert read(both).tokens == read(one).tokens


def test_a_call_whose_arguments_are_no_json_is_a_call_and_is_answered() -> None:
    broken = {"id": "c9", "name": "look", "args": "{at: sea", "error": None, "type": "invalid_tool_call"}
    record = [HumanMessage("look"), AIMessage("", invalid_tool_calls=[broken]), HumanMessage("and?")]

    view = Litany(dialect=DIALECT)(record)

    assert [message.type for message in view] == ["human", "ai", "tool", "human"]
    assert (view[2].tool_call_id, view[2].status) == ("c9", "error")


def test_thinking_binds_where_the_message_says_that_claude_wrote_it() -> None:
    native = {"type": "thinking", "thinking": "hm", "signature": "sig"}
    standard = {"type": "reasoning", "reasoning": "hm", "extras": {"signature": "sig"}}
    gpt, gemini = {"model_provider": "openai"}, {"model_provider": "google_genai"}

    assert read(claude(native)).bound
    assert read(claude(standard)).bound
    assert read(AIMessage([native])).bound
    assert read(AIMessage([standard], response_metadata={**CLAUDE, "model_provider": "bedrock_converse"})).bound
    assert not read(AIMessage([standard], response_metadata=gpt)).bound
    assert not read(AIMessage([native], response_metadata=gemini)).bound


def test_thinking_leaves_as_whole_blocks_and_is_counted_apart() -> None:
    thinking = {"type": "thinking", "thinking": "the tide is high " * 20, "signature": "sig"}
    message = claude(thinking, {"type": "text", "text": "calm"}, id="m1")

    bare = DIALECT.bare(message)

    assert isinstance(bare, AIMessage)
    assert (bare.content, bare.id) == ([{"type": "text", "text": "calm"}], "m1")
    assert read(message).loose == read(message).tokens - read(bare).tokens > 60
    assert DIALECT.bare(claude(thinking)).content == "(thinking left out)"  # type: ignore[attr-defined]  # a message
    assert message.content == [thinking, {"type": "text", "text": "calm"}]


@pytest.mark.parametrize(
    "block",
    [
        {"type": "image", "base64": PNG, "mime_type": "image/png"},
        {"type": "image", "source": {"type": "base64", "media_type": "image/png", "data": PNG}},
        {"type": "image_url", "image_url": {"url": f"data:image/png;base64,{PNG}"}},
        {"type": "image", "source_type": "base64", "data": PNG, "mime_type": "image/png"},
        {"type": "file", "base64": PNG * 40, "mime_type": "application/pdf"},
        {"type": "audio", "base64": PNG * 40, "mime_type": "audio/wav"},
        {"type": "video", "url": "https://example.org/tide.mp4"},
        {"type": "media", "data": b"\x00\x01", "mime_type": "video/mp4"},
    ],
)
def test_media_are_counted_by_formula_and_never_read_as_text(block: dict[str, Any]) -> None:
    message = ToolMessage([{"type": "text", "text": "seen"}, block, {"type": "text", "text": "end"}], tool_call_id="c1")

    assert read(message).slots == ("seen", "end")
    assert read(message).tokens < 4_000
    assert DIALECT.rewritten(message, {1: "cut"}).content == [  # type: ignore[attr-defined]  # a message
        {"type": "text", "text": "seen"},
        block,
        {"type": "text", "text": "cut"},
    ]


def test_a_changed_message_is_a_copy_in_which_only_the_content_differs() -> None:
    message = ToolMessage("calm", tool_call_id="c1", id="m1", name="look", artifact=object())

    for changed in (DIALECT.rewritten(message, {0: "c"}), DIALECT.cleared(message, "c")):
        assert isinstance(changed, ToolMessage)
        assert changed.artifact is message.artifact
        assert changed == message.model_copy(update={"content": "c"})
    assert message.content == "calm"


def test_the_digest_tells_what_a_model_reads_and_nothing_else() -> None:
    message = ToolMessage("calm", tool_call_id="c1", name="look")
    metered = AIMessage(
        "calm", response_metadata=CLAUDE, usage_metadata={"input_tokens": 1, "output_tokens": 1, "total_tokens": 2}
    )
    marks = {"cache_control": {"type": "ephemeral"}, "prompt_cache_breakpoint": {"ttl": "1h"}}

    assert DIALECT.digest(message) == DIALECT.digest(message.model_copy(update={"id": "m1", "artifact": object()}))
    assert DIALECT.digest(message) != DIALECT.digest(message.model_copy(update={"status": "error"}))
    assert DIALECT.digest(metered) == DIALECT.digest(AIMessage("calm"))
    assert DIALECT.digest(metered) != DIALECT.digest(HumanMessage("calm"))
    for mark in marks.items():
        marked = HumanMessage([{"type": "text", "text": "hi", **dict([mark])}])
        assert DIALECT.digest(marked) == DIALECT.digest(HumanMessage([{"type": "text", "text": "hi"}]))


def test_what_is_kept_makes_the_message_again() -> None:
    message = ToolMessage([{"type": "text", "text": "calm"}], tool_call_id="c1", id="m1", status="error")

    assert messages_from_dict([json.loads(DIALECT.plain(message))]) == [message]


def test_a_recitation_ends_a_result_unless_a_cache_mark_does() -> None:
    marked: list[str | dict[Any, Any]] = [{"type": "text", "text": "calm", "cache_control": {"type": "ephemeral"}}]
    longer = DIALECT.appended(ToolMessage("calm", tool_call_id="c1"), "goal")

    assert isinstance(longer, ToolMessage)
    assert longer.content == "calm\n\ngoal"
    assert DIALECT.appended(ToolMessage(marked, tool_call_id="c1"), "goal") is None
    assert DIALECT.appended(HumanMessage("calm"), "goal") is None


def test_a_system_message_carries_a_recitation_only_where_the_model_takes_one() -> None:
    assert DIALECT.system("goal", HumanMessage("hi")) is None
    assert isinstance(LangChain(system_anywhere=True).system("goal", HumanMessage("hi")), SystemMessage)


def test_what_the_gate_says_has_no_users_authority() -> None:
    said = read(HumanMessage("2 todos are open", additional_kwargs=dict(GATE)))

    assert (said.role, said.text, said.slots) == (Role.TOOL, "", ("2 todos are open",))


def test_observations_of_a_text_only_agent_are_clipped_like_results() -> None:
    policy = Policy(window=4_000, observations="user", clip_tokens=200)
    long = HumanMessage("wave after wave " * 400)

    view = Litany(policy=policy, dialect=DIALECT)([HumanMessage("look"), AIMessage("I look."), long])

    assert "clipped" in str(view[2].content)
    assert long.content == "wave after wave " * 400


def test_a_view_of_a_short_history_is_the_history() -> None:
    record = [HumanMessage("look"), AIMessage("", tool_calls=[CALL]), ToolMessage("calm", tool_call_id="c1")]

    view = Litany(dialect=DIALECT)(record)

    assert len(view) == len(record)
    assert all(before is after for before, after in zip(record, view, strict=True))
