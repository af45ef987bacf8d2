"""Litany and AsyncLitany: one conversation, from host messages to the view that is sent."""

import secrets
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from itertools import count
from os import PathLike
from threading import Lock
from typing import Any

from litany.archive import MemoryStore, Recalled, Store
from litany.core.agenda import Agenda
from litany.core.policy import Policy
from litany.core.ports import Dialect
from litany.errors import Busy, LitanyError, RecallError
from litany.middleware.ask import Ask, summarized, summarized_async
from litany.middleware.conversation import Conversation
from litany.middleware.given import fitted, policy_of, redactor, schemas, sentences, sequence, writer
from litany.middleware.shelf import Shelf
from litany.overflow import overflowed

TRIES = 3
"""Times that a summarizer is asked in one call, when other callers on the same conversation are first each time."""
Trace = Callable[[dict[str, Any]], object]


class _Face:
    """What Litany and AsyncLitany share: everything but the call itself."""

    def __init__(
        self,
        goal: str | None = None,
        constraints: Sequence[str] = (),
        policy: Policy | None = None,
        store: Store | None = None,
        key: str | None = None,
        summarize: Callable[[Sequence[object], str], object] | None = None,
        state: Mapping[str, Any] | str | None = None,
        trace: Trace | str | PathLike[str] | None = None,
        dialect: str | Dialect | None = None,
        redact: Callable[[str], str] | bool | None = None,
        mark: str | None = None,
    ) -> None:
        """One conversation.

        goal -- what the agent is here for; None: the first user message; "": there is none.
        constraints -- what it must keep to, each a sentence.
        store, key -- where State and archive live, and under which name; None: in this object.
        summarize -- `(messages, prompt) -> text`: asks a model; None: an outline made without one.
        state -- what `.state` gave, to go on with.
        trace -- called with one dict a call, or a file's path. mark -- the session's; None: drawn.
        dialect -- "openai", "responses", "anthropic", "gemini"; None: as they read.
        redact -- applied before text is archived or traced; True: litany's own.
        Raises: PolicyError, AgendaError for a blank goal or constraint, StateError.
        """
        trace, redact = writer(trace), redactor(redact)
        fitted(goal=goal, store=store, key=key, summarize=summarize, trace=trace, redact=redact, mark=mark)
        self._talk = Conversation(
            policy_of(policy),
            Shelf(MemoryStore() if store is None else store, key or secrets.token_hex(8)),
            trace,
            dialect,
            redact or str,
            mark,
        )
        self._talk.shelf.open(goal, sentences(constraints), state, mark)
        self._summarize = summarize
        self._work = Lock()
        self._children = 0

    @property
    def state(self) -> dict[str, Any]:
        """Everything that litany remembers of the conversation, as plain JSON."""
        return self._talk.dumped()

    @property
    def agenda(self) -> Agenda:
        """Goal, constraints, todos and notes as they stand."""
        return self._talk.state.agenda

    def used(self, usage: object) -> None:
        """Takes what the provider reported for the last view, and corrects the counting by it.

        `usage`: the `usage` of a response, as a dict or an SDK object: prompt_tokens or input_tokens (with
        Anthropic's cache_read_input_tokens and cache_creation_input_tokens).
        """
        with self._alone():
            self._talk.used(usage, self._talk.sent)

    def shrink(self, messages: Sequence[Any], system: object = None, tools: Sequence[object] = ()) -> list[Any]:
        """The one smaller view to send when the provider refused the last one for its length; an outline, no model.

        Raises: WindowTooSmall when nothing smaller can be sent, or this record was shrunk before; else as a call.
        """
        with self._alone():
            return self._talk.shrink(sequence(messages), system, schemas(tools))

    def tools(self, dialect: str) -> list[dict[str, Any]]:
        """Schemas of update_todos, note and recall; update_todos is left out where the host has a todo tool.

        Once asked for, they are counted in every view. Raises: PolicyError for an unknown dialect.
        """
        return self._talk.tools(dialect)

    def answer(self, call: object) -> str:
        """Serves a call of one of litany's own tools and gives its result; a repeated call gives the same.

        Raises: AgendaError when the call is another tool's.
        """
        with self._alone():
            return self._talk.answer(call)

    def revise(
        self, goal: str | None = None, constraints: Sequence[str] | None = None, closed: bool | None = None
    ) -> None:
        """Sets another goal or other constraints, or closes the goal; what they replace stays in `agenda.past`.

        Raises: AgendaError for a blank text.
        """
        with self._alone():
            self._talk.revise(goal, constraints, closed)

    def pin(self, message: object) -> None:
        """Keeps a message of the record, and its turn, in every view: by its index or the message itself.

        It stays through edits of other messages, and a pinned result carries no recitation. What imitates litany's
        own recitation inside a pinned result is still broken, since a result may never speak with its authority.
        Raises: RecallError when the record read last does not hold it.
        """
        with self._alone():
            self._talk.pin(message)

    def recall(self, query: str) -> tuple[Recalled, ...]:
        """The messages under a handle, as they were, else those that hold the words.

        Raises: RecallError when there are none.
        """
        if not isinstance(query, str):
            raise RecallError(f"{query!r} is no handle and no words; give a text")
        return self._talk.recall(query)

    @staticmethod
    def overflowed(error: object) -> bool:
        """Whether this error (an exception, a body, an event, a text) means that the view was too long."""
        return overflowed(error)

    def _child(self, face: type, goal: str | None) -> Any:
        """A conversation of a sub-agent, with this goal (or its own) and these constraints; todos of its own."""
        talk = self._talk
        while talk.shelf.store.load(f"{talk.shelf.key}/{self._children}") is not None or not self._children:
            self._children += 1  # a name that an earlier process gave is taken
        agenda = self.agenda
        own = goal if goal is not None else agenda.goal.text if agenda.goal else None
        return face(
            goal=own,
            constraints=[item.text for item in agenda.constraints],
            policy=talk.policy,
            store=talk.shelf.store,
            key=f"{talk.shelf.key}/{self._children}",
            summarize=self._summarize,
            trace=talk.trace,
            redact=None if talk.redact is str else talk.redact,
        )

    @contextmanager
    def _alone(self) -> Iterator[None]:
        if not self._work.acquire(blocking=False):
            raise Busy("this conversation is at work for another caller; give each conversation a Litany of its own")
        try:
            yield
        finally:
            self._work.release()


