"""Request: one call that came to a shared door, and what tells its conversation."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from hashlib import sha256

from litany.core.ports import Dialect
from litany.core.record import Record, chained
from litany.core.state import State
from litany.dialects import dialect_named
from litany.dialects.canonical import digest
from litany.middleware.reading import hashed
from litany.middleware.shared.keys import INDEX, root_of
from litany.middleware.tools import named

USERS = ("user", "human")
SYSTEMS = ("system", "developer")


@dataclass(eq=False)
class Request:
    """The messages of one call, with hashes over them up to each: the same that a Record has."""

    natives: Sequence[object]
    system: object = None
    tools: Sequence[object] = ()
    key: str | None = None
    """The name of its conversation, where the host says it."""
    goal: str | None = None
    constraints: Sequence[str] | None = None
    dialect: str | Dialect | None = None
    exact: bool = False
    """Whether the key is the conversation's own, as an exchange told it: then it is not looked for."""
    told: bool = True
    """Whether the system text is the call's; a look-up may leave it out."""
    tenant: str = ""
    """Whose conversations are looked through where no name is given."""
    _chain: list[str] = field(default_factory=lambda: [""])
    """Hashes over the messages before each, from the end of what is known on."""
    _digests: list[str] = field(default_factory=list)
    _known: Record = field(default_factory=Record)
    """A record that the messages begin with."""

    def __len__(self) -> int:
        return len(self.natives)

    def know(self, record: Record) -> None:
        """Takes the hashes of a record that the messages begin with, so that those are not looked into."""
        known = self._known.length
        if record.length > known:
            self._chain = self._chain[record.length - known :] or [record.at(record.length)]
            self._digests = self._digests[record.length - known :]
            self._known = record

    def at(self, index: int) -> str:
        """Hash over the messages before index. Raises: MessageError for one that is no JSON."""
        known = self._known.length
        if index < known:
            return self._known.at(index)
        dialect = dialect_named(self.dialect or "openai")  # plain dicts have one hash in every dialect
        for place in range(known + len(self._digests), index):
            self._digests.append(hashed(self.natives[place], place, dialect))
            self._chain.append(chained(self._chain[-1], self._digests[-1]))
        return self._chain[index - known]

    def digests(self) -> Sequence[str]:
        """The digest of each message."""
        self.at(len(self))
        return [*(message.digest for message in self._known.span(0, self._known.length)), *self._digests]

    def grew(self, state: State) -> bool:
        """Whether the messages begin with everything that the state was decided on."""
        return state.length <= len(self) and self.at(state.length) == state.at

    def common(self, record: Record) -> int:
        """How many messages it has in common with a record."""
        most = min(len(self), record.length)
        return next((index for index in range(most) if self.at(index + 1) != record.at(index + 1)), most)

    @cached_property
    def head(self) -> int:
        """How many messages there are up to and with the user's first one."""
        users = (place for place, native in enumerate(self.natives, 1) if _role(native) in USERS)
        return next(users, len(self))

    @property
    def asks(self) -> bool:
        """Whether a user speaks in it; not where the provider holds what came before."""
        return _role(self.natives[self.head - 1]) in USERS if self.head else False

    @cached_property
    def opening(self) -> str:
        """Hash of the head, the system text beside the messages included."""
        return _hash(self.at(self.head), self.system, None)

    @cached_property
    def kin(self) -> str:
        """Hash of the system text and of the tools' names: what a sub-agent or a title has of its own."""
        roles = (_role(native) for native in self.natives)
        lead = next((place for place, role in enumerate(roles) if role not in SYSTEMS), len(self))
        return _hash(self.at(lead), self.system, named(self.tools))

    @property
    def bare(self) -> bool:
        """Whether it offers no tools and holds one user message: a title, a count, or the first word of a chat."""
        return not self.tools and len(self) == self.head

    @property
    def root(self) -> str | None:
        """What stands before the hash in its keys: the name that the host gave, else the tenant; None for neither."""
        return (root_of(self.key or "") if self.exact else self.key or self.tenant) or None

    @property
    def index(self) -> str:
        """The key of the list of those of its kin."""
        return f"{self.root or ''}{INDEX}{self.kin}"

    def name(self, length: int) -> str:
        """The key of a conversation that was told from others at these first messages."""
        return f"{self.root or ''}~{self.at(length)}"

    def opened(self, length: int) -> str:
        """The key of what those share that open with these messages, system text, goal and constraints."""
        return f"{self.root or ''}~~{_hash(self.at(length), self.system, (self.goal, self.constraints))}"


def _hash(at: str, *beside: object) -> str:
    return sha256("|".join([at, *map(digest, beside)]).encode()).hexdigest()[:16]


def _role(native: object) -> object:
    """The role of a message, or its kind where that says who speaks."""
    return _field(native, "role") or _field(native, "type")


def _field(native: object, name: str) -> object:
    return native.get(name) if isinstance(native, Mapping) else getattr(native, name, None)
