"""The toolbox: what a model gets wrong is told to it, and what is too long is kept by its ends."""

from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from litany.loop.tools import Ran
from tests.loop.tools.boxes import called, of_file

TWO = """
def find(text: str, most: int = 5) -> str:
    \"\"\"Find it.\"\"\"
    return f"{text}:{most}"
def leave() -> None:
    ...
leave.idempotent = True
"""


def test_a_tool_that_is_not_there_is_told_with_those_that_are(tmp_path: Path) -> None:
    assert called(of_file(tmp_path, TWO), "fnd") == Ran("there is no tool 'fnd'; there are find, leave", failed=True)


@pytest.mark.parametrize(
    ("arguments", "says"),
    [
        ('{"text": ', "the arguments of find are no JSON (Expecting value: line 1 column 10 (char 9)); send one JSON"),
        ("[1]", "the arguments of find are a list; send one JSON object"),
        ('"text"', "the arguments of find are a string; send one JSON object"),
        ("null", "the arguments of find are null; send one JSON object"),
        ("[" * 100_000, "the arguments of find are no JSON"),
        ("1" * 5_000, "the arguments of find are no JSON"),
        ("", "`text` is missing: give it to find"),
        ('{"text": "a", "top": 1}', "`top` is no argument of find; it takes text, most"),
        ('{"text": "a", "most": "many"}', "`most`: Input should be a valid integer"),
        ('{"text": 5}', "`text`: Input should be a valid string, not 5"),
    ],
)
def test_arguments_that_do_not_fit_are_told_in_a_line(tmp_path: Path, arguments: str, says: str) -> None:
    ran = called(of_file(tmp_path, TWO), "find", arguments)

    assert ran.failed
    assert ran.text.startswith(says)
    assert "\n" not in ran.text
    assert len(ran.text) < 300


def test_many_wrong_arguments_are_told_in_two_lines(tmp_path: Path) -> None:
    ran = called(of_file(tmp_path, TWO), "find", {"a": 1, "b": 2, "c": 3})

    assert ran.text.splitlines() == [
        "`text` is missing: give it to find",
        "`a` is no argument of find; it takes text, most (and 2 more)",
    ]


def test_a_number_that_came_as_text_is_taken(tmp_path: Path) -> None:
    assert called(of_file(tmp_path, TWO), "find", {"text": "a", "most": "7"}) == Ran("a:7")


def test_what_is_too_long_keeps_its_beginning_and_its_end(tmp_path: Path) -> None:
    ran = called(of_file(tmp_path, "def long() -> str:\n    return 'a' * 600 + 'b' * 600\n", longest=100), "long")

    assert ran.text == f"{'a' * 50}\n[... 1,100 characters were left out here: too long to be kept ...]\n{'b' * 50}"


def test_the_schemas_are_what_openai_takes(tmp_path: Path) -> None:
    shown = of_file(tmp_path, TWO).schemas()

    assert shown[0] == {
        "type": "function",
        "function": {
            "name": "find",
            "description": "Find it.",
            "parameters": {
                "type": "object",
                "properties": {"text": {"type": "string"}, "most": {"type": "integer", "default": 5}},
                "required": ["text"],
                "additionalProperties": False,
            },
        },
    }
    assert shown[1]["function"]["parameters"] == {"type": "object", "properties": {}, "additionalProperties": False}


def test_only_what_says_so_may_be_run_again(tmp_path: Path) -> None:
    box = of_file(tmp_path, TWO)

    assert [box.idempotent(name) for name in ("find", "leave", "unheard")] == [False, True, False]


@given(arguments=st.text() | st.recursive(st.none() | st.integers() | st.text(), st.lists, max_leaves=5).map(repr))
def test_whatever_a_model_writes_is_answered(tmp_path_factory: Any, arguments: str) -> None:
    box = of_file(tmp_path_factory.getbasetemp(), TWO)

    ran = called(box, "find", arguments)

    assert isinstance(ran.text, str)
    assert ran.text.encode()
