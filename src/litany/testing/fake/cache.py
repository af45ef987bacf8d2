"""Prefix-cache accounting: which part of a request the provider has read before."""

import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from hashlib import sha256
from typing import Any

from litany.core.ports import Count
from litany.dialects import DIALECTS
from litany.testing.violation import listing, mapping
from litany.testing.wire import Block, read

FRAME = 4
LOOKBACK = 20
"""How many blocks before a mark Anthropic looks for what it has cached."""


@dataclass(frozen=True, slots=True)
class Unit:
    """What is cached whole or not at all: an OpenAI message, an Anthropic block, the tools, the system text."""

    text: str
    tokens: int
    marked: bool = False


@dataclass(frozen=True, slots=True)
class Usage:
    """The prompt of one request in tokens, by what the cache did with it."""

    prompt: int
    """All of it."""
    read: int = 0
    written: int = 0
    """Written to the cache at a mark; OpenAI bills no such thing."""


class Cache:
    """What was read before. `bias` scales every count; a prefix shorter than `minimum` is not cached."""

    def __init__(self, bias: float, minimum: int) -> None:
        self._bias, self._minimum = bias, minimum
        self._known: set[str] = set()

    def size(self, units: Sequence[Unit]) -> int:
        """Tokens of the prompt."""
        return self._sums(units)[-1]

    def automatic(self, model: str, units: Sequence[Unit]) -> Usage:
        """OpenAI's way: the longest prefix in whole messages that any earlier request had."""
        keys, sums = _prefixes(model, units), self._sums(units)
        read = max((size for key, size in zip(keys, sums[1:], strict=True) if key in self._known), default=0)
        self._known.update(key for key, size in zip(keys, sums[1:], strict=True) if size >= self._minimum)
        return Usage(sums[-1], read)

    def marked(self, model: str, units: Sequence[Unit]) -> Usage:
        """Anthropic's way: read as far as a mark finds what was written, written up to the last mark."""
        keys, sums = _prefixes(model, units), self._sums(units)
        marks = [at for at, unit in enumerate(units) if unit.marked and sums[at + 1] >= self._minimum]
        found = (at for mark in marks for at in range(mark, max(-1, mark - LOOKBACK), -1) if keys[at] in self._known)
        read = max((sums[at + 1] for at in found), default=0)
        self._known.update(keys[at] for at in marks)
        return Usage(sums[-1], read, max(0, sums[marks[-1] + 1] - read) if marks else 0)

    def _sums(self, units: Sequence[Unit]) -> list[int]:
        """Tokens before each unit, and of all."""
        sums = [0]
        for unit in units:
            sums.append(sums[-1] + unit.tokens)
        return [round(total * self._bias) for total in sums]


def openai_units(request: Mapping[str, Any], count: Count) -> list[Unit]:
    """Tools and a schema of the answer stand before the messages."""
    head = [_unit(name, request.get(name), count) for name in ("tools", "response_format")]
    dialect = DIALECTS["openai"]
    return [*head, *(Unit(_text(each), dialect.read(each, count, False).tokens) for each in request["messages"])]


def responses_units(request: Mapping[str, Any], count: Count) -> list[Unit]:
    """Tools, a schema of the answer and the instructions stand before the items."""
    head = [_unit(name, request.get(name), count) for name in ("tools", "text", "instructions")]
    dialect = DIALECTS["responses"]
    return [*head, *(Unit(_text(each), dialect.read(each, count, False).tokens) for each in request.get("input") or ())]


def gemini_units(request: Mapping[str, Any], count: Count) -> list[Unit]:
    """Tools and system text stand before the contents."""
    names = ("tools", "systemInstruction", "system_instruction")
    head = [_unit(name, request.get(name), count) for name in names]
    dialect = DIALECTS["gemini"]
    return [*head, *(Unit(_text(each), dialect.read(each, count, False).tokens) for each in request["contents"])]


def anthropic_units(request: Mapping[str, Any], count: Count) -> list[Unit]:
    """Tools, system, messages, block by block; another tool choice or thinking keeps only the first two."""
    units = [*_texts("tools", request.get("tools"), count), *_texts("system", request.get("system"), count)]
    shape = {name: request[name] for name in ("tool_choice", "thinking", "output_config") if request.get(name)}
    units += [Unit(_text(shape), 0), *_blocks(read(request["messages"]).blocks, count)]
    if mapping(request.get("cache_control")):
        units[-1] = Unit(units[-1].text, units[-1].tokens, True)
    return units


def _blocks(blocks: Sequence[Block], count: Count) -> Iterator[Unit]:
    last = -1
    for block in blocks:
        message = {"role": block.role, "content": [block.body]}
        tokens = DIALECTS["anthropic"].read(message, count, False).tokens - (FRAME if block.message == last else 0)
        last = block.message
        yield Unit(_text({"role": block.role, **block.body}), max(0, tokens), _marked(block.body))


def _texts(name: str, value: object, count: Count) -> Iterator[Unit]:
    texts = [{"type": "text", "text": value}] if isinstance(value, str) and value else value
    for body in texts if listing(texts) else ():
        yield Unit(name + _text(body), count(_text(body)), mapping(body) and _marked(body))


def _unit(name: str, value: object, count: Count) -> Unit:
    return Unit(name + _text(value), count(_text(value)) + FRAME if value else 0)


def _marked(body: Mapping[str, Any]) -> bool:
    parts = body.get("content")
    return any(mapping(part) and bool(part.get("cache_control")) for part in (body, *(parts if listing(parts) else ())))


def _text(value: object) -> str:
    return json.dumps(_bare(value), ensure_ascii=False, separators=(",", ":"))


def _bare(value: object) -> object:
    """Without cache marks, which are no part of the prompt; content of one text part is that text."""
    if mapping(value):
        bare = {name: part for name, part in value.items() if name != "cache_control"}
        if not listing(bare.get("content")):
            return bare
        parts: list[Any] = [_bare(part) for part in bare["content"]]
        lone = len(parts) == 1 and mapping(parts[0]) and set(parts[0]) == {"type", "text"}
        return {**bare, "content": parts[0]["text"] if lone else parts}
    return [_bare(part) for part in value] if listing(value) else value


def _prefixes(model: str, units: Sequence[Unit]) -> list[str]:
    """A name for the request up to and with each unit."""
    running = sha256(model.encode())
    keys: list[str] = []
    for unit in units:
        running.update(b"\0" + unit.text.encode("utf-8", "surrogatepass"))
        keys.append(running.hexdigest())
    return keys
