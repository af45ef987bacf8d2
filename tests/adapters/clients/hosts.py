"""The clients that are wrapped, each as a host calls it: one step asks, and gives back what the host appends."""

import asyncio
import json
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from importlib import import_module
from importlib.util import find_spec
from typing import Any

import pytest

import litany

Native = dict[str, Any]
Fields = Mapping[str, Any]
Ask = Callable[[Any, Fields], Any]
"""Calls a client with these fields and gives what the host appends, as the client gave it: a message, or items."""


STREAM = {"stream": True, "stream_options": {"include_usage": True}}
SHAPE = {"type": "object", "properties": {}, "additionalProperties": False}
FUNCTIONS = ("completion", "acompletion")
"""What is called with the address of its provider. LiteLLM takes tools without the extra mcp when told to skip it."""


QUICK = ("openai", "openai async streamed", "responses streamed", "anthropic", "anthropic async streamed", "litellm")
"""The hosts of every test run; `make test-slow` has all."""


@dataclass(frozen=True, slots=True)
class Host:
    """One way to call one client."""

    name: str
    package: str
    dialect: str
    ask: Ask
    client: str = ""
    """The class of the client; of litellm what is wrapped."""
    awaits: bool = False

    @property
    def mark(self) -> Any:
        """Skipped where its package is not installed; slow but for one or two of each package."""
        absent = find_spec(self.package) is None
        marks = [pytest.mark.skipif(absent, reason=f"needs {self.package}")]
        marks += [] if self.name in QUICK else [pytest.mark.slow]
        return pytest.param(self, id=self.name, marks=marks)


@contextmanager
def opened(host: Host, url: str, **options: Any) -> Iterator[Callable[[Fields], Any]]:
    """Asks through the wrapped client, as the host does; in a loop of its own where the client is awaited."""
    client, close = made(host, url)
    wrapped = litany.wrap(client, **options)
    beside: Native = {"_skip_mcp_handler": True} if host.package == "litellm" else {}
    beside |= {"model": "openai/fake", "api_base": f"{url}/v1", "api_key": "key"} if host.client in FUNCTIONS else {}
    with asyncio.Runner() as runner:
        if host.awaits:
            yield lambda fields: runner.run(host.ask(wrapped, {**fields, **beside}))
        else:
            runner.get_loop()  # LiteLLM opens one where there is none, and leaves it open
            yield lambda fields: host.ask(wrapped, {**fields, **beside})
        if close is not None and host.awaits:
            runner.run(close())
        elif close is not None:
            close()


def made(host: Host, url: str) -> tuple[Any, Any]:
    """The bare client, and what closes it."""
    module = import_module(host.package)
    given: Native = {"api_key": "key", "max_retries": 0}  # and no certificates: they take longer to load than a call
    if host.package == "litellm":
        deployment = {"model": "openai/fake", "api_base": f"{url}/v1", "api_key": "key"}
        listed = [{"model_name": "fake", "litellm_params": deployment}]
        router = host.client == "Router"
        return (module.Router(model_list=listed, num_retries=0) if router else getattr(module, host.client)), None
    http = (module.DefaultAsyncHttpxClient if host.awaits else module.DefaultHttpxClient)(verify=False)
    base = f"{url}/v1" if host.package == "openai" else url
    client = getattr(module, host.client)(base_url=base, http_client=http, **given)
    return client, client.close


def dumped(message: Any) -> Native:
    """A message of an SDK as a dict."""
    fields: Native = message if isinstance(message, dict) else message.model_dump(mode="json", exclude_unset=True)
    return fields


def chat(client: Any, fields: Fields) -> Any:
    return client.chat.completions.create(**fields).choices[0].message


def chat_parsed(client: Any, fields: Fields) -> Any:
    return client.chat.completions.parse(**{**fields, "tools": strict(fields["tools"])}).choices[0].message


