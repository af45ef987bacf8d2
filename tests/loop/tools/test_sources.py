"""From specs to tools: what each gives, and what is said of those that give none."""

import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from litany.errors import ToolError
from litany.loop.tools import Ran, toolbox
from tests.loop.tools.boxes import called, written


@pytest.fixture(autouse=True)
def _as_it_was() -> Iterator[None]:
    """sys.path and sys.modules are the process's; what a test loads leaves with it."""
    path, modules = list(sys.path), set(sys.modules)
    yield
    sys.path[:] = path
    for name in set(sys.modules) - modules:
        if name.startswith("litany_tools_") or name.endswith("_of_a_user"):
            del sys.modules[name]


MODULE = """
import json
from pathlib import Path as P
from dataclasses import dataclass

@dataclass
class Held:
    x: int

def second(a: int = 1) -> int:
    return a
async def first() -> str:
    return "first"
def _hidden(): ...
alias = second
double = lambda x: x * 2
LIMIT = 3
"""


def names(specs: list[str], folder: Path, *, shell: bool = False) -> list[str]:
    return [tool.name for tool in toolbox(specs, folder, near=folder, shell=shell).tools]


def test_a_file_gives_its_public_functions_in_its_order_each_once(tmp_path: Path) -> None:
    written(tmp_path, "mine.py", MODULE)

    assert names(["mine.py"], tmp_path) == ["second", "first", "double"]


def test_with_all_a_file_gives_what_stands_there(tmp_path: Path) -> None:
    written(tmp_path, "mine.py", f"__all__ = ['_hidden', 'first', 'P']\n{MODULE}")

    assert names(["mine.py"], tmp_path) == ["first", "_hidden"]


def test_one_function_of_a_file_or_a_module_is_named_after_a_colon(tmp_path: Path) -> None:
    written(tmp_path, "mine_of_a_user.py", MODULE)

    assert names(["mine_of_a_user.py:first"], tmp_path) == ["first"]
    assert names(["mine_of_a_user:second", "textwrap:dedent"], tmp_path) == ["second", "dedent"]
    assert called(toolbox(["textwrap:dedent"], tmp_path), "dedent", {"text": "  a"}) == Ran("a")


def test_a_file_finds_what_lies_beside_it_now_and_when_it_is_called(tmp_path: Path) -> None:
    written(tmp_path, "one_of_a_user.py", "NAME = 'one'\n")
    written(tmp_path, "two_of_a_user.py", "NAME = 'two'\n")
    text = """
        import one_of_a_user
        def both() -> str:
            import two_of_a_user
            return one_of_a_user.NAME + two_of_a_user.NAME
    """

    assert called(toolbox([written(tmp_path, "tools.py", text)], tmp_path), "both") == Ran("onetwo")


def test_two_toolboxes_over_a_file_share_what_it_holds(tmp_path: Path) -> None:
    path = written(tmp_path, "tools.py", "SEEN = []\ndef count() -> int:\n    SEEN.append(1)\n    return len(SEEN)\n")

    assert [called(toolbox([path], tmp_path), "count").text for _ in range(2)] == ["1", "2"]


def test_dataclasses_and_later_annotations_of_a_file_are_understood(tmp_path: Path) -> None:
    text = """
        from __future__ import annotations
        from dataclasses import dataclass
        def place(at: At) -> str:
            return str(at)
        @dataclass
        class At:
            x: int
    """

    assert called(toolbox([written(tmp_path, "tools.py", text)], tmp_path), "place", {"at": {"x": 1}}) == Ran("At(x=1)")


def test_sources_stand_in_the_order_of_their_specs(tmp_path: Path) -> None:
    written(tmp_path, "mine.py", "def own(): ...\n")

    assert names(["files", "mine.py"], tmp_path, shell=True) == [
        "read_file",
        "write_file",
        "edit_file",
        "list_files",
        "search_files",
        "own",
        "shell",
    ]
    assert names(["shell", "mine.py"], tmp_path, shell=True) == ["shell", "own"]


