"""What the keys of a shared store tell: a conversation of its own, what several share, a list of conversations."""

import re

INDEX = "~@"
"""The sign of a list of conversations, between the name that the host gave and the hash of their kin."""
SAID = "~@said"
"""The sign behind the id of an answer of a conversation that the provider holds: what it belongs to."""
LISTING = re.compile(rf"{INDEX}(?:[0-9a-f]{{16}}|said)\Z")
SHARED = re.compile(r"~~[0-9a-f]{16}\Z")
HASHED = re.compile(r"~~?[0-9a-f]{16}(?:\.\d+)?\Z")
"""What litany itself puts behind the name that the host gave; a name may hold the sign, too."""


def root_of(key: str) -> str:
    """The name that the host gave, as far as the key tells it; "" where it gave none."""
    return HASHED.sub("", key)


def listing(key: str) -> bool:
    """Whether conversations are listed there, or an answer is remembered: that is none itself."""
    return LISTING.search(key) is not None


def shared(key: str) -> bool:
    """Whether all conversations that open alike stand there until their second call; titles, too."""
    return SHARED.search(key) is not None


def owned(key: str) -> bool:
    """Whether one conversation alone stands there."""
    return not listing(key) and not shared(key)
