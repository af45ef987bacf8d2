"""Law 2: a valid history gives a view that the strict validators accept."""

from hypothesis import given
from hypothesis import strategies as st

from litany import Litany
from tests.laws.drive import scripted, violations, walked, walked_async
from tests.laws.strategies import ANSWERS, GOALS, RULES, cases, policies, text_only
from tests.laws.writing import NAMED, Message


@given(st.data())
def test_the_provider_accepts_every_view(data: st.DataObject) -> None:
    case = data.draw(st.one_of(cases(), cases(), text_only()))
    policy = data.draw(policies(case))
    walk = walked(case, policy, scripted(data.draw(ANSWERS)), data.draw(GOALS), data.draw(RULES))

    for sent in walk.sent:
        assert violations(case, sent.view) == []


@given(st.data())
def test_the_provider_accepts_every_view_of_a_model_whose_thinking_is_bound(data: st.DataObject) -> None:
    case = data.draw(cases(dialect="anthropic", thinking=True))
    policy = data.draw(policies(case))
    walk = walked(case, policy, scripted(data.draw(ANSWERS)), data.draw(GOALS), data.draw(RULES))

    for sent in walk.sent:
        assert violations(case, sent.view) == []


@given(st.data())
def test_the_provider_accepts_every_view_of_async_litany(data: st.DataObject) -> None:
    case = data.draw(cases())
    walk = walked_async(case, data.draw(policies(case)), scripted(data.draw(ANSWERS)), data.draw(GOALS))

    for sent in walk.sent:
        assert violations(case, sent.view) == []


@given(st.data())
def test_a_system_message_in_mid_conversation_carries_a_recitation_where_the_provider_takes_it(
    data: st.DataObject,
) -> None:
    case = data.draw(cases(dialect="anthropic"))
    walk = walked(case, data.draw(policies(case, carrier="system", recite="every")), scripted(data.draw(ANSWERS)))

    for sent in walk.sent:
        assert violations(case, sent.view, carrier="system") == []


@given(st.data())
def test_the_provider_accepts_every_view_of_calls_and_responses_that_bear_only_names(data: st.DataObject) -> None:
    case = data.draw(cases(dialect="gemini", form=NAMED))
    walk = walked(case, data.draw(policies(case)), scripted(data.draw(ANSWERS)), data.draw(GOALS), data.draw(RULES))

    for sent in walk.sent:
        assert violations(case, sent.view) == []


@given(st.data())
def test_the_provider_accepts_every_view_in_which_messages_are_pinned(data: st.DataObject) -> None:
    case = data.draw(cases(thinking=False))
    chosen = data.draw(st.lists(st.integers(0, 60), min_size=1, max_size=3))

    def pin(number: int, litany: Litany, record: list[Message]) -> None:
        for place in chosen if number else ():
            if place < len(seen[-1]):
                litany.pin(place)
        seen.append(record)

    seen: list[list[Message]] = []
    walk = walked(case, data.draw(policies(case)), scripted(data.draw(ANSWERS)), between=pin)

    for sent in walk.sent:
        assert violations(case, sent.view) == []
