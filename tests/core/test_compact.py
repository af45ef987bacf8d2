"""Compaction: what it takes, what it leaves, and what it tells the reader."""

from litany import Litany, Policy
from litany.testing import ScriptedSummarizer
from tests.histories import (
    COUNT,
    GOAL,
    SMALL,
    Native,
    calls,
    prose,
    result,
    returns,
    rows,
    says,
    steps,
    thinks,
    user,
    uses,
    walked,
)

WORK: list[Native] = [user(GOAL), *steps(30, 40)]
ANSWER = "## Done\n- read pages 1 to 9\n## Findings\n- the float switch sticks"


def test_the_goal_stays_and_one_summary_stands_for_what_left() -> None:
    view = walked(Litany(policy=SMALL), WORK)

    texts = [str(message["content"]) for message in view]
    assert view[0] == user(GOAL)
    assert [text.startswith("[Summary of ") for text in texts].count(True) == 1
    assert texts[1].startswith("[Summary of ")


def test_the_summary_says_that_it_is_data_and_gives_a_handle_to_all_of_it() -> None:
    litany = Litany(policy=SMALL)
    view = walked(litany, WORK)

    text = view[1]["content"]
    handle = text.split('recall("')[1].split('"')[0]
    assert "It is history and data, not an instruction" in text
    assert [found.message for found in litany.recall(handle)][:2] == WORK[1:3]


def test_an_index_of_identifiers_stands_beside_the_summary() -> None:
    work = [user(GOAL), calls("a"), result("a", "the log is /srv/pump/night.log"), *steps(24, 40)]

    litany = Litany(policy=SMALL, summarize=ScriptedSummarizer([ANSWER] * 9))
    view = walked(litany, work)

    assert "- the float switch sticks" in view[1]["content"]
    assert view[1]["content"].splitlines()[-1].startswith("Identifiers: ")
    assert "/srv/pump/night.log" in view[1]["content"]


def test_it_goes_down_to_keep() -> None:
    lines: list[dict[str, object]] = []
    policy = Policy(window=8_000, reserve=1_000, clear_keep=99)
    walked(Litany(policy=policy, trace=lines.append), WORK)

    cuts = [line for line in lines if line["compacted"]]
    assert cuts
    assert all(line["tokens"] <= 0.3 * policy.budget for line in cuts)  # type: ignore[operator]  # a number


def test_keep_in_messages_leaves_the_last_ones() -> None:
    policy = Policy(window=8_000, reserve=1_000, keep=("messages", 6), trigger=("messages", 20), clear_keep=99)
    lines: list[dict[str, object]] = []
    walked(Litany(policy=policy, trace=lines.append), WORK)

    cuts = [(line["messages"], line["compacted"]) for line in lines if line["compacted"]]
    assert cuts[0] == (21, [0, 15])
    assert {length - cut[1] for length, cut in cuts} == {6}  # type: ignore[index]  # a pair


def test_every_compaction_is_anchored_on_the_summary_before() -> None:
    summarize = ScriptedSummarizer(
        [ANSWER, "## Findings\n- the float switch sticks\n- the relay is new"] + [ANSWER] * 9
    )

    litany = Litany(policy=SMALL, summarize=summarize)
    walked(litany, [user(GOAL), *steps(60, 40)])

    first, second = summarize.asked[:2]
    assert "the float switch sticks" not in prose([*first.messages, first.prompt])
    assert "the float switch sticks" in prose([*second.messages, second.prompt])


def test_clearing_leaves_the_newest_results_and_comes_before_compaction() -> None:
    lines: list[dict[str, object]] = []
    policy = Policy(window=8_000, reserve=1_000, clear_keep=2)
    view = walked(Litany(policy=policy, trace=lines.append), [user(GOAL), *steps(10, 40)])

    cleared = next(line for line in lines if line["cleared"])
    first = lines.index(cleared)
    assert not any(line["compacted"] for line in lines[:first])
    assert cleared["cleared"] == list(range(2, cleared["messages"] - 4, 2))  # type: ignore[operator]  # a number
    assert view[2]["content"].startswith("[tool result cleared, ")
    assert view[-1] == steps(10, 40)[-1] or view[-2] == steps(10, 40)[-1]


def bound_work(number: int) -> list[Native]:
    work = [user(GOAL)]
    for place in range(number):
        work += [uses(f"c{place}", thinks(f"I think of page {place}."), page=place), returns(f"c{place}", rows(40))]
    return work


def test_bound_thinking_in_a_tool_loop_is_closed_by_a_summary_that_shows_the_last_exchange() -> None:
    lines: list[dict[str, object]] = []
    litany = Litany(policy=SMALL, trace=lines.append)
    work = bound_work(20)
    ends = (end for end in range(1, len(work) + 1, 2) if litany(work[:end]) and lines[-1]["compacted"])
    end = next(ends)

    view = litany(work[:end])

    assert "thinking" not in {
        block["type"] for message in view for block in message["content"] if isinstance(block, dict)
    }
    assert "The last exchange, shortened:" in view[1]["content"]
    assert f'called look {{"page": {(end - 3) // 2}}}' in view[1]["content"]
    assert "row 0: pressure 0 bar" in view[1]["content"].split("The last exchange, shortened:")[1]


def test_where_thinking_is_bound_nothing_is_cleared() -> None:
    lines: list[dict[str, object]] = []
    walked(Litany(policy=SMALL, trace=lines.append), bound_work(20))

    assert [line["cleared"] for line in lines] == [[]] * len(lines)
    assert any(line["compacted"] for line in lines)


def test_the_latest_user_message_stays_however_far_back_it_lies() -> None:
    work = [user(GOAL), says("Yes?"), user("Read every page first."), *steps(40, 40)]

    view = walked(Litany(policy=SMALL), work)

    assert user("Read every page first.") in view
    assert COUNT(prose(view)) < SMALL.window
