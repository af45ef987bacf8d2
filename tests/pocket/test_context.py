"""Blocks that prompts share: named by everything up to their end, kept by use, never written to."""

import numpy as np
import pytest

from litany.pocket.arithmetic import BLOCK
from litany.pocket.context import Block, Context, Prefixes, names
from tests.pocket.small import SMALL, prompt

FIRST, SECOND = prompt(BLOCK, seed=1), prompt(BLOCK, seed=2)


def block() -> Block:
    context = Context(SMALL)
    context.length = BLOCK
    return context.newest()


def named(ids: list[int]) -> list[bytes]:
    return names(np.array(ids, np.int64))


def test_only_full_blocks_have_names() -> None:
    assert [len(named(FIRST[:length])) for length in (0, 1, BLOCK - 1, BLOCK)] == [0, 0, 0, 1]
    assert len(named([*FIRST, *SECOND, 1])) == 2


def test_a_block_is_named_by_what_comes_before_it_too() -> None:
    assert named([*FIRST, *SECOND])[0] == named(FIRST)[0]
    assert named([*FIRST, *SECOND])[1] != named([*SECOND, *SECOND])[1]


def test_known_blocks_end_at_the_first_gap() -> None:
    prefixes, blocks = Prefixes(1_000_000), [block(), block()]
    prefixes.keep([b"a", b"c"], blocks)

    assert prefixes.known([b"a", b"b", b"c"]) == blocks[:1]
    assert prefixes.known([b"b", b"a"]) == []


def test_a_prompts_later_blocks_go_before_its_earlier_ones() -> None:
    one = block()
    prefixes = Prefixes(2 * one.size)
    prefixes.keep([b"a", b"b", b"c"], [one, one, one])

    assert len(prefixes.known([b"a", b"b", b"c"])) == len(prefixes) == 2
    assert prefixes.size == 2 * one.size


def test_a_cache_of_nothing_keeps_nothing() -> None:
    prefixes = Prefixes(0)
    prefixes.keep([b"a"], [block()])

    assert (len(prefixes), prefixes.size) == (0, 0)


def test_a_kept_block_cannot_be_written_to() -> None:
    for array in (block().keys, block().values, block().past):
        with pytest.raises(ValueError, match="read-only"):
            array[0] = 1
