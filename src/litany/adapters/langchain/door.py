"""The door through which every LangChain host goes: it finds the conversation of a request, and remembers for it.

A host with a private channel in its graph's state has the State there as well, unless it was given a Store.
"""

import json
import secrets
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from hashlib import sha256
from os import PathLike
from threading import Lock
from typing import Any

from langchain_core.messages import BaseMessage

from litany.adapters.langchain import models
from litany.adapters.langchain.channel import Channel, Stamps, stamped
from litany.adapters.langchain.messages import LangChain
from litany.archive import Kept, Store
from litany.core.agenda import Todo
from litany.core.message import Call
from litany.core.policy import Policy
from litany.core.state import State
from litany.core.todos import host_todos
from litany.middleware import saved
from litany.middleware.face import Trace
from litany.middleware.given import policy_of, redactor, writer
from litany.middleware.shared import Conversations, Exchange
from litany.middleware.shared.begin import cut_handle, departed
from litany.middleware.shared.request import Request
from litany.middleware.shelf import Shelf
from litany.middleware.tools import has_todo_tool

SYSTEM_ANYWHERE = ("openai", "azure")
"""Providers whose models take a system message in mid-conversation."""


@dataclass(frozen=True, slots=True)
class Sending:
    """What a host is about to send."""

    messages: Sequence[BaseMessage]
    model: object = None
    system: object = None
    tools: Sequence[object] = ()
    thread: str | None = None
    place: str = ""
    """Where in a graph of graphs it is sent from."""
    todos: object = None
    """The list that the host's own todo tool keeps; None: it keeps none."""
    kept: Channel | None = None
    """What the private channel holds."""
    goal: str | None = None
    constraints: Sequence[str] | None = None


