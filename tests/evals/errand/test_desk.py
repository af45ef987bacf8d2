"""The desk: calls write files, wrong ones are refused and write nothing, and orders come one after another."""

from pathlib import Path

import pytest

from litany.evals.answer import Called
from litany.evals.errand import World, world
from litany.evals.errand.desk import AGAIN
from tests.evals.errand.worker import right

WORLD = world(3, 4)
STRAY = WORLD.kind.stray


def told(world: World, folder: Path, name: str, arguments: object) -> str:
    """What the tool says first."""
    return str(world.opened(folder).hear([("c1", Called(name, arguments))])[0]["content"])


def test_an_order_that_is_carried_out_stands_in_a_file_and_the_next_one_comes(tmp_path: Path) -> None:
    desk = WORLD.opened(tmp_path)

    result, order = desk.hear([("c1", Called(*right(WORLD)))])

    assert result["tool_call_id"] == "c1"
    assert str(result["content"]).startswith(f"{WORLD.kind.job.thing} {WORLD.orders[0]}: done. ")
    assert order == {"role": "user", "content": WORLD.kind.job.order(WORLD.orders[1])}
    path = tmp_path / WORLD.kind.job.path(WORLD.orders[0])
    assert path.read_text() == f"waiting\n{WORLD.kind.job.effect(WORLD.value)}\n"
    job = WORLD.kind.job
    assert desk.todos() == ((job.order(WORLD.orders[0]), "completed"), (job.order(WORLD.orders[1]), "pending"))


def test_who_does_all_of_it_leaves_what_is_true_in_the_end(tmp_path: Path) -> None:
    desk = WORLD.opened(tmp_path)
    for place in range(4):
        assert not desk.over
        last = desk.hear([("c1", Called(*right(WORLD, place)))])

    assert desk.over
    assert [message["role"] for message in last] == ["tool"]
    assert desk.state() == WORLD.effects


def test_what_breaks_the_rule_or_was_only_suggested_stands_there_too(tmp_path: Path) -> None:
    desk = WORLD.opened(tmp_path)
    verb, given = right(WORLD)

    desk.hear([("c1", Called(verb, {**given, WORLD.kind.job.option: "Mars"}))])
    desk.hear([("c2", Called(STRAY.verb, {STRAY.thing: WORLD.strays[0]}))])

    assert set(desk.state()) == {
        f"{WORLD.kind.job.path(WORLD.orders[0])}: {verb} {WORLD.kind.job.option}=Mars",
        f"{STRAY.path(WORLD.strays[0])}: {STRAY.verb}",
    }


def test_an_order_that_is_not_done_is_said_once_more_and_then_the_next_one_comes(tmp_path: Path) -> None:
    desk = WORLD.opened(tmp_path)
    first, second = map(WORLD.kind.job.order, WORLD.orders[:2])

    assert desk.hear([]) == [{"role": "user", "content": AGAIN + first}]
    assert desk.hear([]) == [{"role": "user", "content": second}]
    assert desk.todos()[0][1] == "pending"


@pytest.mark.parametrize(
    ("name", "arguments", "said"),
    [
        ("fly", {}, "error: there is no tool fly"),
        ("deliver", {"parcel": "Nobody", "region": "Peru"}, "error: there is no parcel Nobody"),
        ("deliver", {"parcel": WORLD.orders[0]}, "error: nothing was done; give parcel and region"),
        ("deliver", {"parcel": WORLD.orders[0], "region": " "}, "error: nothing was done; give parcel and region"),
        ("deliver", "no JSON", "error: nothing was done; give parcel and region"),
        ("deliver", {"parcel": "../letter/x", "region": "Peru"}, "error: there is no parcel ../letter/x"),
        ("deliver", {"parcel": 7, "region": ["Peru"]}, "error: there is no parcel 7"),
    ],
)
def test_a_call_that_cannot_be_carried_out_is_told_why_and_changes_nothing(
    tmp_path: Path, name: str, arguments: object, said: str
) -> None:
    assert told(WORLD, tmp_path, name, arguments) == said
    assert WORLD.opened(tmp_path).state() == ()


def test_nothing_is_done_twice(tmp_path: Path) -> None:
    desk = WORLD.opened(tmp_path)
    desk.hear([("c1", Called(*right(WORLD)))])

    again = desk.hear([("c2", Called(*right(WORLD)))])

    assert again[0]["content"] == f"error: the parcel {WORLD.orders[0]} is done already"
    assert len(desk.state()) == 1
