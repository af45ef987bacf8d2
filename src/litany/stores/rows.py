"""Rows: what is read from and written to the tables of a store, inside a transaction that the caller holds."""

import sqlite3
import zlib
from collections.abc import Iterable, Iterator, Sequence
from hashlib import sha256
from time import time

from litany.archive import EXACT, MOST_READ, Kept, chosen, terms, words
from litany.core.state import State
from litany.errors import StateError
from litany.stores.parts import Change, read
from litany.stores.schema import WORD, indexed, indexing

VERSIONS = 1 << 32
"""Versions that one conversation may have: its id times this, and up."""

KEPT = "SELECT k.handle, k.place, t.body FROM kept k JOIN text t ON t.id = k.text"
OWN = "k.conversation = (SELECT id FROM conversation WHERE key = :key)"
ALL = f"{KEPT} WHERE {OWN} ORDER BY k.place, k.handle"
BY_HANDLE = f"{KEPT} WHERE {OWN} AND k.handle = :handle GROUP BY k.text HAVING k.place = min(k.place) ORDER BY k.place"
BY_SPAN = f"""{KEPT} JOIN span s ON s.conversation = k.conversation AND s.handle = :handle
    WHERE {OWN} AND k.place < s.last ORDER BY k.place, k.handle"""
HIT = "SELECT rowid AS text, {worth} AS worth FROM word WHERE word MATCH ?"
BY_WORDS = """SELECT k.handle, max(k.place) AS place, h.text
    FROM (SELECT text, sum(worth) AS worth FROM ({hits}) GROUP BY text) AS h
    JOIN kept k ON k.text = h.text
    WHERE k.conversation = (SELECT id FROM conversation WHERE key = ?)
    GROUP BY h.text ORDER BY h.worth DESC, place DESC, k.handle LIMIT ?"""
ENTRIES = """SELECT c.key, c.updated,
    (SELECT count(*) FROM kept k WHERE k.conversation = c.id),
    length(c.state) + (SELECT coalesce(sum(length(p.body)), 0) FROM part p WHERE p.conversation = c.id)
    + (SELECT coalesce(sum(length(t.body)), 0) FROM kept k JOIN text t ON t.id = k.text WHERE k.conversation = c.id)
    FROM conversation c ORDER BY c.key"""
ORPHANS = "SELECT id FROM text WHERE id NOT IN (SELECT text FROM kept)"
BATCH = 500
"""Texts that are put into the word index in one go."""


def raw(text: str) -> bytes:
    """A text as bytes, half surrogate pairs too."""
    return text.encode("utf-8", "surrogatepass")


def text(raw: bytes) -> str:
    """The text of these bytes."""
    return raw.decode("utf-8", "surrogatepass")


def version_of(connection: sqlite3.Connection, key: str) -> tuple[int, int] | None:
    """The version and the id of a conversation; None when there is none."""
    given = (raw(key),)
    found: tuple[int, int] | None = connection.execute(
        "SELECT version, id FROM conversation WHERE key = ?", given
    ).fetchone()
    return found


def state_of(connection: sqlite3.Connection, id: int) -> State:
    """The State of a conversation. Raises: StateError when the rows hold none."""
    body = connection.execute("SELECT state FROM conversation WHERE id = ?", (id,)).fetchone()[0]
    parts: dict[str, list[bytes]] = {}
    for name, line in connection.execute("SELECT name, body FROM part WHERE conversation = ? ORDER BY place", (id,)):
        parts.setdefault(name, []).append(line)
    return read(body, parts)


