"""Two runs held against each other, and gates."""

from collections.abc import Iterable
from dataclasses import replace
from pathlib import Path

import pytest

from litany.errors import EvalError
from litany.evals.compare import Comparison, compare, gate
from litany.evals.outcome import Outcome
from litany.evals.report.changes import told
from litany.evals.report.read import Results
from tests.evals.made import PLAIN, failed, flat, outcomes, u_shaped


def run(every: Iterable[Outcome], name: str = "b") -> Results:
    return Results(Path(name) / "outcomes.jsonl", tuple(every))


def scored(arm: str, scores: Iterable[float], depth: float = 0.5) -> list[Outcome]:
    return [
        replace(PLAIN, key=f"{arm}{depth}{n}", arm=arm, question=f"q{n}", seed=n, depth=depth, score=score)
        for n, score in enumerate(scores)
    ]


def lost(depth: float, length: int) -> float:
    return 0.3 if length == 16_000 else flat(depth, length)


def test_a_run_is_not_below_itself() -> None:
    every = list(outcomes(n=20))

    found = compare(run(every), run(every))

    assert not found.failed
    assert len(found.changes) == 45


def test_cells_that_fell_are_found_and_others_are_not() -> None:
    found = compare(run(outcomes({"recite": flat}, 40)), run(outcomes({"recite": lost}, 40)))

    assert found.failed
    assert {each.length for each in found.changes if each.below} == {16_000}
    assert sum(each.below for each in found.changes) == 5


def test_cells_that_rose_fail_nothing() -> None:
    found = compare(run(outcomes({"recite": lost}, 40)), run(outcomes({"recite": flat}, 40)))

    assert not found.failed
    assert sum(each.above for each in found.changes) == 5


def test_one_cell_of_many_by_chance_is_no_fall() -> None:
    """Six of six fell: p is .03 alone, and not among twenty cells."""
    others = [one for n in range(19) for one in scored("bare", [1.0] * 6, depth=n / 20)]
    before, after = scored("bare", [1.0] * 6, 1.0), scored("bare", [0.0] * 6, 1.0)

    assert compare(run(before), run(after)).failed
    assert not compare(run([*before, *others]), run([*after, *others])).failed


def test_an_arm_that_fell_a_little_everywhere_is_told_and_fails_where_that_is_asked() -> None:
    """Of 18 questions at five depths three fall at each, too few for a cell and enough together."""
    before = [one for place in range(5) for one in scored("recite", [1.0] * 18, place / 4)]
    after = [replace(one, score=0.0) if (one.seed + one.depth * 12) % 6 == 0 else one for one in before]

    found, strict = compare(run(before), run(after)), compare(run(before), run(after), pooled=True)

    (arm,) = found.pools
    assert (arm.arm, arm.below, any(each.below for each in found.changes)) == ("recite", True, False)
    assert arm.paired.interval is not None
    assert arm.paired.interval.middle == pytest.approx(-1 / 6)
    assert (found.failed, strict.failed) == (False, True)
    assert "recite, all cells together: −0.17 [" in "\n".join(map(str, told(strict, plain=True)))


def test_an_arm_that_rose_or_stayed_does_not_fail() -> None:
    before, after = list(outcomes({"recite": lost}, 40)), list(outcomes({"recite": flat}, 40))

    assert not compare(run(before), run(after), pooled=True).failed
    assert not compare(run(before), run(before), pooled=True).failed


def test_pairs_are_by_case_and_seed_in_whatever_order() -> None:
    before = scored("bare", [1.0] * 10 + [0.0] * 10)

    found = compare(run(before), run(reversed(before)))

    assert found.changes[0].paired.cases == 20
    assert found.changes[0].paired.interval is not None
    assert found.changes[0].paired.interval.middle == 0


def test_a_case_with_an_error_is_left_out_and_no_zero() -> None:
    before = scored("bare", [1.0] * 20)
    after = [failed(one) if n < 10 else one for n, one in enumerate(before)]

    found = compare(run(before), run(after), partial=True)

    assert not found.failed
    assert (found.changes[0].paired.cases, found.changes[0].paired.left_out) == (10, 10)


def test_a_cell_of_errors_only_fails() -> None:
    before = scored("bare", [1.0] * 8) + scored("bare", [1.0] * 8, 1.0)
    after = [failed(one) if one.depth == 1 else one for one in before]

    found = compare(run(before), run(after))

    assert [each.depth for each in found.changes if each.lost] == [1.0]
    assert found.failed


def lines(found: Comparison) -> str:
    return "\n".join(str(each) for each in told(found, plain=True))


def test_a_run_that_answers_little_of_the_first_is_no_sign_that_nothing_fell() -> None:
    before = scored("bare", [1.0] * 20)
    after = [*before[:17], *(failed(each) for each in before[17:])]

    found, nearly = compare(run(before), run(after)), compare(run(before), run(before[:18]))

    assert (found.failed, nearly.failed) == (True, False)
    assert not compare(run(before), run(after), partial=True).failed
    assert "3 of them answered in the first run alone: FAILS; ask them again" in lines(found)


def test_where_nothing_could_be_tested_nothing_is_said_to_hold() -> None:
    every = [one for n in range(9) for one in scored("bare", [1.0], depth=n / 8)]

    found = compare(run(every), run(every), partial=True)

    assert found.failed
    assert "Holm over 0 cells): FAILS, for nothing could be tested" in lines(found)


def test_cells_of_too_few_questions_to_show_a_fall_are_counted() -> None:
    few, enough = scored("bare", [1.0] * 5, 0.0), scored("bare", [1.0] * 12, 1.0)

    found = compare(run([*few, *enough]), run([*few, *enough]))

    assert (found.failed, found.blind) == (False, 1)
    assert "1 cell of too few questions to show any fall" in lines(found)


