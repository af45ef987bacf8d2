"""Thinking blocks bound to the conversation before them, simulated with an HMAC (A12b, A13)."""

import hmac
import json
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from litany.testing.violation import Request, Violation, listing, mapping
from litany.testing.wire import THINKING, Block, read

KEY = b"litany.testing"
BOUND = "bound:"
"""What every signature of ours starts with; others are not ours to check."""


def sign(
    system: object, prefix: Sequence[object], *, key: bytes = KEY, thinking: str | None = None, place: int = 0
) -> str:
    """The signature of a thinking block that answers `system` and the messages `prefix`.

    Requests that are equal on the wire sign equally: cache marks do not count, turns of one role are one turn, and text
    given as a string is one text block. With `thinking` the signature also seals the block's text and its `place` among
    the thinking blocks of its turn, so that a changed or moved block is found out.
    """
    prefixes = _Prefixes(system, key)
    for block in read(prefix).blocks:
        prefixes.add(block)
    signature = BOUND + prefixes.now()
    return signature if thinking is None else f"{signature}:{_seal(signature, thinking, place, key)}"


def check(request: Request, blocks: Sequence[Block], key: bytes = KEY) -> Iterator[Violation]:
    """A13, and A12b for blocks that are sealed; only blocks that `sign` signed are checked."""
    prefixes = _Prefixes(request.get("system"), key)
    drops = _drops(request.get("thinking"))
    for at, block in enumerate(blocks):
        if block.role == "assistant" and (at == 0 or blocks[at - 1].role != "assistant"):
            accepted, place = {prefixes.now()}, 0
        if block.role == "assistant" and block.kind in THINKING:
            yield from _bound(block, accepted, place, drops, key)
            place += 1
        prefixes.add(block)
        if block.role == "assistant":
            accepted.add(prefixes.now())


class _Prefixes:
    """The running HMAC over a request, block by block."""

    def __init__(self, system: object, key: bytes) -> None:
        self._hmac = hmac.new(key, digestmod="sha256")
        self._role = "system prompt"
        texts = [{"type": "text", "text": system}] if isinstance(system, str) and system else system
        for body in texts if listing(texts) else ():
            self._hmac.update(_canonical(body))

    def add(self, block: Block) -> None:
        if block.role != self._role:
            self._hmac.update(f"\n{block.role}".encode())
            self._role = block.role
        self._hmac.update(_canonical(block.body))

    def now(self) -> str:
        return self._hmac.copy().hexdigest()


def _canonical(body: object) -> bytes:
    bare = _bare(body)
    if isinstance(bare, dict) and bare.get("type") == "tool_result":
        content = bare.get("content")
        if isinstance(content, str):
            bare["content"] = [{"type": "text", "text": content}]
        elif listing(content):
            bare["content"] = [_bare(part) for part in content]
    try:
        return b"\n" + json.dumps(bare, sort_keys=True, separators=(",", ":"), default=_plain).encode()
    except (TypeError, ValueError):  # no JSON: keys of several types, a circle
        return b"\n" + ascii(bare).encode()


def _plain(value: object) -> object:
    return dict(value) if mapping(value) else ascii(value)


def _bare(body: object) -> object:
    return {field: value for field, value in body.items() if field != "cache_control"} if mapping(body) else body


def _bound(block: Block, accepted: set[str], place: int, drops: bool, key: bytes) -> Iterator[Violation]:
    signature = _signature(block.body)
    if signature is None:
        return
    prefix, _, seal = signature.removeprefix(BOUND).partition(":")
    if prefix not in accepted:
        if not drops:
            text = "Invalid `signature` in `thinking` block. The block is bound to a different conversation."
            yield Violation("A13", block.path, f"{block.path}: {text}")
    elif seal and not hmac.compare_digest(seal, _seal(BOUND + prefix, _text(block.body), place, key)):
        text = "`thinking` or `redacted_thinking` blocks in an assistant message cannot be modified. These blocks must"
        yield Violation("A12b", block.path, f"{block.path}: {text} remain as they were in the original response.")


def _signature(body: Mapping[str, Any]) -> str | None:
    value = body.get("data" if body.get("type") == "redacted_thinking" else "signature")
    return value if isinstance(value, str) and value.startswith(BOUND) else None


def _text(body: Mapping[str, Any]) -> str:
    text = body.get("thinking")
    return text if isinstance(text, str) else ""


def _seal(signature: str, thinking: str, place: int, key: bytes) -> str:
    return hmac.new(key, json.dumps([signature, thinking, place]).encode(), "sha256").hexdigest()


def _drops(thinking: object) -> bool:
    binding = thinking.get("block_binding") if mapping(thinking) else None
    return mapping(binding) and binding.get("prefix_mismatch_behavior") == "drop_block"