def claimed(connection: sqlite3.Connection, key: str, version: int, body: bytes) -> tuple[int, int] | None:
    """Writes a State over `version`: the conversation's id and new version; None when another one stands there."""
    if version:
        done = connection.execute(
            "UPDATE conversation SET version = version + 1, updated = ?, state = ? WHERE key = ? AND version = ?",
            (time(), body, raw(key), version),
        )
        return (version // VERSIONS, version + 1) if done.rowcount else None
    done = connection.execute(
        "INSERT OR IGNORE INTO conversation (key, version, updated, state) VALUES (?, 0, ?, ?)",
        (raw(key), time(), body),
    )
    if not done.rowcount or done.lastrowid is None:
        return None
    first = done.lastrowid * VERSIONS + 1
    connection.execute("UPDATE conversation SET version = ? WHERE id = ?", (first, done.lastrowid))
    return done.lastrowid, first


def change(connection: sqlite3.Connection, id: int, changes: Sequence[Change]) -> None:
    """Writes what is new in the growing fields of a State."""
    for each in changes:
        connection.execute(
            "DELETE FROM part WHERE conversation = ? AND name = ? AND place >= ?", (id, each.name, each.first)
        )
        rows = ((id, each.name, place, line) for place, line in enumerate(each.items, each.first))
        connection.executemany("INSERT INTO part VALUES (?, ?, ?, ?)", rows)


def keep(connection: sqlite3.Connection, id: int, kept: Iterable[Kept], index: bool) -> None:
    """Keeps messages; a text that is held already is not written again."""
    for item in kept:
        whole = raw(item.plain)
        hash = sha256(whole).digest()
        held = connection.execute("SELECT id FROM text WHERE hash = ?", (hash,)).fetchone()
        number = held[0] if held else _written(connection, hash, whole, item.plain, index)
        connection.execute("REPLACE INTO kept VALUES (?, ?, ?, ?)", (id, raw(item.handle), item.index, number))


def kept_of(rows: Iterable[tuple[bytes, int, bytes]]) -> list[Kept]:
    """Kept messages of rows."""
    return [Kept(text(handle), place, text(zlib.decompress(body))) for handle, place, body in rows]


def searched(connection: sqlite3.Connection, key: str, query: str) -> Sequence[Kept]:
    """What the word index finds."""
    wanted = [(f'"{term}"{more}', worth) for term in terms(query) for more, worth in (("*", 1), ("", EXACT))]
    hits = " UNION ALL ".join(HIT.replace("{worth}", str(worth)) for _, worth in wanted)
    given = [*(term for term, _ in wanted), raw(key), MOST_READ]
    ranked = connection.execute(BY_WORDS.replace("{hits}", hits), given).fetchall()
    return chosen(_opened(connection, ranked), query)


def current(connection: sqlite3.Connection) -> bool:
    """Whether the word index holds every text."""
    return indexed(connection) and connection.execute("SELECT 1 FROM pending").fetchone() is None


def catch_up(connection: sqlite3.Connection) -> bool:
    """Puts some texts into the word index that a process without one has written; whether there are more."""
    connection.execute(WORD)
    rows = connection.execute("SELECT id, body FROM text JOIN pending ON id = text LIMIT ?", (BATCH,)).fetchall()
    for id, body in rows:
        _index(connection, id, text(zlib.decompress(body)))
        connection.execute("DELETE FROM pending WHERE text = ?", (id,))
    return len(rows) == BATCH


def forgotten(connection: sqlite3.Connection, key: str) -> bool:
    """Deletes the rows of a conversation; False when there is none."""
    row = connection.execute("SELECT id FROM conversation WHERE key = ?", (raw(key),)).fetchone()
    if row is None:
        return False
    for table in ("part", "kept", "span"):
        connection.execute(f"DELETE FROM {table} WHERE conversation = ?", row)
    connection.execute("DELETE FROM conversation WHERE id = ?", row)
    swept(connection)
    return True


def swept(connection: sqlite3.Connection) -> None:
    """Deletes the texts that no conversation keeps, and their words.

    Raises: StateError where this SQLite has no FTS5 and the file has a word index.
    """
    gone = connection.execute(ORPHANS).fetchall()
    if not gone:
        return
    words_too = indexed(connection)
    if words_too and not indexing(connection):
        raise StateError("this Python's SQLite has no FTS5, and the store has a word index; use a Python that has it")
    for (id,) in gone:
        if words_too and not connection.execute("SELECT 1 FROM pending WHERE text = ?", (id,)).fetchone():
            body = connection.execute("SELECT body FROM text WHERE id = ?", (id,)).fetchone()[0]
            line = " ".join(words(text(zlib.decompress(body))))
            connection.execute("INSERT INTO word (word, rowid, words) VALUES ('delete', ?, ?)", (id, line))
        connection.execute("DELETE FROM pending WHERE text = ?", (id,))
        connection.execute("DELETE FROM text WHERE id = ?", (id,))
    if words_too:
        connection.execute("INSERT INTO word (word) VALUES ('optimize')")  # else the words stay, marked as deleted


def _written(connection: sqlite3.Connection, hash: bytes, whole: bytes, plain: str, index: bool) -> int:
    done = connection.execute("INSERT INTO text (hash, body) VALUES (?, ?)", (hash, zlib.compress(whole)))
    number = done.lastrowid
    assert number is not None, "an INSERT gives a rowid"
    if index:
        _index(connection, number, plain)
    else:
        connection.execute("INSERT INTO pending VALUES (?)", (number,))
    return number


def _index(connection: sqlite3.Connection, id: int, plain: str) -> None:
    connection.execute("INSERT INTO word (rowid, words) VALUES (?, ?)", (id, " ".join(words(plain))))


def _opened(connection: sqlite3.Connection, ranked: Iterable[tuple[bytes, int, int]]) -> Iterator[Kept]:
    """Kept messages, each read when it is asked for."""
    for handle, place, id in ranked:
        body = connection.execute("SELECT body FROM text WHERE id = ?", (id,)).fetchone()[0]
        yield from kept_of([(handle, place, body)])
