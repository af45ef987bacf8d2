"""Named arms: on which task each pair of them sends different prompts, and which are two names of one."""

import json
from collections.abc import Sequence
from functools import cache
from itertools import combinations

import pytest

from litany.adapters.counting import Counting
from litany.evals.arm import ARMS
from litany.evals.tasks import TASKS, fitted

PAGES = {"needle", "needle:multi-key", "needle:multi-value", "needle:multi-query", "kv", "kv:uuid", "variable"} | {
    "semantic",
    "semantic:country",
}
"""One user message and no call."""
TAILS = {"goal:tail", "todo:tail"}
"""A trajectory that ends on a tool's result."""
ONE = {"recite", "recite@user", "recite@ephemeral"}
"""Two names more for what litany does by itself."""
ONCE = {*ONE, "recite@result", "recite@kept", "every", "on-change", "sunk", "compact+recite"}
"""What recites once where there is one call."""
WHOLE = {"bare", "compact", "clear", "sink-window"}
"""What leaves a single message as it is."""


def alike(task: str) -> list[set[str]]:
    """Arms that send one prompt."""
    if task in PAGES:
        return [ONCE, WHOLE]
    return [ONE] if task in TAILS else [{*ONE, "recite@result"}]


@cache
def prompts(task: str) -> dict[str, str]:
    """What each arm sends, early in a history of many calls."""
    case = fitted(TASKS[task], 3, 6_000, Counting(), 2_500).at(0.1)
    return {name: json.dumps(arm.view(case).messages) for name, arm in ARMS.items()}


def same(task: str, pair: Sequence[str]) -> bool:
    return prompts(task)[pair[0]] == prompts(task)[pair[1]]


@pytest.mark.parametrize("task", TASKS)
def test_two_arms_send_one_prompt_only_where_the_task_cannot_part_them(task: str) -> None:
    found = {pair for pair in combinations(sorted(ARMS), 2) if same(task, pair)}

    assert found == {pair for group in alike(task) for pair in combinations(sorted(group), 2)}


def test_every_pair_differs_on_an_agents_tail_but_for_two_names_of_recite() -> None:
    never = {pair for pair in combinations(sorted(ARMS), 2) if all(same(task, pair) for task in TAILS)}

    assert never == set(combinations(sorted(ONE), 2))


@pytest.mark.parametrize("task", sorted(TAILS))
def test_after_a_tools_result_each_carrier_stands_elsewhere(task: str) -> None:
    last = {name: json.loads(prompts(task)[name])[-1]["role"] for name in ARMS if name.startswith("recite@")}

    assert (last["recite@user"], last["recite@system"], last["recite@result"]) == ("user", "system", "tool")
    assert prompts(task)["recite@kept"].count("<litany mark=") > 1
    assert prompts(task)["recite@ephemeral"].count("<litany mark=") == 1
