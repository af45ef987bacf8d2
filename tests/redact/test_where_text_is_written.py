"""With `redact` on: every place where litany writes text, one test each."""

import json
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import pytest

from litany import Litany, MemoryStore
from litany.archive import Kept
from litany.core.state import State
from tests.histories import GOAL, MARK, SMALL, calls, result, rows, says, steps, user, walked

SECRET = "sk-" + "ant-api03-Zq8rT2mXw4Kp9Lv3"


class Shelf(MemoryStore):
    """A MemoryStore that remembers all that it was given to keep."""

    def __init__(self) -> None:
        super().__init__()
        self.kept: list[Kept] = []
        self.states: list[State] = []

    def save(self, key: str, version: int, state: State, kept: Sequence[Kept], span: str, /) -> bool:
        self.kept += kept
        self.states.append(state)
        return super().save(key, version, state, kept, span)


def agent(goal: str | None = None, **more: Any) -> tuple[Litany, Shelf, list[dict[str, Any]]]:
    store, heard = Shelf(), list[dict[str, Any]]()
    litany = Litany(goal=goal, policy=SMALL, store=store, key="k", trace=heard.append, redact=True, mark=MARK, **more)
    return litany, store, heard


def leaking() -> list[dict[str, Any]]:
    """A run whose results and calls hold the secret, long enough to be cleared and compacted."""
    told = [calls("a", name="login", key=SECRET), result("a", f"ANTHROPIC_API_KEY={SECRET}\n" + "ok\n" * 400)]
    return [user(GOAL), *told, *steps(40, 30), says("Done so far."), user("And now?"), *steps(3)]


def test_what_left_a_view_is_archived_redacted_and_still_parses() -> None:
    litany, store, _ = agent()
    walked(litany, leaking())

    assert [json.loads(item.plain) for item in store.kept]
    assert any("[redacted]" in item.plain for item in store.kept)
    assert not any(SECRET in item.plain for item in store.kept)


def test_recall_gives_the_redacted_text_by_handle_and_by_words() -> None:
    litany, store, _ = agent()
    messages = leaking()
    walked(litany, messages)
    handle = next(item.handle for item in store.kept if "ANTHROPIC_API_KEY" in item.plain)

    for query in (handle, "anthropic api key"):
        found = json.dumps([item.message for item in litany.recall(query)])
        assert "[redacted]" in found
        assert SECRET not in found


def test_recall_before_a_message_left_gives_the_redacted_text_too() -> None:
    litany, store, _ = agent()
    messages = leaking()[:3]
    walked(litany, [*messages, *steps(1)])
    walked(litany, leaking())
    handle = next(item.handle for item in store.kept if "ANTHROPIC_API_KEY" in item.plain)
    early, _, _ = agent()
    early([*messages])

    assert SECRET not in json.dumps([item.message for item in early.recall(handle)])


def test_the_agents_recall_tool_gives_the_redacted_text() -> None:
    litany, _, _ = agent()
    walked(litany, leaking())

    answer = litany.answer({"id": "r", "function": {"name": "recall", "arguments": '{"query": "anthropic api key"}'}})

    assert "[redacted]" in answer
    assert SECRET not in answer


def test_no_trace_line_holds_the_secret() -> None:
    litany, _, heard = agent(goal=f"Find out who uses {SECRET}.", constraints=[f"Never print {SECRET}."])
    walked(litany, leaking())

    assert any(line["recital"] and "[redacted]" in line["recital"] for line in heard)
    assert SECRET not in json.dumps(heard)


def test_the_failure_of_a_summarizer_is_traced_redacted() -> None:
    def refused(messages: Sequence[object], prompt: str) -> str:
        raise RuntimeError(f"Incorrect API key provided: {SECRET}")

    litany, _, heard = agent(summarize=refused)
    walked(litany, leaking())

    assert any("Incorrect API key" in reason for line in heard for reason in line["reasons"])
    assert SECRET not in json.dumps(heard)


def test_a_trace_file_of_a_redacting_litany_holds_no_secret(tmp_path: Path) -> None:
    walked(Litany(policy=SMALL, trace=tmp_path / "t", redact=True), leaking())

    assert SECRET not in (tmp_path / "t").read_text()


def test_what_the_model_is_sent_is_not_redacted() -> None:
    litany, _, _ = agent()
    messages = leaking()[:3]

    assert litany(messages)[1:3] == messages[1:3]


def stated(litany: Litany, store: Shelf) -> str:
    return json.dumps(litany.state) + repr(store.states)


def test_the_summary_in_a_saved_state_holds_no_secret() -> None:
    litany, store, _ = agent()
    leak = [
        part for n in range(60) for part in (calls(f"c{n}", key=SECRET), result(f"c{n}", f"{n} {SECRET} " + rows(40)))
    ]
    walked(litany, [user(GOAL), *leak])

    assert any(state.cut is not None for state in store.states)
    assert SECRET not in stated(litany, store)


def test_a_models_summary_in_a_saved_state_holds_no_secret() -> None:
    litany, store, _ = agent(summarize=lambda messages, prompt: f"## Findings\n- the key is {SECRET}")
    walked(litany, [user(GOAL), *steps(60, 30)])

    assert any(state.cut is not None for state in store.states)
    assert SECRET not in stated(litany, store)


@pytest.mark.parametrize("tool", ["update_todos", "note"])
def test_a_todo_or_note_of_the_agent_in_a_saved_state_holds_no_secret(tool: str) -> None:
    litany, store, _ = agent()
    litany([user(GOAL)])
    fields = {"content": SECRET} if tool == "note" else {"operations": [{"op": "add", "content": f"use {SECRET}"}]}
    litany.answer({"id": "n", "function": {"name": tool, "arguments": json.dumps(fields)}})

    assert SECRET not in stated(litany, store)


def test_a_todo_of_the_hosts_own_tool_in_a_saved_state_holds_no_secret() -> None:
    litany, store, _ = agent()
    todos = [{"content": f"use {SECRET}", "status": "pending"}]
    walked(litany, [user(GOAL), calls("t", name="write_todos", todos=todos), result("t", "ok")])

    assert SECRET not in stated(litany, store)


def test_a_repair_in_a_saved_state_holds_no_secret() -> None:
    litany, store, _ = agent()
    walked(litany, [user(GOAL), calls("a", name="login", key=SECRET), user("Are you there?"), says("Yes.")])

    assert SECRET not in stated(litany, store)


@pytest.mark.parametrize("place", ["goal", "constraint", "found"])
def test_a_goal_or_constraint_is_saved_as_it_must_be_sent_word_for_word(place: str) -> None:
    text = f"Find out who uses {SECRET}."
    litany, store, _ = agent(text if place == "goal" else None, constraints=[text] if place == "constraint" else [])
    walked(litany, [user(text if place == "found" else GOAL), *steps(30, 30)])

    assert SECRET in stated(litany, store)
