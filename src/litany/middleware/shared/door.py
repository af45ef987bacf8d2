"""Conversations: one door for all of them, for a middleware object, a wrapped client, a proxy."""

from collections.abc import Callable, Sequence
from copy import copy
from dataclasses import replace
from functools import partial
from itertools import count
from os import PathLike
from typing import Any

from litany.archive import MemoryStore, Store
from litany.core.policy import Policy
from litany.core.ports import Dialect
from litany.errors import LitanyError
from litany.middleware.ask import Ask, summarized, summarized_async
from litany.middleware.conversation import Conversation, Work
from litany.middleware.face import TRIES, Trace
from litany.middleware.given import fitted, policy_of, redactor, schemas, sentences, sequence, writer
from litany.middleware.shared.begin import fresh
from litany.middleware.shared.exchange import Exchange
from litany.middleware.shared.finding import Found, found, still
from litany.middleware.shared.live import Live, Lives
from litany.middleware.shared.named import named
from litany.middleware.shared.request import Request
from litany.middleware.shelf import Shelf
from litany.middleware.tools import has_todo_tool
from litany.middleware.tools import schemas as own_schemas


class Conversations:
    """Everything that many conversations share: policy, store, goal and constraints, summarizer, trace.

    One object serves all threads and tasks; each request finds its own conversation:

        conversations = Conversations(policy=Policy(window=128_000), store=SqliteStore("agents.litany"))
        exchange = conversations.open(messages, system, tools, key=thread_id)    # await conversations.open_async(…)
        try:
            reply = client.create(messages=exchange.view)
        except Overflow:
            reply = client.create(messages=exchange.shrink())                     # await exchange.shrink_async()
        exchange.used(reply.usage)

    A conversation is told by `key` (a thread id, a header), else by `with litany.conversation(key)`, else by the
    messages that it begins with: one that grew is found again, by any process over the same store; of two that open
    alike each goes its own way from the first answer on, and under system texts of their own they never meet; one
    that branches off late keeps what stood on its agenda before. Under a key, too, requests of another system text
    or other tools (a title, a sub-agent) are conversations of their own, while an edited, branched or compacted
    record stays the same conversation, agenda kept. Without a key a record that its client compacted is told by its
    last messages: where they are its own, and it is sure.
    Each gets the views that it would get from a Litany of its own. Two callers on one conversation: the second waits.
    Without a store the most recent ones are held in memory.
    """

    def __init__(
        self,
        goal: str | None = None,
        constraints: Sequence[str] = (),
        policy: Policy | None = None,
        store: Store | None = None,
        summarize: Callable[[Sequence[object], str], object] | None = None,
        trace: Trace | str | PathLike[str] | None = None,
        dialect: str | Dialect | None = None,
        redact: Callable[[str], str] | bool | None = None,
    ) -> None:
        """The options of a Litany, for every conversation that has none of its own.

        Raises: PolicyError, AgendaError for a blank goal or constraint.
        """
        trace, redact = writer(trace), redactor(redact)
        fitted(goal=goal, store=store, summarize=summarize, trace=trace, redact=redact)
        self._goal, self._constraints = goal, sentences(constraints)
        self._policy, self._trace, self._redact = policy_of(policy), trace, redact or str
        self._summarize, self._dialect = summarize, dialect
        self._lives = Lives(store, self._talk)
        fresh(goal, self._constraints)  # says now what is wrong with them

    @property
    def policy(self) -> Policy:
        """What shapes every plan."""
        return self._policy

    @property
    def store(self) -> Store:
        """Where the conversations live."""
        return self._lives.store

    @property
    def lasting(self) -> Store | None:
        """The store that the host gave, which other processes may work over; None: they are held here in memory."""
        return self._lives.store if self._lives.given else None

    def under(self, policy: Policy) -> "Conversations":
        """A door to the same conversations, under another policy."""
        other = copy(self)
        other._policy, other._lives = policy, self._lives.beside(other._talk)
        return other

    def open(
        self,
        messages: Sequence[Any],
        system: object = None,
        tools: Sequence[object] = (),
        key: str | None = None,
        goal: str | None = None,
        constraints: Sequence[str] | None = None,
        dialect: str | Dialect | None = None,
        exact: bool = False,
        tenant: str = "",
    ) -> Exchange:
        """The view to send for these messages, in the conversation that they belong to.

        messages, system, tools -- as a Litany takes them. key -- the conversation's name, where the host has one.
        goal, constraints -- this conversation's own, from its user or developer; they stay until others are given.
        dialect -- of the messages, where the caller knows it.
        exact -- the key is one that an exchange told: this very conversation, whatever its messages are now.
        tenant -- who asks, where several do: what has no key is looked for among the conversations of the same tenant.
        Raises: MessageError, PairError, WindowTooSmall, PolicyError, RecordRewritten, StateError.
        """
        request = _request(messages, system, tools, key, goal, constraints, dialect or self._dialect, exact, tenant)
        try:
            for attempt in count():
                place = self._found(request, waits=True)
                with place.live.alone.entered():
                    work = self._begun(request, place, attempt)
                    sent = None if work is None else place.live.talk.finish(work, self._ask(work.ask))
                    if sent is not None:
                        return self._exchange(request, place.live, sent)
        except LitanyError as error:
            self._shadowed(error)
        return self._unread(request)

    async def open_async(
        self,
        messages: Sequence[Any],
        system: object = None,
        tools: Sequence[object] = (),
        key: str | None = None,
        goal: str | None = None,
        constraints: Sequence[str] | None = None,
        dialect: str | Dialect | None = None,
        exact: bool = False,
        tenant: str = "",
    ) -> Exchange:
        """The same for a task; the summarizer may be awaited."""
        request = _request(messages, system, tools, key, goal, constraints, dialect or self._dialect, exact, tenant)
        try:
            for attempt in count():
                place = self._found(request)
                async with place.live.alone.entered_async():
                    work = self._begun(request, place, attempt)
                    sent = None if work is None else place.live.talk.finish(work, await self._ask_async(work.ask))
                    if sent is not None:
                        return self._exchange(request, place.live, sent)
        except LitanyError as error:
            self._shadowed(error)
        return self._unread(request)

    def find(
        self,
        messages: Sequence[Any],
        system: object = None,
        tools: Sequence[object] = (),
        key: str | None = None,
        dialect: str | Dialect | None = None,
        exact: bool = False,
        tenant: str = "",
    ) -> Exchange:
        """The conversation of these messages, nothing planned: to answer litany's tools, revise, pin or recall.

        messages -- all so far, the model's answer with the calls in question last: without a key they tell two
        conversations apart that open alike. system -- as in the call. The view is the messages as they came.
        """
        request = _request(messages, system, tools, key, None, None, dialect or self._dialect, exact, tenant)
        request = replace(request, told=system is not None)
        live = self._found(request).live
        return self._exchange(request, live, list(messages))

    @staticmethod
    def tools(dialect: str, given: Sequence[object] = ()) -> list[dict[str, Any]]:
        """Schemas of update_todos, note and recall, to be offered among the host's own tools (`given`).

        update_todos is left out where the host has a todo tool. A call of one is answered by
        `find([*messages, answer]).answer(call)`. Raises: PolicyError for an unknown dialect.
        """
        return own_schemas(dialect, not has_todo_tool(given))

    def _found(self, request: Request, waits: bool = False) -> Found:
        """Its conversation. `waits`: a thread will wait for it, which a thread that runs a loop of tasks must not."""
        goal = self._goal if request.goal is None else request.goal
        constraints = self._constraints if request.constraints is None else request.constraints
        place = found(request, self._lives, goal, constraints)
        if request.goal is not None or request.constraints is not None:
            place.live.talk.shelf.open(request.goal, request.constraints or (), None, None)
        if waits and place.live.alone.taken and _in_a_loop():
            spare = self._lives.spare(place.live.key, request)
            return replace(place, live=spare)
        return place

    def _begun(self, request: Request, place: Found, attempt: int) -> Work | None:
        """The call under way; None when the conversation went on meanwhile and is to be found anew."""
        version = still(request, place, self._lives.store)
        if version is None:
            return None
        asks = self._summarize is not None and attempt < TRIES
        work = place.live.talk.begin(request.natives, request.system, request.tools, asks)
        return work if work.version == version else None

    def _smaller(self, request: Request, sent: int) -> Exchange:
        while True:
            place = self._found(request, waits=True)
            with place.live.alone.entered():
                work = self._begun(request, place, TRIES)
                view = None if work is None else place.live.talk.shrunk(work, sent)
                if view is not None:
                    return self._exchange(request, place.live, view)

    async def _smaller_async(self, request: Request, sent: int) -> Exchange:
        while True:
            place = self._found(request)
            async with place.live.alone.entered_async():
                work = self._begun(request, place, TRIES)
                view = None if work is None else place.live.talk.shrunk(work, sent)
                if view is not None:
                    return self._exchange(request, place.live, view)

    def _ask(self, ask: Ask | None) -> object:
        return None if ask is None or self._summarize is None else summarized(self._summarize, ask)

    async def _ask_async(self, ask: Ask | None) -> object:
        return None if ask is None or self._summarize is None else await summarized_async(self._summarize, ask)

    def _exchange(self, request: Request, live: Live, view: list[Any]) -> Exchange:
        smaller, smaller_async = partial(self._smaller, request), partial(self._smaller_async, request)
        talk = live.talk
        told = talk.stable, talk.recital, talk.anew, talk, talk.sent
        return Exchange(view, live.key, live.shared, *told, smaller, smaller_async)

    def _talk(self, store: Store, key: str, dialect: str | Dialect | None) -> Conversation:
        shelf = Shelf(store, key)
        return Conversation(self._policy, shelf, self._trace, dialect or self._dialect, self._redact, None)

    def untouched(self, error: LitanyError, key: str | None = None) -> None:
        """Traces why a request goes on as it came: litany cannot read it, and its provider may."""
        if self._trace is not None:
            self._trace({"call": 0, "key": key or "", "untouched": True, "error": self._redact(str(error))})

    def _shadowed(self, error: LitanyError) -> None:
        """Traces what would have been raised, where the policy only looks on. Raises: the error, anywhere else."""
        self._talk(MemoryStore(), "", None).shadowed(error)

    def _unread(self, request: Request) -> Exchange:
        """The messages as they came, where the policy only looks on and they could not be read."""
        live = Live("", None, self._talk(MemoryStore(), "", None))
        return self._exchange(request, live, list(request.natives))


def _request(
    messages: object,
    system: object,
    tools: object,
    key: str | None,
    goal: str | None,
    constraints: Sequence[str] | None,
    dialect: str | Dialect | None,
    exact: bool,
    tenant: str,
) -> Request:
    """The request, named by the host or by the innermost `with litany.conversation(…)`."""
    fitted(key=key, goal=goal)
    name = named() if key is None else None
    if name is not None:
        key = name.key
        goal = name.goal if goal is None else goal
        constraints = name.constraints if constraints is None else constraints
    own = None if constraints is None else sentences(constraints)
    messages, tools = list(sequence(messages)), schemas(tools)
    return Request(messages, system, tools, key or None, goal, own, dialect, exact and bool(key), tenant=tenant)


def _in_a_loop() -> bool:
    from asyncio import get_running_loop  # here, not above: importing it takes long

    try:
        get_running_loop()
    except RuntimeError:
        return False
    return True
