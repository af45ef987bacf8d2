"""What an MCP server writes, as lines: each whole, and none longer than the bound."""

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from litany.adapters.mcp_process import ENDS, Lines


def fed(lines: Lines, text: bytes, size: int) -> list[bytes | tuple[int, int]]:
    return [line for start in range(0, len(text), size) for line in lines.fed(text[start : start + size])]


@given(st.lists(st.binary().map(lambda line: line.replace(b"\n", b""))), st.integers(1, 50))
def test_lines_are_the_same_however_they_come(lines: list[bytes], size: int) -> None:
    assert fed(Lines(), b"".join(line + b"\n" for line in lines), size) == lines


@pytest.mark.parametrize("order", [("jsonrpc", "id", "result"), ("result", "jsonrpc", "id")])
@given(length=st.integers(3 * ENDS, 20 * ENDS), size=st.integers(1, 5_000), id=st.integers(0), inner=st.integers(0, 9))
def test_a_line_that_is_too_long_is_known_by_its_id(
    order: tuple[str, ...], length: int, size: int, id: int, inner: int
) -> None:
    content = [{"id": inner, "type": "text", "text": "m" * length}]
    fields = {"jsonrpc": "2.0", "id": id, "result": {"content": content}}
    line = json.dumps({name: fields[name] for name in order}).encode()

    assert fed(Lines(2 * ENDS), b"first\n" + line + b"\nlast\n", size) == [b"first", (id, len(line)), b"last"]


def test_what_is_held_of_a_line_does_not_grow_with_it() -> None:
    lines = Lines(10_000)

    for _ in range(1_000):
        assert list(lines.fed(b"m" * 5_000)) == []

    assert sum(map(len, lines._pieces)) <= 2 * ENDS
