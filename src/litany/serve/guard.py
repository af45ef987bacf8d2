"""Guard: who may come in, and how much may be handed over."""

from hmac import compare_digest

from litany.serve.asked import Asked
from litany.serve.options import Options
from litany.serve.refusal import Refusal
from litany.serve.route import Route, Side, routed

KEYS = {"openai": "OPENAI_API_KEY", "anthropic": "ANTHROPIC_API_KEY"}
"""The variable of each upstream's key."""


def admitted(asked: Asked, options: Options) -> Route | Refusal:
    """Where the request goes, as far as its head tells."""
    refusal = stranger(asked, options)
    if refusal is not None:
        return refusal
    route = routed(asked.method, asked.path, asked.named)
    if route is None:
        text = f"there is no {asked.method} {asked.path} here"
        return Refusal(
            404, f"{text}; a base URL of this proxy ends in /v1 for OpenAI's clients and has no path for Anthropic's"
        )
    return unkeyed(route.side, options) or large(asked, 0, options) or route


def stranger(asked: Asked, options: Options) -> Refusal | None:
    """Why this caller may not come in; None when it may."""
    refusal = misnamed(asked, options)
    if refusal is not None or options.key is None:
        return refusal
    given = asked.keys
    if any(compare_digest(key.encode(), options.key.encode()) for key in given):
        return None
    found = "the API key is not this proxy's" if given else "no API key came with the request"
    return Refusal(401, f"{found}; send the key of `litany serve` as the client's API key", "invalid_api_key")


def misnamed(asked: Asked, options: Options) -> Refusal | None:
    """Why the Host of the request is none of this proxy's."""
    host = asked.header(b"host")
    name = host.rpartition(":")[0] if host.rpartition(":")[2].isdigit() else host
    if name.lower() not in options.hosts:
        text = f"the request's Host is {host!r}; this proxy answers to {', '.join(options.hosts)}"
        return Refusal(403, f"{text}; call it by one of them, or start it with --allow-host")
    return None


def unkeyed(side: Side, options: Options) -> Refusal | None:
    """Why this upstream cannot be asked: its key is missing."""
    if options.key is None or options.secret(side):
        return None
    text = f"the proxy has no key for {options.base(side)}; set {KEYS[side]} where `litany serve` runs"
    return Refusal(401, f"{text} (any text for a server that wants none), or start it with --pass-key")


def large(asked: Asked, read: int, options: Options) -> Refusal | None:
    """Why the body is too large: by the length that it says, or by what was read so far."""
    said = asked.header(b"content-length")
    size = max(read, int(said) if said.isdecimal() else 0)
    if size <= options.most:
        return None
    return Refusal(413, f"the request is {size:,} bytes or more and this proxy takes {options.most:,}; see --max-body")
