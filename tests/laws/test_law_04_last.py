"""Law 4: a recitation that is due is the last thing the model reads."""

from hypothesis import given
from hypothesis import strategies as st

from litany import Litany
from tests.laws.drive import Sent, last_text, scripted, walked
from tests.laws.strategies import ANSWERS, GOALS, RULES, cases, policies, text_only
from tests.laws.writing import Message

MOST = 450
"""Tokens of a recitation with its framing, at most."""


@given(st.data())
def test_a_due_recitation_ends_the_view(data: st.DataObject) -> None:
    case = data.draw(st.one_of(cases(), text_only()))
    walk = walked(case, data.draw(policies(case)), scripted(data.draw(ANSWERS)), data.draw(GOALS), data.draw(RULES))

    for sent in walk.sent:
        assert bool(sent.line["recital"]) == sent.line["due"]
        if sent.line["due"]:
            assert last_text(sent.view).endswith(sent.line["recital"])


@given(st.data())
def test_a_call_that_compacts_recites(data: st.DataObject) -> None:
    case = data.draw(cases())
    walk = walked(case, data.draw(policies(case)), scripted(data.draw(ANSWERS)), data.draw(GOALS), data.draw(RULES))

    for sent in walk.sent:
        if sent.line["compacted"]:
            assert sent.line["due"] or crowded(sent)


@given(st.data())
def test_every_means_every_call_also_after_a_resume(data: st.DataObject) -> None:
    case = data.draw(cases())
    at = data.draw(st.integers(0, 10))
    policy = data.draw(policies(case, recite="every"))

    def resume(number: int, litany: Litany, record: list[Message]) -> Litany | None:
        return resumed(litany) if number == at else None

    walk = walked(case, policy, scripted(data.draw(ANSWERS)), data.draw(GOALS), between=resume)

    for sent in walk.sent:
        assert sent.line["due"] or crowded(sent)


def resumed(litany: Litany) -> Litany:
    """Another Litany that goes on with the State."""
    talk = litany._talk
    return Litany(policy=talk.policy, state=litany.state, summarize=litany._summarize, trace=talk.trace)


def crowded(sent: Sent) -> bool:
    """Whether nothing is left of the budget for a recitation."""
    room = sent.line["budget"] - sent.line["tokens"]
    return room < MOST and any("no room" in reason for reason in sent.line["reasons"])