class Litany(_Face):
    """One conversation. Call it with the host's messages; send what it returns."""

    def __call__(self, messages: Sequence[Any], system: object = None, tools: Sequence[object] = ()) -> list[Any]:
        """The view to send for these messages.

        system -- the text (or blocks) beside the messages, counted and not returned. tools -- the schemas that are
        sent with them, litany's own left out.
        Raises: MessageError, PairError, WindowTooSmall, PolicyError, RecordRewritten, Busy.
        """
        with self._alone():
            try:
                for attempt in count():
                    asks = self._summarize is not None and attempt < TRIES
                    work = self._talk.begin(sequence(messages), system, schemas(tools), asks)
                    sent = self._talk.finish(work, self._ask(work.ask))
                    if sent is not None:
                        return sent
            except LitanyError as error:
                self._talk.shadowed(error)
        return list(messages)

    def child(self, goal: str | None = None) -> "Litany":
        """A conversation for a sub-agent: inherits goal (unless it gets its own) and constraints, not the todos."""
        child: Litany = self._child(Litany, goal)
        return child

    def _ask(self, ask: Ask | None) -> object:
        return None if ask is None or self._summarize is None else summarized(self._summarize, ask)


class AsyncLitany(_Face):
    """Litany for asyncio: its summarizer may be awaited."""

    async def __call__(self, messages: Sequence[Any], system: object = None, tools: Sequence[object] = ()) -> list[Any]:
        """The view to send for these messages; as Litany's."""
        with self._alone():
            try:
                for attempt in count():
                    asks = self._summarize is not None and attempt < TRIES
                    work = self._talk.begin(sequence(messages), system, schemas(tools), asks)
                    sent = self._talk.finish(work, await self._ask(work.ask))
                    if sent is not None:
                        return sent
            except LitanyError as error:
                self._talk.shadowed(error)
        return list(messages)

    def child(self, goal: str | None = None) -> "AsyncLitany":
        """A conversation for a sub-agent: inherits goal (unless it gets its own) and constraints, not the todos."""
        child: AsyncLitany = self._child(AsyncLitany, goal)
        return child

    async def _ask(self, ask: Ask | None) -> object:
        return None if ask is None or self._summarize is None else await summarized_async(self._summarize, ask)
