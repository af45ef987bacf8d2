"""The network: the same bits from a warm cache, from two threads and token by token; nothing seen that is hidden."""

from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import numpy as np
import pytest

from litany.errors import PocketError
from litany.pocket.arithmetic import BLOCK, REACH
from litany.pocket.network import Network, load
from litany.pocket.weights import Weights, read
from tests.pocket.small import SMALL, prompt, written

STOP = 0
LONG = prompt(2 * BLOCK + 44)
LEAK = SMALL.layers * (SMALL.taps - 1)
"""How far a token's numbers leak through the convolutions, without any attention."""


@pytest.fixture(scope="module")
def weights(tmp_path_factory: pytest.TempPathFactory) -> Weights:
    return read(written(tmp_path_factory.mktemp("pocket") / "weights.npy"), shape=SMALL)


@pytest.mark.parametrize("length", [1, BLOCK - 1, BLOCK, BLOCK + 1, 2 * BLOCK, len(LONG)])
def test_a_warm_cache_gives_the_same_bits_as_none(weights: Weights, length: int) -> None:
    warm, ids = Network(weights), LONG[:length]
    warm.answer(LONG, STOP, 1)

    assert warm.answer(ids, STOP, 20).ids == Network(weights, cache=0).answer(ids, STOP, 20).ids
    assert np.array_equal(warm.logits(ids, [length - 1]), Network(weights, cache=0).logits(ids, [length - 1]))


def test_positions_inside_a_known_block_have_the_same_bits_too(weights: Weights) -> None:
    warm, at = Network(weights), [5, BLOCK, len(LONG) - 1]
    warm.answer(LONG, STOP, 1)

    assert np.array_equal(warm.logits(LONG, at), Network(weights).logits(LONG, at))


def test_prompts_share_the_full_blocks_they_begin_with(weights: Weights) -> None:
    network = Network(weights)
    other = [*LONG[: BLOCK + 10], *prompt(BLOCK, seed=2)]

    cached = [network.answer(ids, STOP, 1).cached for ids in (LONG, LONG, other, LONG[1:])]

    assert cached == [0, 2 * BLOCK, BLOCK, 0]


def test_an_answer_is_what_reading_at_once_makes_likeliest(weights: Weights) -> None:
    network, ids = Network(weights), LONG[: BLOCK - 5]
    answered = network.answer(ids, stop=-1, most=12)

    at_once = network.logits([*ids, *answered.ids], range(len(ids) - 1, len(ids) + 11))

    assert answered.ids == tuple(at_once.argmax(-1))
    assert not answered.finished


def test_an_answer_ends_before_the_stop(weights: Weights) -> None:
    network = Network(weights)
    free = network.answer(LONG, stop=-1, most=6).ids
    stop = free[3]

    answered = network.answer(LONG, stop, most=6)

    assert answered.ids == free[: free.index(stop)]
    assert answered.finished


def test_an_answer_keeps_to_what_is_allowed(weights: Weights) -> None:
    asked = list[tuple[int, ...]]()

    def allowed(so_far: tuple[int, ...]) -> set[int] | None:
        asked.append(so_far)
        return {7, 9} if len(so_far) < 2 else {STOP}

    answered = Network(weights).answer(LONG, STOP, 5, allowed)

    assert set(answered.ids) <= {7, 9}
    assert asked == [(), answered.ids[:1], answered.ids]
    assert answered.finished


def test_a_later_token_never_changes_what_was_said_before(weights: Weights) -> None:
    changed = [*LONG[:150], *prompt(len(LONG) - 150, seed=3)]
    at = [0, 100, 127, 128, 149]

    before, after = (Network(weights).logits(ids, at) for ids in (LONG, changed))

    assert np.array_equal(before, after)


def test_an_earlier_token_does_change_it(weights: Weights) -> None:
    changed = [(LONG[0] + 1) % SMALL.vocabulary, *LONG[1:]]

    before, after = (Network(weights).logits(ids, [len(LONG) - 1]) for ids in (LONG, changed))

    assert not np.array_equal(before, after)


