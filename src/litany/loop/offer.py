"""What an agent is offered beside its toolbox: litany's own tools, and sub-tasks where the task allows them."""

from collections.abc import Sequence
from typing import Any

from litany.loop.tools import Toolbox
from litany.middleware.tools import offered

SUBTASK = "subtask"
"""The tool by which an agent gives away a part of its task."""
SCHEMA: dict[str, Any] = {
    "type": "function",
    "function": {
        "name": SUBTASK,
        "description": "Have a part of the task done by another agent. It has the same tools and constraints, sees "
        "nothing of this conversation, and gives a report.",
        "parameters": {
            "type": "object",
            "properties": {"task": {"type": "string", "description": "the part, with all that it needs to know"}},
            "required": ["task"],
            "additionalProperties": False,
        },
    },
}


def own_tools(litanys: Sequence[dict[str, Any]], box: Toolbox, subtasks: bool) -> list[dict[str, Any]]:
    """The schemas beside the toolbox's: litany's, but for a todo list that the box has too, and that of sub-tasks."""
    host = [tool.name for tool in box.tools]
    own = [each for each in litanys if offered(each["function"]["name"], host)]
    return [*own, *([SCHEMA] if subtasks else [])]
