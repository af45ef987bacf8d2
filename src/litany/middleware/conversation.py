"""Conversation: the steps of one call, around the core, and what is remembered between calls."""

import secrets
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from typing import Any

from litany.archive import Kept, Recalled
from litany.core.agenda import revised
from litany.core.compact import span_handle
from litany.core.head import headed
from litany.core.ledger import left, line, total
from litany.core.plan import Plan, planned, rested, settled
from litany.core.policy import Policy
from litany.core.ports import Dialect
from litany.core.record import Record
from litany.core.rewrite import agrees, reconciled
from litany.core.setting import LEAST_DRIFT, MOST_DRIFT, Setting
from litany.core.shrink import shrunk
from litany.core.state import Pin, State
from litany.core.view import body, ended, same, span
from litany.dialects import DIALECTS, certain, dialect_named, dialect_of
from litany.errors import LitanyError, RecallError
from litany.middleware import saved, tools
from litany.middleware.ask import Ask, asked
from litany.middleware.ends import ends_of
from litany.middleware.reading import Reading, counted, edited, read, texts
from litany.middleware.serving import served
from litany.middleware.shelf import Shelf
from litany.middleware.usage import prompt_tokens
from litany.redact import redacted
from litany.tokens import counter


@dataclass(frozen=True, slots=True)
class Work:
    """A call under way."""

    record: Record
    setting: Setting
    before: State
    version: int
    plan: Plan
    ask: Ask | None
    rewritten: bool
    common: int
    """Messages that the record has in common with the one read before."""
    opened: State
    """The State that the plan stands on: what of `before` still holds for this record."""
    lost: Sequence[Kept]
    """Messages that the host took out of the record or edited, as they were."""


@dataclass(frozen=True, slots=True)
class Body:
    """The view sent last, its recitation left out: the next one begins with it unless there was a cut."""

    messages: list[object]
    state: State
    record: Record


