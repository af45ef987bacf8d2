"""The house: floors, fences, sizes and start-up time, read from the source and not from good intentions."""

import ast
import json
import re
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import litany

ROOT = Path(__file__).parent.parent
SRC = ROOT / "src" / "litany"
SOURCES = sorted(SRC.rglob("*.py"))
FILES = SOURCES + sorted((ROOT / "tests").rglob("*.py")) + sorted((ROOT / "recipes").rglob("*.py"))

FLOORS = (
    ("errors",),
    ("core",),
    ("dialects",),
    ("tokens", "archive", "stores", "middleware", "overflow", "redact", "trace", "testing"),
    ("adapters", "pocket"),
    ("models",),
    ("replay", "explain", "loop", "serve"),
    ("evals",),
    ("cli",),
)
"""From the ground up. A name that stands nowhere here has no place in the house yet."""
FACE = 3.5
"""`litany` itself stands on the doors; adapters and what is above may import it."""
CLOCK_AND_DICE = {"time", "datetime", "random", "secrets", "uuid"}
INPUT_AND_OUTPUT = {"os", "sys", "io", "pathlib", "shutil", "tempfile", "logging", "socket", "subprocess", "sqlite3"}
WAITING = {"asyncio", "threading", "concurrent", "multiprocessing"}
HOSTS = frozenset((
    "litellm", "openai", "anthropic", "langgraph", "langchain", "langchain_core", "deepagents", "pydantic_ai", "agents",
    "google", "strands", "agent_framework", "inspect_ai", "mcp", "uvicorn", "httpx",
))  # fmt: skip
"""What only adapters import."""
PACKAGES = HOSTS | {"tiktoken", "numpy", "typer", "rich"}
IMPURE = CLOCK_AND_DICE | INPUT_AND_OUTPUT | WAITING | PACKAGES
"""What core may not import."""
CATCHERS = frozenset({"cli", "middleware", "loop", "evals"})
"""Where `except Exception` may stand: the command line's end, the user's summarizer, the user's tool, the sweep."""
READERS_OF_THE_ENVIRONMENT = frozenset({"cli", "tokens", "adapters/litellm.py"})
"""tokens sets tiktoken's cache folder while it loads a table; adapters/litellm.py tells LiteLLM, before it is imported
and unless the user said otherwise, not to fetch its prices from the network; nobody else looks."""


def tree(path: Path) -> ast.Module:
    return ast.parse(path.read_text(encoding="utf-8"), str(path))


def place(path: Path) -> str:
    """The room of a source file: `core` of core/plan.py, `tokens` of tokens.py, empty for the face."""
    first = path.relative_to(SRC).parts[0].removesuffix(".py")
    return "" if first == "__init__" else first


def room(module: str) -> str:
    """The room of a module: `core` of litany.core.plan, empty for the face."""
    return module.split(".")[1] if "." in module else ""


def floor(name: str) -> float:
    return FACE if not name else next(number for number, rooms in enumerate(FLOORS) if name in rooms)


def imports(path: Path) -> Iterator[tuple[int, str]]:
    """Every module that a file imports, at any depth, as (line, name); `from litany import tokens` is litany.tokens."""
    package = ["litany", *path.relative_to(SRC).parts[:-1]]
    for node in ast.walk(tree(path)):
        if isinstance(node, ast.Import):
            yield from ((node.lineno, alias.name) for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            above = package[: len(package) - node.level + 1] if node.level else []
            module = ".".join([*above, *([node.module] if node.module else [])])
            rooms = [f"litany.{alias.name}" for alias in node.names if module == "litany" and is_room(alias.name)]
            yield from ((node.lineno, name) for name in rooms or [module])


def is_room(name: str) -> bool:
    return any(name in rooms for rooms in FLOORS)


def named(paths: list[Path], wanted: type[ast.AST], says: str) -> list[str]:
    """Where a node of the wanted kind unparses to something that matches `says`."""
    return [
        f"{path.relative_to(ROOT)}:{getattr(node, 'lineno', 0)}"
        for path in paths
        for node in ast.walk(tree(path))
        if isinstance(node, wanted) and re.search(says, ast.unparse(node))
    ]


def test_every_file_stands_on_a_floor() -> None:
    assert [str(path) for path in SOURCES if place(path) and not is_room(place(path))] == []


def test_imports_go_down_and_never_up() -> None:
    upward = [
        f"{path.relative_to(ROOT)}:{line} imports {module}"
        for path in SOURCES
        for line, module in imports(path)
        if place(path) and module.split(".")[0] == "litany" and floor(room(module)) > floor(place(path))
    ]

    assert upward == []


def test_core_is_pure() -> None:
    impure = [
        f"{path.relative_to(ROOT)}:{line} imports {module}"
        for path in (SRC / "core").rglob("*.py")
        for line, module in imports(path)
        if module.split(".")[0] in IMPURE
    ]

    assert impure == []
    assert named(sorted((SRC / "core").rglob("*.py")), ast.Global, "") == []
    assert named(sorted((SRC / "core").rglob("*.py")), ast.Call, r"^(open|print|input|cast)\(") == []


def test_core_says_no_any() -> None:
    assert named(sorted((SRC / "core").rglob("*.py")), ast.ImportFrom, r"typing import .*\bAny\b") == []


def test_a_foreign_package_is_imported_in_its_adapter_only() -> None:
    strays = [
        f"{path.relative_to(ROOT)}:{line} imports {module}"
        for path in SOURCES
        for line, module in imports(path)
        if module.split(".")[0] in HOSTS and place(path) != "adapters"
    ]

    assert strays == []


def test_a_file_is_at_most_four_hundred_lines() -> None:
    sizes = {str(path.relative_to(ROOT)): len(path.read_text(encoding="utf-8").splitlines()) for path in FILES}

    assert {path: size for path, size in sizes.items() if size > 400} == {}


def test_a_function_fits_one_look() -> None:
    sizes = {
        f"{path.relative_to(ROOT)}:{node.name}": (node.end_lineno or node.lineno) - node.lineno + 1
        for path in FILES
        for node in ast.walk(tree(path))
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef)
    }

    assert {name: size for name, size in sizes.items() if size > 40} == {}


