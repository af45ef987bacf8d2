"""Litany and AsyncLitany: the face, and how it refuses what cannot work."""

import asyncio
from collections.abc import Callable, Sequence
from typing import Any

import pytest

from litany import AsyncLitany, Busy, Litany, LitanyError, MemoryStore, Policy, PolicyError
from litany.errors import AgendaError, RecallError
from litany.testing import AsyncScriptedSummarizer, ScriptedSummarizer
from tests.histories import GOAL, MARK, SMALL, Native, calls, prose, result, steps, user, walked

WORK: list[Native] = [user(GOAL), *steps(30, 40)]
GOOD = "## Findings\n- the float switch sticks"
PLAIN = Policy(window=8_000, reserve=1_000, clear_keep=99)
Lines = list[dict[str, Any]]


def first_cut(litany: Litany, lines: Lines) -> list[Native]:
    """The record of the first call that compacts, that call made."""
    return next(WORK[:end] for end in range(1, len(WORK), 2) if litany(WORK[:end]) and lines[-1]["compacted"])


@pytest.mark.parametrize(
    ("given", "sentence"),
    [
        ({"goal": 5}, "`goal` is an int; give a text, or leave it out"),
        ({"goal": ["fix it"]}, "`goal` is a list; give a text, or leave it out"),
        ({"constraints": "be brief"}, "`constraints` is a str; give a list of sentences"),
        ({"constraints": None}, "`constraints` is None; give a list of sentences"),
        ({"policy": {"window": 8_000}}, "`policy` is a dict; give a Policy(window=…), or Policy.of(…) of a table"),
        ({"policy": Policy(encoding="gpt-4o")}, "there is no encoding 'gpt-4o'; there are o200k_base"),
        ({"summarize": "gpt-4o"}, "`summarize` is a str; give a function, or leave it out"),
        ({"trace": []}, "`trace` is a list; give a function, or leave it out"),
        ({"store": {}}, "`store` is a dict, without load, save, find, search; give a Store such as MemoryStore()"),
        ({"key": 7}, "`key` is an int; give a text, or leave it out"),
        ({"dialect": "claude"}, "there is no dialect 'claude'; there are openai, anthropic"),
    ],
)
def test_what_cannot_work_is_refused_with_a_sentence(given: dict[str, Any], sentence: str) -> None:
    with pytest.raises(PolicyError) as refused:
        Litany(**given)

    assert sentence in str(refused.value)


@pytest.mark.parametrize("given", [{"goal": "  "}, {"constraints": ["be brief", ""]}, {"constraints": [5]}])
def test_a_goal_or_constraint_without_words_is_refused(given: dict[str, Any]) -> None:
    with pytest.raises(AgendaError, match="give its words, or leave it out"):
        Litany(**given)


def test_tools_that_are_no_list_are_refused() -> None:
    with pytest.raises(PolicyError, match="`tools` is a dict; give the list of schemas"):
        Litany()([user(GOAL)], tools={"name": "look"})  # type: ignore[arg-type]  # what is refused


def test_shadow_sends_the_messages_untouched_and_traces_what_would_have_been_sent() -> None:
    lines: Lines = []
    litany = Litany(policy=Policy(window=8_000, reserve=1_000, shadow=True), trace=lines.append)

    view = walked(litany, WORK)

    assert all(before is after for before, after in zip(WORK, view, strict=True))
    assert any(line["compacted"] or line["cleared"] for line in lines)
    assert max(line["tokens"] for line in lines) <= SMALL.budget


@pytest.mark.parametrize(("clear_keep", "how"), [(0, "cleared"), (99, "compacted")])
def test_a_pinned_message_keeps_its_whole_turn(clear_keep: int, how: str) -> None:
    lines: Lines = []
    litany = Litany(policy=Policy(window=8_000, reserve=1_000, clear_keep=clear_keep), trace=lines.append)
    litany(WORK[:5])
    litany.pin(WORK[4])

    views = [litany(WORK[:end]) for end in range(5, len(WORK) + 1, 2)]

    assert any(line[how] for line in lines)
    assert all(WORK[3] in view and WORK[4] in view for view in views)


def test_a_pin_is_told_by_index_from_either_end() -> None:
    litany = Litany()
    litany(WORK[:5])
    litany.pin(2)
    litany.pin(-3)

    assert [pin["index"] for pin in litany.state["pins"]] == [2]


def test_what_was_not_read_cannot_be_pinned() -> None:
    with pytest.raises(RecallError, match="pin after a call"):
        Litany().pin(0)


def test_a_child_inherits_goal_and_constraints_and_has_todos_of_its_own() -> None:
    litany = Litany(goal=GOAL, constraints=["Be brief."])
    litany.answer(todo("add", content="sweep"))
    child = litany.child()
    child.answer(todo("add", content="mop"))

    assert (child.agenda.goal, child.agenda.constraints) == (litany.agenda.goal, litany.agenda.constraints)
    assert [item.content for item in litany.agenda.todos] == ["sweep"]
    assert [item.content for item in child.agenda.todos] == ["mop"]
    assert child.child(goal="Read the log.").agenda.constraints == litany.agenda.constraints