@pytest.mark.parametrize(
    ("spec", "says"),
    [
        ("missing.py", r"missing.py: there is no file .*missing.py"),
        ("fils", r"'fils' is no tool; a tool is file.py, file.py:function, module:function, mcp:COMMAND"),
        ("no_such_module_of_a_user:f", r"cannot be imported: ModuleNotFoundError: No module named"),
        ("textwrap:undent", r"textwrap:undent: there is no undent; there is wrap"),
        ("textwrap:TextWrapper", r"TextWrapper is no function but type"),
        ("os.path:sep", r"sep is no function but str"),
        ("../x:f", r"'../x' is no name of a module"),
        ("shell", r"the tool `shell` runs any command; allow it with --allow-shell"),
        ("mcp:", r"mcp:: no command; give what starts the server"),
        ("mcp:A=1", r"no command"),
        ("mcp:run 'it", r"its quotes do not close"),
        ("mcp:http://x/mcp Token", r"'Token' is no header; write NAME=value after the URL"),
        ("mcp:run $HOME", r"\$HOME is not set"),
    ],
)
def test_a_spec_that_gives_no_tool_is_an_error_at_once(tmp_path: Path, spec: str, says: str) -> None:
    with pytest.raises(ToolError, match=says):
        toolbox([spec], tmp_path)


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ("def f(:\n", r"mine.py: .*mine.py, line 1: "),
        ("import no_such_module\n", r"mine.py cannot be imported: ModuleNotFoundError: .* \(mine.py, line 1"),
        ("X = 1 / 0\n", r"cannot be imported: ZeroDivisionError: division by zero \(mine.py, line 1, .*: X = 1 / 0\)"),
        ("raise SystemExit(2)\n", r"cannot be imported: SystemExit: 2"),
        ("X = 1\n", r"mine.py defines no public function"),
        ("def größe(): ...\n", r"'größe' is no name for a tool; 1 to 64 of a-z"),
        (f"def {'f' * 65}(): ...\n", r"is no name for a tool"),
        ("def f(*a): ...\n", r"mine.py: f: a model cannot give \*a"),
        ("def f():\n    yield 1\n", r"mine.py: f: it yields; return a list, or begin its name with _"),
        ("def f(): ...\nf.idempotent = 'yes'\n", r"mine.py: f: its `idempotent` is 'yes'; it is True or False"),
        ("def f(): ...\nf.seconds = 0\n", r"mine.py: f: its `seconds` is 0; it is a number above 0"),
        ("def recall(query: str): ...\n", r"two tools are called recall: one of litany itself, one of mine.py"),
    ],
)
def test_a_file_that_cannot_serve_is_an_error_that_names_it(tmp_path: Path, text: str, says: str) -> None:
    written(tmp_path, "mine.py", text)

    with pytest.raises(ToolError, match=says):
        toolbox(["mine.py"], tmp_path, near=tmp_path)


def test_a_clash_names_both(tmp_path: Path) -> None:
    for name in ("one.py", "two.py"):
        written(tmp_path, name, "def find(): ...\n")

    with pytest.raises(ToolError, match=r"two tools are called find: one of one.py, one of two.py"):
        names(["one.py", "two.py"], tmp_path)
    with pytest.raises(ToolError, match=r"one.py is given twice"):
        names(["one.py", "one.py"], tmp_path)
    with pytest.raises(ToolError, match=r"two tools are called find: one of litany itself, one of one.py"):
        toolbox(["one.py"], tmp_path, near=tmp_path, taken=["find"])


def test_a_name_that_litany_adds_gives_way_to_no_tool(tmp_path: Path) -> None:
    written(tmp_path, "mine.py", "def note(content: str): ...\n")

    with pytest.raises(ToolError, match="litany itself"):
        names(["mine.py"], tmp_path)
