"""A walk: what counts as a call, which goal holds, and what the report says of each call."""

from collections.abc import Sequence
from dataclasses import fields, replace
from typing import Any

import pytest

from litany import PairError, Policy
from litany.archive import Kept, MemoryStore
from litany.core.state import State
from litany.replay.goal import call_indexes, goal_of, mark_of
from litany.replay.parts import Parts
from litany.replay.report import Report
from litany.replay.run import Run
from litany.replay.walk import Walk, walked
from litany.tokens import estimate

Chat = dict[str, Any]
ALL = ("full", "sliding", "clear", "compact")


def user(text: str) -> Chat:
    return {"role": "user", "content": text}


def agent(text: str) -> Chat:
    return {"role": "assistant", "content": text}


def called(id: str) -> Chat:
    call = {"id": id, "type": "function", "function": {"name": "read", "arguments": '{"path": "' + id + '.py"}'}}
    return {"role": "assistant", "content": None, "tool_calls": [call]}


def result(id: str, text: str) -> Chat:
    return {"role": "tool", "tool_call_id": id, "content": text}


def loop(calls: int) -> Run:
    """A tool loop with one request; each result takes some 130 tokens."""
    steps = [step for n in range(calls) for step in (called(f"c{n}"), result(f"c{n}", f"line {n} of the log. " * 20))]
    return run({"role": "system", "content": "You mend code."}, user("Find the leak in the pool."), *steps)


def run(*messages: Chat, **more: Any) -> Run:
    return Run("toy.json", 0, "openai", "openai", messages, **more)


def walk(run: Run, window: int = 4_000, goal: str | None = None, against: tuple[str, ...] = (), **more: Any) -> Walk:
    policy = Policy.of({"window": window, "observations": run.observations, **more})
    return walked(run, policy, goal, against, Parts(run, estimate))


def test_a_call_is_an_assistant_message_after_the_first_user_text() -> None:
    made = run(agent("Hello!"), user("Book a flight."), agent("Where to?"), user("Oslo."), agent("Done."))

    assert call_indexes(made, Parts(made, estimate)) == (2, 4)
    assert walk(made).report.calls == 2


def test_a_run_in_which_no_user_speaks_has_no_calls() -> None:
    report = walk(run({"role": "system", "content": "Idle."}, agent("Hello!"))).report

    assert (report.calls, report.goal_source, report.goal_calls, report.cost) == (0, "none", 0, 0.0)


def test_a_long_loop_keeps_every_check() -> None:
    report = walk(loop(60)).report

    assert report.compactions + report.clears > 0
    assert not report.failed
    assert report.goal_verbatim_calls == report.goal_calls == report.calls == 60
    assert report.recital_last_calls == report.due_calls > 0
    assert report.max_view_tokens <= 3_500
    assert report.cost_floor <= report.cost < report.cost_full


def test_a_trace_line_a_call_is_numbered_from_one() -> None:
    trace = walk(loop(12)).trace

    assert [line["call"] for line in trace] == list(range(1, 13))


def test_the_same_run_replays_the_same() -> None:
    made = loop(40)
    one, other = walk(made).report, walk(made).report

    assert replace(one, ms_median=0.0, ms_p99=0.0) == replace(other, ms_median=0.0, ms_p99=0.0)
    assert mark_of(made) == mark_of(loop(40))


def test_an_open_call_at_the_end_is_fine_and_one_in_the_middle_is_repaired() -> None:
    made = run(user("Go."), called("a"), user("Never mind, stop."), agent("Stopped."), user("Now?"), called("b"))

    report = walk(made).report

    assert report.calls == 3
    assert report.violations == ()


def test_a_result_without_a_call_is_an_error() -> None:
    with pytest.raises(PairError):
        walk(run(user("Go."), result("ghost", "boo"), agent("What?")))


def test_a_refused_call_counts_in_no_other_figure() -> None:
    short = run(user("Go."), agent("Gone."))
    long = run(*short.messages, user("Read this: " + "word " * 3_000), agent("Read."))

    report, before = walk(long, window=1_000).report, walk(short, window=1_000).report

    assert report.calls == 2
    assert [(refused.call, refused.culprit) for refused in report.refused] == [(2, "latest user message")]
    assert (report.cost, report.cost_full, report.goal_calls) == (before.cost, before.cost_full, 1)


@pytest.mark.parametrize(
    ("wish", "text", "source"),
    [
        (None, "Real task.", "first-user"),
        ("first-user", "Real task.", "first-user"),
        ("system", "Be good.", "system"),
        ("none", "", "none"),
        ("Win the race.", "Win the race.", "given"),
    ],
)
def test_the_goal_is_the_first_request_that_is_no_demonstration_or_what_was_wished(
    wish: str | None, text: str, source: str
) -> None:
    head = {"role": "system", "content": "Be good."}
    made = run(head, user("Example."), user("Real task."), agent("Done."), demonstrations=frozenset({1}))

    goal = goal_of(made, Parts(made, estimate), wish)

    assert (goal.text, goal.source) == (text, source)
    assert walk(made, goal=wish).report.goal_verbatim_calls == (1 if text else 0)


