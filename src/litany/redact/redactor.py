"""Redactor: takes secrets out of text; JSON stays JSON, and what was redacted once stays as it is."""

import json
import re
from collections.abc import Callable, Mapping
from typing import Any

from litany.redact.entropy import BLOB, CANDIDATE, random
from litany.redact.keys import GONE, hollow, secret
from litany.redact.named import likely, pieces
from litany.redact.patterns import (
    AUTHORIZATION,
    COOKIE,
    KEY_BODY,
    LOGIN,
    PAIRED,
    PEM,
    SCHEME,
    TOKEN_LOGIN,
    VENDOR,
    WEBHOOK,
    scheme_secret,
    tails,
)
from litany.redact.places import coded, placed, spoken

OPAQUE = frozenset({"data", "signature", "thought_signature", "thoughtSignature", "encrypted_content", "b64_json"})
"""Keys of provider fields that are never edited: only a secret of known shape is looked for there."""
IDS = frozenset({"id", "tool_call_id", "tool_use_id", "call_id", "item_id", "response_id", "file_id", "mark", "handle"})
"""Keys of ids that must stay as they are, or results would lose their calls."""
PASSES = 4
"""Readings at most, each of what the last one changed: what was cut out may bare what was joined to it."""
NAMED = ("name", "key", "Name", "Key")
DEEPEST = 8
"""JSON within a text within JSON is followed so far."""


class Redactor:
    """Takes out secrets: by the name that stands before them, by their own shape, by their randomness.

    Time is linear in the text; redacting twice changes nothing; JSON gives JSON.
    It is a net, not a wall: a secret that nothing names and that looks like a word stays, as in "try swordfish".
    Litany does not redact the goal, the constraints nor anything that is sent to the model: those stand word for
    word, in the saved state too, so a secret does not belong in a goal or a constraint. Ids, images and
    signatures of providers lose only secrets of known shape.
    `entropy`: whether long random tokens are taken for secrets.
    """

    def __init__(self, *, entropy: bool = True) -> None:
        self._entropy = entropy

    def __call__(self, text: str) -> str:
        """The text without its secrets."""
        for _ in range(PASSES):
            before, text = text, self._read(text, 0, self._entropy)
            if text == before:
                break
        return text

    def _read(self, text: str, depth: int, entropy: bool) -> str:
        if depth < DEEPEST and text.lstrip()[:1] in ("{", "["):
            try:
                value = json.loads(text)
            except (ValueError, RecursionError):
                return self._plain(text, entropy)
            after = self._walked(value, "", depth + 1, entropy)
            return text if after == value else _written(after, text)
        return self._plain(text, entropy)

    def _walked(self, value: Any, key: str, depth: int, entropy: bool) -> Any:
        if isinstance(value, str):
            return self._valued(value, key, depth, entropy)
        if isinstance(value, list):
            return [self._walked(item, key, depth, entropy) for item in value]
        if isinstance(value, dict):
            named = _named(value)
            names = {name: self._plain(name, False) for name in value}
            return {
                names[name]: self._walked(inner, named if name in ("value", "Value") else names[name], depth, entropy)
                for name, inner in value.items()
            }
        return GONE if _number(value) and secret(key) and len(str(value)) > 3 else value

    def _valued(self, value: str, key: str, depth: int, entropy: bool) -> str:
        if key and secret(key) and not hollow(value) and likely(key, value):
            return GONE
        if key in OPAQUE or key in IDS or value.startswith("data:"):
            return VENDOR.sub(GONE, value)
        return self._read(value, depth, entropy)

    def _plain(self, text: str, entropy: bool) -> str:
        if len(text) < 8:
            return text
        if "-----BEGIN" in text:
            text = PEM.sub(GONE, text)
        if "-----END" in text:
            text = tails(text)
        text = KEY_BODY.sub(GONE, text)
        if "://" in text:
            text = LOGIN.sub(lambda found: f"{found[1]}:{GONE}@", text)
            text = TOKEN_LOGIN.sub(f"{GONE}@", text)
        if ".com/" in text:
            text = WEBHOOK.sub(lambda found: found[1] + GONE, text)
        text = VENDOR.sub(GONE, text)
        text = AUTHORIZATION.sub(lambda found: found[1] + GONE, text)
        text = COOKIE.sub(lambda found: found[1] + GONE, text)
        text = SCHEME.sub(_scheme, text)
        text = placed(text)
        text = PAIRED.sub(_paired, text)
        text = spoken("".join(pieces(text)))
        return coded(_drawn(text) if entropy else text)


def redacted(value: Any, redact: Callable[[str], str]) -> Any:
    """Plain values with each text in them redacted; the keys stay."""
    if isinstance(value, str):
        return redact(value)
    if isinstance(value, Mapping):
        return {key: redacted(inner, redact) for key, inner in value.items()}
    return [redacted(inner, redact) for inner in value] if isinstance(value, list | tuple) else value


def _written(value: Any, like: str) -> str:
    """The value as JSON, in about the layout of the text that it was read from."""
    ascii_only = like.isascii()
    if "\n" in like.strip():
        return json.dumps(value, ensure_ascii=ascii_only, indent=2)
    tight = '": ' not in like and '", ' not in like
    return json.dumps(value, ensure_ascii=ascii_only, separators=(",", ":") if tight else (", ", ": "))


def _number(value: object) -> bool:
    return isinstance(value, int | float) and not isinstance(value, bool)


def _named(fields: Mapping[str, object]) -> str:
    """What a list of names and values calls this value: {"name": "API_KEY", "value": …}."""
    return next((name for key in NAMED if isinstance(name := fields.get(key), str)), "value")


def _scheme(found: re.Match[str]) -> str:
    return found[1] + found[2] + GONE if scheme_secret(found[1], found[3]) else found[0]


def _paired(found: re.Match[str]) -> str:
    return found[1] + GONE if secret(found[2]) and not hollow(found[3]) else found[0]


def _drawn(text: str) -> str:
    """The text without the long random tokens in it."""
    blobs = [found.span() for found in BLOB.finditer(text)] if "\n" in text else []

    def change(found: re.Match[str]) -> str:
        inside = any(start <= found.start() < end for start, end in blobs)
        before = found.string[max(0, found.start() - 7) : found.start()]
        known = inside or before.endswith(("h1:", "base64,")) or not random(found[0])
        return found[0] if known else GONE

    return CANDIDATE.sub(change, text)
