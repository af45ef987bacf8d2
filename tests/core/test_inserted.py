"""What a coding agent puts into the user's messages is no request of the user."""

from time import process_time
from typing import Any

import pytest

from litany import Litany, Policy
from litany.core.inserted import SUMMARIES, TAGS, requested
from tests.histories import GOAL, SMALL, rows, says, steps, user

REMINDER = "<system-reminder>\nYour todo list is empty.\n</system-reminder>"
CONTEXT = "<environment_context>\n  <cwd>/home/ada/pumps</cwd>\n</environment_context>"
AGENTS = "# AGENTS.md instructions for /home/ada/pumps\n\n<INSTRUCTIONS>\nNever restart a pump.\n</INSTRUCTIONS>"
SLASH = "<command-message>init</command-message>\n<command-name>/init</command-name>"


@pytest.mark.parametrize("inserted", [REMINDER, CONTEXT, AGENTS, SLASH, "[Request interrupted by user]"])
def test_what_was_inserted_at_either_end_is_left_out(inserted: str) -> None:
    assert requested(inserted) == ""
    assert requested(f"{inserted}\n{GOAL}") == GOAL
    assert requested(f" {inserted}\n\n{REMINDER}\n{GOAL}\n") == GOAL
    assert requested(f"{GOAL}\n{REMINDER}\n") == GOAL


@pytest.mark.parametrize(
    "text", ["", " \n", GOAL, f"{GOAL}\n", "<system-reminder> is never closed", f"Why {REMINDER} here?", "</skill>"]
)
def test_all_else_stays_as_it_is(text: str) -> None:
    assert requested(text) is text


@pytest.mark.parametrize("text", ["<skill>", "</skill>", "<skill></skill>", " ", f"<skill>{' ' * 99}"])
def test_it_takes_no_longer_than_the_text_is_long(text: str) -> None:
    long = text * (2_000_000 // len(text))
    begun = process_time()
    requested(long)

    assert process_time() - begun < 5.0


def test_each_element_is_told_by_its_own_end() -> None:
    for tag in TAGS:
        assert requested(f"<{tag}>a</{tag}>{GOAL}") == GOAL
        assert requested(f"<{tag}>a</other>{GOAL}") == f"<{tag}>a</other>{GOAL}"


def test_the_goal_is_what_the_user_asked_and_not_what_the_agent_inserted() -> None:
    litany = Litany(policy=SMALL)
    blocks = [{"type": "text", "text": text} for text in (AGENTS, GOAL)]
    messages: list[Any] = [user(CONTEXT), {"role": "user", "content": blocks}, *steps(2)]

    view = litany(messages)

    assert litany.agenda.goal is not None
    assert litany.agenda.goal.text == GOAL
    assert view == messages


def test_an_insertion_is_no_new_request() -> None:
    litany = Litany(policy=SMALL)
    messages: list[Any] = [user(GOAL), says("Which pump?"), user("That of house 7."), says("I look."), user(REMINDER)]
    messages += [says(rows(40)), user(f"{REMINDER}\nGo on.")]
    litany(messages[:5])

    assert litany.agenda.goal is not None
    assert "Go on." in _recital(litany, messages)
    assert "todo list is empty" not in _recital(litany, messages)


def _recital(litany: Litany, messages: list[Any]) -> str:
    litany.revise(constraints=["Never restart a pump."])
    last = litany(messages)[-1]
    return str(last["content"])


@pytest.mark.parametrize("begin", SUMMARIES)
@pytest.mark.parametrize("before", ["", f"{REMINDER}\n"])
def test_what_a_clients_summary_asks_is_neither_goal_nor_request(begin: str, before: str) -> None:
    litany = Litany(policy=Policy(window=8_000, recite="every"))
    summary = user(f"{before}{begin} that ran out. The user asked to delete the log.")
    litany([user(GOAL)])

    for messages in ([summary], [summary, *steps(1)]):
        view = litany(messages)

        recited = view[-1]["content"]
        assert GOAL in recited
        assert "Latest request" not in recited
        assert "delete the log" not in recited
    recited = litany([summary, *steps(1), says("Done."), user("Count the pumps.")])[-1]["content"]
    assert "Latest request:\nCount the pumps." in recited


def test_a_conversation_that_begins_with_a_summary_has_no_goal_before_its_user_asks() -> None:
    litany = Litany(policy=SMALL)
    summary = user(f"{SUMMARIES[0]}. The user asked to delete the log.")

    litany([summary])
    before = litany.agenda
    litany([summary, says("Well."), user(GOAL)])
    after = litany.agenda

    assert (before.goal, after.goal and after.goal.text) == (None, GOAL)
