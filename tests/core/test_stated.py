"""Whether a text states a goal or a constraint."""

import pytest

from litany import Litany
from litany.core.stated import states
from tests.histories import prose, user


@pytest.mark.parametrize(
    "whole",
    [
        "be kind",
        "You are an agent. be kind",
        "Rules:\n- be kind\n- be quick",
        "Rules:\n1. be kind\n2. be quick",
        'Mind this: "be kind".',
        "First,be kind, then be quick",
    ],
)
def test_a_statement_stands_between_lines_sentences_or_clauses(whole: str) -> None:
    assert states(whole, "be kind")


@pytest.mark.parametrize("whole", ["", "Never be kindless.", "maybe kind", "Do not be kind today", "You must be kind"])
def test_letters_inside_other_words_or_sentences_state_nothing(whole: str) -> None:
    assert not states(whole, "be kind")


def test_a_goal_whose_letters_only_occur_elsewhere_stands_in_the_head() -> None:
    system = {"role": "system", "content": "You are a helpful assistant. Never be kindless."}

    view = Litany(goal="help", constraints=["be kind"])([system, user("hello")])

    assert "Goal:\\nhelp" in prose(view)
    assert "- be kind" in prose(view)
