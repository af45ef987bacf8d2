"""What the sources of litany never do with foreign text, and what a handle never names."""

import ast
from collections.abc import Iterable, Iterator
from pathlib import Path

import pytest

import litany
from litany import Litany, MemoryStore, SqliteStore
from litany.archive import Store
from litany.errors import RecallError
from tests.histories import SMALL, steps, user, walked

HOUSE = Path(litany.__file__).parent
SOURCES = sorted(HOUSE.rglob("*.py"))
MODULES = {"pickle", "cPickle", "dill", "cloudpickle", "marshal", "shelve", "jsonpickle", "joblib"}
CALLS = {
    "eval",
    "exec",
    "compile",
    "__import__",
    "yaml.load",
    "yaml.unsafe_load",
    "os.system",
    "os.popen",
    "pickle.loads",
}
PATHS = (
    "../../etc/passwd",
    "/etc/passwd",
    "..",
    ".",
    "a/b",
    "a\\b",
    "C:\\x",
    "\x00",
    "%2e%2e%2f",
    "*",
    "'; DROP TABLE x; --",
    "",
)


WORDINGS = {
    *(HOUSE / "evals" / "tasks").glob("*.py"),
    *(HOUSE / "evals" / "errand").glob("*.py"),
    HOUSE / "evals" / "shell.py",
}
"""The tasks and errands of evals: they fill wordings of their own with words of their own, and with nothing foreign."""


def nodes(sources: Iterable[Path] = SOURCES) -> Iterator[tuple[str, ast.AST]]:
    for path in sources:
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            yield f"{path.name}:{getattr(node, 'lineno', 0)}", node


def imported(node: ast.AST) -> list[str]:
    if isinstance(node, ast.Import):
        return [alias.name.partition(".")[0] for alias in node.names]
    return [(node.module or "").partition(".")[0]] if isinstance(node, ast.ImportFrom) else []


def test_nothing_is_unpickled() -> None:
    assert [where for where, node in nodes() if MODULES.intersection(imported(node))] == []


def test_no_text_is_run_as_code_or_by_a_shell() -> None:
    made = [(where, node) for where, node in nodes() if isinstance(node, ast.Call)]
    shells = [where for where, node in made if any(word.arg == "shell" for word in node.keywords)]
    offered = [where for where, node in made if ast.unparse(node.func) == "toolbox"]  # whether its shell is on offer

    assert [where for where, node in made if ast.unparse(node.func) in CALLS] == []
    assert [where for where in shells if where not in offered] == []


def test_no_text_is_a_format_of_another() -> None:
    """An f-string holds its own template; `.format`, `.format_map` and `%` may be given a foreign one."""
    elsewhere = [path for path in SOURCES if path not in WORDINGS]
    methods = [
        where
        for where, node in nodes(elsewhere)
        if isinstance(node, ast.Attribute)
        and node.attr in ("format", "format_map")
        and isinstance(node.ctx, ast.Load)
        and isinstance(node.value, ast.Constant | ast.JoinedStr)
    ]
    called = [
        where
        for where, node in nodes(elsewhere)
        if isinstance(node, ast.Call)
        and isinstance(node.func, ast.Attribute)
        and node.func.attr in ("format", "format_map")
    ]

    assert (methods, called) == ([], [])


@pytest.fixture(params=["memory", "sqlite"])
def store(request: pytest.FixtureRequest, tmp_path: Path) -> Store:
    return MemoryStore() if request.param == "memory" else SqliteStore(tmp_path / "kept.db")


@pytest.mark.parametrize("name", PATHS)
def test_a_handle_names_no_path(name: str, store: Store, tmp_path: Path) -> None:
    agent = Litany(goal="x", policy=SMALL, store=store, key="one")
    host = [user("x"), *steps(40)]
    walked(agent, host)
    before = sorted(tmp_path.iterdir())

    assert [message for message in recalled(agent, name) if message not in host] == []
    assert sorted(tmp_path.iterdir()) == before


def recalled(agent: Litany, query: str) -> list[object]:
    """What is found: words may be, a path has nowhere to lead."""
    try:
        return [found.message for found in agent.recall(query)]
    except RecallError:
        return []


@pytest.mark.parametrize("key", [key for key in PATHS if key])
def test_a_key_names_no_path_and_no_other_conversation(key: str, store: Store, tmp_path: Path) -> None:
    before = {path.name.partition(".db")[0] for path in tmp_path.iterdir()}
    one, other = (Litany(goal=goal, store=store, key=name) for goal, name in (("x", key), ("y", f"{key}2")))

    assert one.agenda.goal is not None
    assert other.agenda.goal is not None
    assert (one.agenda.goal.text, other.agenda.goal.text) == ("x", "y")
    assert {path.name.partition(".db")[0] for path in tmp_path.iterdir()} - before <= {"kept"}


def test_a_handle_is_sixteen_digits() -> None:
    agent = Litany(goal="x", policy=SMALL)
    walked(agent, [user("x"), *steps(40)])

    handles = {found.handle for found in agent.recall("pressure valve")}

    assert handles
    assert all(len(handle) == 16 and set(handle) <= set("0123456789abcdef") for handle in handles)
