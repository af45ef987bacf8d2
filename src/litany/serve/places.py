"""Places: where the members of a JSON object, and the items of one of its lists, stand in its text."""

import json
import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

DECODER = json.JSONDecoder()
WHITE = re.compile(r"[ \t\n\r]*")
Span = tuple[int, int]


@dataclass(frozen=True, slots=True)
class Items:
    """The items of a list and their places."""

    values: list[Any]
    spans: list[Span]
    end: int
    """The place behind the list."""


@dataclass(frozen=True, slots=True)
class Member:
    """One member of an object; of the list that was asked for its items."""

    name: str
    value: Any
    span: Span
    items: Items | None = None


def members(text: str, at: int, split: str) -> Iterator[Member]:
    """The members of the object at that place; the list named `split` item by item. Raises: ValueError."""
    return following(text, _behind(text, at, "{"), split, first=True)


def following(text: str, at: int, split: str, *, first: bool = False) -> Iterator[Member]:
    """The members behind that place, up to the end of the object. Raises: ValueError."""
    while (mark := _mark(text, at := _white(text, at))) != "}":
        name, at = DECODER.raw_decode(text, at if first else _behind(text, at, ","))
        first = False
        start = _behind(text, at, ":")
        if not isinstance(name, str):
            raise ValueError(f"a name is {mark!r}")  # noqa: TRY004 -- what the decoder raises, too
        if name == split and _mark(text, start) == "[":
            found = items(text, start + 1, first=True)
            yield Member(name, found.values, (start, found.end), found)
            at = found.end
        else:
            value, at = DECODER.raw_decode(text, start)
            yield Member(name, value, (start, at))


def items(text: str, at: int, *, first: bool = False) -> Items:
    """The items of a list behind that place, up to its end. Raises: ValueError."""
    values: list[Any] = []
    spans: list[Span] = []
    while _mark(text, at := _white(text, at)) != "]":
        start = at if first else _behind(text, at, ",")
        first = False
        value, at = DECODER.raw_decode(text, start)
        values.append(value)
        spans.append((start, at))
    return Items(values, spans, at + 1)


def _white(text: str, at: int) -> int:
    found = WHITE.match(text, at)
    return at if found is None else found.end()


def _mark(text: str, at: int) -> str:
    return text[at : at + 1]


def _behind(text: str, at: int, mark: str) -> int:
    """The place of what stands behind that mark."""
    at = _white(text, at)
    if _mark(text, at) != mark:
        raise ValueError(f"{_mark(text, at)!r} stands where {mark!r} is due")
    return _white(text, at + 1)
