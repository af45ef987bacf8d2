"""One smaller view for the retry after a provider refused the last one."""

import json
from typing import Any

import pytest

from litany import Litany, Policy, WindowTooSmall
from litany.testing import validate
from tests.histories import calls, request, result, returns, rows, spoken, steps, thinks, user, uses
from tests.laws.natives import texts

GOAL = "Find out why the storage bill of March is wrong, and say which day was counted twice."


def openai(turns: int) -> list[Any]:
    return [user(GOAL), *steps(turns, 40)]


def anthropic(turns: int) -> list[Any]:
    return [user(GOAL), *(part for n in range(turns) for part in (uses(f"u{n}"), returns(f"u{n}", rows(40))))]


def responses(turns: int) -> list[Any]:
    return [user(GOAL), *steps(turns, 40, dialect="responses")]


def gemini(turns: int) -> list[Any]:
    return [spoken("gemini", GOAL), *steps(turns, 40, dialect="gemini")]


def bound(turns: int) -> list[Any]:
    parts = ((uses(f"u{n}", thinks(f"thought {n}")), returns(f"u{n}", rows(40))) for n in range(turns))
    return [user(GOAL), *(message for pair in parts for message in pair)]


@pytest.mark.parametrize("history", [openai, anthropic, bound, responses, gemini])
@pytest.mark.parametrize(("window", "turns"), [(2_000, 2), (4_000, 3), (32_000, 2), (32_000, 9), (32_000, 60)])
def test_a_shrunk_view_is_smaller_valid_and_ends_with_the_recital(history: Any, window: int, turns: int) -> None:
    lines: list[dict[str, Any]] = []
    litany = Litany(policy=Policy(window=window), trace=lines.append)
    messages = history(turns)
    litany(messages)

    view = litany.shrink(messages)

    dialect = "anthropic" if history is bound else history.__name__
    assert lines[-1]["tokens"] < lines[-2]["tokens"]
    assert validate(dialect, request(dialect, view)) == []
    assert GOAL in json.dumps(view)
    assert lines[-1]["due"]
    assert texts(view[-1])[-1].endswith(lines[-1]["recital"])
    assert litany(messages) == view


def test_a_second_shrink_of_the_same_record_is_refused_and_a_longer_record_goes_on() -> None:
    litany = Litany(policy=Policy(window=8_000))
    messages = openai(20)
    litany(messages)
    litany.shrink(messages)

    with pytest.raises(WindowTooSmall, match="lower it"):
        litany.shrink(messages)

    assert litany([*messages, calls("more"), result("more", "ok")])


def test_after_a_refusal_later_views_stay_below_what_was_refused() -> None:
    lines: list[dict[str, Any]] = []
    litany = Litany(policy=Policy(window=32_000), trace=lines.append)
    messages = openai(30)
    litany(messages)
    refused = lines[-1]["tokens"]
    litany.shrink(messages)

    for turns in range(31, 60):
        messages = [*messages, *steps(1, 40, first=turns)]
        litany(messages)

    assert max(line["tokens"] for line in lines[2:]) < refused


def test_a_resumed_conversation_shrinks_what_it_would_have_sent() -> None:
    first = Litany(policy=Policy(window=8_000))
    messages = openai(20)
    sent = first(messages)

    view = Litany(policy=Policy(window=8_000), state=first.state).shrink(messages)

    assert len(json.dumps(view)) < len(json.dumps(sent))
