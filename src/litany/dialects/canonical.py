"""Canonical bytes of a host's message: what is hashed, and what recall gives back."""

import json
from base64 import urlsafe_b64encode
from collections.abc import Mapping
from hashlib import sha256
from typing import Any

from litany.errors import MessageError

CACHE_MARK = "cache_control"
CACHE_MARKS = (CACHE_MARK, "prompt_cache_breakpoint")
"""Fields by which a provider is told how far to cache: no part of what is said."""

TEXT = frozenset(("type", "text"))
"""The fields of a text block that has nothing but its text."""
SOLE = '"type":"text"}]'
"""How a list ends, keys sorted, that may hold such a block alone."""


def plain(native: object) -> str:
    """The message as JSON, keys in the host's order, ASCII only.

    Raises: MessageError when it cannot be written as JSON.
    """
    return _dumped(native, sort=False)


def digest(native: object) -> str:
    """16 hexadecimal digits over the message, cache marks and the order of keys aside.

    A content of one text block reads as the text: clients write it so while it bears a cache mark, and then no longer.
    """
    text = _dumped(native, sort=True)
    if SOLE in text or any(f'"{mark}"' in text for mark in CACHE_MARKS):
        text = _dumped(_said(json.loads(text)), sort=True)
    return sha256(text.encode()).hexdigest()[:16]


def mapping(native: object) -> Mapping[str, Any]:
    """The message as a mapping: a dict as it is, an SDK object by its own `model_dump`.

    Raises: MessageError when it is neither.
    """
    if isinstance(native, Mapping):
        return native
    dumped = modelled(native)
    if isinstance(dumped, Mapping):
        return dumped
    raise MessageError(f"a message is {type(native).__name__}; give dicts as the provider's API takes them")


def modelled(value: object) -> object:
    """The fields of an SDK's object; None when it is none."""
    dump = getattr(value, "model_dump", None)
    return dump(mode="json", exclude_none=True) if callable(dump) else None


def _default(value: object) -> object:
    if isinstance(value, bytes):
        return urlsafe_b64encode(value).decode()  # as pydantic writes them
    dumped = modelled(value)
    if dumped is None:
        raise TypeError(f"{type(value).__name__} is not JSON")
    return dumped


_ORDERED = json.JSONEncoder(separators=(",", ":"), default=_default)
_SORTED = json.JSONEncoder(separators=(",", ":"), default=_default, sort_keys=True)


def _dumped(native: object, sort: bool) -> str:
    try:
        return (_SORTED if sort else _ORDERED).encode(native)
    except (TypeError, ValueError, RecursionError) as error:
        raise MessageError(f"a message cannot be written as JSON: {error}; give plain dicts, lists and texts") from None


def _said(value: Any) -> Any:
    """The same without cache marks, and the text in the place of a content that is one text block."""
    if isinstance(value, list):
        return [_said(inner) for inner in value]
    if not isinstance(value, dict):
        return value
    fields = {key: _said(inner) for key, inner in value.items() if key not in CACHE_MARKS}
    content = fields.get("content")
    if isinstance(content, list) and len(content) == 1 and _is_text(content[0]):
        fields["content"] = content[0]["text"]
    return fields


def _is_text(block: Any) -> bool:
    return isinstance(block, dict) and block.keys() == TEXT and block["type"] == "text"