def test_what_is_hidden_has_no_influence(weights: Weights) -> None:
    network, fact = Network(weights), range(20, 30)
    hidden = frozenset(range(20, 30 + LEAK))  # the tokens just after the fact carry it through the convolutions
    changed = [id if place not in fact else (id + 1) % SMALL.vocabulary for place, id in enumerate(LONG)]
    at = [30 + LEAK, 100, len(LONG) - 1]

    assert np.array_equal(network.logits(LONG, at, hidden), network.logits(changed, at, hidden))
    assert not np.array_equal(network.logits(LONG, at), network.logits(changed, at))
    assert not np.array_equal(network.logits(LONG, at), network.logits(LONG, at, hidden))


def test_hiding_leaves_no_trace_in_what_is_shared(weights: Weights) -> None:
    network = Network(weights)
    network.logits(LONG, [200], frozenset(range(100)))

    assert network.answer(LONG, STOP, 1).cached == 0


def test_who_sees_nothing_still_says_something(weights: Weights) -> None:
    logits = Network(weights).logits(LONG, range(3), frozenset(range(3)))

    assert np.isfinite(logits).all()


def test_eight_bits_say_nearly_what_sixteen_say(tmp_path: Path) -> None:
    path = written(tmp_path / "weights.npy")
    half, byte = (load(path, precision, SMALL).logits(LONG, range(len(LONG))) for precision in ("f16", "int8"))

    assert 0 < np.abs(half - byte).max() < 0.25 * half.std()
    assert np.mean(half.argmax(-1) == byte.argmax(-1)) > 0.9


def test_the_cache_stays_below_its_bound(weights: Weights) -> None:
    network = Network(weights, cache=200_000)

    sizes = []
    for seed in range(8):
        network.answer(prompt(3 * BLOCK, seed), STOP, 1)
        sizes.append(network.prefixes.size)

    assert 0 < min(sizes) <= max(sizes) <= 200_000


def test_what_was_used_last_stays_in_the_cache(weights: Weights) -> None:
    network = Network(weights, cache=200_000)
    for seed in range(8):
        network.answer(LONG, STOP, 1)
        network.answer(prompt(BLOCK, seed), STOP, 1)

    assert network.answer(LONG, STOP, 1).cached == 2 * BLOCK


def test_two_threads_are_answered_as_one_is(weights: Weights) -> None:
    prompts = [[*LONG[: 40 * number], *prompt(90, seed=number)] for number in range(8)] * 2
    alone = [Network(weights, cache=0).answer(ids, STOP, 8).ids for ids in prompts]
    shared = Network(weights, cache=400_000)

    with ThreadPoolExecutor(2) as pool:
        together = list(pool.map(lambda ids: shared.answer(ids, STOP, 8).ids, prompts))

    assert together == alone


@pytest.mark.parametrize(
    ("ids", "most", "text"),
    [
        ([], 5, "0 ids and 5 for the answer; give at least one"),
        ([1] * REACH, 1, f"{REACH} ids and 1 for the answer; give at least one and {REACH} in all"),
        ([1, 50], 5, "ids go from 1 to 50; the vocabulary has 0 to 49"),
        ([1, -1], 5, "ids go from -1 to 1"),
    ],
)
def test_what_cannot_be_read_is_refused(weights: Weights, ids: list[int], most: int, text: str) -> None:
    with pytest.raises(PocketError, match=text):
        Network(weights).answer(ids, STOP, most)


def test_a_position_that_is_not_there_is_refused(weights: Weights) -> None:
    with pytest.raises(PocketError, match="lies outside of the 3 ids"):
        Network(weights).logits([1, 2, 3], [3])


def test_the_last_position_there_is_can_be_answered_at(weights: Weights) -> None:
    assert len(Network(weights).answer(prompt(REACH - 2), stop=-1, most=2).ids) == 2
