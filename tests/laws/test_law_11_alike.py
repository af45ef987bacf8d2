"""Law 11: sync equals async; many conversations, one store, retries and resumes give the same views."""

import json
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor

from hypothesis import given
from hypothesis import strategies as st

from litany import Litany, Policy
from litany.archive import MemoryStore
from tests.laws.drive import TOOLS, dumped, scripted, violations, walked, walked_async
from tests.laws.strategies import ANSWERS, GOALS, RULES, cases, policies, text_only
from tests.laws.writing import MARK, Message


@given(st.data())
def test_async_litany_gives_the_views_of_litany(data: st.DataObject) -> None:
    case = data.draw(st.one_of(cases(), text_only()))
    policy, answers = data.draw(policies(case)), data.draw(ANSWERS)
    goal, rules = data.draw(GOALS), data.draw(RULES)
    walk = walked(case, policy, scripted(answers), goal, rules)
    other = walked_async(case, policy, scripted(answers), goal, rules)

    assert [dumped(sent.view) for sent in walk.sent] == [dumped(sent.view) for sent in other.sent]
    assert [sent.state for sent in walk.sent] == [sent.state for sent in other.sent]
    assert [sent.line for sent in walk.sent] == [sent.line for sent in other.sent]
    assert str(walk.refused) == str(other.refused)


@given(st.data())
def test_a_retry_sees_the_same_view(data: st.DataObject) -> None:
    case = data.draw(st.one_of(cases(), text_only()))
    walk = walked(case, data.draw(policies(case)), scripted(data.draw(ANSWERS)), data.draw(GOALS), data.draw(RULES))
    policy, answers = walk.policy, scripted(data.draw(ANSWERS))
    litany = Litany(policy=policy, summarize=answers, dialect=case.dialect, mark=MARK)

    for sent in walk.sent:
        first = litany(sent.record, system=case.system, tools=TOOLS[case.dialect])
        assert dumped(litany(sent.record, system=case.system, tools=TOOLS[case.dialect])) == dumped(first)
        copied = json.loads(json.dumps(sent.record))
        assert dumped(litany(copied, system=case.system, tools=TOOLS[case.dialect])) == dumped(first)


@given(st.data())
def test_a_resumed_conversation_gives_the_views_that_it_would_have_given(data: st.DataObject) -> None:
    case = data.draw(st.one_of(cases(), text_only()))
    policy = data.draw(policies(case))
    at = data.draw(st.integers(0, 10))
    goal = data.draw(GOALS)

    def resume(number: int, litany: Litany, record: list[Message]) -> Litany | None:
        talk = litany._talk
        state = json.loads(json.dumps(litany.state))
        return Litany(policy=talk.policy, state=state, trace=talk.trace, dialect=case.dialect) if number >= at else None

    walk = walked(case, policy, None, goal)
    other = walked(case, policy, None, goal, between=resume)

    assert [dumped(sent.view) for sent in other.sent] == [dumped(sent.view) for sent in walk.sent]
    assert [sent.state for sent in other.sent] == [sent.state for sent in walk.sent]


@given(st.data())
def test_conversations_side_by_side_get_the_views_that_each_would_get_alone(data: st.DataObject) -> None:
    several = [data.draw(cases(most=6)) for _ in range(3)]
    chosen = [data.draw(policies(case)) for case in several]
    alone = [walked(case, policy) for case, policy in zip(several, chosen, strict=True)]
    store = MemoryStore()
    talks = [
        Litany(policy=Policy(**policy), store=store, key=f"talk {number}", mark=MARK, dialect=case.dialect)
        for number, (case, policy) in enumerate(zip(several, chosen, strict=True))
    ]

    for step in range(max(len(walk.sent) for walk in alone)):
        for walk, litany in zip(alone, talks, strict=True):
            if step < len(walk.sent):
                sent, case = walk.sent[step], walk.case
                assert dumped(litany(sent.record, system=case.system, tools=TOOLS[case.dialect])) == dumped(sent.view)


@given(st.data())
def test_two_on_one_key_never_lose_anything_when_one_is_overtaken(data: st.DataObject) -> None:
    case = data.draw(cases(thinking=False))
    policy = Policy(**data.draw(policies(case)))
    walk = walked(case, {"window": 1_000_000})
    store = MemoryStore()
    other = Litany(policy=policy, store=store, key="one", dialect=case.dialect, mark=MARK)
    written: list[str] = []
    quiet = [False]

    def summarize(messages: Sequence[object], prompt: str) -> object:
        if not quiet[0]:
            quiet[0] = True
            written.append(f"written {len(written)}")
            other.answer(noting(written[-1]))
        return "- went well"

    litany = Litany(policy=policy, store=store, key="one", dialect=case.dialect, mark=MARK, summarize=summarize)
    for sent in walk.sent:
        quiet[0] = False
        view = litany(sent.record, system=case.system, tools=TOOLS[case.dialect])
        assert violations(case, view) == []
        assert set(written) <= {note.text for note in litany.agenda.notes}


@given(st.data())
def test_threads_on_one_key_see_no_error_and_lose_no_todo(data: st.DataObject) -> None:
    case = data.draw(cases(thinking=False, most=6))
    policy = Policy(**data.draw(policies(case)))
    walk = walked(case, {"window": 1_000_000})
    store = MemoryStore()

    def work(name: int) -> list[list[Message]]:
        litany = Litany(policy=policy, store=store, key="one", dialect=case.dialect, mark=MARK)
        views = []
        for number, sent in enumerate(walk.sent):
            views.append(litany(sent.record, system=case.system, tools=TOOLS[case.dialect]))
            litany.answer(noting(f"by {name}: {number}"))
        return views

    with ThreadPoolExecutor(3) as pool:
        for views in pool.map(work, range(3)):
            assert all(violations(case, view) == [] for view in views)

    notes = [note.text for note in Litany(store=store, key="one").agenda.notes]
    assert sorted(notes) == sorted(f"by {name}: {number}" for name in range(3) for number in range(len(walk.sent)))


def noting(text: str) -> Message:
    return {"id": text, "name": "note", "input": {"content": text}}
