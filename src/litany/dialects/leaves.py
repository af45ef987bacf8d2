"""Leaves: every text within a block that a model reads, wherever it stands; what is sealed is left as it came.

A search result holds source, title and content, a document its data, title and context, a reference a name.
"""

from collections.abc import Callable, Mapping, Sequence
from typing import Any

from litany.dialects import media
from litany.dialects.canonical import CACHE_MARKS, modelled
from litany.errors import MessageError

PICTURES = (
    *("image", "image_url", "input_audio"),
    *("input_image", "computer_screenshot", "image_generation_call"),
)
"""Blocks in which nothing is text."""
FETCHED = {"base64": "data", "url": "url"}
"""Sources by their type, and the field that holds bytes or says where they are fetched from."""
SEALED = frozenset(
    (
        *("type", "id", "media_type", "signature", "file_data", "file_url", "image_url", "detail", "fingerprint"),
        *("created_by", *CACHE_MARKS),
    )
)
Walk = Callable[[object, Callable[[str], str]], object]
"""Gives a value in which each text is as a function gives it."""
MOST_DEEP = 100
FIELD = 2
"""Tokens of a field beside its value."""


def texts(value: object, walk: Walk | None = None) -> list[str]:
    """The texts within a block or a list of blocks, in their order; `walk` finds them where they are no blocks.

    Raises: MessageError when it is nested too deep.
    """
    found: list[str] = []

    def kept(text: str) -> str:
        found.append(text)
        return text

    (walk or changed)(value, kept)
    return found


def replaced(value: object, new: Mapping[int, str], first: int, walk: Walk | None = None) -> tuple[Any, int]:
    """The block with the texts that are numbered in `new`, and the number behind its last; its first is `first`."""
    number = first

    def read(text: str) -> str:
        nonlocal number
        number += 1
        return new.get(number - 1, text)

    return (walk or changed)(value, read), number


def changed(value: object, change: Callable[[str], str], deep: int = 0) -> object:
    """A shallow copy with each text as `change` gives it; the value itself where none differs."""
    if isinstance(value, str):
        return change(value)
    if deep > MOST_DEEP:
        raise MessageError(f"a block is nested more than {MOST_DEEP} deep; no provider takes it")
    inner = _opened(value)
    if isinstance(inner, Mapping):
        if inner.get("type") in PICTURES:
            return value
        fields = {key: part if _sealed(inner, key) else changed(part, change, deep + 1) for key, part in inner.items()}
        return fields if any(fields[key] is not inner[key] for key in fields) else value
    if isinstance(inner, Sequence):
        parts = [changed(part, change, deep + 1) for part in inner]
        return parts if any(new is not old for new, old in zip(parts, inner, strict=True)) else value
    return value


def beside(value: object) -> int:
    """Tokens of a block beside its texts: pictures and files by formula, what is sealed by its length."""
    inner = _opened(value)
    if isinstance(inner, Mapping):
        return _beside(inner)
    if isinstance(inner, Sequence):
        return sum(map(beside, inner))
    return 0 if isinstance(value, str) else len(str(value)) // 3 + 1


def _beside(fields: Mapping[str, Any]) -> int:
    kind = fields.get("type")
    if kind in ("text", "input_text", "output_text"):
        return 0
    if kind == "image":
        return media.anthropic_image(_data(fields.get("source")))
    if kind in PICTURES:
        return media.OPENAI_MOST
    if kind in ("base64", "url", "file") and "file" not in fields:
        return media.document(_data(fields))
    return sum(FIELD + _weight(fields, key) for key in fields if key not in ("type", *CACHE_MARKS))


def _weight(fields: Mapping[str, Any], key: str) -> int:
    part = fields[key]
    return len(str(part)) // 4 + 1 if _sealed(fields, key) else beside(part)


def _sealed(fields: Mapping[str, Any], key: str) -> bool:
    """Whether a field holds no text: an id, a type, bytes, an address, what only the provider reads."""
    if key in SEALED or FETCHED.get(str(fields.get("type"))) == key:
        return True
    return str(key).endswith("_id") or str(key).startswith("encrypted_")


def _opened(value: object) -> object:
    """What has parts: a mapping or a sequence, of an SDK's object its fields."""
    if isinstance(value, str | bytes | int | float | None):
        return None
    return value if isinstance(value, Mapping | Sequence) else modelled(value)


def _data(source: object) -> str | None:
    data = source.get("data") if isinstance(source, Mapping) else None
    return data if isinstance(data, str) else None
