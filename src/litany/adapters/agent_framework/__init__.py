"""Microsoft Agent Framework: middleware around each call of a model, and its messages as a dialect.

litany = LitanyMiddleware(goal=..., constraints=[...])
agent = Agent(client, tools=[*tools, *litany.tools], middleware=[litany])
"""

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from litany.adapters.agent_framework.messages import AGENT_FRAMEWORK
    from litany.adapters.agent_framework.middleware import LitanyMiddleware

__all__ = ["AGENT_FRAMEWORK", "LitanyMiddleware"]


def __getattr__(name: str) -> object:
    """Each part is imported when it is first asked for."""
    if name not in __all__:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    from importlib import import_module

    return getattr(import_module(f"{__name__}.{'messages' if name == 'AGENT_FRAMEWORK' else 'middleware'}"), name)
