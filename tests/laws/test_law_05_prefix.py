"""Law 5: between two cuts each view starts with the bytes of the view before, up to an ephemeral recitation."""

from hypothesis import given
from hypothesis import strategies as st

from tests.laws.drive import Sent, dumped, scripted, walked
from tests.laws.strategies import ANSWERS, GOALS, RULES, cases, policies, text_only
from tests.laws.writing import Message


@given(st.data())
def test_a_view_starts_with_the_view_before_unless_there_was_a_cut(data: st.DataObject) -> None:
    case = data.draw(st.one_of(cases(), text_only()))
    walk = walked(case, data.draw(policies(case)), scripted(data.draw(ANSWERS)), data.draw(GOALS), data.draw(RULES))

    for before, after in zip(walk.sent, walk.sent[1:], strict=False):
        stays = lasting(before)
        if not after.line["changed"]:
            assert list(map(dumped, after.view[: len(stays)])) == list(map(dumped, stays))


@given(st.data())
def test_a_kept_recitation_stays_where_it_was_placed(data: st.DataObject) -> None:
    case = data.draw(cases())
    walk = walked(case, data.draw(policies(case, keep_recitations=True, recite="every")), scripted(data.draw(ANSWERS)))

    for before, after in zip(walk.sent, walk.sent[1:], strict=False):
        if not after.line["changed"]:
            assert dumped(after.view[: len(before.view)]) == dumped(before.view)


@given(st.data())
def test_a_cut_is_traced_with_its_reason(data: st.DataObject) -> None:
    case = data.draw(cases())
    walk = walked(case, data.draw(policies(case)), scripted(data.draw(ANSWERS)), data.draw(GOALS), data.draw(RULES))

    for sent in walk.sent:
        cuts = sent.line["compacted"] or sent.line["cleared"]
        assert sent.line["changed"] or not cuts
        assert sent.line["reasons"] or not sent.line["changed"]


def lasting(sent: Sent) -> list[Message]:
    """The view without what an ephemeral recitation ends."""
    return sent.view[:-1] if sent.line["recital"] and not sent.line["kept"] else sent.view
