"""Why: each reason of a plan, in words."""

from itertools import pairwise
from typing import Any

from litany import Litany
from litany.core.policy import Policy
from litany.explain.line import Line
from litany.explain.price import Cost, cost
from litany.explain.why import events, failed, why
from litany.trace import VERSION
from tests.histories import GOAL, MARK, SMALL, steps, user, walked


def heard(policy: Policy = SMALL, count: int = 40, **more: Any) -> list[Line]:
    lines: list[dict[str, Any]] = []
    litany = Litany(policy=policy, trace=lines.append, mark=MARK, **more)
    walked(litany, [user(GOAL), *steps(count, 30)])
    return [Line.model_validate({"version": VERSION, **line}) for line in lines]


def test_every_line_can_be_read_and_says_something() -> None:
    for line in heard():
        assert line.sections.model_dump().keys() == {"system", "tools", "head", "summary", "tail", "recitation"}
        assert why(line)


def test_the_first_call_says_that_all_is_new() -> None:
    assert why(heard(count=2)[0]) == ["the first call: all of it is new"]


def test_the_failure_of_a_summarizer_is_told() -> None:
    def fails(messages: object, prompt: str) -> str:
        raise OSError("no route")

    lines = [line for line in heard(summarize=fails) if failed(line)]

    assert lines
    assert "summarizer failed" in events(lines[0])
    assert any("no route" in sentence for sentence in why(lines[0]))
    assert lines[0].asked is not None


def test_a_shadow_says_that_nothing_of_it_was_sent() -> None:
    line = heard(Policy(window=8_000, reserve=1_000, shadow=True), 3)[-1]

    assert why(line)[-1].startswith("shadow: ")


def test_what_the_provider_counts_is_told_when_it_differs() -> None:
    line = heard(count=2)[-1].model_copy(update={"drift": 1.25})

    assert any("is taken for 1.25 of the provider's" in sentence for sentence in why(line))


def test_break_even_is_told_in_words() -> None:
    lines = heard(Policy(window=32_000, prefer="cost"), 60)

    sentences = [sentence for line in lines for sentence in why(line) if line.compacted]
    assert any("break-even" in sentence for sentence in sentences)


def test_a_refused_view_says_that_it_was_made_smaller() -> None:
    lines: list[dict[str, Any]] = []
    litany = Litany(policy=SMALL, trace=lines.append, mark=MARK)
    messages = [user(GOAL), *steps(8, 30)]
    litany(messages)
    litany.shrink(messages)
    line = Line.model_validate({"version": VERSION, **lines[-1]})

    assert "shrunk" in events(line)
    assert why(line)[0].startswith("shrunk: ")
    assert line.drift > 1
    assert not any("the provider reports" in sentence for sentence in why(line))
    assert "by what it reported or refused" in why(line)[-1]


def test_a_rewritten_record_says_from_where_on() -> None:
    lines: list[dict[str, Any]] = []
    litany = Litany(policy=SMALL, trace=lines.append, mark=MARK)
    messages = [user(GOAL), *steps(6)]
    litany(messages)
    litany([*messages[:5], user("Leave that."), *steps(1, first=50)])
    line = Line.model_validate({"version": VERSION, **lines[-1]})

    assert [new.index for new in line.new] == [5, 6, 7]
    assert why(line)[0].startswith("planned anew: ")
    assert "from #5 on" in why(line)[0]
    assert 0 < line.prefix.tokens < line.tokens
    assert line.prefix.to == 5


def test_a_call_is_priced_by_what_the_call_before_sent() -> None:
    first, second = heard(count=1)

    assert cost(first, None) == Cost(0, first.tokens - first.passing, first.passing, 0.0)
    priced = cost(second, first)
    assert priced.read == first.tokens - first.passing
    assert priced.total == 0.1 * priced.read + 1.25 * priced.write + priced.passing


def test_leading_system_messages_are_told_as_system_and_leave_the_prefix_whole() -> None:
    lines: list[dict[str, Any]] = []
    walked(
        Litany(policy=SMALL, trace=lines.append, mark=MARK),
        [{"role": "system", "content": "Be brief."}, user(GOAL), *steps(40, 30)],
    )
    found = [Line.model_validate({"version": VERSION, **line}) for line in lines]

    assert {line.sections.system for line in found} == {found[0].new[0].tokens}
    assert any(line.compacted for line in found)
    assert all(sum(line.sections.model_dump().values()) == line.tokens for line in found)
    assert all(cost(line, before).read for before, line in pairwise(found))


def test_other_tools_spoil_the_prefix() -> None:
    first, second = heard(count=1)
    tools = second.model_copy(update={"sections": second.sections.model_copy(update={"tools": 7})})

    assert cost(tools, first).read == 0
