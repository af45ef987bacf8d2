"""A log in which calls and results stand apart, put in order: each result right behind the message that called."""

from dataclasses import dataclass, field

from litany.replay.formats.shape import Message


@dataclass(slots=True)
class Entry:
    """A message while its log is read, with the results of its calls in the order they came."""

    message: Message
    injected: bool = False
    """Put in by the harness; not what the user asked."""
    results: list[Message] = field(default_factory=list)


@dataclass(slots=True)
class Log:
    """The entries so far, and who made which call."""

    entries: list[Entry] = field(default_factory=list)
    callers: dict[str, Entry] = field(default_factory=dict)

    def add(self, message: Message, injected: bool = False) -> Entry:
        """A new message at the end."""
        self.entries.append(Entry(message, injected))
        return self.entries[-1]

    def answer(self, call: str, result: Message) -> bool:
        """Put a result behind its call; False when no message made that call."""
        caller = self.callers.get(call)
        if caller is not None:
            caller.results.append(result)
        return caller is not None

    def cut(self, start: int) -> None:
        """Forget the entries from `start` on."""
        gone = {id(entry) for entry in self.entries[start:]}
        del self.entries[start:]
        self.callers = {call: entry for call, entry in self.callers.items() if id(entry) not in gone}
