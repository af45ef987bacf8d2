"""Strands: a plugin for its agents, and its messages as a dialect.

agent = Agent(model=model, tools=[...], plugins=[LitanyPlugin(goal=..., constraints=[...])],
              conversation_manager=NullConversationManager())
"""

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from litany.adapters.strands.messages import STRANDS
    from litany.adapters.strands.plugin import LitanyPlugin

__all__ = ["STRANDS", "LitanyPlugin"]


def __getattr__(name: str) -> object:
    """Each part is imported when it is first asked for: the messages need no Strands."""
    if name not in __all__:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    from importlib import import_module

    return getattr(import_module(f"{__name__}.{'messages' if name == 'STRANDS' else 'plugin'}"), name)
