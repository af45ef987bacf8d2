"""OpenAI Agents SDK: a provider of models for a run, a model around a model, and a filter of a call's input.

RunConfig(model_provider=LitanyProvider(goal=..., constraints=[...]))    # all agents of a run, handoffs included
Agent(model=LitanyModel("gpt-5", goal=...), tools=[*tools, *model.tools])
RunConfig(call_model_input_filter=LitanyFilter(goal=...))                # what is sent alone: no retry, no tools
"""

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from litany.adapters.openai_agents.filter import LitanyFilter
    from litany.adapters.openai_agents.model import LitanyModel
    from litany.adapters.openai_agents.provider import LitanyProvider

ROOMS = {"LitanyFilter": "filter", "LitanyModel": "model", "LitanyProvider": "provider"}
__all__ = ["LitanyFilter", "LitanyModel", "LitanyProvider"]


def __getattr__(name: str) -> object:
    """Each part is imported when it is first asked for."""
    if name not in ROOMS:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    from importlib import import_module

    return getattr(import_module(f"{__name__}.{ROOMS[name]}"), name)
