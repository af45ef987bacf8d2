"""Inspect AI: litany around each call of an agent's model, or as a compaction strategy; its messages as a dialect.

    litany = LitanyModel(goal=..., constraints=[...])
    react(model=litany.generate, tools=[*tools, *litany.tools])

    react(compaction=LitanyCompaction(goal=...), tools=tools)      # reaches the model where Inspect compacts, only

With the model a due recitation is last on every call; the strategy is asked but when Inspect's threshold is passed.
"""

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from litany.adapters.inspect.compaction import LitanyCompaction
    from litany.adapters.inspect.messages import INSPECT
    from litany.adapters.inspect.model import LitanyModel

ROOMS = {"INSPECT": "messages", "LitanyCompaction": "compaction", "LitanyModel": "model"}
__all__ = ["INSPECT", "LitanyCompaction", "LitanyModel"]


def __getattr__(name: str) -> object:
    """Each part is imported when it is first asked for."""
    if name not in __all__:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    from importlib import import_module

    return getattr(import_module(f"{__name__}.{ROOMS[name]}"), name)
