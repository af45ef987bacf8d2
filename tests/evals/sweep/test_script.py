"""A script under a sweep: its lines are said in the order of the cells, each once, over all runs."""

import json
from collections.abc import Sequence
from contextlib import suppress
from dataclasses import replace
from itertools import count
from pathlib import Path
from typing import Any

import pytest

from litany.core.completion import Completion, Usage
from litany.errors import EvalError
from litany.evals.case import Case
from litany.evals.judge import Judge
from litany.evals.sweep import Interrupted, Pace, read, run
from litany.models.scripted import Scripted
from tests.evals.sweep.parts import PARTS, SUITE, Model, case


def test_a_script_is_said_in_the_order_of_the_cells_whatever_the_workers(tmp_path: Path) -> None:
    script = tmp_path / "said.jsonl"
    script.write_text("\n".join(json.dumps({"role": "assistant", "content": str(n)}) for n in range(60)))

    run(SUITE, Scripted(script), tmp_path / "out", parts=PARTS)

    found = read(tmp_path / "out")
    assert [each.answer for each in found] == [str(n) for n in range(60)]
    assert [(each.seed, each.arm) for each in found[:2]] == [(found[0].seed, "bare"), (found[0].seed, "recite")]


@pytest.mark.parametrize("first", [3, 5])
def test_a_script_goes_on_where_an_earlier_run_was_stopped_or_was_smaller(first: int, tmp_path: Path) -> None:
    script = tmp_path / "said.jsonl"
    script.write_text("\n".join(json.dumps({"role": "assistant", "content": str(n)}) for n in range(120)))
    grown = replace(SUITE, n=10)
    run(grown, Scripted(script), tmp_path / "whole", parts=PARTS)

    moments = count()

    def odd(*given: Any) -> Case:
        if next(moments) == 20 and first == 3:
            raise KeyboardInterrupt
        return case(*given)

    with suppress(Interrupted):
        run(replace(SUITE, n=first), Scripted(script), tmp_path / "out", parts=replace(PARTS, case=odd))
    run(grown, Scripted(script), tmp_path / "out", parts=PARTS)

    said = [[(each.key, each.answer) for each in read(tmp_path / name)] for name in ("whole", "out")]
    assert said[0] == said[1]


def test_a_script_that_judges_goes_on_too(tmp_path: Path) -> None:
    script, suite = tmp_path / "verdicts.jsonl", replace(SUITE, n=1)
    verdicts = [*["incorrect"] * 6, *["correct"] * 6]
    script.write_text("\n".join(json.dumps({"role": "assistant", "content": word}) for word in verdicts))

    class Vague(Model):
        def said(self, messages: Sequence[Any]) -> Completion:
            answer = f"so {messages[0]['content'][:12]} of {len(self.asked)}"
            return Completion({"role": "assistant", "content": answer}, Usage(50, 5), "stop")

    one = replace(suite, lengths=(100,), pace=Pace(workers=1))
    run(one, Vague(), tmp_path / "out", parts=PARTS, score=Judge(Scripted(script)))
    run(replace(one, n=2), Vague(), tmp_path / "out", parts=PARTS, score=Judge(Scripted(script)))

    assert [each.score for each in read(tmp_path / "out")] == [0.0] * 6 + [1.0] * 6


def test_a_script_takes_no_shared_cache(tmp_path: Path) -> None:
    (tmp_path / "said.jsonl").write_text('{"role": "assistant", "content": "7"}')

    with pytest.raises(EvalError, match="leave out --cache"):
        run(SUITE, Scripted(tmp_path / "said.jsonl"), tmp_path / "out", parts=PARTS, cache=tmp_path / "all.sqlite")
    assert [each.name for each in tmp_path.iterdir()] == ["said.jsonl"]
