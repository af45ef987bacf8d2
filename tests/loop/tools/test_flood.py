"""A flood of text, of which the ends are kept."""

from hypothesis import given
from hypothesis import strategies as st

from litany.loop.tools.flood import Flood


@given(st.lists(st.text(alphabet="ab\n", max_size=30)), st.integers(2, 60))
def test_the_ends_are_kept_however_they_come(pieces: list[str], longest: int) -> None:
    flood, whole, half = Flood(longest), "".join(pieces), longest // 2

    assert [flood.write(piece) for piece in pieces] == [len(piece) for piece in pieces]

    text = flood.text()
    if len(whole) <= 2 * half:
        assert text == whole
    else:
        assert text.startswith(whole[:half] + "\n[... ")
        assert text.endswith(" ...]\n" + whole[-half:])
        assert f"[... {len(whole) - 2 * half:,} characters" in text


def test_many_small_pieces_hold_no_more_than_was_asked() -> None:
    flood = Flood(1_000)

    for _ in range(100_000):
        flood.write("ab")

    assert sum(map(len, flood._tail)) <= 502
