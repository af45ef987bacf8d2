"""LangGraph: the steps of a run as a graph of its own, durable by its SQLite checkpointer. `langchain/` has the node.

steps = Steps(path, {"model": ..., "tools": ..., "gate": ...})
end = await steps.walk({"at": 2, "told": 0, "next": "model", "end": ""})
"""

from litany.adapters.langgraph.place import Place
from litany.adapters.langgraph.steps import Node, Steps

__all__ = ["Node", "Place", "Steps"]
