"""Content of Pydantic AI's parts: the texts that a model reads in it, and the tokens of what is none.

A prompt is a text, or a list of texts, files and cache points. A tool's result is any value: what is no text is read as
its JSON, as every model of Pydantic AI sends it.
"""

from base64 import b64encode
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from typing import Any

from pydantic_ai.messages import BinaryContent, ToolReturnPart, is_multi_modal_content

from litany.dialects import media


def listed(content: object) -> list[Any]:
    """The content as a list."""
    return list(content) if isinstance(content, list | tuple) else [content]


def said(content: object) -> list[str]:
    """The texts of a prompt."""
    return [text for item in listed(content) if (text := _text(item)) is not None]


def given(part: Any) -> list[str]:
    """The texts of a result: one, or one for each item beside its files."""
    if not isinstance(part, ToolReturnPart):
        return [part.model_response()]
    items = listed(part.content)
    if not any(map(is_multi_modal_content, items)):
        return [part.model_response_str(wrap_if_error=False)]
    return [item for item in part.content_items(mode="str", wrap_if_error=False) if isinstance(item, str)]


def clippable(part: Any) -> bool:
    """Whether a result may read otherwise: one whose shape the host itself reads (a tool search) may not."""
    return type(part) is ToolReturnPart and part.tool_kind is None


def reading(content: object, new: Mapping[int, str]) -> object:
    """The content with the texts that are numbered in `new`; what is a file is left alone."""
    return _items(content, new) if isinstance(content, list | tuple) else new.get(0, content)


def result(part: Any, new: Mapping[int, str]) -> object:
    """The content of a result with the texts that are numbered in `new`."""
    items = listed(part.content)
    if not any(map(is_multi_modal_content, items)):
        return new.get(0, part.content)
    places = [place for place, item in enumerate(items) if not is_multi_modal_content(item)]
    texts = {place: new[number] for number, place in enumerate(places) if number in new}
    return [texts.get(place, item) for place, item in enumerate(items)]


def tokens(items: Iterable[object]) -> int:
    """Tokens of files."""
    return sum(map(_tokens, items))


def _items(content: Sequence[Any], new: Mapping[int, str]) -> list[Any]:
    out, slot = list[Any](), 0
    for item in content:
        text = _text(item)
        if text is None:
            out.append(item)
            continue
        changed = new.get(slot, text)
        out.append(item if changed is text else changed if isinstance(item, str) else replace(item, content=changed))
        slot += 1
    return out


def _text(item: Any) -> str | None:
    if isinstance(item, str):
        return item
    text = getattr(item, "content", None)
    return text if isinstance(text, str) else None


def _tokens(item: Any) -> int:
    if isinstance(item, BinaryContent):
        return _binary(item)
    kind = getattr(item, "kind", "")
    if kind == "image-url":
        return max(media.ANTHROPIC_MOST, media.OPENAI_MOST)
    return media.UNKNOWN_FILE if kind.endswith(("-url", "-file")) else 0


def _binary(item: Any) -> int:
    """By the dearer of OpenAI's and Anthropic's formulas: who will read it is not known."""
    if item.is_image:
        data = b64encode(item.data[: media.READ // 4 * 3]).decode()
        return max(media.anthropic_image(data), media.openai_image(f"data:image/png;base64,{data}"))
    if item.is_audio or item.is_video:
        return max(10, len(item.data) // 1_600)
    return media.document(b64encode(item.data).decode())
