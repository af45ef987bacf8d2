"""A chat model that follows a script, and keeps what it was asked."""

import json
from collections.abc import Callable, Iterator, Sequence
from typing import Any

from langchain_core.callbacks import CallbackManagerForLLMRun
from langchain_core.language_models import BaseChatModel
from langchain_core.messages import AIMessage, AIMessageChunk, BaseMessage
from langchain_core.messages.tool import tool_call_chunk
from langchain_core.outputs import ChatGeneration, ChatGenerationChunk, ChatResult
from langchain_core.runnables import Runnable
from langchain_core.utils.function_calling import convert_to_openai_tool
from pydantic import Field

Reply = AIMessage | Exception
Script = Callable[[list[BaseMessage]], Reply]


class Scripted(BaseChatModel):
    """Answers by its script; an exception is raised, as a client raises it."""

    script: Any
    asked: list[list[BaseMessage]] = Field(default_factory=list)
    offered: list[list[str]] = Field(default_factory=list)
    """Names of the tools of each request."""

    @property
    def _llm_type(self) -> str:
        return "scripted"

    def bind_tools(self, tools: Sequence[Any], **kwargs: Any) -> Runnable[Any, AIMessage]:
        return self.bind(tools=[convert_to_openai_tool(tool) for tool in tools], **kwargs)

    def _generate(
        self,
        messages: list[BaseMessage],
        stop: list[str] | None = None,
        run_manager: CallbackManagerForLLMRun | None = None,
        **kwargs: Any,
    ) -> ChatResult:
        return ChatResult(generations=[ChatGeneration(message=self._said(messages, kwargs))])

    def _stream(
        self,
        messages: list[BaseMessage],
        stop: list[str] | None = None,
        run_manager: CallbackManagerForLLMRun | None = None,
        **kwargs: Any,
    ) -> Iterator[ChatGenerationChunk]:
        reply = self._said(messages, kwargs)
        for word in str(reply.text).split():
            yield _spoken(run_manager, AIMessageChunk(content=f"{word} ", id=reply.id))
        calls = [
            tool_call_chunk(name=call["name"], args=_json(call["args"]), id=call["id"], index=place)
            for place, call in enumerate(reply.tool_calls)
        ]
        yield _spoken(
            run_manager, AIMessageChunk(content="", tool_call_chunks=calls, usage_metadata=reply.usage_metadata)
        )

    def _said(self, messages: list[BaseMessage], kwargs: dict[str, Any]) -> AIMessage:
        self.asked.append(list(messages))
        self.offered.append([tool["function"]["name"] for tool in kwargs.get("tools", ())])
        reply: Reply = self.script(messages)
        if isinstance(reply, Exception):
            raise reply
        return reply.model_copy()  # a graph gives each message that it takes an id of its own


def scripted(script: Script) -> Scripted:
    """A model of that script."""
    return Scripted(script=script)


def in_turn(*replies: Reply) -> Script:
    """These replies one by one; the last one for ever."""
    left = list(replies)
    return lambda messages: left.pop(0) if len(left) > 1 else left[0]


def calling(name: str, id: str, **arguments: Any) -> AIMessage:
    """A message that calls one tool."""
    return AIMessage("", tool_calls=[{"id": id, "name": name, "args": arguments}])


def _spoken(run_manager: CallbackManagerForLLMRun | None, message: AIMessageChunk) -> ChatGenerationChunk:
    chunk = ChatGenerationChunk(message=message)
    if run_manager is not None:
        run_manager.on_llm_new_token(str(message.text), chunk=chunk)
    return chunk


def _json(arguments: object) -> str:
    return json.dumps(arguments)
