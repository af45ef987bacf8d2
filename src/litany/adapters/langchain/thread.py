"""Where a node runs: the thread of its conversation, and its place in a graph of graphs."""

from collections.abc import Mapping
from typing import Any

from langgraph.config import get_config


def config() -> Mapping[str, Any]:
    """What is configurable in the run under way; empty outside of one."""
    try:
        return get_config().get("configurable") or {}
    except RuntimeError:
        return {}


def thread(configurable: Mapping[str, Any]) -> str | None:
    """The conversation's name where the host gives its thread an id: the id, and the nodes that the graph runs in.

    A sub-agent shares its parent's thread, and one that is forked from it the messages as well.
    """
    id = configurable.get("thread_id")
    nodes = [task.partition(":")[0] for task in place(configurable).split("|") if task]
    return None if id is None else "/".join([str(id), *nodes])


def held(state: Any, name: str) -> Any:
    """A field of a graph's state, whatever its schema is; None where it has none of that name."""
    return state.get(name) if isinstance(state, Mapping) else getattr(state, name, None)


def place(configurable: Mapping[str, Any]) -> str:
    """The graphs that the node's own graph runs in: its checkpoint namespace without the node itself."""
    return str(configurable.get("checkpoint_ns") or "").rpartition("|")[0]
