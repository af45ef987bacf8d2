"""Content blocks of LangChain messages: the standard ones, and those of the providers that pass through it.

A message's content is a text, or a list of texts and blocks. Media are counted whole and never opened.
"""

from collections.abc import Mapping, Sequence
from typing import Any

from litany.core.ports import Count
from litany.dialects import leaves, media

MEDIA = frozenset(("image", "image_url", "input_audio", "audio", "video", "file", "media"))
"""Blocks in which nothing is text: LangChain's standard ones, OpenAI's, Anthropic's and Google's."""
THINKING = frozenset(("thinking", "redacted_thinking", "reasoning", "reasoning_content"))
CALLS = frozenset(
    ("tool_use", "tool_call", "function_call", "invalid_tool_call", "tool_call_chunk", "input_json_delta")
)
"""Blocks that say again what `tool_calls` holds."""
BOUND_BY = ("anthropic", "anthropic-vertex", "bedrock", "bedrock_converse", "amazon_bedrock")
"""Providers through which Claude's thinking comes."""


def listed(content: str | Sequence[object]) -> list[object]:
    """The content as a list."""
    return [content] if isinstance(content, str) else list(content)


def spoken(block: object) -> str | None:
    """The text of a text block; None where it is another one."""
    if isinstance(block, str):
        return block
    kind = _kind(block)
    for key in {"text": ("text",), "refusal": ("refusal",), "text-plain": ("text",)}.get(kind, ()):
        if isinstance(block, Mapping) and isinstance(block.get(key), str):
            return str(block[key])
    return None


def texts(blocks: Sequence[object]) -> list[str]:
    """Every text in the blocks that a model reads, in order."""
    return [text for block in blocks if _kind(block) not in MEDIA for text in leaves.texts(block)]


def replaced(content: str | Sequence[object], new: Mapping[int, str]) -> object:
    """The content with the texts that are numbered in `new`."""
    if isinstance(content, str):
        return new.get(0, content)
    out: list[object] = []
    slot = 0
    for block in content:
        if _kind(block) in MEDIA or thinks(block):
            out.append(block)
            continue
        other, slot = leaves.replaced(block, new, slot)
        out.append(other)
    return out


def thinks(block: object) -> bool:
    """Whether it is a thinking block."""
    return _kind(block) in THINKING


def calls(block: object) -> bool:
    """Whether it is a call, which stands in `tool_calls` as well."""
    return _kind(block) in CALLS


def binds(block: object, metadata: Mapping[str, Any]) -> bool:
    """Whether it is bound to the prefix that produced it: Claude's, by what the message says of its model.

    A message that names no provider binds by the shape of Claude's own blocks. `reasoning` and `reasoning_content` are
    the names of others as well.
    """
    provider = metadata.get("model_provider")
    if provider is None:
        return _kind(block) in ("thinking", "redacted_thinking")
    model = str(metadata.get("model_name") or metadata.get("model_id") or "").lower()
    return provider == BOUND_BY[0] or (provider in BOUND_BY and ("claude" in model or "anthropic" in model))


def thinking(block: object, count: Count) -> int:
    """Tokens of a thinking block."""
    return sum(map(count, leaves.texts(block))) + leaves.beside(block) + 4


def beside(block: object) -> int:
    """Tokens of a block beside its texts."""
    if not isinstance(block, Mapping) or _kind(block) not in MEDIA:
        return leaves.beside(block)
    kind, data = str(block["type"]), _data(block)
    if kind in ("image", "image_url"):
        return _image(block, data)
    if kind in ("audio", "input_audio"):
        return media.audio(data or "")
    return media.document(data)


def _image(block: Mapping[str, Any], data: str | None) -> int:
    """The more of OpenAI's and Anthropic's formulas, for a block that says not who will read it."""
    if block["type"] == "image_url":
        inner = block.get("image_url")
        fields = inner if isinstance(inner, Mapping) else {"url": inner}
        return media.openai_image(str(fields.get("url")), str(fields.get("detail", "auto")))
    if isinstance(block.get("source"), Mapping):
        return media.anthropic_image(data)
    return max(media.anthropic_image(data), media.openai_image(f"data:image/png;base64,{data}" if data else ""))


def _data(block: Mapping[str, Any]) -> str | None:
    """The base64 of a media block, wherever its kind keeps it; None where it is fetched from elsewhere."""
    inner = block.get(str(block["type"]))
    places = (block, block.get("source"), inner if isinstance(inner, Mapping) else None)
    for fields in places:
        for key in ("base64", "data", "file_data"):
            if isinstance(fields, Mapping) and isinstance(fields.get(key), str):
                return str(fields[key])
    return None


def _kind(block: object) -> str:
    return str(block.get("type")) if isinstance(block, Mapping) else ""
