"""Shelf: one conversation's place in a Store, and what is changed there between calls."""

import json
from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from typing import Any

from litany.archive import Kept, Recalled, Store
from litany.core.agenda import revised
from litany.core.recite import Since
from litany.core.state import State
from litany.middleware import saved


class Shelf:
    """The State of one conversation, and what left its views."""

    def __init__(self, store: Store, key: str) -> None:
        self.store, self.key = store, key

    def open(
        self, goal: str | None, constraints: Sequence[str], state: Mapping[str, Any] | str | None, mark: str | None
    ) -> None:
        """Begins, or goes on with a State that was given or that the store holds; goal and constraints given now rule.

        Raises: StateError for a State that cannot be opened, AgendaError for a blank goal or constraint.
        """
        given = None if state is None else saved.loaded(state)
        while True:
            version, held = self.store.load(self.key) or (0, None)
            begun = given or held or State(mark=mark or "", finds=goal is None)
            agenda = revised(begun.agenda, begun.length, "developer", goal or None, constraints or None)
            if agenda != begun.agenda:
                begun = replace(begun, agenda=agenda, headed=False, touched=begun.length > 0)
            if begun is held or self.store.save(self.key, version, begun, (), ""):
                return

    def load(self) -> tuple[int, State]:
        """Version and State."""
        return self.store.load(self.key) or (0, State(""))

    def save(self, version: int, state: State, kept: Sequence[Kept], span: str) -> bool:
        """State and archive in one step; False when another caller was first."""
        return self.store.save(self.key, version, state, kept, span)

    def change(self, change: Callable[[State], State]) -> State:
        """The State changed, however many callers there are."""
        while True:
            version, state = self.load()
            after = change(state)
            if after is state:
                return state
            if self.store.save(self.key, version, after, (), ""):
                return after

    def found(self, query: str, here: Sequence[Kept]) -> tuple[Recalled, ...]:
        """What is kept under a handle; else `here`, messages that never left; else what holds the words."""
        kept = self.store.find(self.key, query) or here or self.store.search(self.key, query)
        return tuple(Recalled(item.handle, item.index, _message(item.plain)) for item in kept)


def told_now(state: State) -> State:
    """The agent has just read its whole list: a tool's answer showed it."""
    return replace(state, told=Since(state.length, state.scan.answered, state.scan.entered))


def _message(plain: str) -> object:
    """The message; its text alone when a redactor left no JSON of it."""
    try:
        return json.loads(plain)
    except ValueError:
        return plain
