"""Todos read from the tools that agents already have."""

import json

import pytest

from litany.core.agenda import Status
from litany.core.message import Call
from litany.core.todos import host_todos

Read = list[tuple[str, str, Status]]


def call(name: str, arguments: object) -> Call:
    return Call("c", name, arguments if isinstance(arguments, str) else json.dumps(arguments))


def told(*calls: Call) -> Read | None:
    todos = host_todos(calls, now=4)
    return None if todos is None else [(todo.id, todo.content, todo.status) for todo in todos]


TWO: Read = [("1", "read the log", Status.COMPLETED), ("2", "write the report", Status.IN_PROGRESS)]
ITEMS = [{"content": "read the log", "status": "completed"}, {"content": "write the report", "status": "in_progress"}]


@pytest.mark.parametrize(
    ("name", "arguments"),
    [
        ("write_todos", {"todos": ITEMS}),
        ("TodoWrite", {"todos": [{**item, "activeForm": "Doing it"} for item in ITEMS]}),
        ("todowrite", {"todos": [{**item, "id": str(n), "priority": "high"} for n, item in enumerate(ITEMS, 1)]}),
        ("update_plan", {"plan": [{"step": item["content"], "status": item["status"]} for item in ITEMS]}),
        ("update_todo_list", {"todos": "[x] read the log\n[-] write the report"}),
        ("update_todo_list", {"todos": "## Plan\n- [X] read the log\n2. [~] write the report\n"}),
    ],
)
def test_the_list_is_read_from_every_known_tool(name: str, arguments: object) -> None:
    assert told(call(name, arguments)) == TWO


def test_the_last_list_of_parallel_calls_counts() -> None:
    last = call("TodoWrite", {"todos": ["sweep"]})

    assert told(call("TodoWrite", {"todos": ITEMS}), last) == [("1", "sweep", Status.PENDING)]


def test_a_list_that_cannot_be_read_leaves_the_one_before() -> None:
    assert told(call("TodoWrite", {"todos": ITEMS}), call("TodoWrite", "{not json")) == TWO
    assert told(call("TodoWrite", {"todos": 5})) is None


def test_an_empty_list_is_a_list() -> None:
    assert told(call("write_todos", {"todos": []})) == []


def test_other_tools_write_no_todos() -> None:
    assert told(call("search", {"todos": ITEMS})) is None


def test_statuses_in_other_words_are_understood_and_unknown_ones_are_open() -> None:
    todos = [{"content": word, "status": word} for word in ("done", "doing", "skipped", "whatever")]

    assert told(call("TodoWrite", {"todos": todos})) == [
        ("1", "done", Status.COMPLETED),
        ("2", "doing", Status.IN_PROGRESS),
        ("3", "skipped", Status.CANCELLED),
        ("4", "whatever", Status.PENDING),
    ]


def test_items_without_words_are_left_out() -> None:
    assert told(call("TodoWrite", {"todos": [{"content": " "}, 5, None, *ITEMS[:1]]})) == [
        ("4", "read the log", Status.COMPLETED)
    ]
