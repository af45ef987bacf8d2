"""What a shared door tells apart, and what stays one conversation."""

import json
from typing import Any

import pytest

import litany
from litany import Litany, MemoryStore, Policy, PolicyError
from litany.core.state import State
from litany.middleware import Conversations
from litany.middleware.shared.live import Lives
from litany.middleware.shared.request import Request
from tests.histories import SMALL, calls, result, says, steps, user

Native = dict[str, Any]

HOST: list[Native] = [user("Mend the pump."), *steps(6)]
TOOLS: list[Native] = [{"type": "function", "function": {"name": "look", "parameters": {"type": "object"}}}]
TITLE = [{"role": "system", "content": "Write a title."}, user("Mend the pump.")]


def todo(content: str, id: str = "t1") -> Native:
    operations = [{"op": "add", "content": content}]
    return {"id": id, "function": {"name": "update_todos", "arguments": json.dumps({"operations": operations})}}


def todos(door: Conversations, messages: list[Native], key: str | None = None) -> list[str]:
    return [todo.content for todo in door.find(messages, key=key).agenda.todos]


def door(**given: Any) -> Conversations:
    return Conversations(policy=SMALL, **given)


def test_a_conversation_that_grew_is_found_by_its_messages() -> None:
    shared = door()
    shared.open(HOST[:3], tools=TOOLS)
    shared.find(HOST[:4], tools=TOOLS).answer(todo("look behind the valve"))

    later = shared.open(HOST, tools=TOOLS)

    assert [todo.content for todo in later.agenda.todos] == ["look behind the valve"]


def test_another_process_over_the_same_store_finds_it_too() -> None:
    store = MemoryStore()
    first = door(store=store)
    first.open(HOST[:3], tools=TOOLS)
    first.find(HOST[:4], tools=TOOLS).answer(todo("look behind the valve"))
    first.open(HOST[:7], tools=TOOLS)

    assert todos(door(store=store), json.loads(json.dumps(HOST))) == ["look behind the valve"]


def test_two_that_open_alike_part_at_the_first_answer() -> None:
    shared = door()
    other = [HOST[0], says("Which pump?"), user("That of house 7.")]
    shared.open(HOST[:1])
    shared.open(HOST[:1])
    shared.find(HOST[:2]).answer(todo("look behind the valve"))

    assert shared.open(HOST[:3]).key != shared.open(other).key
    assert todos(shared, HOST[:3]) == ["look behind the valve"]
    assert todos(shared, other) == []


def test_the_opening_that_several_share_takes_no_todos() -> None:
    exchange = door().open(HOST[:1])

    with pytest.raises(PolicyError, match=r"with litany\.conversation\(key\)"):
        exchange.answer(todo("whose?"))


def test_a_late_branch_keeps_what_was_on_the_agenda_before_it() -> None:
    shared = door()
    for end in range(1, len(HOST) + 1, 2):
        shared.open(HOST[:end])
        shared.find(HOST[: end + 1]).answer(todo(f"after {end}", f"t{end}"))
    branch = [*HOST[:7], says("I stop here."), user("Do go on.")]

    assert todos(shared, branch) == ["after 1", "after 3", "after 5"]
    assert len(todos(shared, HOST)) == len(HOST) // 2 + 1
    assert shared.open(branch).key != shared.open(HOST).key


def test_a_record_that_the_host_edited_is_the_same_conversation() -> None:
    shared = door()
    shared.open(HOST[:1])
    shared.find(HOST[:2]).answer(todo("look behind the valve"))
    key = shared.open(HOST[:9]).key
    cleared = [*HOST[:2], {**HOST[2], "content": "(cleared)"}, *HOST[3:11]]

    edited = shared.open(cleared)

    assert edited.key == key
    assert [todo.content for todo in edited.agenda.todos] == ["look behind the valve"]
    assert edited.view[2]["content"] == "(cleared)"


@pytest.mark.parametrize("key", [None, "thread-1"])
def test_a_title_does_not_disturb_the_conversation(key: str | None) -> None:
    store = MemoryStore()
    shared = door(store=store)
    for end in range(1, len(HOST), 2):
        exchange = shared.open(HOST[:end], tools=TOOLS, key=key)
        before = store.load(exchange.key)
        shared.open(TITLE, key=key)
        shared.open(HOST[:1], key=key)

        assert store.load(exchange.key) == before or end == 1


def test_a_title_that_comes_first_does_not_take_the_name() -> None:
    shared = door()
    shared.open(TITLE, key="thread-1")

    exchange = shared.open(HOST[:1], tools=TOOLS, key="thread-1")

    assert exchange.key == "thread-1"
    assert exchange.agenda.goal is not None
    assert exchange.agenda.goal.text == "Mend the pump."


def test_a_chat_without_tools_takes_its_name_when_it_is_answered() -> None:
    shared = door()
    shared.open(HOST[:1], key="thread-1")
    chat = [HOST[0], says("Which pump?"), user("That of house 7.")]

    assert shared.open(chat, key="thread-1").key == "thread-1"


