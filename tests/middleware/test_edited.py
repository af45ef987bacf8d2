"""A host that edits its messages in place, and a policy that only looks on."""

from typing import Any

import pytest

from litany import Litany, MemoryStore, Policy, WindowTooSmall
from litany.dialects.canonical import digest
from tests.histories import calls, prose, result, rows, steps, user


def test_a_host_that_streams_into_its_last_message_is_read_again() -> None:
    lines: list[dict[str, Any]] = []
    litany = Litany(policy=Policy(window=8_000), trace=lines.append)
    last = calls("a")
    messages = [user("Find the leak."), last]
    litany(messages)

    last["tool_calls"].append({"id": "b", "type": "function", "function": {"name": "look", "arguments": "{}"}})
    view = litany([*messages, result("a", "dry"), result("b", "wet")])

    assert [message.get("tool_call_id") for message in view[2:4]] == ["a", "b"]
    assert lines[-1]["rewritten"]


def test_an_edit_deep_inside_the_last_message_counts() -> None:
    messages = [user("Find the leak."), {"role": "user", "content": [{"type": "text", "text": "go"}]}]
    litany = Litany(policy=Policy(window=2_000))
    litany(messages)

    messages[1]["content"][0]["text"] = rows(3_000)

    with pytest.raises(WindowTooSmall):
        litany([*messages, {"role": "assistant", "content": "x"}])


def test_an_edit_deep_inside_an_old_message_is_seen_before_a_cut() -> None:
    lines: list[dict[str, Any]] = []
    litany = Litany(policy=Policy(window=8_000), trace=lines.append)
    messages: list[Any] = [user("Find the leak."), *steps(5, 20)]
    litany(messages)
    messages[1]["tool_calls"][0]["function"]["arguments"] = '{"page": "edited"}'

    litany([*messages, *steps(40, 20, first=6)])

    assert lines[-1]["rewritten"]
    assert litany.recall(digest(messages[1]))[0].message == messages[1]


def test_a_message_that_the_host_took_out_is_found_in_the_store_as_it_was() -> None:
    store = MemoryStore()
    litany = Litany(policy=Policy(window=8_000), store=store, key="a")
    messages: list[Any] = [user("Find the leak."), *steps(60, 20)]
    litany(messages)
    old = messages[5]

    litany(
        [
            *messages[:5],
            {**old, "tool_calls": [{**old["tool_calls"][0], "type": "function"}], "content": "edited"},
            *messages[6:],
        ]
    )

    assert store.find("a", digest(old))
    assert all(store.find("a", digest(message)) for message in messages[1:20])


def test_a_policy_that_looks_on_raises_nothing_and_traces_what_it_would_have() -> None:
    lines: list[dict[str, Any]] = []
    litany = Litany(policy=Policy(window=2_000, shadow=True), trace=lines.append)
    huge, orphan = [user(rows(2_000))], [user("Hello."), result("x", "y")]

    assert litany(huge) == huge
    assert Litany(policy=Policy(shadow=True))(orphan) == orphan
    assert "does not fit" in lines[0]["error"]
    assert prose(huge)