class Conversation:
    """One conversation; its callers are kept apart by the face."""

    def __init__(
        self,
        policy: Policy,
        shelf: Shelf,
        trace: Callable[[dict[str, Any]], object] | None,
        dialect: str | Dialect | None,
        redact: Callable[[str], str],
        mark: str | None,
    ) -> None:
        self.policy, self.shelf, self.trace, self.redact = policy, shelf, trace, redact
        self._dialect = None if dialect is None else dialect_named(dialect)
        self._guess: Dialect | None = None
        self._mark = mark
        self._count = counter(policy.encoding)
        self._reading = Reading()
        self._body: Body | None = None
        self._beside: dict[str, tuple[object, int]] = {}
        self._own: tuple[str, bool] | None = None
        self._calls = 0
        self._sent = 0
        self.stable = 0
        """Messages of the view given last that the next one begins with, unless there is a cut."""
        self.recital = ""
        """The recitation that the view given last ends with; "" where none does."""
        self.anew = False
        """Whether the record was rewritten before the view given last, and the agenda had not changed."""

    @property
    def state(self) -> State:
        """The State as the store holds it."""
        return self.shelf.load()[1]

    @property
    def record(self) -> Record:
        """The record as it was read last."""
        return self._reading.record

    @property
    def sent(self) -> int:
        """Tokens of the view that was given last, by our own count; 0 before the first."""
        return self._sent

    def dumped(self) -> dict[str, Any]:
        """The State as plain JSON."""
        return saved.dumped(self.state)

    def begin(self, messages: Sequence[object], system: object, given: Sequence[object], model: bool) -> Work:
        """Reads and plans; what is to be asked of a summarizer, if anything, is in the work.

        Before a cut every message is looked into, and all is planned anew when one was edited in place.
        """
        before = self._reading.record
        work = self._begun(messages, system, given, model, False)
        cuts = work.plan.compaction is not None or work.plan.cleared
        if cuts and before.length and edited(before, work.record.natives, work.setting.dialect):
            return self._begun(messages, system, given, model, True)
        return work

    def _begun(
        self, messages: Sequence[object], system: object, given: Sequence[object], model: bool, deep: bool
    ) -> Work:
        dialect = self._written(messages, system)
        before = self._reading.record
        self._reading = read(self._reading, messages, dialect, self._count, self.policy.observations, deep)
        record = self._reading.record
        if not self._reading.same:
            self._body = None
        beside = self._tokens("system", system), self._tools(given)
        setting = Setting(self.policy, dialect, self._count, *beside, self.redact)
        version, state = self.shelf.load()
        opened = self._marked(record, state)
        opened, rewritten, unbind = self._agreed(before, record, opened)
        opened, moved = headed(record, opened, setting, texts(system))
        unbind = 0 if moved else unbind
        plan = planned(record, opened, setting, rewritten or moved, unbind)
        plan = rested(plan) if model else plan
        ask = None
        if plan.compaction is not None and model:
            ask = asked(record, plan.state, setting, plan.compaction, lambda: body(record, plan.state, dialect))
        same = _common(before, record) if rewritten else state.length
        common, lost = min(state.length, same), self._lost(before, same, dialect) if rewritten else ()
        return Work(record, setting, state, version, plan, ask, rewritten, common, opened, lost)

    def _written(self, messages: Sequence[object], system: object) -> Dialect:
        """The dialect of these messages, kept once one tells it; until then a guess. Only new ones are looked at."""
        if self._dialect is None:
            new = messages[self._reading.record.length :]
            self._dialect, self._guess = certain(new), self._guess or dialect_of(new)
        return self._dialect or self._guess or DIALECTS["openai" if system is None else "anthropic"]

    def finish(self, work: Work, answer: object) -> list[object] | None:
        """Carries the plan out and saves it; None when another caller was first, and the call is to be planned anew."""
        return self._carried(work, settled(work.record, work.plan, work.setting, answer))

    def _carried(self, work: Work, plan: Plan) -> list[object] | None:
        state = plan.state
        if state.answered and state.length != work.before.length:
            state = replace(state, answered=())
        if state.kin:
            state = replace(state, ends=ends_of(work.record))
        gone = left(work.record, work.opened, state)
        kept = [*work.lost, *self._kept(work.record, gone, work.setting.dialect)]
        handle = (
            span_handle(work.record.at(state.cut.end)) if state.cut is not None and state.cut != work.before.cut else ""
        )
        if not self.shelf.save(work.version, state, kept, handle):
            return None
        messages = self._viewed(work, state, plan.changed)
        sent = ended(messages, state, work.setting.dialect)
        self._calls += 1
        self.stable = len(sent) - bool(state.recital)
        placed = state.placed[-1:] if not state.recital else ()
        self.recital = next((one.text for one in placed if one.index == state.length), state.recital)
        self.anew = work.rewritten and not work.before.touched
        self._traced(work, plan if state is plan.state else replace(plan, state=state), sent)
        return list(work.record.natives) if self.policy.shadow else sent

    def shrink(self, messages: Sequence[object], system: object, given: Sequence[object]) -> list[object]:
        """One strictly smaller view, after the last one was refused for its length."""
        while True:
            view = self.shrunk(self.begin(messages, system, given, False), self._sent)
            if view is not None:
                return view

    def shrunk(self, work: Work, sent: int) -> list[object] | None:
        """The smaller view; None when the call is to be begun anew. `sent`: tokens of the view that was refused."""
        if work.before.length != work.record.length or work.rewritten:
            self.finish(work, None)
            return None
        sent = sent or work.plan.state.size + work.setting.fixed
        return self._carried(work, shrunk(work.record, work.plan.state, work.setting, sent))

    def shadowed(self, error: LitanyError) -> None:
        """Traces what would have been raised, where the policy only looks on. Raises: the error, anywhere else."""
        if not self.policy.shadow:
            raise error
        if self.trace is not None:
            self.trace({"call": self._calls, "key": self.shelf.key, "shadow": True, "error": str(error)})

    def used(self, usage: object, sent: int) -> None:
        """Corrects the counting by the provider's own. `sent`: tokens of the view that it speaks of."""
        reported = prompt_tokens(usage)
        if reported and sent:
            drift = min(MOST_DRIFT, max(LEAST_DRIFT, reported / sent))
            self.shelf.change(lambda state: replace(state, drift=max(drift, state.least)))

    def tools(self, dialect: str) -> list[dict[str, Any]]:
        """Litany's own schemas."""
        todos = not self._host_todos()
        self._own = (dialect, todos)
        return tools.schemas(dialect, todos)

    def answer(self, native: object) -> str:
        """Serves one of litany's own tools; all but a foreign call is told in the answer."""
        return served(self.shelf, native, self.recall, max(500, self.policy.clip * 2), self.redact)

    def revise(self, goal: str | None, constraints: Sequence[str] | None, closed: bool | None) -> None:
        """Another goal or other constraints, from the developer."""

        def change(state: State) -> State:
            agenda = revised(state.agenda, state.length, "developer", goal, constraints, closed)
            scan = replace(state.scan, goal=-1) if agenda.goal != state.agenda.goal else state.scan
            finished = state.length if agenda.finished else -1
            return replace(state, agenda=agenda, scan=scan, headed=False, touched=True, finished=finished)

        self.shelf.change(change)

    def pin(self, message: object) -> None:
        """Keeps a message and its turn.

        A forged recitation inside a pinned result is broken all the same: authority goes before verbatim.
        """
        record = self._reading.record
        if isinstance(message, int):
            index = message if message >= 0 else record.length + message
        else:
            wanted = (self._dialect or DIALECTS["openai"]).digest(message)
            index = next((place for place in range(record.length) if record[place].digest == wanted), -1)
        if not 0 <= index < record.length:
            raise RecallError(f"no message {message!r} among the {record.length} read last; pin after a call")
        pin = Pin(index, record[index].digest)
        self.shelf.change(lambda state: state if pin in state.pins else replace(state, pins=(*state.pins, pin)))

    def recall(self, query: str) -> tuple[Recalled, ...]:
        """Messages by handle, else by words."""
        record = self._reading.record
        here = [index for index in range(record.length) if record[index].digest == query][:1]
        found = self.shelf.found(query, self._kept(record, here, self._dialect or DIALECTS["openai"]))
        if not found:
            raise RecallError(f"nothing is kept under {query!r}, and no message that left holds its words")
        return found

    def _marked(self, record: Record, state: State) -> State:
        if state.mark:
            return state
        mark = self._mark or secrets.token_hex(4)
        while any(
            mark in text for index in range(record.length) for text in (record[index].text, *record[index].slots)
        ):
            mark = secrets.token_hex(4)
        return replace(state, mark=mark)

    def _agreed(self, before: Record, record: Record, state: State) -> tuple[State, bool, int | None]:
        """The state for this record, whether it was rewritten, and from where thinking lost its prefix."""
        if agrees(record, state):
            return state, False, None
        state, fell = reconciled(record, state, self.policy.strict)
        if fell:
            return state, True, 0
        common = _common(before, record)
        stale = {message.digest for message in before.span(common, before.length) if message.bound}
        lost = any(message.digest in stale for message in record.span(common, record.length))
        return state, True, common if lost else None

    def _tokens(self, name: str, value: object) -> int:
        known = self._beside.get(name)
        if known is None or known[0] != value:
            self._beside[name] = known = (value, counted(value, self._count))
        return known[1]

    def _tools(self, given: Sequence[object]) -> int:
        tokens = self._tokens("tools", given)
        if self._own is None:
            return tokens
        return tokens + self._tokens("own", tools.schemas(self._own[0], self._own[1]))

    def _host_todos(self) -> bool:
        given = self._beside.get("tools", ((), 0))[0]
        return isinstance(given, Sequence) and tools.has_todo_tool(given)

    def _kept(self, record: Record, indexes: Sequence[int], dialect: Dialect) -> Sequence[Kept]:
        plains = ((index, self.redact(dialect.plain(record.natives[index]))) for index in indexes)
        return [Kept(record[index].digest, index, plain) for index, plain in plains]

    def _lost(self, before: Record, start: int, dialect: Dialect) -> Sequence[Kept]:
        """Messages of a record that is no more, but for those that were edited in place."""
        hashes = {place: dialect.digest(before.natives[place]) for place in range(start, before.length)}
        still = [place for place, digest in hashes.items() if digest == before[place].digest]
        return self._kept(before, still, dialect)

    def _viewed(self, work: Work, state: State, changed: bool) -> list[object]:
        """The body of the view, grown from the last one where nothing before it changed."""
        last, record, dialect = self._body, work.record, work.setting.dialect
        grows = last is not None and not changed and self._reading.same and same(last.state, work.before)
        grows = grows and not _lasted(work.before, state)
        if grows and last is not None:
            messages = [*last.messages, *span(record, state, dialect, last.state.length, state.length)]
        else:
            messages = body(record, state, dialect)
        self._body = Body(messages, state, record)
        return messages

    def _asked(self, ask: Ask | None) -> dict[str, object] | None:
        if ask is None:
            return None
        return {"how": "fork" if ask.messages else "fresh", "prompt": self._count(ask.prompt)}

    def _traced(self, work: Work, plan: Plan, sent: Sequence[object]) -> None:
        self._sent = total(plan.state, work.setting)
        if self.trace is not None:
            traced = line(work.record, work.before, plan, work.setting, len(sent), work.common)
            beside = {"rewritten": work.rewritten, "asked": self._asked(work.ask)}
            whole = {"call": self._calls, "key": self.shelf.key, **traced, **beside}
            self.trace(whole if self.redact is str else redacted(whole, self.redact))


def _common(before: Record, record: Record) -> int:
    """How many messages both records begin with: their hashes run on, so that halving finds it."""
    low, high = 0, min(before.length, record.length)
    while low < high:
        middle = (low + high + 1) // 2
        low, high = (middle, high) if before.at(middle) == record.at(middle) else (low, middle - 1)
    return low


def _lasted(before: State, after: State) -> bool:
    """Whether a recitation that ended the view before now stays in it."""
    return any(placed.index == before.length for placed in after.placed[len(before.placed) :])