def chat_raw(client: Any, fields: Fields) -> Any:
    return (
        client.with_options(timeout=20).chat.completions.with_raw_response.create(**fields).parse().choices[0].message
    )


def chat_streamed(client: Any, fields: Fields) -> Any:
    return joined(list(client.chat.completions.create(**fields, **STREAM)))


def chat_helped(client: Any, fields: Fields) -> Any:
    with client.chat.completions.stream(**fields) as stream:
        return stream.get_final_completion().choices[0].message


async def chat_async(client: Any, fields: Fields) -> Any:
    return (await client.chat.completions.create(**fields)).choices[0].message


async def chat_streamed_async(client: Any, fields: Fields) -> Any:
    stream = await client.chat.completions.create(**fields, **STREAM)
    return joined([chunk async for chunk in stream])


def said(client: Any, fields: Fields) -> Any:
    return answer(client.messages.create(**fields))


def said_beta(client: Any, fields: Fields) -> Any:
    return answer(client.beta.messages.create(**fields))


def said_streamed(client: Any, fields: Fields) -> Any:
    with client.messages.stream(**fields) as stream:
        return answer(stream.get_final_message())


def said_events(client: Any, fields: Fields) -> Any:
    return built(list(client.messages.create(**fields, stream=True)))


async def said_async(client: Any, fields: Fields) -> Any:
    return answer(await client.messages.create(**fields))


async def said_streamed_async(client: Any, fields: Fields) -> Any:
    async with client.messages.stream(**fields) as stream:
        return answer(await stream.get_final_message())


def responded(client: Any, fields: Fields) -> Any:
    return list(client.responses.create(**fields).output)


def responded_parsed(client: Any, fields: Fields) -> Any:
    tools = [{**tool, "strict": True, "parameters": SHAPE} for tool in fields["tools"]]
    return list(client.responses.parse(**{**fields, "tools": tools}).output)


def responded_streamed(client: Any, fields: Fields) -> Any:
    with client.responses.stream(**fields) as stream:
        return ended(list(stream))


def responded_events(client: Any, fields: Fields) -> Any:
    return ended(list(client.responses.create(**fields, stream=True)))


async def responded_async(client: Any, fields: Fields) -> Any:
    return list((await client.responses.create(**fields)).output)


async def responded_streamed_async(client: Any, fields: Fields) -> Any:
    async with client.responses.stream(**fields) as stream:
        return ended([event async for event in stream])


def completed(client: Any, fields: Fields) -> Any:
    return client(**fields).choices[0].message


def completed_streamed(client: Any, fields: Fields) -> Any:
    return joined(list(client(**fields, **STREAM)))


async def completed_async(client: Any, fields: Fields) -> Any:
    return (await client(**fields)).choices[0].message


async def completed_streamed_async(client: Any, fields: Fields) -> Any:
    return joined([chunk async for chunk in await client(**fields, **STREAM)])


async def routed(client: Any, fields: Fields) -> Any:
    return (await client.acompletion(**fields)).choices[0].message


async def routed_streamed(client: Any, fields: Fields) -> Any:
    return joined([chunk async for chunk in await client.acompletion(**fields, **STREAM)])


def routed_sync(client: Any, fields: Fields) -> Any:
    return client.completion(**fields).choices[0].message


def strict(tools: Any) -> list[Native]:
    """The schemas as `parse` takes them."""
    return [{**tool, "function": {**tool["function"], "strict": True, "parameters": SHAPE}} for tool in tools]


def answer(message: Any) -> Native:
    """What a host of Anthropic appends: the blocks as the SDK gave them."""
    return {"role": "assistant", "content": message.content}


def ended(events: list[Any]) -> list[Any]:
    """The items of the answer that the events end with; none where it failed, which they tell without an error."""
    return [item for event in events if event.type == "response.completed" for item in event.response.output]


