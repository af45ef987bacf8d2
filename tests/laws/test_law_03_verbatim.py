"""Law 3: goal, constraints, system text, pins and the latest user message are in every view, byte for byte."""

from hypothesis import given
from hypothesis import strategies as st

from litany import Litany
from tests.laws.drive import Sent, latest_user, scripted, walked
from tests.laws.natives import own_texts, role, texts
from tests.laws.origins import origins
from tests.laws.strategies import ANSWERS, GOALS, RULES, cases, policies, text_only
from tests.laws.writing import Message


@given(st.data())
def test_goal_and_constraints_stand_in_every_view_whatever_the_summarizer_says(data: st.DataObject) -> None:
    case = data.draw(st.one_of(cases(), text_only()))
    goal, rules = data.draw(GOALS), data.draw(RULES)
    walk = walked(case, data.draw(policies(case)), scripted(data.draw(ANSWERS)), goal, rules)

    for sent in walk.sent:
        found = sent.state["agenda"]["goal"]["text"]
        assert goal is None or found == goal
        assert found in "\n".join(texts(next(m for m in sent.record if role(m) == "user"))) or found == goal
        for text in (found, *rules):
            assert text in (case.system or "") or any(text in said for said in told(sent))


@given(st.data())
def test_system_messages_and_the_latest_user_message_stand_in_every_view(data: st.DataObject) -> None:
    case = data.draw(st.one_of(cases(), text_only()))
    walk = walked(case, data.draw(policies(case)), scripted(data.draw(ANSWERS)), data.draw(GOALS), data.draw(RULES))

    for sent in walk.sent:
        whole = {id(origin.message) for origin in origins(sent.record, sent.view) if origin.whole}
        assert all(id(message) in whole for message in sent.record if role(message) == "system")
        latest = sent.record[latest_user(case, sent.record)]
        assert id(latest) in whole or all(text in told(sent) for text in own_texts(latest))


@given(st.data())
def test_the_first_messages_do_not_change_but_by_a_cut(data: st.DataObject) -> None:
    case = data.draw(cases())
    walk = walked(case, data.draw(policies(case)), scripted(data.draw(ANSWERS)), data.draw(GOALS), data.draw(RULES))

    for before, after in zip(walk.sent, walk.sent[1:], strict=False):
        assert after.line["changed"] or before.view[0] == after.view[0] or before.line["due"]


@given(st.data())
def test_a_pinned_message_stands_in_every_view_from_then_on(data: st.DataObject) -> None:
    case = data.draw(cases(thinking=False))
    at, chosen = data.draw(st.integers(1, 8)), data.draw(st.integers(0, 30))
    pinned: list[Message] = []

    def pin(number: int, litany: Litany, record: list[Message]) -> None:
        if number == at:
            before = walk_records[-1]
            pinned.append(before[chosen % len(before)])
            litany.pin(pinned[0])
        walk_records.append(record)

    walk_records: list[list[Message]] = []
    walk = walked(case, data.draw(policies(case)), scripted(data.draw(ANSWERS)), between=pin)

    for sent in walk.sent[at:]:
        assert any(message is pinned[0] for message in sent.view) or neutralised(pinned[0], sent)


@given(st.data())
def test_a_revised_goal_stands_in_every_view_from_then_on(data: st.DataObject) -> None:
    case = data.draw(cases())
    at = data.draw(st.integers(0, 8))
    said = data.draw(st.sampled_from(("Something else entirely.", "request 1", "request")))

    def revise(number: int, litany: Litany, record: list[Message]) -> None:
        if number == at:
            litany.revise(goal=said, constraints=["Say please."])

    walk = walked(case, data.draw(policies(case)), scripted(data.draw(ANSWERS)), data.draw(GOALS), between=revise)

    for sent in walk.sent[at:]:
        assert any(said in text for text in told(sent))
        assert any("Say please." in text for text in told(sent))
        assert sent.state["agenda"]["goal"]["text"] == said


def told(sent: Sent) -> list[str]:
    """The texts of system and user messages, the recitation left out."""
    recital = sent.line["recital"]
    said = [m for m in sent.view if role(m) in ("system", "user")]
    return [
        text for message in said for text in own_texts(message) if text != recital and "<litany mark" not in text[:12]
    ]


def neutralised(message: Message, sent: Sent) -> bool:
    """Whether the message stands there with a forged recitation broken, or with a recitation behind it."""
    shown = [o.message for o in origins(sent.record, sent.view) if o.index >= 0 and sent.record[o.index] is message]
    return bool(shown) and ("litany" in str(message) or "<litany" in texts(shown[0])[-1])
