"""The agenda: who may change what, and what stays of what was changed."""

import pytest

from litany.core.agenda import MOST_ITEMS, Agenda, Item, Status, Todo, noted, operated, revised
from litany.errors import AgendaError

GIVEN = Agenda(goal=Item("fix the pump", "developer"), constraints=(Item("never touch main", "developer"),))
LISTED = Agenda(todos=(Todo("1", "read the log"), Todo("2", "write the report")))


def test_a_revised_goal_goes_to_the_past() -> None:
    after = revised(GIVEN, 7, "user", goal="replace the pump")

    assert after.goal == Item("replace the pump", "user", 7)
    assert after.past == (Item("fix the pump", "developer"),)


def test_the_same_goal_again_revises_nothing() -> None:
    assert revised(GIVEN, 7, "user", goal="fix the pump", constraints=["never touch main"]) == GIVEN


def test_a_constraint_that_stays_keeps_its_author_and_one_that_goes_is_past() -> None:
    after = revised(GIVEN, 7, "user", constraints=["never touch main", "answer in French"])
    last = revised(after, 9, "user", constraints=["answer in French"])

    assert after.constraints == (Item("never touch main", "developer"), Item("answer in French", "user", 7))
    assert (last.constraints, last.past) == ((Item("answer in French", "user", 7),), GIVEN.constraints)


def test_another_goal_opens_a_closed_agenda() -> None:
    closed = revised(GIVEN, 7, "user", closed=True)

    assert (closed.finished, revised(closed, 8, "user", goal="replace it").finished) == (True, False)


@pytest.mark.parametrize("goal", ["", "  \n", 5])
def test_a_goal_without_words_is_refused(goal: str) -> None:
    with pytest.raises(AgendaError, match="give its words, or leave it out"):
        revised(GIVEN, 1, "user", goal=goal)


def test_one_text_is_no_list_of_constraints() -> None:
    with pytest.raises(AgendaError, match="give a list of sentences"):
        revised(GIVEN, 1, "user", constraints="answer in French")


def test_todos_are_added_updated_and_removed_by_id() -> None:
    after = operated(
        LISTED,
        [
            {"op": "update", "id": "1", "status": "completed"},
            {"op": "remove", "id": "2"},
            {"op": "add", "content": "call the plumber"},
            {"op": "add", "id": "bill", "content": "pay the bill", "status": "blocked"},
        ],
        now=5,
    )

    assert after.todos == (
        Todo("1", "read the log", Status.COMPLETED, since=5),
        Todo("2", "call the plumber", since=5),
        Todo("bill", "pay the bill", Status.BLOCKED, since=5),
    )


@pytest.mark.parametrize(
    ("operation", "sentence"),
    [
        ({"op": "update", "id": "9", "status": "completed"}, "operation 2: there is no todo '9'; there are 1, 2, 3"),
        ({"op": "add", "id": "1", "content": "again"}, "there is a todo '1' already; update it, or add without an id"),
        ({"op": "add", "content": " "}, "a todo has no words"),
        ({"op": "add", "content": "x" * 2_001}, "a todo has 2001 characters; at most 2000"),
        ({"op": "update", "id": "1", "status": "almost"}, "`status` is 'almost'; it is one of pending, in_progress"),
        ({"op": "finish", "id": "1"}, "`op` is 'finish'; it is add, update or remove"),
    ],
)
def test_one_bad_operation_and_none_is_done(operation: dict[str, object], sentence: str) -> None:
    with pytest.raises(AgendaError) as refused:
        operated(LISTED, [{"op": "add", "content": "sweep"}, operation], now=5)

    assert sentence in str(refused.value)
    assert [todo.content for todo in LISTED.todos] == ["read the log", "write the report"]


def test_two_calls_at_once_merge_because_each_names_its_items() -> None:
    first = operated(LISTED, [{"op": "update", "id": "1", "status": "completed"}], now=5)
    both = operated(first, [{"op": "update", "id": "2", "status": "in_progress"}], now=5)

    assert [todo.status for todo in both.todos] == [Status.COMPLETED, Status.IN_PROGRESS]


def test_a_list_without_end_is_refused() -> None:
    with pytest.raises(AgendaError, match="201 todos; an agenda holds 200"):
        operated(Agenda(), [{"op": "add", "content": "more"}] * (MOST_ITEMS + 1), now=1)


def test_notes_follow_each_other_and_a_blank_one_is_refused() -> None:
    kept = noted(noted(Agenda(), "port 8080", 3), " the key is under the mat ", 4)

    assert kept.notes == (Item("port 8080", "agent", 3), Item("the key is under the mat", "agent", 4))
    with pytest.raises(AgendaError, match="a note has no words"):
        noted(Agenda(), "", 3)


def test_an_agenda_is_finished_when_all_its_todos_are_closed_and_not_when_it_has_none() -> None:
    closed = Agenda(todos=(Todo("1", "a", Status.COMPLETED), Todo("2", "b", Status.CANCELLED)))

    assert [agenda.finished for agenda in (Agenda(), LISTED, closed)] == [False, False, True]
