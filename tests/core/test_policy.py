"""Policy: its defaults, and the sentence with which it refuses what cannot work."""

from typing import Any

import pytest

from litany.core.policy import Policy, Prices
from litany.errors import PolicyError


def test_the_reserve_is_an_eighth_of_a_small_window_and_4096_of_a_large_one() -> None:
    assert [Policy(window=window).spare for window in (8_000, 32_768, 128_000)] == [1_000, 4_096, 4_096]


def test_the_budget_is_what_the_reserve_leaves() -> None:
    assert (Policy(window=8_000).budget, Policy(window=8_000, reserve=0).budget) == (7_000, 8_000)


def test_clip_and_summary_follow_the_budget_within_bounds() -> None:
    assert [Policy(window=window).clip for window in (2_000, 32_000, 1_000_000)] == [500, 3_500, 8_000]
    assert [Policy(window=window).cap for window in (2_000, 32_000, 1_000_000)] == [200, 1_166, 2_000]


REFUSED: list[tuple[dict[str, Any], str]] = [
    ({"window": "128k"}, "`window` is '128k'; give a whole number of at least 256"),
    ({"window": True}, "`window` is True; give a whole number of at least 256"),
    ({"window": 8_000, "reserve": 8_000}, "leave room, lower `reserve`"),
    ({"reserve": -1}, "`reserve` is -1; give a whole number of at least 0"),
    ({"trigger": 0.8}, '`trigger` is 0.8; write ("fraction", 0.8), ("tokens", 20000) or ("messages", 40)'),
    ({"trigger": ("fraction", 80)}, "a fraction lies above 0 and up to 1"),
    ({"trigger": ("tokens", "many")}, "its second part is a number"),
    ({"trigger": ("tokens", float("inf"))}, "its second part is a number"),
    ({"trigger": ("messages", 2.5)}, "`trigger` is 2.5 messages; give a whole number of at least 1"),
    ({"trigger": ("tokens", 200_000)}, "lower `trigger` or raise `window`"),
    ({"keep": ("tokens", 200_000)}, "lower `keep`"),
    ({"keep": ("fraction", 0.8)}, "a compaction would leave more than starts it; lower `keep` or raise `trigger`"),
    ({"trigger": ("messages", 9), "keep": ("messages", 9)}, "lower `keep` or raise `trigger`"),
    ({"trigger": ("tokens", 900), "keep": ("tokens", 1_000)}, "lower `keep` or raise `trigger`"),
    ({"prefer": "speed"}, "`prefer` is 'speed'; it is one of 'quality', 'cost'"),
    ({"prices": {"read": 0.1}}, "`prices` is a Prices"),
    ({"prices": Prices(read=-1)}, "`prices.read` is -1; give it in units of one uncached input token, from 0"),
    ({"clip_tokens": 5}, "`clip_tokens` is 5; give a whole number of at least 32"),
    ({"clear_keep": -1}, "`clear_keep` is -1; give a whole number of at least 0"),
    ({"recite": 10}, '`recite` is 10; write "every", "compaction", "off", "auto", ("turns", n) or ("tokens", n)'),
    ({"recite": ("turns", 0)}, "`recite` is 0; give a whole number of at least 1"),
    ({"recite_tokens": 5}, "`recite_tokens` is 5; give a whole number of at least 96"),
    ({"carrier": "assistant"}, "it is one of 'auto', 'user', 'system', 'result'"),
    ({"keep_recitations": 1}, "it is one of 'auto', True, False"),
    ({"observations": "text"}, "it is one of 'tool', 'user'"),
    ({"shadow": "yes"}, "`shadow` is 'yes'; it is one of True, False"),
    ({"encoding": ""}, "name a tiktoken encoding"),
]


@pytest.mark.parametrize(("settings", "sentence"), REFUSED, ids=[str(settings) for settings, _ in REFUSED])
def test_a_value_that_cannot_work_is_refused_and_told_what_to_change(settings: dict[str, Any], sentence: str) -> None:
    with pytest.raises(PolicyError) as refused:
        Policy(**settings)

    assert sentence in str(refused.value)


def test_keep_and_trigger_in_different_units_are_left_to_the_run() -> None:
    policy = Policy(trigger=("messages", 10), keep=("fraction", 0.9))

    assert (policy.trigger, policy.keep) == (("messages", 10), ("fraction", 0.9))


def test_plain_data_makes_a_policy_with_its_lists_as_tuples() -> None:
    table = {"window": 32_000, "recite": ["turns", 5], "trigger": ["tokens", 20_000], "prices": {"output": 4.0}}

    assert Policy.of(table) == Policy(
        window=32_000, recite=("turns", 5), trigger=("tokens", 20_000), prices=Prices(output=4.0)
    )


def test_an_unknown_key_is_refused_with_the_keys_that_there_are() -> None:
    with pytest.raises(PolicyError, match="a Policy has no `wndow`; it has window, reserve, trigger, keep"):
        Policy.of({"wndow": 8_000})
    with pytest.raises(PolicyError, match="`prices` has no `input`; it has read, write, output"):
        Policy.of({"prices": {"input": 1.0}})
