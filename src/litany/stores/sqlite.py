"""SqliteStore: conversations in one file, for many threads and processes."""

import os
from collections import OrderedDict
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from litany.archive import Kept, found, terms
from litany.core.state import State
from litany.errors import StateError
from litany.stores import rows
from litany.stores.file import File
from litany.stores.parts import written
from litany.stores.schema import indexing

REMEMBERED = 256
"""Conversations whose State is not read again while nobody else has written it."""


@dataclass(frozen=True, slots=True)
class Entry:
    """One conversation of a store, as it is listed."""

    key: str
    updated: float
    """Seconds since 1970."""
    kept: int
    """Messages that are kept."""
    size: int
    """Bytes of its State and of what is kept, as they lie in the file; the word index aside."""


class SqliteStore:
    """Conversations in one SQLite file: `Litany(..., store=SqliteStore("agents.litany"), key="run-7")`.

    State and what left the view are written in one transaction: a process that is killed leaves the State before
    its write, or the one after it.
    """

    def __init__(
        self, path: str | os.PathLike[str], *, durable: bool = False, index: bool = True, create: bool = True
    ) -> None:
        """Opens the file, or makes it.

        durable -- wait for the disk at each write, so that a power cut loses nothing; a killed process never does.
        index -- keep an index of words (FTS5) for searches; without it they read all that the conversation keeps.
        create -- make the file when there is none.
        Raises: StateError when the file cannot be a store.
        """
        if os.fspath(path) in ("", ":memory:"):
            raise StateError(f"{os.fspath(path)!r} is no file; give a path, or take MemoryStore()")
        self._file = File(Path(os.path.abspath(os.fspath(path))), durable, create)
        self._known: OrderedDict[str, tuple[int, State]] = OrderedDict()
        with self._file.bare() as connection:
            self._indexes = index and indexing(connection)
            behind = self._indexes and not rows.current(connection)
        while behind:
            with self._file.writing() as connection:
                behind = rows.catch_up(connection)

    @property
    def path(self) -> Path:
        """Where the file is."""
        return self._file.path

    def load(self, key: str, /) -> tuple[int, State] | None:
        """The version and the State of a conversation, or None; the very same State while nobody wrote another."""
        with self._file.bare() as connection:  # one statement is a transaction of its own
            known, row = self._known.get(key), rows.version_of(connection, key)
        if row is None:
            return None
        if known is not None and known[0] == row[0]:
            return known
        with self._file.reading() as connection:  # somebody else wrote it, and may again
            row = rows.version_of(connection, key)
            if row is None:
                return None
            known = self._known.get(key)
            if known is None or known[0] != row[0]:
                known = (row[0], rows.state_of(connection, row[1]))
                self._remember(key, known)
            return known

    def save(self, key: str, version: int, state: State, kept: Sequence[Kept], span: str, /) -> bool:
        """Save over `version`; False, and nothing saved, when another caller was first."""
        with self._file.alone():
            now = self._saved(key, version, state, kept, span)
            if now:
                self._remember(key, (now, state))
            return bool(now)

    def find(self, key: str, handle: str, /) -> Sequence[Kept]:
        """What is kept under a handle, in the order of the record."""
        given = {"key": rows.raw(key), "handle": rows.raw(handle)}
        with self._file.reading() as connection:
            one = rows.kept_of(connection.execute(rows.BY_HANDLE, given))
            return one or rows.kept_of(connection.execute(rows.BY_SPAN, given))

    def search(self, key: str, query: str, /) -> Sequence[Kept]:
        """What holds the words of the query, best first; what holds the query verbatim before all else."""
        if not terms(query):
            return []
        with self._file.reading() as connection:
            if self._indexes and rows.current(connection):
                return rows.searched(connection, key, query)
            return found(rows.kept_of(connection.execute(rows.ALL, {"key": rows.raw(key)})), query)

    def names(self) -> Sequence[str]:
        """The names of all conversations, in order."""
        return [entry.key for entry in self.entries()]

    def entries(self) -> Sequence[Entry]:
        """All conversations, with their sizes, by key."""
        with self._file.reading() as connection:
            return [Entry(rows.text(key), *rest) for key, *rest in connection.execute(rows.ENTRIES)]

    def kept(self, key: str, /) -> Sequence[Kept]:
        """Everything that is kept of a conversation, in the order of the record."""
        with self._file.reading() as connection:
            return rows.kept_of(connection.execute(rows.ALL, {"key": rows.raw(key)}))

    def forget(self, key: str, /) -> bool:
        """Deletes a conversation whole, its bytes overwritten; False when there is none.

        A message that another conversation keeps too stays there.
        """
        with self._file.alone():
            with self._file.writing() as connection:
                done = rows.forgotten(connection, key)
            self._known.pop(key, None)
        with self._file.bare() as connection:
            connection.execute("PRAGMA wal_checkpoint(TRUNCATE)")  # older bytes stand in the log too
        return done

    def vacuum(self) -> tuple[int, int]:
        """Shrinks the file to what it holds; its bytes before and after."""
        before = self._size()
        with self._file.writing() as connection:
            rows.swept(connection)
        with self._file.bare() as connection:
            connection.execute("VACUUM")
            connection.execute("PRAGMA wal_checkpoint(TRUNCATE)")
        return before, self._size()

    def close(self) -> None:
        """Lets go of the file; the next use opens it again."""
        self._file.close()

    def _saved(self, key: str, version: int, state: State, kept: Sequence[Kept], span: str) -> int:
        """The new version; 0 when another caller was first."""
        known = self._known.get(key)
        body, changes = written(state, known[1] if known is not None and known[0] == version else None)
        with self._file.writing() as connection:
            claim = rows.claimed(connection, key, version, body)
            if claim is None:
                return 0
            id, now = claim
            rows.change(connection, id, changes)
            rows.keep(connection, id, kept, self._indexes)
            if span and state.cut is not None:
                connection.execute("REPLACE INTO span VALUES (?, ?, ?)", (id, rows.raw(span), state.cut.end))
        return now

    def _remember(self, key: str, known: tuple[int, State]) -> None:
        self._known[key] = known
        self._known.move_to_end(key)
        if len(self._known) > REMEMBERED:
            self._known.popitem(last=False)

    def _size(self) -> int:
        files = (self._file.path, self._file.path.with_name(self._file.path.name + "-wal"))
        return sum(file.stat().st_size for file in files if file.exists())
