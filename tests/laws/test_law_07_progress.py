"""Law 7: a compaction frees enough or is not applied; no summarizer can hurt; cancelling changes nothing."""

import asyncio
from collections.abc import Sequence

import pytest
from hypothesis import given
from hypothesis import strategies as st

from litany import AsyncLitany, Litany, Policy
from tests.laws.drive import TOOLS, Sent, Walk, dumped, recount, scripted, walked
from tests.laws.natives import texts
from tests.laws.strategies import ANSWERS, GOALS, RULES, Case, cases, policies, text_only
from tests.laws.writing import MARK


@given(st.data())
def test_no_summarizer_reaches_the_caller_or_the_agenda(data: st.DataObject) -> None:
    case = data.draw(cases())
    goal, rules = data.draw(GOALS), data.draw(RULES)
    walk = walked(case, data.draw(policies(case)), scripted(data.draw(ANSWERS)), goal, rules)

    for sent in walk.sent:
        agenda = sent.state["agenda"]
        assert agenda["goal"]["text"] == goal or (goal is None and agenda["goal"]["by"] == "found")
        assert [item["text"] for item in agenda["constraints"]] == list(rules)
        assert agenda["notes"] == agenda["past"] == []
        assert not agenda["closed"]
        assert all(todo["content"].startswith("todo ") for todo in agenda["todos"])


@given(st.data())
def test_a_summarizer_is_asked_at_most_once_a_call(data: st.DataObject) -> None:
    case = data.draw(cases())
    asked: list[int] = []
    answer = scripted(data.draw(ANSWERS))

    def summarize(messages: Sequence[object], prompt: str) -> object:
        asked.append(len(messages))
        return answer(messages, prompt)

    walk = walked(case, data.draw(policies(case)), summarize)

    assert len(asked) <= len(walk.sent) + 1


@given(st.data())
def test_a_compaction_frees_a_twentieth_of_the_budget_unless_the_view_was_over_its_limit(data: st.DataObject) -> None:
    case = data.draw(st.one_of(cases(killed=True), text_only()))
    walk = walked(case, data.draw(policies(case)), scripted(data.draw(ANSWERS)), data.draw(GOALS))

    for before, after in zip(walk.sent, walk.sent[1:], strict=False):
        if after.line["compacted"] and plain(before, after, walk):
            grown = bare(before) + recount(case, after.record[len(before.record) :]) - recount(case, [])
            recital = min(walk.policy.recite_tokens, walk.policy.budget // 4) + 8
            assert grown - bare(after) >= walk.policy.budget // 20 or grown + recital > walk.policy.budget


@given(st.data())
def test_a_broken_summary_never_stands_in_a_view(data: st.DataObject) -> None:
    case = data.draw(cases())
    refusals = ("I'm sorry, I cannot help with that.", '{"done": 5}', "{broken", "word " * 6_000, "[1, 2]")
    walk = walked(case, data.draw(policies(case)), scripted([data.draw(st.sampled_from(refusals))]))

    for sent in walk.sent:
        assert not any(text in said for text in refusals[:3] for m in sent.view for said in texts(m))


@pytest.mark.parametrize("error", [KeyboardInterrupt, SystemExit, asyncio.CancelledError])
@given(data=st.data())
def test_cancelling_the_summarizer_changes_nothing(error: type[BaseException], data: st.DataObject) -> None:
    case = data.draw(cases(thinking=False))
    policy = data.draw(policies(case))
    calm = walked(case, policy, scripted(["- all went well"]), "Mend it.")
    cancelled: list[int] = []

    def summarize(messages: Sequence[object], prompt: str) -> object:
        cancelled.append(1)
        if len(cancelled) % 2:
            raise error
        return "- all went well"

    litany = Litany("Mend it.", (), Policy(**policy), summarize=summarize, mark=MARK, dialect=case.dialect)
    for sent in calm.sent:
        assert dumped(patient(litany, sent, case, error)) == dumped(sent.view)


@given(st.data())
def test_cancelling_an_awaited_summarizer_changes_nothing(data: st.DataObject) -> None:
    case = data.draw(cases(thinking=False))
    policy = data.draw(policies(case))
    calm = walked(case, policy, scripted(["- all went well"]), "Mend it.")

    assert asyncio.run(impatient(calm, policy)) == [dumped(sent.view) for sent in calm.sent]


async def impatient(calm: Walk, policy: dict[str, object]) -> list[str]:
    """The views of a caller that cancels each call on which a summarizer is asked, and then asks again."""
    waiting = asyncio.Event()
    patience = [False]

    async def summarize(messages: Sequence[object], prompt: str) -> str:
        waiting.set()
        if not patience[0]:
            await asyncio.Event().wait()
        return "- all went well"

    case, views = calm.case, []
    litany = AsyncLitany("Mend it.", (), Policy(**policy), summarize=summarize, mark=MARK, dialect=case.dialect)  # type: ignore[arg-type]  # drawn fields
    for sent in calm.sent:
        waiting.clear()
        patience[0] = False
        before = litany.state
        task = asyncio.ensure_future(litany(sent.record, system=case.system, tools=TOOLS[case.dialect]))
        done, _ = await asyncio.wait([task, asyncio.ensure_future(waiting.wait())], return_when="FIRST_COMPLETED")
        if task not in done:
            task.cancel()
            with pytest.raises(asyncio.CancelledError):
                await task
            assert litany.state == before
            patience[0] = True
            views.append(dumped(await litany(sent.record, system=case.system, tools=TOOLS[case.dialect])))
        else:
            views.append(dumped(task.result()))
    return views


def patient(litany: Litany, sent: Sent, case: Case, error: type[BaseException]) -> list[object]:
    """The view, asked for again when the summarizer was cancelled."""
    before = litany.state
    try:
        return litany(sent.record, system=case.system, tools=TOOLS[case.dialect])
    except error:
        assert litany.state == before
        return litany(sent.record, system=case.system, tools=TOOLS[case.dialect])


def bare(sent: Sent) -> int:
    """Tokens of the request without its ephemeral recitation."""
    return int(sent.line["tokens"]) - (0 if sent.line["kept"] else int(sent.line["sections"]["recitation"]))


def plain(before: Sent, after: Sent, walk: Walk) -> bool:
    """Whether what came between entered as it was and nothing is kept, so that sizes may be compared."""
    quiet = not (after.line["clipped"] or after.line["repaired"] or after.line["cleared"])
    return (
        quiet
        and not walk.case.dangling
        and not after.line["kept"]
        and not before.line["kept"]
        and not walk.case.thinking
    )
