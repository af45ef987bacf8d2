"""Law 8: every message that left a view comes back byte for byte by its handle."""

import json
import re

from hypothesis import given
from hypothesis import strategies as st

from litany import Litany
from litany.dialects.canonical import digest
from tests.laws.drive import Walk, dumped, scripted, walked
from tests.laws.natives import stands, texts
from tests.laws.strategies import ANSWERS, GOALS, cases, policies, text_only

HANDLE = re.compile(r'recall\("(s?[0-9a-f]{16})"')
SPAN = re.compile(r'recall\("(s[0-9a-f]{16})"\) lists')


@given(st.data())
def test_what_left_a_view_comes_back_by_its_handle_from_the_archive(data: st.DataObject) -> None:
    case = data.draw(st.one_of(cases(), text_only()))
    policy = data.draw(policies(case, carrier="user"))  # in a result a recitation stands behind the whole text
    walk = walked(case, policy, scripted(data.draw(ANSWERS)), data.draw(GOALS))
    later = reopened(walk)

    for sent in walk.sent:
        for message in sent.record:
            if not stands(message, sent.view):
                assert dumped(later.recall(digest(message))[0].message) == dumped(message)


@given(st.data())
def test_every_handle_that_stands_in_a_view_gives_messages_of_the_record(data: st.DataObject) -> None:
    case = data.draw(st.one_of(cases(), text_only()))
    walk = walked(case, data.draw(policies(case)), scripted(data.draw(ANSWERS)), data.draw(GOALS))
    later = reopened(walk)

    for sent in walk.sent:
        for handle in {found for message in sent.view for text in texts(message) for found in HANDLE.findall(text)}:
            recalled = later.recall(handle)
            assert recalled
            assert all(dumped(item.message) == dumped(sent.record[item.index]) for item in recalled)


@given(st.data())
def test_the_handle_in_a_summary_lists_all_that_it_stands_for(data: st.DataObject) -> None:
    case = data.draw(st.one_of(cases(), text_only()))
    walk = walked(case, data.draw(policies(case)), scripted(data.draw(ANSWERS)), data.draw(GOALS))
    later = reopened(walk)

    for sent in walk.sent:
        cut = sent.state["cut"]
        handles = [found for message in sent.view for text in texts(message) for found in SPAN.findall(text)]
        if handles and cut:
            listed = {item.index for item in later.recall(handles[0])}
            gone = {at for at, message in enumerate(sent.record[: cut["end"]]) if not stands(message, sent.view)}
            assert {dumped(sent.record[at]) for at in gone} <= {dumped(sent.record[at]) for at in listed}


@given(st.data())
def test_the_tool_gives_back_what_recall_gives(data: st.DataObject) -> None:
    case = data.draw(cases())
    walk = walked(case, data.draw(policies(case)), scripted(data.draw(ANSWERS)))
    assert isinstance(walk.litany, Litany)

    for message in walk.sent[-1].record if walk.sent else ():
        asked = {"name": "recall", "arguments": dumped({"query": digest(message), "part": 1})}
        call = {"id": "r", "type": "function", "function": asked}
        assert walk.litany.answer(call)[:20] in json.dumps(message, ensure_ascii=False)


def reopened(walk: Walk) -> Litany:
    """Another Litany over the same store, which has read no record."""
    return Litany(store=walk.store, key="walk")
