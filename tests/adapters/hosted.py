"""The laws over random histories in a host's own messages, sent to the strict provider as the host sends them."""

import asyncio
import copy
import json
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from hypothesis import strategies as st

from litany import AsyncLitany, Litany, Policy
from litany.core.ports import Dialect
from litany.errors import WindowTooSmall
from tests.adapters.clients.walk import sendable
from tests.laws.drive import COUNT, scripted, signed, violations
from tests.laws.natives import texts
from tests.laws.strategies import ANSWERS, GOALS, RULES, Case, cases, policies
from tests.laws.writing import MARK, Message


@dataclass(frozen=True, slots=True)
class Host:
    """How a host holds messages, and how it sends them."""

    dialect: Dialect
    turned: Callable[[Message], list[Any]]
    """One message of a history as the host holds it."""
    sent: Callable[[Sequence[Any]], list[Message]]
    """A view as the host sends it."""
    wire: str
    """The dialect of what it sends, which cases are drawn in."""
    thinking: bool = False


@dataclass(frozen=True, slots=True)
class Step:
    """One call: the record, the view, the view as it is sent, the trace's line."""

    record: list[Any]
    view: list[Any]
    sent: list[Message]
    line: dict[str, Any]


@dataclass(slots=True)
class Walk:
    """A conversation that was walked; it ends early where what must be sent did not fit."""

    host: Host
    case: Case
    litany: Litany
    policy: Policy
    goal: str | None
    rules: Sequence[str]
    steps: list[Step] = field(default_factory=list)


def walked(host: Host, data: st.DataObject, goal: str | None = None, **fixed: object) -> Walk:
    """A whole case, drawn."""
    case = data.draw(cases(dialect=host.wire, thinking=host.thinking))
    goal = goal or data.draw(GOALS)
    rules, lines = data.draw(RULES), list[dict[str, Any]]()
    given = data.draw(policies(case, **fixed))
    policy = Policy(**{**given, "carrier": "user" if given["carrier"] == "system" else given["carrier"]})
    summarize = scripted(data.draw(ANSWERS))
    litany = Litany(goal, rules, policy, summarize=summarize, trace=lines.append, dialect=host.dialect, mark=MARK)
    walk = Walk(host, case, litany, policy, goal, rules)
    for natives in records(walk):
        try:
            view = litany(natives, system=case.system)
        except WindowTooSmall:
            break
        walk.steps.append(Step(natives, view, host.sent(view), lines[-1]))
    return walk


def records(walk: Walk) -> Iterator[list[Any]]:
    """The record at each call; a thinking model's reply is bound to the view that it was given."""
    natives: list[Any] = []
    for turn in walk.case.turns:
        for reply in turn.reply:
            bound = walk.case.thinking and reply["role"] == "assistant"
            answer = sendable(reply)
            answer = signed(answer, walk.case.system, walk.steps[-1].sent) if bound else answer
            natives = [*natives, *walk.host.turned(answer)]
        natives = [*natives, *(native for message in turn.after for native in walk.host.turned(sendable(message)))]
        yield natives


def the_provider_accepts_every_view(host: Host, data: st.DataObject) -> None:
    walk = walked(host, data)
    for step in walk.steps:
        assert violations(walk.case, step.sent) == []


def what_is_unchanged_is_the_very_object_that_came(host: Host, data: st.DataObject) -> None:
    walk = walked(host, data)
    for step in walk.steps:
        places = [place for message in step.view if (place := at(step, message)) is not None]
        assert len(places) == len(set(places))
        assert walk.case.late or places == sorted(places)
        said = [message.text for native in step.record if (message := host.dialect.read(native, COUNT, False)).speaks]
        assert any(said[-1] == host.dialect.read(message, COUNT, False).text for message in step.view)


def goal_and_constraints_stand_in_every_view(host: Host, data: st.DataObject) -> None:
    walk = walked(host, data)
    for step in walk.steps:
        told = [
            text for message in step.sent if message["role"] not in ("assistant", "model") for text in texts(message)
        ]
        for text in (*([walk.goal] if walk.goal else []), *walk.rules):
            assert text in (walk.case.system or "") or any(text in said for said in told)


def a_due_recitation_ends_the_view_also_on_the_call_that_compacts(host: Host, data: st.DataObject) -> None:
    for step in walked(host, data).steps:
        if step.line["due"] and step.line["recital"]:
            assert texts(step.sent[-1])[-1].endswith(step.line["recital"])
        assert step.line["due"] or not step.line["compacted"]