def test_cells_that_were_not_asked_again_are_counted() -> None:
    before = scored("bare", [1.0] * 8) + scored("bare", [1.0] * 8, 1.0)

    assert compare(run(before), run(before[:8])).missing == 1


def test_a_run_that_left_cells_out_fails_unless_it_may() -> None:
    before = scored("bare", [1.0] * 8) + scored("bare", [1.0] * 8, 1.0)

    assert compare(run(before), run(before[:8])).failed
    assert not compare(run(before), run(before[:8]), partial=True).failed
    assert not compare(run(before[:8]), run(before)).failed


def test_cases_of_another_text_are_counted_and_paired_all_the_same() -> None:
    before = [replace(one, case="aa") for one in scored("bare", [1.0] * 8)]
    after = [replace(one, case="aa" if one.seed < 3 else "bb") for one in before]

    found = compare(run(before), run(after))

    assert found.reworded == 5
    assert found.changes[0].paired.cases == 8
    assert compare(run(before), run([replace(one, case="") for one in before])).reworded == 0


def test_another_model_is_held_against_the_first() -> None:
    before = scored("bare", [1.0] * 20)
    after = [replace(one, model="other", score=0.0) for one in before]

    assert compare(run(before), run(after)).failed


def test_runs_without_a_common_case_say_so() -> None:
    before = scored("bare", [1.0] * 8)

    with pytest.raises(EvalError, match=r"a/outcomes.jsonl and b/outcomes.jsonl hold no case in common; run both by"):
        compare(run(before, "a"), run([replace(one, seed=99 + one.seed) for one in before]))
    with pytest.raises(EvalError, match="no case in common"):
        compare(run(before, "a"), run([replace(one, task="kv") for one in before]))


def test_a_gate_holds_when_the_lower_end_reaches_it() -> None:
    every = run(outcomes({"bare": u_shaped, "recite": flat}, 40))

    low = compare(every, every, [gate("recite - bare >= 0")]).gates[0].interval.low

    assert low > 0.05
    assert not compare(every, every, [gate(f"recite - bare >= {low - 0.001:.6f}")]).failed
    assert compare(every, every, [gate(f"recite - bare >= {low + 0.001:.6f}")]).failed


def test_a_gate_may_allow_a_loss() -> None:
    every = run(outcomes({"bare": flat, "clear": flat}, 40))

    assert not compare(every, every, [gate("clear - bare >= -0.1")]).failed


@pytest.mark.parametrize(("n", "holds"), [(6, False), (72, False), (73, True)])
def test_questions_that_all_agree_pass_no_gate_that_so_few_cannot_show(n: int, holds: bool) -> None:
    every = run([*scored("bare", [1.0] * n), *scored("clear", [1.0] * n)])

    assert compare(every, every, [gate("clear - bare >= -0.05")]).gates[0].holds is holds


def test_a_gate_reads_the_second_run_only() -> None:
    good, bad = run(outcomes({"bare": u_shaped, "recite": flat}, 40)), run(outcomes({"bare": flat, "recite": flat}, 40))

    assert compare(bad, good, [gate("recite - bare >= 0.05")]).gates[0].holds
    assert not compare(good, bad, [gate("recite - bare >= 0.05")]).gates[0].holds


@pytest.mark.parametrize(
    ("text", "first", "second", "least"),
    [
        ("recite - bare >= 0.05", "recite", "bare", 0.05),
        ("  sink-window  -  on-change>=-.1 ", "sink-window", "on-change", -0.1),
        ("compact+recite - my policy.toml >= 0", "compact+recite", "my policy.toml", 0.0),
        ("recite@01234567 - bare >= +0.5", "recite@01234567", "bare", 0.5),
    ],
)
def test_a_gate_is_read(text: str, first: str, second: str, least: float) -> None:
    found = gate(text)

    assert (found.first, found.second, found.least) == (first, second, least)


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("", "is none; write"),
        ("recite", "is none; write"),
        ("recite - bare", "is none; write"),
        ("recite - bare > 0.05", "is none; write"),
        ("recite-bare >= 0.05", "is none; write"),
        ("recite - bare >= nan", "is none; write"),
        ("recite - bare >= 5%", "is none; write"),
        ("recite - bare >= 5", "write 0.05 for 5 points"),
        ("bare - bare >= 0", "holds an arm against itself"),
    ],
)
def test_what_is_no_gate_says_how_to_write_one(text: str, said: str) -> None:
    with pytest.raises(EvalError, match=said) as caught:
        gate(text)
    assert "\n" not in str(caught.value)


def test_a_gate_on_an_unknown_arm_names_those_there_are() -> None:
    every = run(outcomes(n=8))

    with pytest.raises(EvalError, match="holds no arm 'sing'; it holds bare, placebo, recite"):
        compare(every, every, [gate("sing - bare >= 0")])


@pytest.mark.parametrize(("n", "least", "needed"), [(3, "0.05", 6), (20, "0.95", 150)])
def test_too_few_questions_for_a_gate_say_how_many_it_takes(n: int, least: str, needed: int) -> None:
    every = run(outcomes(n=n))

    with pytest.raises(EvalError, match=rf"{n} questions answered in both arms, too few.*at least {needed}, better"):
        compare(every, every, [gate(f"recite - bare >= {least}")])


def test_all_right_of_enough_questions_passes_the_gate_that_asks_for_them() -> None:
    every = run([*scored("bare", [0.0] * 150), *scored("recite", [1.0] * 150)])

    assert not compare(every, every, [gate("recite - bare >= 0.95")]).failed