def test_a_sub_agent_under_the_same_name_is_a_conversation_of_its_own() -> None:
    shared = door()
    sub = [user("Read the manual."), *steps(3)]
    shared.open(HOST[:3], "Lead.", TOOLS, key="thread-1").answer(todo("look behind the valve"))

    subs = [shared.open(sub[:end], "Serve.", TOOLS, key="thread-1") for end in (1, 3, 5)]

    assert [exchange.agenda.goal and exchange.agenda.goal.text for exchange in subs] == ["Read the manual."] * 3
    assert subs[1].key == subs[2].key != "thread-1"
    assert shared.open(HOST[:5], "Lead.", TOOLS, key="thread-1").key == "thread-1"
    assert todos(shared, HOST[:5], key="thread-1") == ["look behind the valve"]


def test_a_named_conversation_that_rolled_back_keeps_its_agenda() -> None:
    shared = door()
    exchange = shared.open(HOST, tools=TOOLS, key="thread-1")
    exchange.answer(todo("look behind the valve"))

    back = shared.open([*HOST[:4], user("Not so.")], tools=TOOLS, key="thread-1")

    assert back.key == "thread-1"
    assert [todo.content for todo in back.agenda.todos] == ["look behind the valve"]


def test_a_named_conversation_that_its_client_compacted_keeps_its_agenda() -> None:
    shared = door()
    shared.open(HOST, tools=TOOLS, key="thread-1").answer(todo("look behind the valve"))
    compacted = [user("Summary of what was done: nothing."), *HOST[-4:]]

    exchange = shared.open(compacted, tools=TOOLS, key="thread-1")

    assert exchange.key == "thread-1"
    assert [todo.content for todo in exchange.agenda.todos] == ["look behind the valve"]
    assert shared.open([*compacted, says("Done."), user("More.")], tools=TOOLS, key="thread-1").key == "thread-1"


def test_the_name_may_come_from_a_with() -> None:
    shared = door()

    with litany.conversation("run-7", goal="Mend the pump by noon."):
        inside = shared.open(HOST, tools=TOOLS)
        with litany.conversation("run-8"):
            assert shared.open(HOST, tools=TOOLS).key == "run-8"

    assert inside.key == "run-7"
    assert "Mend the pump by noon." in json.dumps(inside.view)
    assert shared.open(HOST, tools=TOOLS).key not in ("run-7", "run-8")
    with pytest.raises(PolicyError, match="`key`"), litany.conversation(""):
        pass


def test_a_litany_of_the_same_name_is_the_same_conversation() -> None:
    store = MemoryStore()
    own = Litany(policy=SMALL, store=store, key="thread-1")
    own(HOST[:5])
    own.answer(todo("look behind the valve"))

    assert todos(door(store=store), HOST, key="thread-1") == ["look behind the valve"]


def test_goals_that_come_with_the_requests_do_not_cross() -> None:
    shared = door()
    goals = [f"Mend the pump of house {number}." for number in range(3)]

    views = [json.dumps(shared.open(HOST[:1], tools=TOOLS, goal=goal).view) for goal in goals]

    assert [[goal in view for goal in goals] for view in views] == [[a == b for a in goals] for b in goals]


def test_a_view_that_was_refused_is_shrunk_in_its_own_conversation() -> None:
    shared = door()
    exchange = shared.open(HOST, tools=TOOLS)
    shared.open([user("Another."), calls("x"), result("x", "y" * 9_000)], tools=TOOLS)

    refused = json.dumps(exchange.view)

    smaller = exchange.shrink()

    assert smaller is exchange.view
    assert len(json.dumps(smaller)) < len(refused)
    assert "Mend the pump." in json.dumps(smaller)


def test_a_report_corrects_the_counting_of_its_own_view() -> None:
    store = MemoryStore()
    shared = door(store=store)
    exchange = shared.open(HOST, tools=TOOLS, key="a")
    shared.open(HOST[:1], tools=TOOLS, key="b")

    exchange.used({"prompt_tokens": exchange._sent * 2})

    assert [held[1].drift for key in "ab" if (held := store.load(key))] == [2.0, 1.0]


def test_messages_that_cannot_be_read_pass_in_shadow() -> None:
    traced: list[Native] = []
    shared = Conversations(policy=Policy(shadow=True), trace=traced.append)
    orphan = [user("Hm."), result("nobody", "text")]

    exchange = shared.open(orphan)
    exchange.used({"prompt_tokens": 5})

    assert exchange.view == orphan
    assert "nobody" in traced[-1]["error"]
    with pytest.raises(litany.PairError):
        door().open(orphan)


def test_a_door_without_a_store_forgets_the_oldest() -> None:
    lives = Lives(None, door()._talk, held=8)

    for number in range(20):
        assert lives.store.save(f"k{number}", 0, State(""), (), "")
        lives.of(f"k{number}", Request([], key="k"))

    assert [name for name in (f"k{number}" for number in range(20)) if lives.store.load(name)] == [
        f"k{number}" for number in range(12, 20)
    ]
    assert [live.key for live in lives.all("k")] == [f"k{number}" for number in range(19, 11, -1)]


def test_a_goal_that_is_blank_is_refused_at_the_door() -> None:
    with pytest.raises(litany.LitanyError, match="goal"):
        Conversations(goal=" ")
