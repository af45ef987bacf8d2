"""A write of the store at several lengths of the record: an average call of a conversation that lives in a file."""

from pathlib import Path
from typing import Any

import pytest

from benches.stored import COMPACTING, ROOMY, Stored

POLICIES = {"compacting": COMPACTING, "nothing cut": ROOMY}


@pytest.mark.parametrize("length", [100, 1_000, 10_000])
@pytest.mark.parametrize("policy", POLICIES)
def test_a_write_takes_as_long_in_a_long_record_as_in_a_short_one(
    policy: str, length: int, tmp_path: Path, benchmark: Any
) -> None:
    stored = Stored(tmp_path / "bench.litany", POLICIES[policy])
    stored.fill(length)

    def write() -> None:
        version, state = stored.store.inner.load("talk") or (0, None)
        assert state is not None
        assert stored.store.inner.save("talk", version, state, (), "")

    benchmark.pedantic(write, rounds=50, warmup_rounds=5)
    assert stored.litany.state["length"] == length
