"""Steps: nodes that hand a Place on, walked by LangGraph; after each one a checkpoint is on the disk."""

from collections.abc import Awaitable, Callable, Mapping
from pathlib import Path
from typing import Any, cast

from langchain_core.runnables import RunnableConfig
from langgraph.graph import END, START, StateGraph

from litany.adapters.langgraph.place import Place
from litany.adapters.langgraph.saver import LastSaver
from litany.errors import StateError

Node = Callable[[Place], Awaitable[Place]]
"""One step. It may be walked again after a kill: what it did before must be as good as done once."""
THREAD = "run"
"""The thread of the only run in the file."""
KINDS: Mapping[str, type] = {"at": int, "told": int, "cut": bool, "next": str, "end": str}
"""What a place holds."""
ENDLESS = 10**9
"""Steps before LangGraph gives up: a run has limits of its own."""


class Steps:
    """A graph over nodes; each says in its Place which one goes on."""

    def __init__(self, path: Path, nodes: Mapping[str, Node]) -> None:
        """`path`: of the file of checkpoints. Raises: StateError when it cannot be opened."""
        graph: Any = StateGraph(cast(Any, Place))
        ways = {**{name: name for name in nodes}, "": END}
        for name, node in nodes.items():
            graph.add_node(name, node)
        for name in (START, *nodes):
            graph.add_conditional_edges(name, _next, ways)
        self._path, self._saver = path, LastSaver(path)
        self._graph = graph.compile(checkpointer=self._saver)
        self._config: RunnableConfig = {"configurable": {"thread_id": THREAD}, "recursion_limit": ENDLESS}

    def held(self) -> Place | None:
        """The place after the last completed step; None before the first. Raises: StateError for what is no place."""
        values = self._graph.get_state(self._config).values
        if not values:
            return None
        if any(not isinstance(values.get(name), kind) for name, kind in KINDS.items()):
            raise StateError(f"{self._path} is damaged: its checkpoint holds no place of a run; restore a copy of it")
        return _place(values)

    async def walk(self, begin: Place | None) -> Place:
        """Walks to the end: from `begin`, or, where that is None, on from the last completed step."""
        walked = await self._graph.ainvoke(begin, self._config, durability="sync")
        return _place(walked)

    def close(self) -> None:
        """Lets go of the file."""
        self._saver.close()


def _place(values: Mapping[str, Any]) -> Place:
    at, told, cut, next, end = (values[name] for name in KINDS)
    return {"at": at, "told": told, "cut": cut, "next": next, "end": end}


def _next(place: Place) -> str:
    return place["next"]
