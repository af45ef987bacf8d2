"""Litany as a model around a model of Pydantic AI: what the inner one is sent is a view of the messages.

A run's history stays as it is, and nothing of the view is stored in it. It stands behind everything that changes the
messages of a request (history processors, compaction), so that a recitation that is due is what the model reads last.
"""

from collections.abc import AsyncGenerator, AsyncIterator, Callable, Sequence
from contextlib import AsyncExitStack, asynccontextmanager
from contextvars import ContextVar
from os import PathLike
from typing import Any

from pydantic_ai.models import Model
from pydantic_ai.models.wrapper import WrapperModel

from litany.adapters.pydantic_ai.door import Door, Sending
from litany.adapters.pydantic_ai.summarizer import ASKING, Summarize, summarizer
from litany.adapters.refused import Refused, smaller_async
from litany.archive import Store
from litany.core.policy import Policy
from litany.middleware import Exchange
from litany.middleware.face import Trace

RUN: ContextVar[Any] = ContextVar("litany_pydantic_ai_run", default=None)
"""The context of the run under way."""


class Wrapping(WrapperModel):
    """A model whose requests go through a door."""

    def __init__(self, wrapped: Model | str, door: Door) -> None:
        super().__init__(wrapped)
        self._door = door

    async def request(self, messages: list[Any], model_settings: Any, model_request_parameters: Any) -> Any:
        """The model's answer to the view; when it was refused for its length, to a smaller one, once."""
        if _resumes(messages):
            return await self.wrapped.request(messages, model_settings, model_request_parameters)
        sending = self._sending(messages, model_settings, model_request_parameters, RUN.get())
        exchange = await self._opened(sending)
        with Refused(not self._door.mends(sending)) as refused:
            view = self._door.sent(sending, exchange)
            response = await self.wrapped.request(view, model_settings, model_request_parameters)
            refused.heard(response.provider_details)
        if refused and await smaller_async(exchange, refused) is not None:
            view = self._door.sent(sending, exchange)
            response = await self.wrapped.request(view, model_settings, model_request_parameters)
        exchange.used(_prompt(response.usage))
        return response

    @asynccontextmanager
    async def request_stream(
        self, messages: list[Any], model_settings: Any, model_request_parameters: Any, run_context: Any = None
    ) -> AsyncGenerator[Any]:
        """The same, streamed: what the provider refuses before the first content is sent again, smaller, once."""
        given = model_settings, model_request_parameters, run_context
        if _resumes(messages):
            async with self.wrapped.request_stream(messages, *given) as response:
                yield response
            return
        sending = self._sending(messages, model_settings, model_request_parameters, run_context or RUN.get())
        exchange = await self._opened(sending)
        async with AsyncExitStack() as stack:
            with Refused(not self._door.mends(sending)) as refused:
                opened = _begun(self.wrapped.request_stream(self._door.sent(sending, exchange), *given))
                response = await stack.enter_async_context(opened)
            if refused:
                await smaller_async(exchange, refused)
                again = self.wrapped.request_stream(self._door.sent(sending, exchange), *given)
                response = await stack.enter_async_context(again)
            yield response
            exchange.used(_prompt(response.usage))

    async def count_tokens(self, messages: list[Any], model_settings: Any, model_request_parameters: Any) -> Any:
        """The tokens of the view that these messages would be sent as."""
        if _resumes(messages):
            return await self.wrapped.count_tokens(messages, model_settings, model_request_parameters)
        sending = self._sending(messages, model_settings, model_request_parameters, RUN.get())
        view = self._door.sent(sending, await self._opened(sending))
        return await self.wrapped.count_tokens(view, model_settings, model_request_parameters)

    def _sending(self, messages: Sequence[Any], settings: Any, parameters: Any, run: Any) -> Sending:
        return Sending(messages, self.wrapped, {**(self.wrapped.settings or {}), **(settings or {})}, parameters, run)

    async def _opened(self, sending: Sending) -> Exchange:
        token = ASKING.set(sending)
        try:
            return await self._door.open(sending)
        finally:
            ASKING.reset(token)


class LitanyModel(Wrapping):
    """A model that is sent litany's views; see Litany. It offers no tools: LitanyCapability does."""

    def __init__(
        self,
        wrapped: Model | str,
        goal: str | None = None,
        constraints: Sequence[str] = (),
        policy: Policy | None = None,
        store: Store | None = None,
        summarize: Summarize = None,
        trace: Trace | str | PathLike[str] | None = None,
        redact: Callable[[str], str] | bool | None = None,
    ) -> None:
        """One object serves all conversations.

        wrapped -- the model, or its name. goal, constraints, policy, store, trace, redact -- as a Litany takes them.
        summarize -- as a Litany takes it, or another model, or its name; True: the wrapped one, on its cached prefix.
        Raises: PolicyError, AgendaError for a blank goal or constraint.
        """
        super().__init__(wrapped, Door(goal, constraints, policy, store, summarizer(summarize), trace, redact))

    def conversation(self, key: str) -> Exchange:
        """The conversation of that `conversation_id`, to look at its agenda, to revise, to pin or to recall.

        What is pinned is a response, or a part of a request.
        """
        return self._door.at(key)


@asynccontextmanager
async def _begun(opening: Any) -> AsyncGenerator[Any]:
    """A stream whose first event came: what the provider says instead of one is raised here. It is not lost."""
    async with opening as response:
        if response._event_iterator is None:
            events = response._get_event_iterator()
            first = [event async for event in _first(events)]
            response._get_event_iterator = lambda: _chained(first, events)
        yield response


async def _first(events: AsyncIterator[Any]) -> AsyncIterator[Any]:
    """At most one event, the rest left where it is."""
    try:
        yield await anext(events)
    except StopAsyncIteration:
        return


async def _chained(first: Sequence[Any], events: AsyncIterator[Any]) -> AsyncIterator[Any]:
    for event in first:
        yield event
    async for event in events:
        yield event


def _resumes(messages: Sequence[Any]) -> bool:
    """Whether the provider goes on with an answer that it holds: nothing is asked anew."""
    return not messages or messages[-1].kind != "request"


def _prompt(usage: Any) -> dict[str, int]:
    """What the provider read, cached tokens included."""
    return {"prompt_tokens": usage.input_tokens}