def test_each_child_is_a_conversation_of_its_own_also_after_a_resume() -> None:
    store = MemoryStore()
    parent = Litany(goal=GOAL, store=store, key="house")
    first = parent.child()
    first.answer(todo("add", content="sweep"))

    resumed = Litany(goal=GOAL, store=store, key="house")

    assert parent.child().agenda.todos == ()
    assert resumed.child().agenda.todos == ()


def todo(op: str, **fields: str) -> dict[str, Any]:
    return {"id": "t", "name": "update_todos", "input": {"operations": [{"op": op, **fields}]}}


def test_one_key_of_one_store_is_one_conversation() -> None:
    store = MemoryStore()
    litany = Litany(policy=SMALL, store=store, key="house")
    view = walked(litany, WORK)

    assert Litany(policy=SMALL, store=store, key="house")(WORK) == view


def test_recall_finds_what_left_by_words_and_by_handle() -> None:
    litany = Litany(policy=PLAIN)
    work = [*WORK[:3], calls("x"), result("x", "the float switch sticks"), *WORK[3:]]
    walked(litany, work)

    found = litany.recall("float switch")[0]

    assert found.message == result("x", "the float switch sticks")
    assert litany.recall(found.handle) == (found,)
    with pytest.raises(RecallError, match="nothing is kept under 'zebra'"):
        litany.recall("zebra")


def test_redacted_text_is_what_recall_gives() -> None:
    litany = Litany(policy=PLAIN, redact=lambda text: text.replace("hunter2", "[secret]"))
    work = [WORK[0], calls("x"), result("x", "password hunter2"), *WORK[1:]]
    walked(litany, work)

    assert litany.recall("password")[0].message == result("x", "password [secret]")


def test_a_second_caller_is_refused_while_a_call_waits() -> None:
    async def both() -> list[object]:
        asked, answered = asyncio.Event(), asyncio.Event()

        async def summarize(messages: Sequence[object], prompt: str) -> str:
            asked.set()
            await answered.wait()
            return GOOD

        litany = AsyncLitany(policy=PLAIN, summarize=summarize)
        first = asyncio.create_task(every(litany))
        await asked.wait()
        second = (await asyncio.gather(litany(WORK[:3]), return_exceptions=True))[0]
        answered.set()
        return [second, await first]

    async def every(litany: AsyncLitany) -> list[Any]:
        return [await litany(WORK[:end]) for end in range(1, 21, 2)]

    refused, views = asyncio.run(both())

    assert isinstance(refused, Busy)
    assert "give each conversation a Litany of its own" in str(refused)
    assert "- the float switch sticks" in prose(views)  # type: ignore[arg-type]  # a list of views


@pytest.mark.parametrize("double", [ScriptedSummarizer, AsyncScriptedSummarizer])
def test_an_async_litany_takes_either_kind_of_summarizer(double: Callable[[list[str]], Any]) -> None:
    async def views() -> list[Any]:
        litany = AsyncLitany(policy=PLAIN, summarize=double([GOOD] * 9), mark=MARK)
        return [await litany(WORK[:end]) for end in range(1, len(WORK) + 1, 2)]

    litany = Litany(policy=PLAIN, summarize=ScriptedSummarizer([GOOD] * 9), mark=MARK)

    assert asyncio.run(views()) == [litany(WORK[:end]) for end in range(1, len(WORK) + 1, 2)]


def test_a_coroutine_in_a_sync_litany_gives_the_outline_at_the_limit_and_is_told() -> None:
    lines: Lines = []
    litany = Litany(policy=PLAIN, summarize=AsyncScriptedSummarizer([GOOD] * 9), trace=lines.append)

    first_cut(litany, lines)

    assert lines[-1]["summary"] == "outline"
    assert any("the summarizer is asynchronous; use AsyncLitany" in prose(line["reasons"]) for line in lines)


def test_a_cancelled_call_leaves_the_state_as_it_was() -> None:
    async def cancelled() -> tuple[dict[str, Any], dict[str, Any]]:
        litany = AsyncLitany(policy=PLAIN, summarize=AsyncScriptedSummarizer([asyncio.CancelledError()]))
        before = litany.state
        try:
            for end in range(1, len(WORK), 2):
                before = litany.state
                await litany(WORK[:end])
        except asyncio.CancelledError:
            return before, litany.state
        raise AssertionError("nobody was asked")

    before, after = asyncio.run(cancelled())

    assert before == after


def test_the_trace_adds_up() -> None:
    lines: Lines = []
    walked(
        Litany(goal=GOAL, policy=SMALL, trace=lines.append),
        [user("Begin."), *steps(30, 40, dialect="anthropic")],
        system="Be kind.",
    )

    assert [line["call"] for line in lines] == list(range(1, len(lines) + 1))
    assert all(sum(line["sections"].values()) == line["tokens"] for line in lines)


def test_every_error_is_a_litany_error() -> None:
    with pytest.raises(LitanyError):
        Litany()([user(GOAL), result("a", "an answer to nothing")])
