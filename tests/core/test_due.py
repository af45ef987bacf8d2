"""When a recitation is sent, by whom it is carried, and whether it stays."""

from dataclasses import replace
from typing import Any, Literal

import pytest

from litany import Litany, Policy
from litany.core.policy import Cadence
from litany.testing import validate
from tests.histories import (
    GOAL,
    MARK,
    Native,
    calls,
    prose,
    result,
    returns,
    rows,
    says,
    steps,
    thinks,
    user,
    uses,
    walked,
)

Lines = list[dict[str, Any]]
CARRIERS: tuple[Literal["user", "system", "result"], ...] = ("user", "system", "result")
EVERY = Policy(recite="every")
OPEN = f'<litany mark="{MARK}">'


def due(messages: list[Native], policy: Policy, **given: Any) -> list[int]:
    """The lengths of the record at which a recitation was sent."""
    lines: Lines = []
    walked(Litany(policy=policy, trace=lines.append, **given), messages)
    assert all(bool(line["recital"]) == line["due"] for line in lines)
    return [line["messages"] for line in lines if line["due"]]


WORK: list[Native] = [user(GOAL), *steps(12, 2)]


@pytest.mark.parametrize(
    ("recite", "lengths"),
    [
        ("every", list(range(1, 26, 2))),
        (("turns", 4), [9, 17, 25]),
        ("auto", [21]),
        ("compaction", []),
        ("off", []),
    ],
)
def test_each_cadence_recites_on_its_calls(recite: Cadence, lengths: list[int]) -> None:
    assert due(WORK, Policy(recite=recite)) == lengths


def test_by_tokens_it_recites_when_that_many_were_read_since() -> None:
    lengths = due([user(GOAL), *steps(12, 40)], Policy(recite=("tokens", 2_000)))

    assert 2 <= len(lengths) < 6


def test_a_compaction_recites_whatever_the_cadence_unless_it_is_off() -> None:
    work = [user(GOAL), *steps(20, 40)]
    small = Policy(window=8_000, reserve=1_000, clear_keep=99)

    assert len(due(work, replace(small, recite="compaction"))) >= 1
    assert due(work, replace(small, recite="off")) == []


def test_it_is_not_due_while_the_goals_own_message_is_near() -> None:
    assert due([user("Hello."), *steps(9, 2), user(GOAL), *steps(9, 2)], Policy(), goal=GOAL) == []


def test_it_is_not_due_while_the_agents_own_todo_call_is_near() -> None:
    told = [calls("t", name="TodoWrite", todos=[{"content": "sweep", "status": "pending"}]), result("t", "ok")]

    assert due([user(GOAL), *steps(8, 2), *told, *steps(8, 2)], Policy()) == []


def test_a_retry_recites_again_and_only_once() -> None:
    litany = Litany(policy=Policy(recite="every"), mark=MARK)
    litany(WORK[:1])

    once, twice = litany(WORK[:3]), litany(WORK[:3])

    assert once == twice
    assert prose(once).count("<litany mark=") == 1


def test_a_changed_agenda_is_recited_on_the_next_call_with_what_it_was_before() -> None:
    litany = Litany(goal=GOAL, mark=MARK)
    litany([user("Begin.")])

    litany.revise(goal="Paint the pump.", constraints=["In green."])
    view = litany([user("Begin."), says("Yes?"), user("Go on.")])

    assert view[-1]["content"].startswith(OPEN)
    assert "Goal:\nPaint the pump.\nConstraints:\n- In green." in view[-1]["content"]
    assert [item.text for item in litany.agenda.past] == [GOAL]


def test_a_closed_goal_is_not_recited_until_a_new_request() -> None:
    litany = Litany(policy=Policy(recite="every"), mark=MARK)
    litany([user(GOAL)])
    litany.revise(closed=True)
    work = [user(GOAL), *steps(2, 2)]

    quiet = walked(litany, work)
    after = litany([*work, says("Done."), user("Now paint it.")])

    assert OPEN not in prose(quiet)
    assert "Latest request:\nNow paint it." in after[-1]["content"]