def test_where_every_request_is_marked_the_first_is_the_goal() -> None:
    made = run(user("Example."), agent("Done."), demonstrations=frozenset({0}))

    assert goal_of(made, Parts(made, estimate), None).given is None
    assert walk(made).report.goal_verbatim_calls == 1


def test_an_observation_in_the_user_role_is_no_goal() -> None:
    made = run(agent("ls"), user("a.py b.py"), agent("Done."), observations="user")

    assert goal_of(made, Parts(made, estimate), None).source == "none"


def test_a_run_that_names_its_system_message_has_it_as_its_goal() -> None:
    made = run(
        {"role": "system", "content": "Keep emissions low."}, user("Day 1."), agent("Held."), goal_is_system=True
    )

    report = walk(made).report

    assert (report.goal_source, report.goal_verbatim_calls) == ("system", 1)


def test_a_system_text_beside_the_messages_holds_the_goal_too() -> None:
    made = Run(
        "toy", 0, "anthropic", "anthropic", (user("Day 1."), agent("Held.")), system="Keep low.", goal_is_system=True
    )

    report = walk(made).report

    assert (report.goal_source, report.goal_verbatim_calls, report.violations) == ("system", 1, ())


def test_the_baseline_full_costs_what_cost_full_says() -> None:
    report = walk(loop(50), against=("full",)).report

    assert [rival.name for rival in report.against] == ["full"]
    assert report.against[0].cost == pytest.approx(report.cost_full)
    assert report.against[0].violations == 0


def test_sliding_parts_calls_from_results_and_loses_the_goal() -> None:
    (sliding,) = walk(loop(60), against=("sliding",)).report.against

    assert sliding.violations > 0
    assert sliding.goal_verbatim_calls < 60
    assert sliding.max_view_tokens <= 0.8 * 3_500


def test_compact_keeps_the_goal_and_acts_at_the_same_marks() -> None:
    report = walk(loop(200), against=ALL).report
    costs = {rival.name: rival.cost for rival in report.against}
    compact = report.against[-1]

    assert (compact.violations, compact.goal_verbatim_calls) == (0, 200)
    assert compact.max_view_tokens < 3_500
    assert costs["compact"] < costs["clear"] < costs["full"]


def test_below_every_mark_all_baselines_send_the_record() -> None:
    report = walk(loop(5), window=32_000, against=ALL).report

    assert {round(rival.cost, 3) for rival in report.against} == {round(report.cost_full, 3)}


def test_the_keys_of_a_report_are_the_documented_ones() -> None:
    keys = (
        "source index format window calls messages tokens goal_source goal_tokens violations due_calls "
        "recital_last_calls goal_calls goal_verbatim_calls max_view_tokens over_budget_calls refused_calls refused "
        "compactions clears clips prefix_reuse cost cost_full cost_floor recall_missing ms_median ms_p99 against"
    )

    assert [field.name for field in fields(Report)] == keys.split()
    assert list(walk(loop(2)).report.plain()) == keys.split()


class Forgetful(MemoryStore):
    """A store that says it kept what left a view, and did not."""

    def save(self, key: str, version: int, state: State, kept: Sequence[Kept], span: str, /) -> bool:
        return super().save(key, version, state, (), span)


def test_what_left_a_view_and_was_not_archived_is_missing_and_fails_the_run() -> None:
    made = loop(60)

    report = walked(made, Policy(window=4_000), None, (), Parts(made, estimate), Forgetful()).report

    assert report.recall_missing > 0
    assert report.failed
    assert walk(made).report.recall_missing == 0


@pytest.mark.parametrize("carrier", ["user", "result"])
@pytest.mark.parametrize("kept", [True, False])
def test_a_result_that_carries_the_recital_did_not_leave(carrier: str, kept: bool) -> None:
    report = walk(loop(60), recite="every", carrier=carrier, keep_recitations=kept).report

    assert (report.due_calls, report.recall_missing) == (60, 0)


def test_sizes_are_counted_apart_from_what_litany_says_of_itself() -> None:
    made = loop(60)
    counted_twice = Parts(made, lambda text: 2 * estimate(text))

    report = walked(made, Policy(window=4_000), None, (), counted_twice).report

    assert report.max_view_tokens > 3_500
    assert report.over_budget_calls > 0


@pytest.mark.parametrize("text", ["boo", "boo " * 3_000])
def test_a_result_without_a_call_behind_the_last_answer_is_an_error(text: str) -> None:
    with pytest.raises(PairError):
        walk(run(user("Go."), agent("Gone."), result("ghost", text)))


def test_what_follows_the_last_answer_counts_in_no_figure() -> None:
    short = run(user("Go."), agent("Gone."))
    long = run(*short.messages, user("Read this: " + "word " * 3_000))

    report, before = walk(long, window=1_000).report, walk(short, window=1_000).report

    assert (report.calls, report.refused, report.cost) == (before.calls, (), before.cost)
