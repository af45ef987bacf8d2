"""The store in memory: what left a view is found again, by handle or by words."""

import json

from litany.archive import MOST_FOUND, Kept, MemoryStore, found
from litany.core.state import Cut, State
from tests.histories import result

PUMP = Kept("aa11", 2, json.dumps(result("a", "the float switch sticks at night")))
RELAY = Kept("bb22", 4, json.dumps(result("b", "the relay clicks twice at night")))
DOOR = Kept("cc33", 6, json.dumps(result("c", "Tür öffnet nach außen")))
CUT = Cut(end=5, at="hash", kept=(), place=0, text="", tokens=0, said=0, summary={}, identifiers=(), number=1)


def stocked() -> MemoryStore:
    store = MemoryStore()
    assert store.save("k", 0, State("m"), [RELAY, PUMP], "")
    version, _ = store.load("k") or (0, None)
    assert store.save("k", version, State("m", cut=CUT), [DOOR], "span")
    return store


def test_a_message_comes_back_by_its_handle() -> None:
    assert list(stocked().find("k", "bb22")) == [RELAY]


def test_a_span_gives_all_that_left_before_the_cut_in_the_order_of_the_record() -> None:
    assert list(stocked().find("k", "span")) == [PUMP, RELAY]


def test_what_nobody_kept_is_not_found() -> None:
    store = stocked()

    assert (list(store.find("k", "zz")), list(store.find("other", "aa11")), store.load("other")) == ([], [], None)


def test_words_find_the_best_match_first_and_the_newest_among_equals() -> None:
    store = stocked()

    assert store.search("k", "Float switch, at night?") == [PUMP, RELAY]
    assert store.search("k", "night") == [RELAY, PUMP]
    assert store.search("k", "window") == []


def test_words_beyond_ascii_are_found_as_they_read() -> None:
    assert stocked().search("k", "TÜR außen") == [DOOR]


def test_a_search_gives_the_newest_few_of_many() -> None:
    many = [Kept(f"h{place}", place, json.dumps(result("a", f"night {place}"))) for place in range(50)]

    assert [item.index for item in found(many, "night")] == list(range(49, 49 - MOST_FOUND, -1))


def test_a_save_over_an_older_version_is_refused_and_saves_nothing() -> None:
    store = stocked()
    before = store.load("k")
    late = Kept("dd44", 8, json.dumps(result("d", "late")))

    assert not store.save("k", 0, State("other"), [late], "")
    assert store.load("k") == before
    assert list(store.find("k", "dd44")) == []