class Door:
    """Conversations, for hosts that speak in LangChain's messages."""

    def __init__(
        self,
        goal: str | None = None,
        constraints: Sequence[str] = (),
        policy: Policy | None = None,
        store: Store | None = None,
        summarize: Callable[[Sequence[object], str], object] | None = None,
        trace: Trace | str | PathLike[str] | None = None,
        redact: Callable[[str], str] | bool | None = None,
    ) -> None:
        """The options of a Litany. Raises: PolicyError, AgendaError for a blank goal or constraint."""
        self._policy, self._durable, self._redact = policy, store is not None, redactor(redact) or str
        self._options = (goal, constraints, store, summarize, writer(trace), self._redact)
        self._writer = secrets.token_hex(4)
        self._stamps = Stamps()
        self._lock, self._resuming = Lock(), Lock()
        self._asked = False
        self._conversations = self._made(policy_of(policy), LangChain())

    @property
    def shadow(self) -> bool:
        """Whether litany only looks on."""
        return self._conversations.policy.shadow

    def open(self, sending: Sending) -> Exchange:
        """The view of what is to be sent, in its conversation. Raises: as a Litany's call."""
        conversations, named = self._named(sending, self._stamps.newest)
        exchange = conversations.open(sending.messages, sending.system, sending.tools, **named)
        if self._heeded(exchange, sending):
            exchange = conversations.open(sending.messages, sending.system, sending.tools, **named)
        return exchange

    async def open_async(self, sending: Sending) -> Exchange:
        """The same for a task; the summarizer may be awaited."""
        conversations, named = self._named(sending, self._stamps.newest)
        exchange = await conversations.open_async(sending.messages, sending.system, sending.tools, **named)
        if self._heeded(exchange, sending):
            exchange = await conversations.open_async(sending.messages, sending.system, sending.tools, **named)
        return exchange

    def find(self, sending: Sending) -> Exchange:
        """The conversation of these messages, nothing planned: for a tool, beside which others may run."""
        conversations, named = self._named(sending, self._stamps.knows)
        kept = {name: named[name] for name in ("key", "exact")}
        return conversations.find(sending.messages, sending.system, sending.tools, **kept)

    def at(self, key: str) -> Exchange:
        """The conversation of that key, begun when there is none."""
        return self._conversations.find((), key=key, exact=True)

    def channel(self, exchange: Exchange, sending: Sending, asked: bool = True) -> Channel:
        """What the private channel is to hold from now on. `asked`: after a call of the model, not of a tool.

        A graph that holds a channel is one conversation, so that one which others may share becomes its own here.
        """
        store = self._conversations.store
        version, state = store.load(exchange.key) or (0, State(""))
        key = exchange.key
        if exchange.shared:
            key = self._free(sending.thread)
            self._restored(key, state, sending)
            version, _ = store.load(key) or (0, None)
        kept = Channel(key=key, place=sending.place, stamp=stamped(self._writer, version))
        self._stamps.add(key, kept["stamp"], asked)
        return kept if self._durable else Channel(**kept, state=saved.dumped(state))

    def _free(self, thread: str | None) -> str:
        """A key that no conversation has: the thread's own where it is free."""
        if thread and self._conversations.store.load(thread) is None:
            return thread
        return f"{thread or ''}~{secrets.token_hex(8)}"

    def _named(self, sending: Sending, known: Callable[[str, str], bool]) -> tuple[Conversations, dict[str, Any]]:
        """The conversations, and how the one of this request is named."""
        conversations = self._fitting(sending.model)
        key, exact = sending.thread, False
        if sending.kept:
            key, exact = self._resumed(sending, sending.kept, known), True
        return conversations, {"key": key, "exact": exact, "goal": sending.goal, "constraints": sending.constraints}

    def _fitting(self, model: object) -> Conversations:
        """The conversations, fitted to the first model that is asked."""
        with self._lock:
            if not self._asked and model is not None:
                self._asked = True
                self._stamps.clear()  # a channel that was read before fills the new store again
                dialect = LangChain(system_anywhere=models.provider(model) in SYSTEM_ANYWHERE)
                self._conversations = self._made(models.fitted(self._policy, model), dialect)
            return self._conversations

    def _made(self, policy: Policy, dialect: LangChain) -> Conversations:
        goal, constraints, store, summarize, trace, redact = self._options
        return Conversations(goal, constraints, policy, store, summarize, trace, dialect, redact)

    def _resumed(self, sending: Sending, kept: Channel, known: Callable[[str, str], bool]) -> str:
        """The key of the conversation that the channel tells; what the channel holds becomes its State, if it is news.

        A channel that was inherited elsewhere (a sub-agent that is forked from its parent) begins a copy.
        """
        moved = kept.get("place", "") != sending.place
        key = f"{kept['key']}/{sha256(sending.place.encode()).hexdigest()[:8]}" if moved else kept["key"]
        with self._resuming:
            if "state" in kept and not known(key, kept["stamp"]):
                self._restored(key, saved.loaded(kept["state"]), sending)
                self._stamps.add(key, kept["stamp"], True)
        return key

    def _restored(self, key: str, state: State, sending: Sending) -> None:
        """The State put into the store, with what had left its views: the host's messages hold all of it."""
        request = Request(sending.messages, dialect=LangChain())
        grew = request.grew(state)
        gone = departed(request, state) if grew else ()
        plains = [self._redact(LangChain().plain(sending.messages[index])) for index in gone]
        kept = [Kept(request.digests()[index], index, plain) for index, plain in zip(gone, plains, strict=True)]
        span = cut_handle(request, state) if grew else ""
        while True:
            version, _ = self._conversations.store.load(key) or (0, None)
            if self._conversations.store.save(key, version, state, kept, span):
                return

    def _heeded(self, exchange: Exchange, sending: Sending) -> bool:
        """Whether the host's own list of todos differs from what the record tells; then it rules."""
        if sending.todos is None or exchange.shared or not has_todo_tool(sending.tools):
            return False
        todos = [replace(todo, content=self._redact(todo.content)) for todo in listed(sending.todos)]
        if _same(todos, exchange.agenda.todos):
            return False

        def change(state: State) -> State:
            own = tuple(replace(todo, since=state.length) for todo in todos)
            return replace(state, agenda=replace(state.agenda, todos=own), touched=True)

        Shelf(self._conversations.store, exchange.key).change(change)
        return True


def listed(todos: object) -> tuple[Todo, ...]:
    """The todos of a host's list, as its tool would write it."""
    return host_todos([Call("", "write_todos", json.dumps({"todos": todos}, default=str))], 0) or ()


def _same(one: Sequence[Todo], other: Sequence[Todo]) -> bool:
    return [(todo.content, todo.status) for todo in one] == [(todo.content, todo.status) for todo in other]
