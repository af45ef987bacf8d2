"""Asked: a request as it came in, and the headers with which it goes on."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property

from litany.serve.route import Route, Side

Header = tuple[bytes, bytes]
HOPS = frozenset(
    (
        b"connection",
        b"keep-alive",
        b"proxy-authenticate",
        b"proxy-authorization",
        b"proxy-connection",
        b"te",
        b"trailer",
        b"transfer-encoding",
        b"upgrade",
    )
)
"""Headers of one connection, which end here."""
OWN = frozenset((b"host", b"content-length", b"expect"))
"""Headers of a request that are written anew."""
KEYS = frozenset((b"authorization", b"x-api-key"))
CONVERSATION, GOAL = b"x-litany-conversation", b"x-litany-goal"
OURS = b"x-litany-"


@dataclass(frozen=True)
class Asked:
    """Method, path, query, headers with their names in lower case."""

    method: str
    path: str
    query: bytes
    headers: Sequence[Header]

    @cached_property
    def named(self) -> Mapping[bytes, bytes]:
        """The headers by name; of several the last."""
        return dict(self.headers)

    def header(self, name: bytes) -> str:
        """One header as text; "" when there is none."""
        value = self.named.get(name, b"").strip()
        try:
            return value.decode()
        except UnicodeDecodeError:
            return value.decode("latin-1")

    @property
    def keys(self) -> Sequence[str]:
        """What the client sent as its API key, in either way."""
        scheme, _, token = self.header(b"authorization").partition(" ")
        bearer = token.strip() if scheme.lower() == "bearer" else ""
        return [key for key in (bearer, self.header(b"x-api-key")) if key]

    def onward(self, side: Side, secret: str | None, packed: bool, reads: bool) -> list[Header]:
        """The headers that are sent on. `secret`: the upstream's key; None: the client's own.

        `packed`: the body is as it came. `reads`: the answer is read here, and must not come packed.
        """
        dropped = HOPS | OWN | _hops(self.headers) | (KEYS if secret is not None else frozenset())
        if not packed:
            dropped |= {b"content-encoding"}
        if reads:
            dropped |= {b"accept-encoding"}
        kept = [(name, value) for name, value in self.headers if name not in dropped and not name.startswith(OURS)]
        if reads:
            kept.append((b"accept-encoding", b"identity"))
        if secret is not None and side == "openai":
            kept.append((b"authorization", b"Bearer " + secret.encode()))
        elif secret is not None:
            kept.append((b"x-api-key", secret.encode()))
        return kept

    def target(self, base: str, route: Route) -> str:
        """The address to send it on to."""
        query = f"?{self.query.decode('latin-1')}" if self.query else ""
        return f"{base}{route.path}{query}"


def back(headers: Iterable[Header]) -> list[Header]:
    """The headers of an answer that go back to the client."""
    kept = [(name.lower(), value) for name, value in headers]
    dropped = HOPS | _hops(kept)
    return [(name, value) for name, value in kept if name not in dropped]


def _hops(headers: Iterable[Header]) -> frozenset[bytes]:
    """Further headers that end here, because the connection names them."""
    named = (value for name, value in headers if name == b"connection")
    return frozenset(part.strip().lower() for value in named for part in value.split(b","))
