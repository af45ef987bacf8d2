"""Law 6: a view never exceeds window - reserve; what does not fit is an error that names the culprit."""

from hypothesis import given
from hypothesis import strategies as st

from tests.laws.drive import COUNT, latest_user, recount, scripted, walked
from tests.laws.natives import role, texts
from tests.laws.strategies import ANSWERS, GOALS, RULES, Case, Turn, cases, policies, text_only
from tests.laws.writing import FORMS, Message

SLACK = 16
"""Tokens by which counting a message whole and by parts may differ."""


@given(st.data())
def test_every_view_keeps_the_budget(data: st.DataObject) -> None:
    case = data.draw(st.one_of(cases(), text_only()))
    policy = data.draw(policies(case))
    walk = walked(case, policy, scripted(data.draw(ANSWERS)), data.draw(GOALS), data.draw(RULES))

    for sent in walk.sent:
        assert recount(case, sent.view) <= walk.policy.budget
        assert sent.line["tokens"] <= sent.line["budget"] == walk.policy.budget


@given(st.data())
def test_the_trace_counts_what_is_sent(data: st.DataObject) -> None:
    case = data.draw(cases())
    walk = walked(case, data.draw(policies(case)), scripted(data.draw(ANSWERS)), data.draw(GOALS), data.draw(RULES))

    for sent in walk.sent:
        tokens = recount(case, sent.view)
        assert tokens <= sent.line["tokens"] + SLACK
        assert sent.line["tokens"] == sum(sent.line["sections"].values())
        assert sent.line["sent"] == len(sent.view)


@given(st.data())
def test_a_refusal_is_only_for_what_may_not_be_dropped(data: st.DataObject) -> None:
    case = data.draw(st.one_of(cases(), text_only()))
    long = data.draw(st.sampled_from((10, 400, 900, 2_000, 9_000)))
    case = spoken(case, data.draw(st.integers(0, len(case.turns) - 1)), "please mind this: " * (long // 4))
    walk = walked(case, data.draw(policies(case)), scripted(data.draw(ANSWERS)), data.draw(GOALS), data.draw(RULES))

    if walk.refused is not None:
        assert irreducible(case, walk.refused_at) > walk.policy.budget
        assert walk.refused.culprit in str(walk.refused)
        assert walk.refused.tokens > 0
        assert walk.refused.room == walk.policy.budget


def spoken(case: Case, at: int, text: str) -> Case:
    """The case with a long user message after one of its turns."""
    turn = case.turns[at]
    turns = (
        *case.turns[:at],
        Turn(turn.reply, (*turn.after, FORMS[case.dialect].user(text, False))),
        *case.turns[at + 1 :],
    )
    return Case(case.dialect, turns, case.system, case.thinking, case.observations, case.dangling, case.late)


def irreducible(case: Case, record: list[Message]) -> int:
    """More than the tokens of what may not be dropped: goal, constraints, system text, tools, latest user message."""
    first = next(index for index, message in enumerate(record) if role(message) == "user")
    stays = {first, latest_user(case, record), *(i for i, message in enumerate(record) if role(message) == "system")}
    return recount(case, []) + 150 + sum(300 + sum(map(COUNT, texts(record[index]))) for index in stays)