def a_view_starts_with_the_view_before_unless_there_was_a_cut(host: Host, data: st.DataObject) -> None:
    walk = walked(host, data)
    for before, after in zip(walk.steps, walk.steps[1:], strict=False):
        if not after.line["changed"]:
            stays = before.view[:-1] if before.line["recital"] and not before.line["kept"] else before.view
            assert plains(host, after.view[: len(stays)]) == plains(host, stays)


def every_view_keeps_the_budget(host: Host, data: st.DataObject) -> None:
    walk = walked(host, data)
    for step in walk.steps:
        assert size(host, step.view) <= walk.policy.budget


def what_left_comes_back_as_it_was(host: Host, data: st.DataObject) -> None:
    walk = walked(host, data)
    for step in walk.steps[-1:]:
        for native in step.record:
            if not any(native is message for message in step.view):
                found = [recalled.message for recalled in walk.litany.recall(host.dialect.digest(native))]
                assert any(host_json(recalled) == host.dialect.plain(native) for recalled in found)


def a_retry_an_equal_copy_and_async_litany_give_the_same_view(host: Host, data: st.DataObject) -> None:
    case = data.draw(cases(dialect=host.wire, thinking=False))
    goal, policy = data.draw(GOALS), Policy(**data.draw(policies(case, carrier="user")))
    turns = [
        [native for message in (*turn.reply, *turn.after) for native in host.turned(sendable(message))]
        for turn in case.turns
    ]
    natives = [[native for turn in turns[: end + 1] for native in turn] for end in range(len(turns))]
    litany = Litany(goal, policy=policy, dialect=host.dialect, mark=MARK)

    async def views() -> list[list[str]]:
        waiting = AsyncLitany(goal, policy=policy, dialect=host.dialect, mark=MARK)
        return [plains(host, await waiting(copy.deepcopy(record))) for record in natives]

    try:
        first = [(plains(host, litany(record)), plains(host, litany(copy.deepcopy(record)))) for record in natives]
    except WindowTooSmall:
        return
    assert all(once == again for once, again in first)
    assert asyncio.run(views()) == [once for once, _ in first]


def an_overflow_retry_is_smaller_and_recites_last(host: Host, data: st.DataObject) -> None:
    walk = walked(host, data, "Mend the parser.", keep_recitations="auto", carrier="user")
    if not walk.steps or walk.case.thinking:
        return
    last = walk.steps[-1]
    try:
        smaller = walk.litany.shrink(last.record, system=walk.case.system)
    except WindowTooSmall:
        return
    assert size(host, smaller) < size(host, last.view)
    assert violations(walk.case, host.sent(smaller)) == []
    if size(host, last.view) > 300:  # a shorter one has no room for a recital in three quarters of it
        assert "Goal:\nMend the parser." in texts(host.sent(smaller)[-1])[-1]


LAWS = (
    the_provider_accepts_every_view,
    what_is_unchanged_is_the_very_object_that_came,
    goal_and_constraints_stand_in_every_view,
    a_due_recitation_ends_the_view_also_on_the_call_that_compacts,
    a_view_starts_with_the_view_before_unless_there_was_a_cut,
    every_view_keeps_the_budget,
    what_left_comes_back_as_it_was,
    a_retry_an_equal_copy_and_async_litany_give_the_same_view,
    an_overflow_retry_is_smaller_and_recites_last,
)


def plains(host: Host, view: Sequence[Any]) -> list[str]:
    return [host.dialect.plain(message) for message in view]


def size(host: Host, view: Sequence[Any]) -> int:
    return sum(host.dialect.read(message, COUNT, False).tokens for message in view)


def at(step: Step, message: Any) -> int | None:
    return next((place for place, native in enumerate(step.record) if native is message), None)


def host_json(value: object) -> str:
    """What recall gave, as the archive kept it."""
    return json.dumps(value, separators=(",", ":"))


def chat(message: Message) -> tuple[str, list[Mapping[str, Any]], list[tuple[str, str, Any]]]:
    """A message of OpenAI chat: role, parts, and its calls as id, name and arguments."""
    content = message.get("content") or []
    parts = [{"type": "text", "text": content}] if isinstance(content, str) else content
    made = [(call["id"], call["function"]) for call in message.get("tool_calls") or ()]
    return message["role"], parts, [(id, inner["name"], inner["arguments"]) for id, inner in made]
