"""The tools of a run: for now functions of Python files alone."""

import importlib.util
import inspect
import json
from collections.abc import Awaitable, Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from types import TracebackType
from typing import Any

from litany.errors import ToolError


@dataclass(frozen=True, slots=True)
class Asked:
    """What litany knows of a call beside its arguments."""

    key: str


@dataclass(frozen=True, slots=True)
class Ran:
    """What the model is told of a call."""

    text: str
    failed: bool = False


@dataclass(frozen=True, slots=True)
class Tool:
    """One tool that the agent may call."""

    name: str
    description: str
    parameters: Mapping[str, object]
    run: Callable[[Mapping[str, object], Asked], Awaitable[str]]
    idempotent: bool = False
    seconds: float | None = None


class Toolbox:
    """The tools of a run."""

    def __init__(self, tools: Sequence[Tool]) -> None:
        self.tools = tuple(tools)

    async def __aenter__(self) -> "Toolbox":
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        """Nothing to end."""

    def schemas(self) -> list[dict[str, Any]]:
        """The tools as OpenAI's chat API takes them."""
        return [
            {
                "type": "function",
                "function": {"name": t.name, "description": t.description, "parameters": dict(t.parameters)},
            }
            for t in self.tools
        ]

    def idempotent(self, name: str) -> bool:
        """Whether it may be run again."""
        return any(tool.name == name and tool.idempotent for tool in self.tools)

    async def call(self, name: str, arguments: str, key: str) -> Ran:
        """What the model is told."""
        tool = next((each for each in self.tools if each.name == name), None)
        if tool is None:
            return Ran(f"there is no tool {name!r}", True)
        try:
            return Ran(await tool.run(json.loads(arguments), Asked(key)))
        except Exception as error:  # noqa: BLE001 -- a user's tool may raise anything
            return Ran(f"{type(error).__name__}: {error}", True)


def toolbox(
    specs: Sequence[str],
    folder: Path,
    *,
    shell: bool = False,
    seconds: float = 60,
    near: Path | None = None,
    taken: Iterable[str] = (),
) -> Toolbox:
    """The public functions of the files. Raises: ToolError."""
    return Toolbox([tool for spec in specs for tool in _tools(spec, near or folder)])


def _tools(spec: str, near: Path) -> list[Tool]:
    path = near / spec
    if not path.is_file():
        raise ToolError(f"{spec}: there is no file {path}; check the path")
    found = importlib.util.spec_from_file_location(path.stem, path)
    assert found is not None
    assert found.loader is not None
    module = importlib.util.module_from_spec(found)
    found.loader.exec_module(module)
    functions = [each for name, each in vars(module).items() if inspect.isfunction(each) and name[0] != "_"]
    return [_tool(each) for each in functions if each.__module__ == path.stem]


def _tool(function: Callable[..., Any]) -> Tool:
    async def run(given: Mapping[str, object], _asked: Asked) -> str:
        said = function(**given)
        return str(await said if isinstance(said, Awaitable) else said)

    names = {name: {"type": "string"} for name in inspect.signature(function).parameters}
    shape = {"type": "object", "properties": names, "required": list(names)}
    return Tool(function.__name__, function.__doc__ or "", shape, run, getattr(function, "idempotent", False))
