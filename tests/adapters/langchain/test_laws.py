"""The laws over random histories of LangChain messages, sent as OpenAI chat and as Anthropic Messages."""

import asyncio
import copy

import pytest
from hypothesis import given
from hypothesis import strategies as st

pytest.importorskip("langchain_core", reason="needs the extra langgraph or langchain")

from langchain_core.messages import AIMessage, BaseMessage, HumanMessage, SystemMessage, ToolMessage, messages_from_dict

from litany import AsyncLitany
from litany.errors import WindowTooSmall
from tests.adapters.langchain.walk import DIALECT, Step, walked
from tests.laws.drive import COUNT, scripted, violations
from tests.laws.natives import texts
from tests.laws.strategies import ANSWERS, GOALS, RULES, cases, policies
from tests.laws.writing import MARK

CASES = st.one_of(cases(dialect="openai"), cases(dialect="anthropic"))


@given(st.data())
def test_the_provider_accepts_every_view(data: st.DataObject) -> None:
    case = data.draw(CASES)
    walk = walked(case, data.draw(policies(case)), scripted(data.draw(ANSWERS)), data.draw(GOALS), data.draw(RULES))

    for step in walk.steps:
        assert violations(case, step.sent) == []


@given(st.data())
def test_the_provider_accepts_every_view_of_a_model_whose_thinking_is_bound(data: st.DataObject) -> None:
    case = data.draw(cases(dialect="anthropic", thinking=True))
    walk = walked(case, data.draw(policies(case)), scripted(data.draw(ANSWERS)), data.draw(GOALS), data.draw(RULES))

    for step in walk.steps:
        assert violations(case, step.sent) == []


@given(st.data())
def test_what_a_view_shows_unchanged_is_the_very_object_that_came(data: st.DataObject) -> None:
    case = data.draw(CASES)
    walk = walked(case, data.draw(policies(case)), scripted(data.draw(ANSWERS)), data.draw(GOALS), data.draw(RULES))

    for step in walk.steps:
        places = [place for message in step.view if (place := at(step, message)) is not None]
        assert len(places) == len(set(places))
        if not case.late:
            assert places == sorted(places)
        for message in step.view:
            if not any(message is native for native in step.record) and not written(message):
                assert any(one_field_apart(native, message) for native in step.record)


@given(st.data())
def test_goal_constraints_system_text_and_latest_request_stand_in_every_view(data: st.DataObject) -> None:
    case = data.draw(CASES)
    goal, rules = data.draw(GOALS), data.draw(RULES)
    walk = walked(case, data.draw(policies(case)), scripted(data.draw(ANSWERS)), goal, rules)

    for step in walk.steps:
        told = [text for message in body(step) for text in own(message)]
        for text in (*([goal] if goal else []), *rules):
            assert text in (case.system or "") or any(text in said for said in told)
        stays = [native for native in step.record if isinstance(native, SystemMessage)]
        latest = [native for native in step.record if isinstance(native, HumanMessage)][-1]
        assert all(any(native is message for message in step.view) for native in (*stays, latest))


@given(st.data())
def test_a_due_recitation_ends_the_view_also_on_the_call_that_compacts(data: st.DataObject) -> None:
    case = data.draw(CASES)
    walk = walked(case, data.draw(policies(case)), scripted(data.draw(ANSWERS)), data.draw(GOALS), data.draw(RULES))

    for step in walk.steps:
        if step.line["due"] and step.line["recital"]:
            assert texts(step.sent[-1])[-1].endswith(step.line["recital"])
        if step.line["compacted"]:
            assert step.line["due"]


@given(st.data())
def test_a_view_starts_with_the_view_before_unless_there_was_a_cut(data: st.DataObject) -> None:
    case = data.draw(CASES)
    walk = walked(case, data.draw(policies(case)), scripted(data.draw(ANSWERS)), data.draw(GOALS), data.draw(RULES))

    for before, after in zip(walk.steps, walk.steps[1:], strict=False):
        if not after.line["changed"]:
            stays = body(before)
            assert list(map(DIALECT.plain, after.view[: len(stays)])) == list(map(DIALECT.plain, stays))


