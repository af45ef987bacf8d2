"""LangGraph: the steps of a run as a graph of its own, durable by its SQLite checkpointer. `langchain/` has the node.

steps = Steps(path, {"model": ..., "tools": ..., "gate": ...})
end = await steps.walk({"at": 2, "told": 0, "next": "model", "end": ""})
"""

from litany.adapters.langgraph.place import Place
from litany.errors import PolicyError

try:
    from litany.adapters.langgraph.steps import Node, Steps
except ModuleNotFoundError as error:
    if (error.name or "").partition(".")[0] not in ("langgraph", "langchain_core", "ormsgpack"):
        raise
    raise PolicyError(
        "LangGraph, which keeps the steps of a run, is not installed; install litany[langgraph]"
    ) from None

__all__ = ["Node", "Place", "Steps"]
