"""The laws over random conversations through each wrapped client, over HTTP, with cuts and a refused call."""

import json
from typing import Any

import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from litany.errors import WindowTooSmall
from tests.adapters.asked import MARKS
from tests.adapters.clients.hosts import HOSTS, Host
from tests.adapters.clients.walk import Called, plainly, sendable, walked
from tests.histories import steps, user
from tests.laws.natives import texts
from tests.laws.strategies import RULES, Case, Turn, cases, policies

pytestmark = MARKS[1:]
GOALS = st.sampled_from((None, "Mend the parser, keep the tests green.", "Ship the release.\nIn two lines. " * 3))
ROOM = st.sampled_from((2_000, 3_000, 4_000))


@pytest.mark.parametrize("host", [host.mark for host in HOSTS])
@settings(max_examples=4)
@given(data=st.data())
def test_every_law_holds_on_every_call_of_a_wrapped_client(host: Host, data: st.DataObject) -> None:
    case = data.draw(cases(dialect=written(host), most=10))
    assume(host.dialect != "responses" or unrepeated(case))
    goal, rules = data.draw(GOALS), data.draw(RULES)
    policy = data.draw(policies(case, window=data.draw(ROOM)))
    policy["carrier"] = "user" if policy["carrier"] == "system" and "litellm" in host.name else policy["carrier"]
    refuses = data.draw(st.integers(0, max(0, len(case.turns) - 2)))

    for number, called in enumerate(walked(host, case, policy, refuses, goal, rules)):
        accepted(called)
        stands(called, case.system, goal, rules)
        recited(called)
        tried(called, number == refuses)
        answered(called)


@pytest.mark.parametrize("host", [host.mark for host in HOSTS])
def test_a_long_run_is_cut_and_mended_and_recited_through_a_wrapped_client(host: Host) -> None:
    walk = walked(
        host, long(written(host)), {"window": 3_000, "recite": ("turns", 3)}, 9, "Mend the parser.", ["Be brief."]
    )

    for number, called in enumerate(walk):
        accepted(called)
        stands(called, None, "Mend the parser.", ["Be brief."])
        recited(called)
        tried(called, number == 9)
        answered(called)
    assert len(walk) == 14
    assert len(walk[9].requests) == 2
    assert any(line["compacted"] for called in walk for line in called.lines)
    assert sum(bool(line["recital"]) for called in walk for line in called.lines) >= 4


def long(dialect: str) -> Case:
    """Fourteen calls, each with a result of some hundred tokens."""
    natives = steps(14, dialect=dialect)
    turns = [Turn((), (user("Look at fourteen pages."),))]
    turns += [Turn((natives[place],), (natives[place + 1],)) for place in range(0, len(natives), 2)]
    return Case(dialect, tuple(turns))


def written(host: Host) -> str:
    """The dialect that a case is drawn in: of Responses the items are made of chat messages."""
    return "openai" if host.dialect == "responses" else host.dialect


def unrepeated(case: Case) -> bool:
    """Whether each call has an id of its own, as Responses demands."""
    ids = [call["id"] for turn in case.turns for reply in turn.reply for call in reply.get("tool_calls", ())]
    return len(ids) == len(set(ids))


def accepted(called: Called) -> None:
    for request in called.requests:
        assert request.violations == (), request.violations


def stands(called: Called, system: str | None, goal: str | None, rules: Any) -> None:
    """Goal, constraints, system text and the latest request are in every view, verbatim."""
    for request in called.requests:
        told = [text for message in messages(request) if message.get("role") != "assistant" for text in texts(message)]
        for text in (*([goal] if goal else []), *rules):
            assert text in (system or "") or any(text in part for part in told)
        assert system is None or system in json.dumps(request.body, ensure_ascii=False) or "\\n" in json.dumps(system)


def recited(called: Called) -> None:
    """What the trace says is recited is what the model reads last, also on the call that cuts and on the retry."""
    for request, line in zip(called.requests, called.lines, strict=False):
        if line["due"] and line["recital"]:
            assert ending(messages(request)[-1]).endswith(line["recital"])
        if line["compacted"]:
            assert line["due"]


def tried(called: Called, refused: bool) -> None:
    """A refused request is sent once more, smaller; nothing else is sent twice."""
    if isinstance(called.error, WindowTooSmall):
        assert called.requests == []
    elif refused and called.error is None and called.got != []:
        first, second = called.lines
        assert second["tokens"] < first["tokens"]
        assert len(called.requests) == 2
        assert messages(called.requests[0]) != messages(called.requests[1])
    else:
        assert len(called.requests) == 1


def answered(called: Called) -> None:
    """The answer is the provider's own, streamed or not."""
    if called.got:
        assert plainly(called.got) == plainly(sendable(called.reply))


def ending(message: Any) -> str:
    """The last text of a message or an item."""
    return texts({"role": "user", "content": message["output"]} if "output" in message else message)[-1]


def messages(request: Any) -> Any:
    return request.body.get("messages") or request.body["input"]