@given(st.data())
def test_every_view_keeps_the_budget(data: st.DataObject) -> None:
    case = data.draw(CASES)
    walk = walked(case, data.draw(policies(case)), scripted(data.draw(ANSWERS)), data.draw(GOALS), data.draw(RULES))

    for step in walk.steps:
        assert sum(DIALECT.read(message, COUNT, False).tokens for message in step.view) <= walk.policy.budget


@given(st.data())
def test_a_message_that_left_comes_back_as_it_was(data: st.DataObject) -> None:
    case = data.draw(CASES)
    walk = walked(case, data.draw(policies(case)), scripted(data.draw(ANSWERS)))

    for step in walk.steps[-1:]:
        for native in step.record:
            if not any(native is message for message in step.view):
                found = walk.litany.recall(DIALECT.digest(native))[0].message
                assert isinstance(found, dict)
                assert DIALECT.plain(messages_from_dict([found])[0]) == DIALECT.plain(native)


@given(st.data())
def test_a_retry_and_equal_copies_give_the_same_view_and_so_does_async_litany(data: st.DataObject) -> None:
    case = data.draw(CASES)
    policy, goal = data.draw(policies(case)), data.draw(GOALS)
    walk = walked(case, policy, None, goal)

    async def views() -> list[list[str]]:
        litany = AsyncLitany(goal, policy=walk.policy, dialect=DIALECT, mark=MARK)
        found = []
        for step in walk.steps:
            natives = step.record
            first = await litany(natives, system=case.system)
            again = await litany(copy.deepcopy(natives), system=case.system)
            assert plains(again) == plains(first)
            found.append(plains(first))
        return found

    assert asyncio.run(views()) == [plains(step.view) for step in walk.steps]


@given(st.data())
def test_an_overflow_retry_is_smaller_and_recites_last(data: st.DataObject) -> None:
    case = data.draw(CASES)
    walk = walked(case, data.draw(policies(case, keep_recitations="auto")), None, "Mend the parser.")
    if not walk.steps or case.thinking:
        return
    last = walk.steps[-1]

    try:
        smaller = walk.litany.shrink(last.record, system=case.system)
    except WindowTooSmall:
        return

    assert size(smaller) < size(last.view)
    if size(last.view) > 200:  # a shorter one has no room for a recital in three quarters of it
        assert "Goal:\nMend the parser." in str(smaller[-1].content)


def plains(view: list[BaseMessage]) -> list[str]:
    return list(map(DIALECT.plain, view))


def size(view: list[BaseMessage]) -> int:
    return sum(DIALECT.read(message, COUNT, False).tokens for message in view)


def at(step: Step, message: BaseMessage) -> int | None:
    return next((place for place, native in enumerate(step.record) if native is message), None)


def written(message: BaseMessage) -> bool:
    """Whether litany wrote it: a head, a summary, a recitation, a note of a late result, or a repair."""
    repaired = isinstance(message, ToolMessage) and str(message.content).startswith("interrupted, outcome unknown")
    return repaired or message.additional_kwargs.get("lc_source") == "litany"


def one_field_apart(native: BaseMessage, message: BaseMessage) -> bool:
    """Whether it is a copy in which only the content reads otherwise; of an assistant's only blocks leave."""
    same = native.model_copy(update={"content": message.content}) == message
    if not isinstance(native, AIMessage) or not same:
        return same
    return message.content == "(thinking left out)" or all(block in native.content for block in message.content)


def body(step: Step) -> list[BaseMessage]:
    """The view without an ephemeral recitation at its end."""
    return step.view[:-1] if step.line["recital"] and not step.line["kept"] else step.view


def own(message: BaseMessage) -> list[str]:
    """What a user or the developer says in it."""
    if not isinstance(message, HumanMessage | SystemMessage):
        return []
    listed = [message.content] if isinstance(message.content, str) else message.content
    return [block if isinstance(block, str) else str(block.get("text", "")) for block in listed]
