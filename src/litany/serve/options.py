"""Options: everything that a proxy is started with, as plain values that a worker can be handed."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path
from urllib.parse import urlsplit

from litany.core.policy import Policy
from litany.errors import PolicyError
from litany.serve.route import VERSION, Side

OPENAI, ANTHROPIC = "https://api.openai.com/v1", "https://api.anthropic.com"
PORT = 4_141
LOCAL = ("localhost", "127.0.0.1", "[::1]")
"""What a request on this machine may call it; any other Host was sent by a page that rebound its name."""


@dataclass(frozen=True, slots=True)
class Options:
    """How the proxy is run."""

    openai: str = OPENAI
    """OpenAI's base, its version included."""
    anthropic: str = ANTHROPIC
    """Anthropic's base, without the version."""
    host: str = "127.0.0.1"
    port: int = PORT
    """0: any that is free."""
    hosts: Sequence[str] = LOCAL
    """What the Host of a request may be, the port aside."""
    store: Path | None = None
    """Where the conversations live; None: in this process."""
    goal: str | None = None
    constraints: Sequence[str] = ()
    policy: Policy = field(default_factory=Policy)
    key: str | None = None
    """What a client must send as its API key; None: nothing, and what it sends is handed on."""
    openai_key: str = ""
    """What is sent to OpenAI's side in its stead."""
    anthropic_key: str = ""
    """The same for Anthropic's."""
    most: int = 64_000_000
    """Bytes of a request."""
    trace: Path | None = None
    workers: int = 1
    """Processes."""

    def base(self, side: Side) -> str:
        """Where requests of that side go."""
        return self.openai if side == "openai" else f"{self.anthropic}{VERSION}"

    def secret(self, side: Side) -> str:
        """The key of that upstream."""
        return self.openai_key if side == "openai" else self.anthropic_key


def based(url: str, option: str, side: Side) -> str:
    """A base as it is kept: OpenAI's with a version, Anthropic's without. Raises: PolicyError when it is no URL."""
    parts = urlsplit(url.strip())
    try:
        named = parts.hostname and (parts.port or True)
    except ValueError:
        named = None
    if parts.scheme not in ("http", "https") or not named or parts.query or parts.fragment:
        raise PolicyError(f"{option} is {url!r}; give a URL such as {OPENAI if side == 'openai' else ANTHROPIC}")
    base = url.strip().rstrip("/")
    if side == "anthropic":
        return base.removesuffix(VERSION)
    return base if parts.path.strip("/") else f"{base}{VERSION}"
