"""Many conversations through one shared door, or several over one store: each gets the views it would get alone."""

import random
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import pytest

from litany import MemoryStore, SqliteStore
from litany.middleware.shared import Conversations
from tests.middleware.shared.talks import POLICY, Talk, alone, interleaved, talk, together

MANY = 24


def talks(dice: random.Random, many: int = MANY) -> list[Talk]:
    """Random conversations; one in three opens with the same words as others."""
    return [talk(number, dice, dice.choice((None, None, "hi"))) for number in range(many)]


@pytest.mark.parametrize("seed", range(12))
def test_many_conversations_in_any_order_through_one_door(seed: int) -> None:
    dice = random.Random(seed)
    all, door, copied = talks(dice), Conversations(policy=POLICY), seed % 2 == 0

    seen = interleaved([together(one, [door], copied) for one in all], dice)

    assert [number for number, one in enumerate(all) if seen[number] != alone(one)] == []


@pytest.mark.parametrize("seed", range(12))
@pytest.mark.parametrize("given", [{}, {"goal": "Find it.", "constraints": ["Say nothing."]}], ids=["found", "given"])
def test_many_conversations_through_several_doors_over_one_file(
    seed: int, given: dict[str, Any], tmp_path: Path
) -> None:
    dice = random.Random(1_000 + seed)
    doors = [Conversations(policy=POLICY, store=SqliteStore(tmp_path / "all.db"), **given) for _ in range(3)]
    all = talks(dice, 10)

    seen = interleaved([together(one, doors, seed % 2 == 0) for one in all], dice)

    assert [number for number, one in enumerate(all) if seen[number] != alone(one, **given)] == []


@pytest.mark.parametrize("seed", range(3))
def test_many_conversations_in_threads(seed: int, tmp_path: Path) -> None:
    dice = random.Random(2_000 + seed)
    all, door = talks(dice), Conversations(policy=POLICY, store=MemoryStore())

    with ThreadPoolExecutor(8) as pool:
        seen = list(pool.map(lambda one: list(together(one, [door], True)), all))

    assert [number for number, one in enumerate(all) if seen[number] != alone(one)] == []


@pytest.mark.parametrize("seed", range(6))
def test_the_same_conversation_again_and_again_is_a_new_one_each_time(seed: int) -> None:
    dice = random.Random(3_000 + seed)
    one, door = talk(0, dice), Conversations(policy=POLICY)

    seen = [list(together(one, [door], True)) for _ in range(20)]

    assert all(views == alone(one) for views in seen)


@pytest.mark.parametrize("seed", range(6))
def test_many_named_conversations_that_open_alike(seed: int) -> None:
    dice = random.Random(4_000 + seed)
    all, door = [talk(number, dice, "hi") for number in range(MANY)], Conversations(policy=POLICY)

    seen = interleaved([together(one, [door], False, key=one.name) for one in all], dice)

    assert [number for number, one in enumerate(all) if seen[number] != alone(one)] == []
    assert [one.name for one in all if door.store.load(one.name) is None] == []
