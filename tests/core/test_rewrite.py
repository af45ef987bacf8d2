"""A record that the host edited, branched or rolled back is planned anew, the agenda kept."""

import pytest

from litany import Litany, Policy
from litany.errors import RecordRewritten
from tests.histories import GOAL, SMALL, Native, prose, result, says, steps, user, walked

WORK: list[Native] = [user(GOAL), *steps(24, 40)]
STRICT = Policy(window=8_000, reserve=1_000, strict=True)


def test_an_edit_behind_the_cut_is_planned_anew_and_traced() -> None:
    lines: list[dict[str, object]] = []
    litany = Litany(policy=SMALL, trace=lines.append)
    walked(litany, WORK)
    litany.answer({"id": "n", "name": "note", "input": {"content": "the key is under the mat"}})

    view = litany([*WORK[:2], result("call-1", "edited"), *WORK[3:]])

    assert lines[-1]["rewritten"] is True
    assert [note.text for note in litany.agenda.notes] == ["the key is under the mat"]
    assert view[0] == user(GOAL)
    assert lines[-1]["tokens"] <= SMALL.budget  # type: ignore[operator]  # a number in every line


def test_strict_refuses_an_edit_behind_the_cut_and_says_where() -> None:
    litany = Litany(policy=STRICT)
    walked(litany, WORK)
    end = litany.state["cut"]["end"]

    with pytest.raises(RecordRewritten, match=rf"edited before messages\[{end}\].*or set strict=False"):
        litany([*WORK[:2], result("call-1", "edited"), *WORK[3:]])


def test_strict_takes_an_edit_that_is_not_behind_the_cut() -> None:
    litany = Litany(policy=STRICT)
    walked(litany, WORK)

    view = litany([*WORK[:-1], result("call-24", "edited"), says("Done."), user("Thanks.")])

    assert result("call-24", "edited") in view


def test_a_branch_goes_on_from_where_it_left() -> None:
    litany = Litany(goal=GOAL)
    litany([user("Begin."), says("A or B?"), user("A.")])

    view = litany([user("Begin."), says("A or B?"), user("B.")])

    assert view[1:4] == [user("Begin."), says("A or B?"), user("B.")]
    assert "A." not in [message["content"] for message in view]


def test_a_record_rolled_back_before_the_cut_stands_whole_again() -> None:
    litany = Litany(policy=SMALL)
    walked(litany, WORK)

    view = litany(WORK[:5])

    assert view[:5] == WORK[:5]
    assert "Summary of" not in prose(view)
