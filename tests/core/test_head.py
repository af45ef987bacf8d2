"""The head: where a goal and constraints given in code stand when no message holds them."""

import pytest

from litany import Litany
from litany.core.head import CONSTRAINTS, TITLE
from tests.histories import GOAL, SMALL, Native, prose, says, steps, user, walked

SYSTEM: Native = {"role": "system", "content": "You repair pumps. Never touch main."}


def test_goal_and_constraints_stand_after_the_leading_system_messages() -> None:
    litany = Litany(goal=GOAL, constraints=["Answer in French.", "Be brief."], dialect="openai")

    view = litany([SYSTEM, user("Begin.")])

    assert view == [
        SYSTEM,
        user(f"{TITLE}\n\nGoal:\n{GOAL}\n\n{CONSTRAINTS}\n- Answer in French.\n- Be brief."),
        user("Begin."),
    ]


def test_what_a_system_message_holds_is_not_repeated() -> None:
    litany = Litany(constraints=["Never touch main.", "Be brief."])

    assert litany([SYSTEM, user("Begin.")])[1] == user(f"{TITLE}\n\n{CONSTRAINTS}\n- Be brief.")


def test_what_the_system_text_beside_the_messages_holds_is_not_repeated() -> None:
    litany = Litany(goal=GOAL, constraints=["Never touch main."])
    messages = [user("Begin.")]

    assert litany(messages, system=[{"type": "text", "text": f"Never touch main. {GOAL}"}]) == messages


@pytest.mark.parametrize("goal", [None, ""])
def test_without_goal_and_constraints_nothing_is_added(goal: str | None) -> None:
    messages = [user("Begin."), says("Done."), user("Go on.")]

    assert Litany(goal=goal)(messages) == messages


def test_a_goal_that_the_user_wrote_stands_where_it_was_written() -> None:
    messages = [SYSTEM, user(f"Hello. {GOAL} Thanks!")]

    assert Litany(goal=GOAL)(messages) == messages


def test_the_head_stands_also_after_compactions() -> None:
    litany = Litany(goal=GOAL, constraints=["Be brief."], policy=SMALL)

    view = walked(litany, [SYSTEM, user("Begin."), *steps(30, 40)])

    assert litany.state["cut"]["number"] >= 1
    assert view[:2] == [SYSTEM, user(f"{TITLE}\n\nGoal:\n{GOAL}\n\n{CONSTRAINTS}\n- Be brief.")]


def test_a_revised_goal_changes_the_head_once() -> None:
    litany = Litany(goal=GOAL)
    before = litany([user("Begin.")])

    litany.revise(goal="Paint the pump.")
    after = litany([user("Begin."), says("Yes?"), user("Go on.")])

    assert GOAL in prose(before)
    assert after[0] == user(f"{TITLE}\n\nGoal:\nPaint the pump.")
    assert GOAL not in prose(after)
