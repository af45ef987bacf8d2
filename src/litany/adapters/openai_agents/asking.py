"""Asking: one call of a model as the Agents SDK makes it, and its fields as a request of OpenAI Responses."""

from collections.abc import AsyncIterator, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from litany.adapters.clients.body import RESPONSES, Body, body_of

STATE = ("previous_response_id", "conversation")
"""Fields of a request that say that the provider holds what was said before."""


@dataclass(frozen=True, slots=True)
class Asking:
    """What a model is called with, but for the input."""

    model: Any
    instructions: str | None
    settings: Any
    tools: Sequence[Any]
    output: Any
    """The schema of the agent's output; None where it is a text."""
    handoffs: Sequence[Any]
    tracing: Any
    beside: Mapping[str, Any]
    """previous_response_id, conversation_id and prompt."""

    def body(self, given: str | Sequence[Any], stream: bool) -> Body:
        """The call with this input, as a request."""
        fields = {"instructions": self.instructions, "input": given, "tools": list(self._schemas()), "stream": stream}
        body = body_of(RESPONSES, {**fields, **self._state()})
        return body if body is not None else Body(RESPONSES, {**fields, "input": []})

    async def response(self, given: str | Sequence[Any]) -> Any:
        """The model's answer to this input."""
        return await self.model.get_response(*self._given(given), **self.beside)

    def events(self, given: str | Sequence[Any]) -> AsyncIterator[Any]:
        """The events of the model's answer."""
        events: AsyncIterator[Any] = self.model.stream_response(*self._given(given), **self.beside)
        return events

    def _given(self, given: str | Sequence[Any]) -> tuple[Any, ...]:
        items = given if isinstance(given, str) else list(given)
        return self.instructions, items, self.settings, self.tools, self.output, self.handoffs, self.tracing

    def _state(self) -> dict[str, Any]:
        extra = {**(self.settings.extra_args or {}), **_mapping(self.settings.extra_body)}
        held = {name: extra[name] for name in STATE if extra.get(name)}
        previous, conversation = self.beside.get("previous_response_id"), self.beside.get("conversation_id")
        own = {"previous_response_id": previous, "conversation": conversation}
        return {**held, **{name: value for name, value in own.items() if value}}

    def _schemas(self) -> Iterator[dict[str, Any]]:
        yield from map(schema, self.tools)
        for handoff in self.handoffs:
            yield _function(handoff.tool_name, handoff.tool_description, handoff.input_json_schema)
        if self.output is not None and not self.output.is_plain_text():
            yield {"type": "json_schema", "schema": self.output.json_schema()}


def schema(tool: Any) -> dict[str, Any]:
    """A tool's schema; of one that the provider serves its name alone."""
    shape = getattr(tool, "params_json_schema", None)
    return {"type": tool.name} if shape is None else _function(tool.name, tool.description, shape)


def _function(name: str, description: str, shape: Mapping[str, Any]) -> dict[str, Any]:
    return {"type": "function", "name": name, "description": description, "parameters": shape}


def _mapping(value: object) -> Mapping[str, Any]:
    return value if isinstance(value, Mapping) else {}