def joined(chunks: list[Any]) -> Native:
    """The message that the chunks of a chat make, as a host puts it together."""
    message: Native = {"role": "assistant", "content": None}
    calls: dict[int, Native] = {}
    for delta in (choice.delta for chunk in chunks for choice in chunk.choices):
        if delta.content is not None:
            message["content"] = (message["content"] or "") + delta.content
        for part in delta.tool_calls or ():
            empty = {"id": "", "type": "function", "function": {"name": "", "arguments": ""}}
            call = calls.setdefault(part.index, empty)
            call["id"] += part.id or ""
            call["function"]["name"] += part.function.name or ""
            call["function"]["arguments"] += part.function.arguments or ""
    return message | ({"tool_calls": [calls[index] for index in sorted(calls)]} if calls else {})


def built(events: list[Any]) -> Native:
    """The message that the events of Anthropic make, as a host puts it together."""
    blocks: list[Native] = []
    for event in events:
        if event.type == "content_block_start":
            blocks.append({**event.content_block.model_dump(exclude_none=True), "written": ""})
        elif event.type == "content_block_delta":
            apply(blocks[event.index], event.delta)
    return {"role": "assistant", "content": [finished(block) for block in blocks]}


def apply(block: Native, delta: Any) -> None:
    if delta.type == "input_json_delta":
        block["written"] += delta.partial_json
    else:
        field = delta.type.removesuffix("_delta")
        block[field] = block.get(field, "") + getattr(delta, field)


def finished(block: Native) -> Native:
    written = block.pop("written")
    return block | ({"input": json.loads(written)} if written else {})


HOSTS = [
    Host("openai", "openai", "openai", chat, "OpenAI"),
    Host("openai parsed", "openai", "openai", chat_parsed, "OpenAI"),
    Host("openai raw", "openai", "openai", chat_raw, "OpenAI"),
    Host("openai streamed", "openai", "openai", chat_streamed, "OpenAI"),
    Host("openai helper", "openai", "openai", chat_helped, "OpenAI"),
    Host("openai async", "openai", "openai", chat_async, "AsyncOpenAI", awaits=True),
    Host("openai async streamed", "openai", "openai", chat_streamed_async, "AsyncOpenAI", awaits=True),
    Host("responses", "openai", "responses", responded, "OpenAI"),
    Host("responses parsed", "openai", "responses", responded_parsed, "OpenAI"),
    Host("responses streamed", "openai", "responses", responded_streamed, "OpenAI"),
    Host("responses events", "openai", "responses", responded_events, "OpenAI"),
    Host("responses async", "openai", "responses", responded_async, "AsyncOpenAI", awaits=True),
    Host("responses async streamed", "openai", "responses", responded_streamed_async, "AsyncOpenAI", awaits=True),
    Host("anthropic", "anthropic", "anthropic", said, "Anthropic"),
    Host("anthropic beta", "anthropic", "anthropic", said_beta, "Anthropic"),
    Host("anthropic streamed", "anthropic", "anthropic", said_streamed, "Anthropic"),
    Host("anthropic events", "anthropic", "anthropic", said_events, "Anthropic"),
    Host("anthropic async", "anthropic", "anthropic", said_async, "AsyncAnthropic", awaits=True),
    Host("anthropic async streamed", "anthropic", "anthropic", said_streamed_async, "AsyncAnthropic", awaits=True),
    Host("litellm", "litellm", "openai", completed, "completion"),
    Host("litellm streamed", "litellm", "openai", completed_streamed, "completion"),
    Host("litellm async", "litellm", "openai", completed_async, "acompletion", awaits=True),
    Host("litellm async streamed", "litellm", "openai", completed_streamed_async, "acompletion", awaits=True),
    Host("litellm router", "litellm", "openai", routed, "Router", awaits=True),
    Host("litellm router streamed", "litellm", "openai", routed_streamed, "Router", awaits=True),
    Host("litellm router sync", "litellm", "openai", routed_sync, "Router"),
]
