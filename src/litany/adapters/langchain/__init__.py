"""LangChain, LangGraph and deepagents: middleware for `create_agent`, a node for a graph of one's own, the messages.

agent = create_agent(model, tools, middleware=[LitanyMiddleware(goal=..., constraints=[...])])
graph.add_node("model", LitanyNode(model, tools, goal=...))          # LangGraph alone
"""

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from litany.adapters.langchain.gate import LitanyGate
    from litany.adapters.langchain.messages import LangChain
    from litany.adapters.langchain.middleware import LitanyMiddleware
    from litany.adapters.langchain.node import LitanyHook, LitanyNode
    from litany.adapters.langchain.summarizer import ModelSummarizer

ROOMS = {
    "LangChain": "messages",
    "LitanyGate": "gate",
    "LitanyHook": "node",
    "LitanyMiddleware": "middleware",
    "LitanyNode": "node",
    "ModelSummarizer": "summarizer",
}
__all__ = ["LangChain", "LitanyGate", "LitanyHook", "LitanyMiddleware", "LitanyNode", "ModelSummarizer"]


def __getattr__(name: str) -> object:
    """Each part is imported when it is first asked for: the node and the messages need no langchain."""
    if name not in __all__:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    from importlib import import_module

    return getattr(import_module(f"{__name__}.{ROOMS[name]}"), name)
