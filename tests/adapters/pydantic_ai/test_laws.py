"""The laws over random histories of Pydantic AI's messages."""

import asyncio
import copy
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

pytest.importorskip("pydantic_ai", reason="needs Pydantic AI: make test-adapters HOSTS=pydantic-ai")

from pydantic_ai.messages import ModelMessagesTypeAdapter

from litany import AsyncLitany, Litany, Policy
from litany.adapters.pydantic_ai.messages import PydanticAI
from litany.adapters.pydantic_ai.pieces import Piece, Pieces, joined, taken
from litany.errors import WindowTooSmall
from tests.adapters.clients.walk import sendable
from tests.adapters.pydantic_ai.turned import names, request, response
from tests.laws.drive import COUNT, scripted
from tests.laws.strategies import ANSWERS, GOALS, RULES, Case, cases, policies
from tests.laws.writing import MARK

DIALECT = PydanticAI()
CASES = st.one_of(cases(dialect="openai"), cases(dialect="anthropic"))


@dataclass(frozen=True, slots=True)
class Step:
    """One call: the host's messages, the view, what is sent, the trace's line."""

    record: list[Any]
    view: list[Piece]
    sent: list[Any]
    line: dict[str, Any]


@dataclass(slots=True)
class Walk:
    """A conversation that was walked; it ends early where what must be sent did not fit."""

    litany: Litany
    policy: Policy
    steps: list[Step] = field(default_factory=list)


def walked(
    case: Case, policy: dict[str, Any], summarize: Any = None, goal: str | None = None, rules: Sequence[str] = ()
) -> Walk:
    lines: list[dict[str, Any]] = []
    own = Policy(**policy)
    litany = Litany(goal, rules, own, summarize=summarize, trace=lines.append, dialect=DIALECT, mark=MARK)
    walk, pieces = Walk(litany, own), Pieces()
    for record in records(case):
        try:
            view = litany(pieces.of(record), system=case.system)
        except WindowTooSmall:
            break
        walk.steps.append(Step(record, view, joined(view), lines[-1]))
    return walk


def records(case: Case) -> Iterator[list[Any]]:
    """The host's messages at each call."""
    record: list[Any] = []
    tools = names(case)
    for turn in case.turns:
        record = [*record, *response(sendable(turn.reply)), *request(sendable(turn.after), tools)]
        yield record


@given(st.data())
def test_pieces_give_the_very_messages_that_they_were_taken_from(data: st.DataObject) -> None:
    case = data.draw(CASES)
    record = list(records(case))[-1]

    again = joined(Pieces().of(record))

    alone = [n for n, message in enumerate(record) if not (n and message.kind == record[n - 1].kind == "request")]
    assert all(any(record[place] is message for message in again) for place in alone if alternates(record, place))
    assert parts(again) == parts(record)


@given(st.data())
def test_what_a_view_shows_unchanged_is_the_very_object_that_came(data: st.DataObject) -> None:
    case = data.draw(CASES)
    walk = walked(case, data.draw(policies(case)), scripted(data.draw(ANSWERS)), data.draw(GOALS), data.draw(RULES))

    for step in walk.steps:
        came = [part for message in step.record for part in held(message)]
        for message in step.sent:
            for part in held(message):
                assert any(part is own for own in came) or written(part) or any(alike(own, part) for own in came)


@given(st.data())
def test_calls_and_results_stay_together_in_order(data: st.DataObject) -> None:
    case = data.draw(CASES)
    walk = walked(case, data.draw(policies(case)), scripted(data.draw(ANSWERS)), data.draw(GOALS))

    for step in walk.steps:
        waiting: list[str] = []
        for message in step.sent:
            if message.kind == "response":
                assert waiting == []
                waiting = [part.tool_call_id for part in message.parts if part.part_kind == "tool-call"]
                continue
            answers = [part.tool_call_id for part in message.parts if part.part_kind == "tool-return"]
            assert sorted(answers) == sorted(waiting)
            assert all(part.part_kind == "tool-return" for part in message.parts[: len(answers)])
            waiting = []
        assert waiting == []


@given(st.data())
def test_goal_constraints_system_text_and_latest_request_stand_in_every_view(data: st.DataObject) -> None:
    case = data.draw(CASES)
    goal, rules = data.draw(GOALS), data.draw(RULES)
    walk = walked(case, data.draw(policies(case)), scripted(data.draw(ANSWERS)), goal, rules)

    for step in walk.steps:
        told = "\n".join(texts(step.sent))
        assert all(text in told or text in (case.system or "") for text in (*([goal] if goal else []), *rules))
        came = [part for message in step.record if message.kind == "request" for part in message.parts]
        stays = [part for part in came if part.part_kind == "system-prompt"]
        latest = [part for part in came if part.part_kind == "user-prompt"][-1:]
        sent = [part for message in step.sent for part in held(message)]
        assert all(any(part is own for own in sent) for part in (*stays, *latest))


