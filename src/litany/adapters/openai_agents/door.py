"""The door through which models of the Agents SDK are asked: it finds the conversation, and sends its view.

The SDK speaks in items of OpenAI Responses, whichever provider its model asks. A conversation is told by the items that
it begins with, or by `with litany.conversation(…)`: a run that is given a session, or what another run left, goes on in
the one that it began.
"""

from collections.abc import AsyncGenerator, AsyncIterator, Callable, Sequence
from contextlib import AsyncExitStack, aclosing
from os import PathLike
from typing import Any

from agents import FunctionTool

from litany.adapters.clients.wrapped import Wrapped
from litany.adapters.openai_agents.asking import Asking
from litany.adapters.openai_agents.memory import Memory
from litany.adapters.openai_agents.summarizer import ASKING, Summarize, summarizer
from litany.adapters.openai_agents.tools import own_tools
from litany.archive import Store
from litany.core.message import Call
from litany.core.policy import Policy
from litany.middleware import Conversations, Exchange
from litany.middleware.face import Trace
from litany.middleware.given import policy_of


class Door:
    """Conversations, for models of the Agents SDK."""

    def __init__(
        self,
        goal: str | None = None,
        constraints: Sequence[str] = (),
        policy: Policy | None = None,
        store: Store | None = None,
        summarize: Summarize = None,
        trace: Trace | str | PathLike[str] | None = None,
        redact: Callable[[str], str] | bool | None = None,
    ) -> None:
        """The options of a Litany. Raises: PolicyError, AgendaError for a blank goal or constraint."""
        self._conversations = Conversations(
            goal, constraints, policy_of(policy), store, summarizer(summarize), trace, "responses", redact
        )
        self._memory = Memory(self._conversations)
        self._wrapped = Wrapped(self._conversations, self._memory, _Events())
        self.tools: Sequence[FunctionTool] = own_tools(self._answer)

    async def response(self, asking: Asking, given: str | Sequence[Any]) -> Any:
        """The model's answer to the view; when it was refused for its length, to a smaller one, once."""
        token = ASKING.set(asking)
        try:
            body = asking.body(given, stream=False)
            return await self._wrapped.called_async(body, lambda fields: asking.response(fields["input"]))
        finally:
            ASKING.reset(token)

    async def events(self, asking: Asking, given: str | Sequence[Any]) -> AsyncGenerator[Any]:
        """The same, streamed: what is refused before the first content is sent again, smaller, once."""
        async with AsyncExitStack() as stack:

            async def send(fields: Any) -> AsyncIterator[Any]:
                events = asking.events(fields["input"])
                if isinstance(events, AsyncGenerator):
                    stack.push_async_callback(events.aclose)
                return events

            events = await stack.enter_async_context(aclosing(await self._begun(asking, given, send)))
            async for event in events:
                yield event

    def at(self, key: str) -> Exchange:
        """The conversation of that key, begun when there is none."""
        return self._conversations.find((), key=key, exact=True)

    async def _begun(self, asking: Asking, given: str | Sequence[Any], send: Any) -> Any:
        token = ASKING.set(asking)
        try:
            return await self._wrapped.called_async(asking.body(given, stream=True), send)
        finally:
            ASKING.reset(token)

    def _answer(self, call: Call) -> str:
        return self._memory.find(call.id).answer(call)


class _Events:
    """Streams of the SDK: bare iterators of events."""

    def events(self, answer: Any, /) -> Any:
        return answer

    def tapped(self, answer: Any, events: Any, /) -> Any:
        return events

    def replaced(self, answer: Any, other: Any, /) -> Any:
        return other
