"""How a request finds its conversation: names with any sign in them, forks, and what went on meanwhile."""

import pytest

from litany import MemoryStore
from litany.middleware.shared.finding import found, still
from litany.middleware.shared.live import Lives
from litany.middleware.shared.request import Request
from tests.histories import says, steps, user
from tests.middleware.shared.test_door import HOST, TOOLS, Native, door, todo, todos


def test_an_exact_key_with_a_tilde_is_not_taken_for_another_ones() -> None:
    shared = door()
    shared.open(HOST[:3], tools=TOOLS, key="user~7", exact=True).answer(todo("look behind the valve"))

    assert todos(shared, HOST[:5], key="user~7") == ["look behind the valve"]
    assert todos(shared, HOST[:5], key="user") == []


@pytest.mark.parametrize("name", [None, "thread-1", "user~7", "~x", "a~~b"])
def test_an_exact_key_tells_the_name_that_the_host_gave(name: str | None) -> None:
    request = Request(HOST, key=name)

    for key in (request.name(3), request.opened(1), f"{request.name(3)}.2"):
        assert Request(HOST, key=key, exact=True).root == name
    assert name is None or Request(HOST, key=name, exact=True).root == name


def test_what_left_the_shared_opening_is_recalled_by_each_that_parts_from_it() -> None:
    shared = door()
    opening: list[Native] = [user("Mend the pump."), *steps(40)]
    before = shared.open(opening)

    parted = [shared.open([*opening, says(text), user("Go on.")]) for text in ("Left?", "Right?")]

    assert before.shared
    assert len({exchange.key for exchange in parted}) == 2
    assert len(before.view) < len(opening)
    for exchange in parted:
        assert opening[2] in [item.message for item in exchange.recall("step 1 row 0")]


def test_a_request_whose_conversation_went_another_way_meanwhile_is_found_anew() -> None:
    store = MemoryStore()
    door(store=store).open(HOST[:3], tools=TOOLS, key="thread-1")
    lives = Lives(store, door(store=store)._talk)
    request, exact = (Request(HOST[:5], None, TOOLS, "thread-1", exact=exact) for exact in (False, True))
    places = [found(asked, lives, None, ()) for asked in (request, exact)]

    assert [still(request, place, store) for place in places] == [place.version for place in places]
    door(store=store).open([*HOST[:3], says("I stop here."), user("Do go on.")], tools=TOOLS, key="thread-1")

    assert still(request, places[0], store) is None
    assert still(exact, places[1], store) == places[1].version + 1
