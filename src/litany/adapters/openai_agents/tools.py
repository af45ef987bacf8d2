"""Litany's own tools as the Agents SDK's: update_todos, note and recall, each answered by its caller's conversation."""

from collections.abc import Callable, Sequence
from typing import Any

from agents import FunctionTool

from litany.core.message import Call
from litany.middleware.tools import NAMES, offered, schemas


def own_tools(answer: Callable[[Call], str]) -> Sequence[FunctionTool]:
    """The three tools. `answer`: what a call is answered with."""
    functions = {schema["function"]["name"]: schema["function"] for schema in schemas("openai", True)}
    return [_tool(functions[name], answer) for name in NAMES]


def _tool(function: dict[str, Any], answer: Callable[[Call], str]) -> FunctionTool:
    name = function["name"]

    async def served(context: Any, arguments: str) -> str:
        return answer(Call(context.tool_call_id, name, arguments))

    def enabled(context: Any, agent: Any) -> bool:
        return offered(name, (tool.name for tool in agent.tools))

    return FunctionTool(
        name=name,
        description=function["description"],
        params_json_schema=function["parameters"],
        on_invoke_tool=served,
        strict_json_schema=False,
        is_enabled=enabled,
    )