def test_a_file_begins_by_saying_what_it_is() -> None:
    written = [path for path in FILES if path.stat().st_size]

    assert [str(path) for path in written if not ast.get_docstring(tree(path))] == []


def test_only_the_command_line_prints() -> None:
    quiet = [path for path in SOURCES if place(path) != "cli"]

    assert named(quiet, ast.Call, r"^(print|sys\.std(out|err)\.write)\(") == []


def test_only_the_command_line_reads_the_environment() -> None:
    blind = [
        path for path in SOURCES if not READERS_OF_THE_ENVIRONMENT & {place(path), path.relative_to(SRC).as_posix()}
    ]

    assert named(blind, ast.Attribute, r"^os\.(environ|getenv)$") == []
    assert named(blind, ast.ImportFrom, r"from os import .*(environ|getenv)") == []


def test_exceptions_are_caught_wholesale_in_four_places_only() -> None:
    strict = [path for path in SOURCES if place(path) not in CATCHERS]

    assert named(strict, ast.ExceptHandler, r"^except( \(?.*\b(Base)?Exception\b|:)") == []


def test_a_silenced_warning_says_why() -> None:
    marks = re.compile(r"#\s*(type: ignore|noqa|pragma:)[^#]*?((#|--)\s*\S.*)?$")
    bare = [
        f"{path.relative_to(ROOT)}:{number}"
        for path in FILES
        for number, line in enumerate(path.read_text(encoding="utf-8").splitlines(), 1)
        if (found := marks.search(line)) and not found[2] and path != Path(__file__)
    ]

    assert bare == []


def test_the_face_shows_about_a_dozen_names() -> None:
    names = list(getattr(litany, "__all__", ()))

    assert 8 <= len(names) <= 18
    assert [name for name in names if not hasattr(litany, name)] == []


def test_the_readme_is_short_and_begins_as_the_house_says() -> None:
    lines = (ROOT / "README.md").read_text(encoding="utf-8").splitlines()

    assert len(lines) < 150
    assert lines[0] == "# litany"
    assert lines[1] == "Agents lose the middle. litany recites the goal at the end and compacts what lies between."


def test_no_file_but_the_lock_names_a_registry() -> None:
    host = re.compile("pypi" + r"\.(org|io|python)|python" + r"hosted\.org|reg" + r"istry\.npm")
    text = [*FILES, *ROOT.glob("*.md"), *ROOT.glob("*.toml"), ROOT / "Makefile", *(ROOT / ".ci").iterdir()]

    assert [str(path) for path in text if host.search(path.read_text(encoding="utf-8"))] == []


STOPWATCH = """
import json, sys, time
before = time.process_time() if {beside_the_interpreter} else 0.0
{work}
print(json.dumps([time.process_time() - before, sorted(sys.modules)]))
"""


def timed(work: str, *, beside_the_interpreter: bool) -> tuple[float, set[str]]:
    """The best of five fresh interpreters, in processor seconds (a busy machine fails nothing), and its imports."""
    script = STOPWATCH.format(work=work, beside_the_interpreter=beside_the_interpreter)
    best, modules = float("inf"), set[str]()
    for _ in range(5):
        ran = subprocess.run([sys.executable, "-c", script], check=False, capture_output=True, text=True)
        assert ran.returncode == 0, ran.stderr
        seconds, names = json.loads(ran.stdout.splitlines()[-1])
        best, modules = min(best, seconds), set(names)
    return best, modules


HELP = """
sys.argv = ["litany", "--help"]
from litany.cli import main
try:
    main()
except SystemExit as stop:
    assert not stop.code, stop.code
"""


def test_importing_litany_takes_less_than_three_tenths_of_a_second_and_no_framework() -> None:
    seconds, modules = timed("import litany", beside_the_interpreter=True)

    assert modules.isdisjoint(HOSTS | {"tiktoken"})
    assert seconds < 0.3


def test_help_takes_less_than_half_a_second_and_no_framework() -> None:
    seconds, modules = timed(HELP, beside_the_interpreter=False)

    assert modules.isdisjoint(HOSTS)
    assert seconds < 0.5
