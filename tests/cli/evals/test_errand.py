"""`litany eval errand`: its own arms, one depth, eight worlds of each kind; and a script that does all of a world."""

import json
from pathlib import Path

from litany.evals.errand import KINDS, TREATMENTS, world
from litany.evals.sweep import read
from tests.cli.evals.command import found, litany
from tests.evals.errand.worker import calling, right


def test_it_is_asked_with_what_errands_need_where_nothing_is_said() -> None:
    plan = found("eval errand --model scripted:said.jsonl --lengths 8k --dry-run")

    assert plan["questions"] == 8 * len(KINDS)
    assert plan["calls"] > 20 * 8 * len(KINDS) * len(TREATMENTS)


def test_a_script_that_does_all_of_it_is_right_and_the_report_says_what_was_made() -> None:
    errand = world(0, 5)
    lines = [json.dumps(calling(*right(errand, place), f"c{place}")) for place in range(5)]
    Path("does.jsonl").write_text("\n".join(lines))

    ran = litany("eval errand:5 --model scripted:does.jsonl --lengths 8k -n 1 --arms litany --out out")

    assert ran.returncode == 0, ran.stderr
    assert [each.score for each in read(Path("out"))] == [1.0]
    assert "orders done right" in ran.stdout


def test_a_longer_errand_is_planned_for_a_larger_model() -> None:
    plan = found("eval errand:300 --model scripted:said.jsonl --lengths 32k -n 1 --arms last-n --dry-run")

    assert plan["calls"] == 450


def test_other_tasks_are_not_asked_beside_it() -> None:
    ran = litany("eval errand,needle --model scripted:said.jsonl --lengths 8k")

    assert ran.returncode == 2
    assert ran.stderr.startswith("litany: errand is many calls and has arms of its own; ask it in a suite of its own")
