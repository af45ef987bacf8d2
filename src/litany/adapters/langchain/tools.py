"""Litany's own tools as LangChain's: update_todos, note and recall, each answered by the conversation of its caller."""

from collections.abc import Callable, Sequence
from typing import Any

from langchain_core.tools import BaseTool, StructuredTool
from langgraph.prebuilt.tool_node import ToolRuntime

from litany.core.message import Call
from litany.middleware.tools import NAMES, SCHEMAS, calling, schemas

Answer = Callable[[Call, "ToolRuntime[Any, Any]"], Any]


def own_tools(answer: Answer) -> Sequence[BaseTool]:
    """The three tools. `answer`: gives what a tool node takes for a call, a text or a command."""
    shapes = {schema["function"]["name"]: schema["function"]["parameters"] for schema in schemas("openai", True)}
    return [_tool(name, shapes[name], answer) for name in NAMES]


def _tool(name: str, shape: dict[str, Any], answer: Answer) -> BaseTool:
    def served(runtime: ToolRuntime[Any, Any], **arguments: Any) -> Any:
        return answer(calling(runtime.tool_call_id or "", name, arguments), runtime)

    return StructuredTool(name=name, description=SCHEMAS[name][0], func=served, args_schema=shape)
