"""The teller: events reach whoever reads them, and no caller waits for a reader or hears of one that left."""

import json
import os
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any, BinaryIO

import pytest

from litany.cli.telling import Event, Teller, as_json, as_line

REQUEST = {"event": "request", "method": "GET", "path": "/v1/models", "status": 200, "seconds": 0.1}


@contextmanager
def piped(most: int = 4, worded: Any = as_json) -> Iterator[tuple[Teller, BinaryIO]]:
    """A teller into a pipe, and the end from which it is read."""
    out, into = os.pipe()
    with os.fdopen(out, "rb") as reader:
        yield Teller(worded, into, most), reader
    os.close(into)


def numbered(number: int, letters: int = 0) -> Event:
    return {**REQUEST, "number": number, "long": "x" * letters}


@pytest.mark.parametrize("worded", [as_json, as_line])
def test_each_event_is_a_line(worded: Any) -> None:
    with piped(worded=worded) as (tell, reader):
        tell(REQUEST)
        tell({**REQUEST, "path": "/v1/\nfiles"})
        lines = [reader.readline(), reader.readline()]

    assert b"/v1/models" in lines[0]
    assert b"/v1/\\nfiles" in lines[1]


def test_what_nobody_reads_is_counted_and_the_count_is_told_once_there_is_room() -> None:
    with piped() as (tell, reader):
        for number in range(40):
            tell(numbered(number, 80_000))  # longer than a pipe is
        told = [json.loads(reader.readline())]
        while "count" not in told[-1]:
            told.append(json.loads(reader.readline()))
        tell(numbered(40))
        rest = [json.loads(reader.readline())]
        while rest[-1].get("number") != 40:
            rest.append(json.loads(reader.readline()))

    requests = [event["number"] for event in [*told, *rest] if "number" in event]
    assert requests == sorted(requests)
    assert told[-1]["event"] == "untold"
    assert told[-1]["count"] + len(requests) == 41
    assert 4 <= len(requests) <= 6 + 1


def test_a_reader_that_left_is_told_no_more_and_nobody_hears_of_it() -> None:
    with piped() as (tell, reader):
        reader.close()
        for number in range(20):
            tell(numbered(number))
        tell.end(20.0)
        tell(numbered(20))


def test_the_last_events_are_told_before_it_ends() -> None:
    with piped(most=100) as (tell, reader):
        for number in range(50):
            tell(numbered(number))
        tell.end(20.0)
        os.set_blocking(reader.fileno(), False)
        told = reader.read().splitlines()

    assert [json.loads(line)["number"] for line in told] == list(range(50))


def test_the_count_reads_as_a_line_for_people() -> None:
    assert "3 requests were not told" in as_line({"event": "untold", "count": 3})
