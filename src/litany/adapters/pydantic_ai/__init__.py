"""Pydantic AI: a capability for an agent, a model around a model, its messages as a dialect.

agent = Agent(model, tools=tools, capabilities=[LitanyCapability(goal=..., constraints=[...])])
agent = Agent(LitanyModel(model, goal=...))                          # what is sent alone, without litany's own tools
"""

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from litany.adapters.pydantic_ai.capability import LitanyCapability
    from litany.adapters.pydantic_ai.messages import PydanticAI
    from litany.adapters.pydantic_ai.model import LitanyModel

ROOMS = {"LitanyCapability": "capability", "LitanyModel": "model", "PydanticAI": "messages"}
__all__ = ["LitanyCapability", "LitanyModel", "PydanticAI"]


def __getattr__(name: str) -> object:
    """Each part is imported when it is first asked for."""
    if name not in ROOMS:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    from importlib import import_module

    return getattr(import_module(f"{__name__}.{ROOMS[name]}"), name)