def test_when_all_todos_are_done_reciting_stops_until_a_new_request() -> None:
    todos = [{"content": "read", "status": "completed"}, {"content": "write", "status": "cancelled"}]
    work = [user(GOAL), *steps(2, 2), calls("t", name="TodoWrite", todos=todos), result("t", "ok"), *steps(3, 2)]

    assert due(work, Policy(recite="every")) == [1, 3, 5]
    assert due([*work, says("Done."), user("Now paint it.")], Policy(recite="every")) == [1, 3, 5, 15]


@pytest.mark.parametrize(
    ("carrier", "role", "starts"),
    [("auto", "user", True), ("user", "user", True), ("system", "system", True), ("result", "tool", False)],
)
def test_each_carrier_ends_the_view_in_openai(carrier: Any, role: str, starts: bool) -> None:
    view = walked(Litany(policy=Policy(recite="every", carrier=carrier), mark=MARK), [user(GOAL), *steps(2, 2)])

    assert view[-1]["role"] == role
    assert view[-1]["content"].startswith(OPEN) is starts
    assert view[-1]["content"].endswith("</litany>")
    assert validate("openai", {"messages": view}) == []


def test_each_carrier_ends_the_view_in_anthropic() -> None:
    work = [user(GOAL), *steps(2, 2, dialect="anthropic")]
    views = {carrier: walked(Litany(policy=replace(EVERY, carrier=carrier), mark=MARK), work) for carrier in CARRIERS}
    ends = {carrier: view[-1] for carrier, view in views.items()}

    flags = ["mid-conversation-system"]
    assert not any(validate("anthropic", {"messages": view, "max_tokens": 9}, flags=flags) for view in views.values())
    assert {carrier: end["role"] for carrier, end in ends.items()} == {
        "user": "user",
        "system": "system",
        "result": "user",
    }
    assert ends["result"]["content"][0]["type"] == "tool_result"
    assert ends["result"]["content"][0]["content"].endswith("</litany>")


def test_a_result_that_is_not_last_carries_nothing() -> None:
    litany = Litany(policy=Policy(recite="every", carrier="result"), mark=MARK)

    view = walked(litany, [user(GOAL), says("Yes?"), user("Go on.")])

    assert (view[-2], view[-1]["role"]) == (user("Go on."), "user")


@pytest.mark.parametrize(("keep", "recitals"), [("auto", 1), (False, 1), (True, 4)])
def test_a_recitation_is_replaced_or_stays_as_the_policy_says(keep: Any, recitals: int) -> None:
    view = walked(Litany(policy=Policy(recite="every", keep_recitations=keep), mark=MARK), [user(GOAL), *steps(3, 2)])

    assert prose(view).count("<litany mark=") == recitals


def test_by_default_it_stays_where_thinking_is_bound() -> None:
    work = [user(GOAL)]
    for page in range(3):
        work += [uses(f"c{page}", thinks("Hm."), page=page), returns(f"c{page}", "all well")]

    litany = Litany(policy=Policy(recite="every"), mark=MARK)
    earlier, later = litany(work[:5]), litany(work)

    assert later[: len(earlier)] == earlier
    assert prose(later).count("<litany mark=") == 2


def test_a_goal_that_is_too_long_is_recited_as_an_excerpt_and_stands_whole_above() -> None:
    goal = " ".join(f"Sentence {place} of the long task is here." for place in range(200))

    view = walked(Litany(goal=goal, policy=Policy(recite="every"), mark=MARK), [user("Begin."), *steps(1, 2)])

    assert goal in view[0]["content"]
    assert "[… the beginning only; the whole stands at the top of this conversation]" in view[-1]["content"]
    assert rows(1) not in view[-1]["content"]
