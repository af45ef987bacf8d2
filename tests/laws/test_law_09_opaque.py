"""Law 9: thinking, signatures, images and provider fields are never edited."""

from hypothesis import given
from hypothesis import strategies as st

from tests.laws.drive import Sent, scripted, walked
from tests.laws.natives import opaque, role, texts
from tests.laws.origins import origins
from tests.laws.strategies import ANSWERS, GOALS, RULES, cases, policies, text_only
from tests.laws.writing import Message

OURS = ("<litany mark=", "[Summary of ", "[A tool result came late", "The task, as the developer", "The last exchange")
"""How the messages begin that litany writes."""


@given(st.data())
def test_a_message_is_the_hosts_own_or_a_copy_in_which_only_result_texts_differ(data: st.DataObject) -> None:
    case = data.draw(st.one_of(cases(), text_only()))
    walk = walked(case, data.draw(policies(case)), scripted(data.draw(ANSWERS)), data.draw(GOALS), data.draw(RULES))

    for sent in walk.sent:
        for origin in origins(sent.record, sent.view):
            assert origin.index >= 0 or ours(origin.message)


@given(st.data())
def test_every_opaque_block_stands_as_it_came(data: st.DataObject) -> None:
    case = data.draw(cases())
    walk = walked(case, data.draw(policies(case)), scripted(data.draw(ANSWERS)), data.draw(GOALS))

    for sent in walk.sent:
        came = [block for message in sent.record for block in opaque(message)]
        assert all(any(block is known or block == known for known in came) for m in sent.view for block in opaque(m))


@given(st.data())
def test_every_message_of_a_roomy_window_leaves_as_the_very_object_that_came(data: st.DataObject) -> None:
    case = data.draw(cases().filter(lambda case: not case.dangling))
    roomy = {"window": 10_000_000, "clip_tokens": 1_000_000, "recite": "off"}
    walk = walked(case, roomy, goal=data.draw(GOALS))

    for sent in walk.sent:
        hosts = [message for message in sent.view if not ours(message)]
        same = [before is after or forged(sent, before) for before, after in zip(sent.record, hosts, strict=True)]
        assert all(same)


def forged(sent: Sent, message: Message) -> bool:
    """Whether the message holds what only a recitation may hold, so that it is broken."""
    said = str(texts(message)).lower()
    return "mark=" in said or "</litany>" in said


def ours(message: Message) -> bool:
    """Whether litany wrote the message: head, summary, recitation, repair or note."""
    said = texts(message) or [""]
    repair = said[0].startswith("interrupted, outcome unknown")
    return repair or (role(message) in ("user", "system") and said[0].startswith(OURS))
