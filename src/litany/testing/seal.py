"""Sealed content: what a provider encrypts or signs, simulated with an HMAC, so that a changed one is found out."""

import hmac
from base64 import urlsafe_b64decode, urlsafe_b64encode
from binascii import Error

from litany.testing.binding import KEY

HEAD = b"litany:"
"""What every seal of ours starts with; others are not ours to check."""
SIZE = 32


def seal(text: str, *, key: bytes = KEY) -> str:
    """The text as base64 that only its provider reads."""
    raw = HEAD + text.encode("utf-8", "surrogatepass")
    return urlsafe_b64encode(raw + _digest(raw, key)).decode()


def broken(content: object, *, key: bytes = KEY) -> bool:
    """Whether this was sealed by us and is not what we sealed. Both alphabets of base64, and bytes, say the same."""
    raw = _raw(content)
    return raw.startswith(HEAD) and not hmac.compare_digest(raw[-SIZE:], _digest(raw[:-SIZE], key))


def _raw(content: object) -> bytes:
    if isinstance(content, bytes):
        return content
    text = content if isinstance(content, str) else ""
    try:
        return urlsafe_b64decode(text.replace("+", "-").replace("/", "_") + "=" * (-len(text) % 4))
    except (Error, ValueError):
        return b""


def _digest(raw: bytes, key: bytes) -> bytes:
    return hmac.new(key, raw, "sha256").digest()
