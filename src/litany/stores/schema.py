"""Schema: the tables of a store, their version, and how an older file is brought to this one."""

import sqlite3
from collections.abc import Mapping, Sequence
from pathlib import Path

from litany.errors import StateError

APPLICATION = 0x6C697461
"""PRAGMA application_id: "lita". It tells a store from other SQLite files."""
VERSION = 1
"""PRAGMA user_version of the files that this litany writes."""

TABLES = (
    # AUTOINCREMENT: an id, and so a version, is never given twice, also not after a conversation was forgotten.
    """CREATE TABLE conversation (
        id INTEGER PRIMARY KEY AUTOINCREMENT, key BLOB NOT NULL UNIQUE, version INTEGER NOT NULL,
        updated REAL NOT NULL, state BLOB NOT NULL)""",
    # The parts of a State that grow with the record, an item a row: a call writes only what is new.
    """CREATE TABLE part (
        conversation INTEGER NOT NULL, name TEXT NOT NULL, place INTEGER NOT NULL, body BLOB NOT NULL,
        PRIMARY KEY (conversation, name, place)) WITHOUT ROWID""",
    # Kept messages by the hash of their bytes: what two conversations share is held once.
    """CREATE TABLE text (
        id INTEGER PRIMARY KEY AUTOINCREMENT, hash BLOB NOT NULL UNIQUE, body BLOB NOT NULL)""",
    """CREATE TABLE kept (
        conversation INTEGER NOT NULL, handle BLOB NOT NULL, place INTEGER NOT NULL, text INTEGER NOT NULL,
        PRIMARY KEY (conversation, handle, place)) WITHOUT ROWID""",
    "CREATE INDEX kept_place ON kept (conversation, place)",
    "CREATE INDEX kept_text ON kept (text, conversation)",
    """CREATE TABLE span (
        conversation INTEGER NOT NULL, handle BLOB NOT NULL, last INTEGER NOT NULL,
        PRIMARY KEY (conversation, handle)) WITHOUT ROWID""",
)
PENDING = "CREATE TABLE pending (text INTEGER PRIMARY KEY)"
"""Texts that the word index does not hold yet."""
WORD = (
    "CREATE VIRTUAL TABLE IF NOT EXISTS word USING fts5(words, content='', detail=none, columnsize=0, tokenize='ascii')"
)
"""The word index: which text holds which word, and nothing else. It is made where SQLite has FTS5."""

MIGRATIONS: Mapping[int, Sequence[str]] = {
    0: (PENDING, "INSERT INTO pending SELECT id FROM text"),
}
"""By version: what makes a file of that version one of the next. Version 0 had no word index."""


def ready(connection: sqlite3.Connection, path: Path) -> None:
    """Makes the tables in an empty file, or brings an older one to this version, in one transaction.

    Raises: StateError when the file is another program's, or a newer litany's. Nothing is written to it then.
    """
    connection.execute("BEGIN")  # what it reads is of one moment, whoever makes the tables meanwhile
    try:
        version = _version(connection, path)
    finally:
        connection.execute("COMMIT")
    if version == VERSION:
        return
    connection.execute("BEGIN IMMEDIATE")
    version = _version(connection, path)  # again: another process may have been at it
    if version is None:
        statements = [*TABLES, PENDING, f"PRAGMA application_id = {APPLICATION}"]
    else:
        statements = [each for older in range(version, VERSION) for each in MIGRATIONS[older]]
    for statement in [*statements, f"PRAGMA user_version = {VERSION}"]:
        connection.execute(statement)
    connection.execute("COMMIT")


def indexing(connection: sqlite3.Connection) -> bool:
    """Whether this SQLite has FTS5."""
    try:
        return connection.execute("SELECT 1 FROM pragma_module_list WHERE name = 'fts5'").fetchone() is not None
    except sqlite3.OperationalError:
        return False


def indexed(connection: sqlite3.Connection) -> bool:
    """Whether the file has a word index."""
    return connection.execute("SELECT 1 FROM sqlite_master WHERE name = 'word'").fetchone() is not None


def _version(connection: sqlite3.Connection, path: Path) -> int | None:
    """The version of the file; None for an empty one."""
    application, version = (
        connection.execute(f"PRAGMA {name}").fetchone()[0] for name in ("application_id", "user_version")
    )
    if application == APPLICATION and version > VERSION:
        raise StateError(
            f"{path} is a store of version {version}, made by a newer litany, and this one reads up to {VERSION}; "
            "upgrade litany, or give another file"
        )
    if application == APPLICATION:
        return int(version)
    if application or version or connection.execute("SELECT 1 FROM sqlite_master").fetchone():
        raise StateError(f"{path} is the SQLite file of another program, and no store; give another path")
    return None
