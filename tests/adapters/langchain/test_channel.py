"""The private channel: which of two writings stands, and which of them this process knows."""

import pytest

pytest.importorskip("langchain_core", reason="needs the extra langgraph or langchain")

from litany.adapters.langchain.channel import Channel, Stamps, newest, stamped
from litany.adapters.langchain.thread import thread


def written(version: int, key: str = "t1", writer: str = "me") -> Channel:
    return Channel(key=key, place="", stamp=stamped(writer, version))


def test_of_two_writings_in_one_step_the_later_stands() -> None:
    assert newest(written(3), written(9)) == newest(written(9), written(3)) == written(9)
    assert newest(written(9), written(10)) == written(10)


def test_what_another_process_or_another_conversation_wrote_is_not_compared() -> None:
    assert newest(written(9), written(3, writer="other")) == written(3, writer="other")
    assert newest(written(9), written(3, key="t2")) == written(3, key="t2")


def test_nothing_written_leaves_what_stands() -> None:
    assert newest(None, written(1)) == newest(written(1), None) == written(1)
    assert newest(None, None) is None


def test_tools_side_by_side_know_what_the_model_wrote_and_the_model_only_the_last() -> None:
    stamps = Stamps()
    stamps.add("t1", "me:4", True)
    stamps.add("t1", "me:10", False)
    stamps.add("t1", "me:9", False)

    assert all(stamps.knows("t1", stamp) for stamp in ("me:4", "me:9", "me:10"))
    assert [stamp for stamp in ("me:4", "me:9", "me:10") if stamps.newest("t1", stamp)] == ["me:10"]
    assert not stamps.knows("t2", "me:4")


def test_a_call_of_the_model_takes_the_place_of_what_was_known() -> None:
    stamps = Stamps()
    stamps.add("t1", "me:4", True)
    stamps.add("t1", "me:5", True)

    assert not stamps.knows("t1", "me:4")
    assert stamps.newest("t1", "me:5")


@pytest.mark.parametrize(
    ("configurable", "name"),
    [
        ({}, None),
        ({"thread_id": 7}, "7"),
        ({"thread_id": "t1", "checkpoint_ns": "model:1f"}, "t1"),
        ({"thread_id": "t1", "checkpoint_ns": "tools:1f|model:2a"}, "t1/tools"),
        ({"thread_id": "t1", "checkpoint_ns": "team:1f|boats:2a|model:3b"}, "t1/team/boats"),
        ({"checkpoint_ns": "tools:1f|model:2a"}, None),
    ],
)
def test_a_conversation_is_named_by_its_thread_and_the_nodes_it_runs_in(
    configurable: dict[str, object], name: str | None
) -> None:
    assert thread(configurable) == name
