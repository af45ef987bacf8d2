"""Reading: an SQLite file of litany's that is only read, where nothing may be written either."""

import os
import sqlite3
import zlib
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path

from litany.core.state import State
from litany.errors import StateError
from litany.stores import rows
from litany.stores.file import WAIT, told
from litany.stores.schema import APPLICATION

LOGS = ("-wal", "-journal")
"""What stands in a file's log and not yet in the file itself."""


def kept_state(path: Path, key: str) -> State | None:
    """The State of a conversation in a store; None where there is none. Raises: StateError when it cannot be read."""
    with reading(path, APPLICATION) as connection:
        if not connection.execute("SELECT 1 FROM sqlite_master").fetchone():
            return None
        row = connection.execute("SELECT id FROM conversation WHERE key = ?", (rows.raw(key),)).fetchone()
        return None if row is None else rows.state_of(connection, row[0])


@contextmanager
def reading(path: Path, application: int) -> Iterator[sqlite3.Connection]:
    """A connection that sees one moment of the file; neither it nor its tables are made.

    application -- whose file it is, as its head tells. Raises: StateError for another's, and for whatever goes wrong.
    """
    path = path.absolute()
    try:
        with closing(sqlite3.connect(f"{path.as_uri()}?{_mode(path)}", uri=True, isolation_level=None)) as connection:
            connection.execute(f"PRAGMA busy_timeout = {int(WAIT * 1_000)}")
            connection.execute("PRAGMA trusted_schema = OFF")
            connection.execute("BEGIN")
            _known(connection, path, application)
            yield connection
    except (sqlite3.Error, zlib.error) as error:
        raise told(error, path) from error


def _known(connection: sqlite3.Connection, path: Path, application: int) -> None:
    """Raises: StateError for the file of another program; one that is still without a table may be anybody's."""
    other = connection.execute("PRAGMA application_id").fetchone()[0] != application
    if other and connection.execute("SELECT 1 FROM sqlite_master").fetchone():
        raise StateError(f"{path} is the SQLite file of another program; give another path")


def _mode(path: Path) -> str:
    """How it is opened. SQLite reads beside other processes only where it may keep a log and an index in the folder."""
    if all(_writable(each) for each in (path, path.parent)):
        return "mode=rw"
    logged = any(log.is_file() and log.stat().st_size for log in (Path(f"{path}{end}") for end in LOGS))
    return "mode=ro" if logged else "mode=ro&immutable=1"


def _writable(path: Path) -> bool:
    return os.access(path, os.W_OK, effective_ids=os.access in os.supports_effective_ids)
