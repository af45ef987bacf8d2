"""Law 1: no view parts a call from its result, reorders, duplicates or invents one."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from litany import Litany, Policy
from litany.errors import PairError
from tests.laws.drive import dumped, scripted, violations, walked
from tests.laws.natives import answered, called, orphan, repairs
from tests.laws.origins import origins
from tests.laws.strategies import ANSWERS, cases, policies

INTERRUPTED = "interrupted, outcome unknown"


@given(st.data())
def test_what_a_view_shows_stands_in_the_order_of_the_record_and_once(data: st.DataObject) -> None:
    case = data.draw(cases())
    walk = walked(case, data.draw(policies(case)), scripted(data.draw(ANSWERS)))

    for sent in walk.sent:
        late = {at for at, message in enumerate(sent.record) if set(answered(message)) & case.late}
        shown = [origin.index for origin in origins(sent.record, sent.view) if origin.index >= 0]
        in_order = [index for index in shown if index not in late]
        assert in_order == sorted(set(in_order))
        assert len(shown) == len(set(shown))


@given(st.data())
def test_every_call_in_a_view_is_answered_once_right_behind_it(data: st.DataObject) -> None:
    case = data.draw(cases())
    walk = walked(case, data.draw(policies(case)), scripted(data.draw(ANSWERS)))

    for sent in walk.sent:
        made = [id for message in sent.view for id in called(message)]
        results = [id for message in sent.view for id in answered(message)]
        assert sorted(made) == sorted(results)
        assert not violations(case, sent.view)


@given(st.data())
def test_a_repair_answers_a_call_that_nobody_answered_and_never_enters_the_record(data: st.DataObject) -> None:
    case = data.draw(cases())
    walk = walked(case, data.draw(policies(case)), scripted(data.draw(ANSWERS)))

    for sent in walk.sent:
        assert dumped(sent.record) == sent.before
        real = {id for message in sent.record for id in answered(message)}
        repaired = [id for message in sent.view for id in repairs(message, INTERRUPTED)]
        assert len(repaired) == len(set(repaired))
        assert not set(repaired) & (real - {id for id in real if id.startswith("functions.")})
        assert set(repaired) <= case.dangling


@given(st.data())
def test_a_late_result_takes_the_place_of_its_repair(data: st.DataObject) -> None:
    case = data.draw(cases().filter(lambda case: case.late))
    walk = walked(case, {"window": 100_000})

    last = walk.sent[-1]
    assert not {id for message in last.view for id in repairs(message, INTERRUPTED)} & case.late
    shown = origins(last.record, last.view)
    assert all(origin.index >= 0 for origin in shown if set(answered(origin.message)) & case.late)


@given(st.data())
def test_a_result_without_a_call_is_refused_and_changes_nothing(data: st.DataObject) -> None:
    case = data.draw(cases(most=4))
    litany = Litany(policy=Policy(window=8_000), dialect=case.dialect)
    litany([*case.turns[0].after], system=case.system)
    before = litany.state
    at = data.draw(st.integers(0, len(case.record)))

    with pytest.raises(PairError, match=r"messages\[\d+\]"):
        litany([*case.record[:at], orphan(case.dialect), *case.record[at:]], system=case.system)

    assert litany.state == before
