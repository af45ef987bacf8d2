"""The file of weights: read in one order, named by its hash, and refused when it is not whole."""

import hashlib
import time
from pathlib import Path

import numpy as np
import pytest

from litany.errors import PocketError
from litany.pocket.shape import Shape
from litany.pocket.weights import layout, read, rounded
from tests.pocket.small import SMALL, written


def test_the_file_holds_the_arrays_one_after_the_other(tmp_path: Path) -> None:
    path = written(tmp_path / "weights.npy")

    weights = read(path, shape=SMALL)

    assert [(name, array.shape) for name, array in weights.arrays.items()] == list(layout(SMALL))
    assert np.array_equal(np.concatenate([array.ravel() for array in weights.arrays.values()]), np.load(path))
    assert {array.dtype.str for array in weights.arrays.values()} == {"<f4"}
    assert weights.sha256 == hashlib.sha256(path.read_bytes()).hexdigest()


def test_the_weights_cannot_be_written_to(tmp_path: Path) -> None:
    weights = read(written(tmp_path / "weights.npy"), shape=SMALL)

    with pytest.raises(ValueError, match="read-only"):
        weights.arrays["embed"][0] = 1


@pytest.mark.parametrize("left", [0, 3, 100, 4_000])
def test_a_truncated_file_is_refused(tmp_path: Path, left: int) -> None:
    path = written(tmp_path / "weights.npy")
    path.write_bytes(path.read_bytes()[:left])

    with pytest.raises(PocketError, match=rf"holds {left:,} bytes that are no whole \.npy array .*; install litany"):
        read(path, shape=SMALL)


def test_a_file_of_another_shape_is_refused(tmp_path: Path) -> None:
    with pytest.raises(PocketError, match=r"holds <f2 of \(\d+,\); this network needs <f2 of \(\d+,\)"):
        read(written(tmp_path / "weights.npy"), shape=Shape())


@pytest.mark.parametrize("kind", ["<f4", ">f2"])
def test_a_file_of_other_numbers_is_refused(tmp_path: Path, kind: str) -> None:
    path = written(tmp_path / "weights.npy")
    np.save(path, np.load(path).astype(kind))

    with pytest.raises(PocketError, match=f"holds {kind} of"):
        read(path, shape=SMALL)


def test_a_missing_file_is_refused(tmp_path: Path) -> None:
    with pytest.raises(PocketError, match=r"cannot be read from .*: No such file"):
        read(tmp_path / "none.npy")


def test_the_real_size_is_read_in_a_twentieth_of_a_second(tmp_path: Path) -> None:
    path = tmp_path / "weights.npy"
    np.save(path, np.zeros(sum(int(np.prod(size)) for _, size in layout(Shape())), "<f2"))

    def seconds() -> float:
        before = time.process_time()
        read(path)
        return time.process_time() - before

    assert min(seconds() for _ in range(5)) < 0.05


def test_eight_bits_leave_each_number_within_half_a_step_of_its_row() -> None:
    matrix = np.random.default_rng(0).normal(size=(20, 30)).astype(np.float32)
    step = np.abs(matrix).max(-1, keepdims=True) / 127

    near = rounded(matrix)

    assert near.dtype == np.float32
    assert (np.abs(near - matrix) <= 0.501 * step).all()
    assert all(len(np.unique(np.rint(row / one))) <= 255 for row, one in zip(near, step, strict=True))


def test_a_row_of_zeros_stays_one() -> None:
    assert not rounded(np.zeros((2, 3), np.float32)).any()
