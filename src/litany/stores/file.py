"""File: one SQLite file, its connection, its transactions, and what goes wrong with it."""

import os
import sqlite3
import zlib
from collections.abc import Callable, Iterator
from contextlib import ExitStack, closing, contextmanager, suppress
from pathlib import Path
from threading import Lock, RLock
from time import monotonic, sleep
from weakref import WeakSet

from litany.errors import StateError
from litany.stores.schema import ready

WAIT = 30.0
"""Seconds that a caller waits for another one's write."""
PAGE = 4_096
"""Bytes of a page."""
LOG = 4_000_000
"""Bytes at which the write-ahead log is moved into the file, and that it keeps of its own after a large write."""

MODE = 0o600
"""A store that is made is for its owner alone, and so are its logs: they take its mode."""
_MAKING = Lock()


class File:
    """One connection a process, one caller at a time; it is closed before a fork and opened again after it."""

    def __init__(
        self,
        path: Path,
        durable: bool,
        create: bool,
        tables: Callable[[sqlite3.Connection, Path], None] = ready,
        log: int = LOG,
    ) -> None:
        """`tables`: makes what the file holds where it is not there yet. `log`: bytes that its log may keep."""
        self.path, self._durable, self._create, self._tables, self._log = path, durable, create, tables, log
        self._lock = RLock()
        self._connection: sqlite3.Connection | None = None
        FILES.add(self)

    def __del__(self) -> None:
        self.close()

    @contextmanager
    def reading(self) -> Iterator[sqlite3.Connection]:
        """A connection that sees one moment of the file."""
        with self._transaction("BEGIN") as connection:
            yield connection

    @contextmanager
    def writing(self) -> Iterator[sqlite3.Connection]:
        """A connection whose writes happen together when the block ends, or not at all."""
        with self._transaction("BEGIN IMMEDIATE") as connection:
            yield connection

    @contextmanager
    def bare(self) -> Iterator[sqlite3.Connection]:
        """A connection outside a transaction. Raises: StateError for whatever goes wrong with the file."""
        with self._lock:
            try:
                yield self._opened()
            except (sqlite3.Error, zlib.error) as error:
                self.close()  # after a failed write nothing is taken for granted
                raise told(error, self.path) from error

    @contextmanager
    def alone(self) -> Iterator[None]:
        """No other thread uses the file meanwhile."""
        with self._lock:
            yield

    def close(self) -> None:
        """Closes the connection; the next use opens it again."""
        with self._lock:
            connection, self._connection = self._connection, None
            if connection is not None:
                with suppress(sqlite3.Error):  # what was committed is in the file or its log already
                    connection.close()

    def lock(self) -> None:
        """Waits until nobody is at work, and closes; for the moment of a fork."""
        self._lock.acquire()
        self.close()

    def unlock(self) -> None:
        """After the fork, in parent and child."""
        self._lock.release()

    @contextmanager
    def _transaction(self, begin: str) -> Iterator[sqlite3.Connection]:
        with self.bare() as connection:
            connection.execute(begin)
            try:
                yield connection
                if connection.in_transaction:
                    connection.execute("COMMIT")
            finally:
                with suppress(sqlite3.Error):
                    if connection.in_transaction:
                        connection.execute("ROLLBACK")

    def _opened(self) -> sqlite3.Connection:
        if self._connection is None:
            with ExitStack() as stack:
                connection = stack.enter_context(closing(_connected(self.path, self._create)))
                self._prepare(connection)
                stack.pop_all()  # it stays open
            self._connection = connection
        return self._connection

    def _prepare(self, connection: sqlite3.Connection) -> None:
        connection.execute(f"PRAGMA busy_timeout = {int(WAIT * 1_000)}")
        connection.execute("PRAGMA trusted_schema = OFF")
        connection.execute("PRAGMA secure_delete = ON")
        self._tables(connection, self.path)
        logged = _logged(connection)
        # NORMAL: a killed process loses nothing; FULL: a machine that loses power does not either.
        connection.execute(f"PRAGMA synchronous = {'NORMAL' if logged and not self._durable else 'FULL'}")
        connection.execute(f"PRAGMA journal_size_limit = {self._log}")
        connection.execute(f"PRAGMA wal_autocheckpoint = {max(1, self._log // PAGE)}")
        connection.execute("BEGIN IMMEDIATE")  # a file that cannot be written is told of now
        connection.execute("ROLLBACK")


def told(error: Exception, path: Path) -> StateError:
    """What went wrong with a file, in one sentence."""
    text = str(error)
    if path.is_dir():
        return StateError(f"{path} is a folder; give the path of a file")
    if not path.parent.is_dir():
        return StateError(f"{path} cannot be opened: there is no folder {path.parent}; make it first")
    if not path.exists():
        return StateError(f"there is no store at {path}; check the path")
    if "not a database" in text:
        return StateError(f"{path} is no store: it is not an SQLite file; give another path")
    if "readonly" in text:
        return StateError(f"{path} cannot be written; make the file and its folder writable")
    if "malformed" in text or isinstance(error, zlib.error):
        return StateError(f"{path} is damaged ({text}); nothing was written; restore a copy of it")
    if "locked" in text:
        return StateError(f"{path} is held by another process for more than {WAIT:g} seconds; try again")
    return StateError(f"{path} cannot be read or written ({text}); what it holds is as it was; mend that and try again")


def _connected(path: Path, create: bool) -> sqlite3.Connection:
    if not create and path.is_file() and not path.stat().st_size:
        raise StateError(f"{path} is empty and no store; check the path")
    if create:
        _made(path)
    mode = "rwc" if create else "rw"
    return sqlite3.connect(f"{path.as_uri()}?mode={mode}", uri=True, isolation_level=None, check_same_thread=False)


def _made(path: Path) -> None:
    """Makes an empty file where there is none; SQLite tells what is wrong when that fails.

    A file that is there is not even opened: to close it again would drop every lock that this process has on it.
    """
    with _MAKING, suppress(OSError, ValueError):  # a path that is none is ValueError
        os.close(os.open(os.path.realpath(path), os.O_RDWR | os.O_CREAT | os.O_EXCL, MODE))


def _logged(connection: sqlite3.Connection) -> bool:
    """Whether the file has a write-ahead log; it cannot on some network drives.

    The change to one does not wait for other callers by itself.
    """
    end = monotonic() + WAIT
    while True:
        try:
            return str(connection.execute("PRAGMA journal_mode = WAL").fetchone()[0]) == "wal"
        except sqlite3.OperationalError as error:
            if "locked" not in str(error) or monotonic() > end:
                raise
            sleep(0.005)


FILES: WeakSet[File] = WeakSet()
"""The files of this process. SQLite's own locks do not live through a fork: no connection is open at that moment."""
_LOCKED: list[File] = []


def _before() -> None:
    for file in sorted(FILES, key=id):
        file.lock()
        _LOCKED.append(file)


def _after() -> None:
    while _LOCKED:
        _LOCKED.pop().unlock()


if hasattr(os, "register_at_fork"):
    os.register_at_fork(before=_before, after_in_parent=_after, after_in_child=_after)
