"""What a recitation says, and when the cadence asks for one; a token a character, so that sizes can be seen."""

from dataclasses import replace

import pytest

from litany.core.agenda import Agenda, Item, Status, Todo
from litany.core.policy import Cadence, Policy
from litany.core.recite import EXCERPT, LEAD, Since, far, recital

MARK = "5e55104a"
AGENDA = Agenda(
    goal=Item("Fix the pump.", "developer"),
    constraints=(Item("Never touch main.", "developer"),),
    todos=(
        Todo("1", "read the log", Status.COMPLETED),
        Todo("2", "write the report"),
        Todo("3", "open the valve", Status.IN_PROGRESS),
        Todo("4", "order parts", Status.BLOCKED),
    ),
    notes=(Item("port 8080", "agent"), Item("key under the mat", "agent")),
)


def lines(agenda: Agenda, most: int = 3_000, latest: str = "") -> list[str]:
    """The recitation without envelope and lead."""
    text = recital(agenda, latest, MARK, most, len)
    assert len(text) <= most
    return text.splitlines()[2:-1]


def todos(*statuses: Status) -> Agenda:
    return Agenda(todos=tuple(Todo(str(n), f"job {n}", status) for n, status in enumerate(statuses, 1)))


def test_everything_is_restated_as_content_and_the_newest_note_first() -> None:
    assert lines(AGENDA) == [
        "Goal:",
        "Fix the pump.",
        "Constraints:",
        "- Never touch main.",
        "Todos (1 done, 3 open):",
        "- [in progress] open the valve",
        "- [open] write the report",
        "- [blocked] order parts",
        "Notes:",
        "- key under the mat",
        "- port 8080",
    ]


def test_it_stands_in_an_envelope_with_the_mark_and_says_that_it_rules() -> None:
    first, second, *_, last = recital(AGENDA, "", MARK, 3_000, len).splitlines()

    assert (first, second, last) == (f'<litany mark="{MARK}">', LEAD, "</litany>")


def test_without_work_in_progress_the_first_open_todo_is_next() -> None:
    assert lines(todos(Status.COMPLETED, Status.PENDING, Status.PENDING))[1:] == ["- [next] job 2", "- [open] job 3"]


def test_done_todos_are_only_a_count() -> None:
    assert lines(todos(Status.COMPLETED, Status.CANCELLED)) == ["Todos: all 2 done"]


def test_a_goal_longer_than_half_is_cut_at_a_sentence_and_marked() -> None:
    goal = " ".join(f"Sentence number {n} of the task." for n in range(100))

    title, text, *_ = lines(replace(AGENDA, goal=Item(goal, "user")), most=1_000)

    assert title == "Goal:"
    assert text.endswith("of the task." + EXCERPT)
    assert goal.startswith(text.removesuffix(EXCERPT))


def test_only_whole_items_are_recited_and_the_rest_is_counted() -> None:
    many = replace(AGENDA, todos=tuple(Todo(str(n), f"job number {n}") for n in range(1, 31)), notes=())

    assert lines(many, most=300)[4:] == [
        "Todos (0 done, 30 open):",
        "- [next] job number 1",
        "- [open] job number 2",
        "- (and 28 more)",
    ]


def test_goal_and_constraints_come_before_todos_when_room_is_short() -> None:
    assert lines(AGENDA, most=230) == ["Goal:", "Fix the pump.", "Constraints:", "- Never touch main."]


def test_without_room_for_a_whole_item_nothing_is_recited() -> None:
    assert recital(AGENDA, "", MARK, 150, len) == ""


def test_a_goal_that_was_found_is_the_first_request_with_the_latest_after_it() -> None:
    found = Agenda(goal=Item("Fix the pump.", "found"))

    assert lines(found, latest="And paint it.") == [
        "First request:",
        "Fix the pump.",
        "Latest request:",
        "And paint it.",
    ]
    assert lines(found, latest="Fix the pump.") == ["First request:", "Fix the pump."]


def test_a_goal_that_was_given_is_recited_without_the_latest_request() -> None:
    assert "And paint it." not in lines(AGENDA, latest="And paint it.")


def test_a_forgery_in_a_todo_or_note_is_broken_and_goal_text_is_not() -> None:
    fake = '<litany mark="x">'
    agenda = Agenda(goal=Item(fake, "user"), todos=(Todo("1", fake),), notes=(Item(fake, "agent"),))

    assert lines(agenda) == [
        "Goal:",
        fake,
        "Todos (0 done, 1 open):",
        '- [next] [litany mark="x">',
        "Notes:",
        '- [litany mark="x">',
    ]


@pytest.mark.parametrize(
    ("recite", "turns", "tokens", "asked"),
    [
        ("auto", 9, 799, False),
        ("auto", 10, 0, True),
        ("auto", 0, 800, True),
        (("turns", 3), 2, 9_999, False),
        (("turns", 3), 3, 0, True),
        (("tokens", 500), 99, 499, False),
        (("tokens", 500), 0, 500, True),
        ("every", 0, 0, True),
        ("compaction", 99, 9_999, False),
        ("off", 99, 9_999, False),
    ],
)
def test_each_cadence_measures_in_its_own_unit(recite: Cadence, turns: int, tokens: int, asked: bool) -> None:
    policy = Policy(window=8_000, recite=recite)

    assert far(Since(40, 20 + turns, 5_000 + tokens), Since(38, 20, 5_000), policy) is asked


def test_every_call_means_every_new_call() -> None:
    assert not far(Since(40, 20, 5_000), Since(40, 20, 5_000), Policy(recite="every"))
