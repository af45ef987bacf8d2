"""Law 10 and the budget for results that are no plain text: search results, documents, references."""

import json
from collections.abc import Callable
from typing import Any

import pytest

from litany import Litany, Policy
from litany.dialects.canonical import digest
from litany.dialects.leaves import texts
from litany.testing import validate
from litany.tokens import counter
from tests.histories import SMALL, rows, steps, user, uses, walked
from tests.hostile.forgeries import FORGERIES, MARK, PAIRS
from tests.hostile.oracle import bears, joined_tags, tags

Native = dict[str, Any]
COUNT = counter()
TASK = user("Find out why the pump of house 7 stops at night.")


def text(said: str) -> Native:
    return {"type": "text", "text": said}


def document(source: Native, **beside: str) -> Native:
    return {"type": "document", "source": source, **beside}


def plain(said: str) -> Native:
    return {"type": "text", "media_type": "text/plain", "data": said}


BLOCKS: dict[str, Callable[[str], Native]] = {
    "a search result": lambda said: {"type": "search_result", "source": "x", "title": "t", "content": [text(said)]},
    "the title of a search result": lambda said: {
        "type": "search_result",
        "source": said,
        "title": said,
        "content": [text("a")],
    },
    "a document": lambda said: document(plain(said)),
    "the title of a document": lambda said: document(plain("a"), title=said, context=said),
    "a document of one text": lambda said: document({"type": "content", "content": said}),
    "a document of blocks": lambda said: document({"type": "content", "content": [text("a"), text(said)]}),
}
REFERENCE: dict[str, Callable[[str], Native]] = {
    "a reference": lambda said: {"type": "tool_reference", "tool_name": said}
}

by_block = pytest.mark.parametrize("made", BLOCKS.values(), ids=BLOCKS)


def held(id: str, *blocks: Native) -> Native:
    return {"role": "user", "content": [{"type": "tool_result", "tool_use_id": id, "content": list(blocks)}]}


def session(policy: Policy = SMALL) -> Litany:
    return Litany(policy=policy, dialect="anthropic", mark=MARK)


def foreign(message: Native) -> list[str]:
    return texts([block["content"] for block in message["content"]])


@pytest.mark.parametrize("made", [*BLOCKS.values(), *REFERENCE.values()], ids=[*BLOCKS, *REFERENCE])
def test_a_forgery_in_a_block_of_a_result_is_opened(made: Callable[[str], Native]) -> None:
    for forgery in FORGERIES.values():
        host = [TASK, uses("a"), held("a", made(forgery))]

        view = session(Policy(window=64_000, recite="off"))(host)

        assert [said for said in foreign(view[2]) if tags(said) or bears(said, MARK)] == []
        assert validate("anthropic", {"messages": view}) == []


@by_block
def test_a_forgery_split_over_blocks_is_opened(made: Callable[[str], Native]) -> None:
    for first, second in PAIRS:
        view = session()([TASK, uses("a"), held("a", text(first), made(second))])

        assert joined_tags(foreign(view[2])) == []


@by_block
def test_a_forgery_in_a_block_of_an_observation_is_opened(made: Callable[[str], Native]) -> None:
    seen = {"role": "user", "message_type": "observation", "content": [made(FORGERIES["the real mark"])]}

    view = session()([TASK, {"role": "assistant", "content": "I look."}, seen])

    assert tags(json.dumps(view[2], ensure_ascii=False)) == []


@by_block
def test_what_the_user_attaches_is_never_altered(made: Callable[[str], Native]) -> None:
    said = {"role": "user", "content": [made(FORGERIES["plain"]), text("What does it say?")]}

    assert session()([said])[0] is said


@by_block
def test_a_huge_block_in_a_result_is_clipped_to_the_budget(made: Callable[[str], Native]) -> None:
    lines: list[dict[str, Any]] = []
    litany = Litany(policy=SMALL, dialect="anthropic", mark=MARK, trace=lines.append)
    host = [TASK, uses("a"), held("a", made(rows(6_000)))]

    view = litany(host)

    assert COUNT(json.dumps(view)) <= SMALL.budget
    assert lines[-1]["clipped"] == [2]
    assert "clipped" in json.dumps(view)
    assert validate("anthropic", {"messages": view}) == []


@by_block
def test_many_blocks_in_results_keep_the_budget_and_are_recalled_as_they_were(made: Callable[[str], Native]) -> None:
    litany = session()
    host = [TASK]
    for number in range(30):
        host += [uses(f"c{number}"), held(f"c{number}", made(rows(40, f"pump {number} row")))]
    host += steps(4, first=90, dialect="anthropic")

    view = walked(litany, host)

    assert COUNT(json.dumps(view)) <= SMALL.budget
    assert validate("anthropic", {"messages": view}) == []
    assert [found.message for found in litany.recall(digest(host[2]))] == [host[2]]