@given(st.data())
def test_a_due_recitation_is_the_last_part_also_on_the_call_that_compacts(data: st.DataObject) -> None:
    case = data.draw(CASES)
    walk = walked(case, data.draw(policies(case)), scripted(data.draw(ANSWERS)), data.draw(GOALS), data.draw(RULES))

    for step in walk.steps:
        if step.line["due"] and step.line["recital"]:
            assert texts(step.sent[-1:])[-1].endswith(step.line["recital"])
        assert step.line["due"] or not step.line["compacted"]


@given(st.data())
def test_a_view_starts_with_the_view_before_and_keeps_the_budget(data: st.DataObject) -> None:
    case = data.draw(CASES)
    walk = walked(case, data.draw(policies(case)), scripted(data.draw(ANSWERS)), data.draw(GOALS), data.draw(RULES))

    for step in walk.steps:
        assert sum(DIALECT.read(piece, COUNT, False).tokens for piece in step.view) <= walk.policy.budget
    for before, after in zip(walk.steps, walk.steps[1:], strict=False):
        if not after.line["changed"]:
            ephemeral = before.line["recital"] and not before.line["kept"]
            stays = before.view[:-1] if ephemeral else before.view
            assert list(map(DIALECT.plain, after.view[: len(stays)])) == list(map(DIALECT.plain, stays))


@given(st.data())
def test_what_left_a_view_comes_back_as_it_was(data: st.DataObject) -> None:
    case = data.draw(CASES)
    walk = walked(case, data.draw(policies(case)), scripted(data.draw(ANSWERS)))

    for step in walk.steps[-1:]:
        for piece in (piece for message in step.record for piece in taken(message)):
            if not any(piece.part is other.part for other in step.view):
                found = walk.litany.recall(DIALECT.digest(piece))[0].message
                (message,) = ModelMessagesTypeAdapter.validate_python([found])
                assert "".join(map(DIALECT.plain, taken(message))) == DIALECT.plain(piece)


@given(st.data())
def test_a_retry_and_equal_copies_give_the_same_view_and_so_does_async_litany(data: st.DataObject) -> None:
    case = data.draw(CASES)
    goal = data.draw(GOALS)
    walk = walked(case, data.draw(policies(case)), None, goal)

    async def views() -> list[list[str]]:
        litany = AsyncLitany(goal, policy=walk.policy, dialect=DIALECT, mark=MARK)
        found = []
        for step in walk.steps:
            first = await litany(Pieces().of(step.record), system=case.system)
            again = await litany(Pieces().of(copy.deepcopy(step.record)), system=case.system)
            assert list(map(DIALECT.plain, again)) == list(map(DIALECT.plain, first))
            found.append(list(map(DIALECT.plain, first)))
        return found

    assert asyncio.run(views()) == [list(map(DIALECT.plain, step.view)) for step in walk.steps]


def held(message: Any) -> list[Any]:
    """What the message holds: a response is one thing."""
    return [message] if message.kind == "response" else list(message.parts)


def parts(messages: Sequence[Any]) -> list[int]:
    return [id(part) for message in messages for part in message.parts]


def alternates(record: Sequence[Any], place: int) -> bool:
    """Whether no other request stands beside this one."""
    beside = (record[place - 1 : place], record[place + 1 : place + 2])
    return not any(other and other[0].kind == record[place].kind for other in beside)


def written(part: Any) -> bool:
    """Whether litany wrote it: a head, a summary, a recitation, a note of a late result, or a repair."""
    return getattr(part, "outcome", "") == "interrupted" or getattr(part, "part_kind", "") in (
        "user-prompt",
        "system-prompt",
    )


def alike(own: Any, part: Any) -> bool:
    """Whether it is a copy in which only the content reads otherwise; of a response thinking left."""
    if type(own) is not type(part):
        return False
    if not hasattr(part, "part_kind"):
        return all(
            any(inner is one for one in own.parts) or inner.content == "(thinking left out)" for inner in part.parts
        )
    return bool(part.tool_call_id == own.tool_call_id and part.tool_name == own.tool_name)


def texts(messages: Sequence[Any]) -> list[str]:
    """What stands in requests."""
    found: list[str] = []
    for message in messages:
        for part in message.parts if message.kind == "request" else ():
            content = part.content if isinstance(part.content, list) else [part.content]
            found += [item for item in content if isinstance(item, str)]
    return found
