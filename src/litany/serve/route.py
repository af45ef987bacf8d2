"""Route: what a path of the proxy is, in which dialect, and where it goes on to."""

import re
from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Literal
from urllib.parse import unquote

Side = Literal["openai", "anthropic"]
CHAT, RESPONSES, MESSAGES, MODELS = "/chat/completions", "/responses", "/messages", "/models"
OPENAI = (
    "/chat",
    "/completions",
    "/responses",
    "/embeddings",
    "/audio",
    "/images",
    "/moderations",
    "/conversations",
    "/vector_stores",
    "/uploads",
    "/realtime",
    "/containers",
    "/alpha",
)
ANTHROPIC = ("/messages", "/complete", "/organizations", "/skills")
BOTH = (MODELS, "/files", "/batches")
"""Paths of both providers, told by the headers of Anthropic's clients."""
VERSION = "/v1"
LAYERS = 3
"""How often over a path may be percent-encoded: one of more goes nowhere."""


@dataclass(frozen=True, slots=True)
class Route:
    """Where a request goes."""

    side: Side
    """Whose API it is: that upstream takes it, and errors are worded as that API words them."""
    path: str
    """The path behind the version."""
    dialect: str = ""
    """The dialect of its messages; "" where litany lets the request pass."""
    name: str = ""
    """The member of the body that holds the messages."""


LISTS: Mapping[str, Route] = {
    CHAT: Route("openai", CHAT, "openai", "messages"),
    RESPONSES: Route("openai", RESPONSES, "responses", "input"),
    MESSAGES: Route("anthropic", MESSAGES, "anthropic", "messages"),
}
"""Paths to which messages are posted."""


def routed(method: str, path: str, headers: Mapping[bytes, bytes]) -> Route | None:
    """The route of a path, with or without its version; None where no upstream has it."""
    if _climbs(path):
        return None
    inner = path.removeprefix(VERSION) if path == VERSION or path.startswith(f"{VERSION}/") else path
    known = inner.rstrip("/") or "/"
    if known in LISTS and method == "POST":
        return replace(LISTS[known], path=inner)
    side = sided(known, headers)
    return None if side is None else Route(side, inner)


def sided(path: str, headers: Mapping[bytes, bytes]) -> Side | None:
    """Whose path it is; None when it is nobody's."""
    if _under(path, ANTHROPIC):
        return "anthropic"
    if _under(path, OPENAI):
        return "openai"
    if _under(path, BOTH) or path.startswith("/fine_tuning"):
        return "anthropic" if b"anthropic-version" in headers else "openai"
    return "anthropic" if b"anthropic-version" in headers else None


def worded(path: str, headers: Mapping[bytes, bytes]) -> Side:
    """In whose words an error is told."""
    inner = path.removeprefix(VERSION)
    known = sided(inner, headers)
    if known is not None:
        return known
    return "anthropic" if b"x-api-key" in headers else "openai"


def _climbs(path: str) -> bool:
    """Whether a segment leads out of the upstream's base, percent-encoded or not."""
    for _ in range(LAYERS):
        path = unquote(path)
    return path != unquote(path) or any(segment in (".", "..") for segment in re.split(r"[/\\]", path))


def _under(path: str, roots: tuple[str, ...]) -> bool:
    return any(path == root or path.startswith(f"{root}/") for root in roots)
