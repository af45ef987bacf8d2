"""Packed bodies: read whole, within the limit, or refused."""

import gzip

import pytest

from litany.serve.planned import MEMBERS, unpacked
from litany.serve.refusal import Refusal

BODY = b'{"model": "fake", "messages": [{"role": "user", "content": "hi"}]}'


def test_a_body_of_several_pieces_is_read_to_its_end() -> None:
    pieces = gzip.compress(BODY[:20]) + gzip.compress(b"") + gzip.compress(BODY[20:])

    assert unpacked(pieces, "gzip", 1_000) == BODY


@pytest.mark.parametrize(
    ("raw", "status"),
    [
        (gzip.compress(BODY) + b"junk", 400),
        (gzip.compress(BODY) + gzip.compress(BODY)[:-9], 400),
        (gzip.compress(b"x" * 600) * 2, 413),
        (b"", 400),
    ],
    ids=["junk behind it", "cut short", "too long", "nothing"],
)
def test_what_is_not_gzip_to_its_end_or_too_long_is_refused(raw: bytes, status: int) -> None:
    refusal = unpacked(raw, "gzip", 1_000)

    assert isinstance(refusal, Refusal)
    assert refusal.status == status


def test_a_body_of_very_many_pieces_is_not_read() -> None:
    assert unpacked(gzip.compress(b"") * (MEMBERS + 1), "gzip", 1_000) is None
