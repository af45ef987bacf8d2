"""The schemas of LangChain's tools, as a model is sent them, and which of them an agent is offered."""

from collections.abc import Iterable, Mapping, Sequence
from functools import lru_cache
from typing import Any

from langchain_core.utils.function_calling import convert_to_openai_tool

from litany.middleware import tools as litanys


class _Same:
    """A tool, alike to itself only: its schema is made once in its life."""

    __slots__ = ("tool",)

    def __init__(self, tool: object) -> None:
        self.tool = tool

    def __eq__(self, other: object) -> bool:
        return isinstance(other, _Same) and other.tool is self.tool

    def __hash__(self) -> int:
        return id(self.tool)


def schemas(tools: Iterable[object]) -> list[object]:
    """The schemas that a model is sent for these tools; a provider's own tool, a dict, is its schema."""
    return [tool if isinstance(tool, Mapping) else _schema(_Same(tool)) for tool in tools]


def offered(tools: Sequence[Any]) -> list[Any]:
    """The tools without update_todos where the host has a todo tool of its own."""
    names = [_name(tool) for tool in tools]
    return [tool for tool, name in zip(tools, names, strict=True) if litanys.offered(name, names)]


@lru_cache(1_024)
def _schema(same: _Same) -> object:
    return convert_to_openai_tool(same.tool)  # type: ignore[arg-type]  # what bind_tools takes


def _name(tool: Any) -> str:
    """The name of a tool, of a function that becomes one, or of a schema."""
    if isinstance(tool, Mapping):
        return str(tool.get("name") or (tool.get("function") or {}).get("name"))
    return str(getattr(tool, "name", None) or getattr(tool, "__name__", ""))
