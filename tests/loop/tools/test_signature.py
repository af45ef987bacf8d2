"""What a model is shown of a function, and what it may give."""

import asyncio
from collections.abc import Callable
from dataclasses import dataclass
from enum import StrEnum
from functools import cache, partial, wraps
from typing import Annotated, Any, Literal

import pytest
from pydantic import BaseModel, Field
from typing_extensions import TypedDict

from litany.errors import ToolError
from litany.loop.tools import Asked, Told
from litany.loop.tools.signature import Signature, signature


class Unit(StrEnum):
    CELSIUS = "C"
    FAHRENHEIT = "F"


class Pump(BaseModel):
    """A pump."""

    title: str
    speed: int = 3


@dataclass(frozen=True)
class Place:
    x: float
    y: float


class Step(TypedDict):
    """A step."""

    title: str


def read(function: Callable[..., object], name: str = "f") -> Signature:
    return signature(function, name, "tools.py: f")


def bound(function: Callable[..., Any], given: dict[str, object]) -> Any:
    """What the function gives, called with what the model gave."""
    positional, named = read(function).bound(given, Asked("key"))
    return function(*positional, **named)


def shown(function: Callable[..., object]) -> Any:
    return read(function).parameters["properties"]


def test_a_schema_has_types_defaults_and_descriptions_and_no_titles() -> None:
    def search(query: str, *, unit: Unit = Unit.CELSIUS, most: int | None = None, title: bool = False) -> None:
        """Search for it.

        Every word counts.

        Args:
            query (str): what to look for,
                over two lines
            most: at most so many

        Returns:
            nothing
        """

    found = read(search)

    assert found.description == "Search for it.\n\nEvery word counts.\n\nReturns:\n    nothing"
    assert found.parameters["required"] == ["query"]
    assert found.parameters["additionalProperties"] is False
    assert shown(search) == {
        "query": {"type": "string", "description": "what to look for, over two lines"},
        "unit": {"$ref": "#/$defs/Unit", "default": "C"},
        "most": {"anyOf": [{"type": "integer"}, {"type": "null"}], "default": None, "description": "at most so many"},
        "title": {"type": "boolean", "default": False},
    }
    assert found.parameters["$defs"] == {"Unit": {"enum": ["C", "F"], "type": "string"}}


def test_values_arrive_as_the_types_that_the_function_names() -> None:
    def take(pump: Pump, place: Place, steps: list[Step], unit: Unit, kind: Literal["a", "b"] = "a") -> list[object]:
        return [pump, place, steps, unit, kind]

    given = {"pump": {"title": "p"}, "place": {"x": 1, "y": 2}, "steps": [{"title": "s"}], "unit": "F"}

    assert bound(take, given) == [Pump(title="p"), Place(1, 2), [{"title": "s"}], Unit.FAHRENHEIT, "a"]
    assert shown(take)["pump"] == {"$ref": "#/$defs/Pump"}


def test_a_description_in_the_annotation_goes_before_the_docstrings() -> None:
    def take(a: Annotated[int, "as text"], b: Annotated[int, Field(description="as field", gt=3)], c: int) -> None:
        """Take them.

        :param a: from the docstring
        :param int c: from the docstring,
            on two lines
        :return: nothing
        """

    assert read(take).description == "Take them.\n\n:return: nothing"
    assert [shown(take)[name]["description"] for name in "abc"] == [
        "as text",
        "as field",
        "from the docstring, on two lines",
    ]
    with pytest.raises(Told, match="`b`: Input should be greater than 3, not 2"):
        read(take).bound({"a": 1, "b": 2, "c": 3}, Asked("key"))


def test_names_that_pydantic_keeps_for_itself_are_arguments_like_others() -> None:
    def take(model_config: str, copy: int, json: str, schema: str, _hidden: int = 1, self_: int = 2) -> list[object]:
        return [model_config, copy, json, schema, _hidden, self_]

    given = {"model_config": "m", "copy": 3, "json": "j", "schema": "s", "_hidden": 4}

    assert bound(take, given) == ["m", 3, "j", "s", 4, 2]


def test_arguments_by_place_and_by_any_name_are_given_as_the_function_takes_them() -> None:
    def take(a: int, /, b: int = 2, **more: int) -> tuple[int, int, dict[str, int]]:
        return a, b, more

    assert bound(take, {"a": 1, "c": 3}) == (1, 2, {"c": 3})
    assert read(take).parameters["additionalProperties"] is True


def test_a_default_that_has_no_json_form_is_kept_from_the_model() -> None:
    nothing = object()

    def take(a: int = 1, b: Any = nothing) -> bool:
        return b is nothing

    assert bound(take, {}) is True
    assert shown(take)["b"] == {}


def test_what_has_no_annotation_takes_anything() -> None:
    def take(a, b=2):  # type: ignore[no-untyped-def] # as a user writes it
        return [a, b]

    assert bound(take, {"a": {"x": [1]}}) == [{"x": [1]}, 2]
    assert shown(take) == {"a": {}, "b": {"default": 2}}


def test_a_function_without_a_docstring_is_described_by_its_name() -> None:
    assert signature(lambda: None, "close_the_gate", "x").description == "close the gate"


def test_wrapped_functions_methods_and_callables_are_read_as_what_they_wrap() -> None:
    def loud(function: Callable[..., str]) -> Callable[..., str]:
        @wraps(function)
        def louder(*args: Any, **more: Any) -> str:
            return function(*args, **more).upper()

        return louder

    def say(word: str, times: int = 1) -> str:
        """Say it."""
        return word * times

    class Speaker:
        def __call__(self, word: str) -> str:
            """Call it."""
            return word

        def say(self, word: str) -> str:
            return word

    assert bound(loud(say), {"word": "a", "times": 2}) == "AA"
    assert bound(cache(say), {"word": "a"}) == "a"
    assert bound(partial(say, times=3), {"word": "a"}) == "aaa"
    assert list(shown(Speaker())) == list(shown(Speaker().say)) == ["word"]


def unread(a: "Missing", b: "int") -> None:  # type: ignore[name-defined] # noqa: F821 # as a user writes it
    """An annotation that names nothing."""


def starred(*words: str) -> None:
    """A model has no way to give these."""


def with_lock(lock: asyncio.Lock) -> None:
    """A model has no way to give this."""


def with_function(call: Callable[[int], int]) -> None:
    """A model has no way to give this."""


@pytest.mark.parametrize(
    ("function", "says"),
    [
        (unread, r"tools.py: f: an annotation cannot be read \(name 'Missing' is not defined\); import what it names"),
        (starred, r"tools.py: f: a model cannot give \*words; take a list instead"),
        (with_lock, r"tools.py: f: Unable to generate .*Lock.*; annotate it with types that have a JSON form"),
        (with_function, r"tools.py: f: Cannot generate a JsonSchema for .*; annotate it with types that have a JSON"),
    ],
)
def test_what_no_model_can_be_shown_is_an_error_with_what_to_change(function: Any, says: str) -> None:
    with pytest.raises(ToolError, match=says):
        read(function)
