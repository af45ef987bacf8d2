"""Journal: the record of a run on the disk, which calls of tools were begun, and what the run took.

A step adds rows and changes none: the file grows with the transcript. What belongs together is written in one step.
"""

import json
import sqlite3
import zlib
from dataclasses import asdict, dataclass, replace
from pathlib import Path
from typing import Any

from litany.errors import StateError
from litany.stores.file import File
from litany.stores.reading import reading

APPLICATION = 0x6C697472
"""PRAGMA application_id: "litr"."""
VERSION = 1
LOG = 65_536
"""Bytes that the write-ahead log may keep."""
TABLES = (
    "CREATE TABLE message (place INTEGER PRIMARY KEY, body BLOB NOT NULL)",
    "CREATE TABLE begun (key TEXT PRIMARY KEY, tool TEXT NOT NULL) WITHOUT ROWID",
    "CREATE TABLE fact (name TEXT PRIMARY KEY, body TEXT NOT NULL) WITHOUT ROWID",
)
Message = dict[str, Any]
"""A message in OpenAI's words."""


@dataclass(frozen=True, slots=True)
class Spent:
    """What a run took so far."""

    steps: int = 0
    """Answers of the model."""
    prompt: int = 0
    """Tokens sent, the cached ones among them."""
    cached: int = 0
    completion: int = 0
    cost: float = 0.0
    """Dollars, where prices are known."""
    unpriced: int = 0
    """Answers whose price is not known."""
    seconds: float = 0.0
    """Seconds at work."""

    @property
    def tokens(self) -> int:
        """Tokens sent and written."""
        return self.prompt + self.completion

    def __add__(self, more: "Spent") -> "Spent":
        return Spent(*(getattr(self, name) + getattr(more, name) for name in Spent.__slots__))


@dataclass(frozen=True, slots=True)
class Held:
    """What a journal holds at one moment."""

    messages: tuple[Message, ...] = ()
    spent: Spent = Spent()
    status: str = ""
    """How the run ended; "" while it has not."""

    @property
    def answers(self) -> int:
        """Answers of the model in the record."""
        return sum(1 for message in self.messages if message["role"] == "assistant")


class Journal:
    """The journal of one run; its messages are held in memory as well."""

    def __init__(self, path: Path, create: bool = True) -> None:
        """Opens the file, or makes it. Raises: StateError when it cannot be a journal."""
        self._file = File(path.absolute(), False, create, _ready, LOG)
        with self._file.reading() as connection:
            held = _held(connection, path)
        self._messages, self._answers = list(held.messages), held.answers
        self._facts: dict[str, Any] = {"spent": asdict(held.spent), "status": held.status}

    @property
    def messages(self) -> list[Message]:
        """The record; only this object adds to it."""
        return self._messages

    @property
    def spent(self) -> Spent:
        """What the run took so far."""
        return Spent(**self._facts["spent"])

    @property
    def status(self) -> str:
        """How the run ended; "" while it has not."""
        return str(self._facts["status"])

    @property
    def answers(self) -> int:
        """Answers of the model in the record."""
        return self._answers

    def add(self, place: int, message: Message, spent: Spent | None = None) -> None:
        """Adds a message at this place, with what it took; one that stands there already stays."""
        if place < len(self._messages):
            return
        if place > len(self._messages):
            raise StateError(f"{self._file.path} holds {len(self._messages)} messages, and the next would be {place}")
        total = None if spent is None else self.spent + spent
        with self._file.writing() as connection:
            connection.execute("INSERT INTO message VALUES (?, ?)", (place, _packed(message)))
            if total is not None:
                _write(connection, "spent", asdict(total))
        self._messages.append(message)
        self._answers += 1 if message["role"] == "assistant" else 0
        if total is not None:
            self._facts["spent"] = asdict(total)

    def begin(self, key: str, tool: str) -> bool:
        """Writes down that a call begins; False when it had begun before."""
        with self._file.writing() as connection:
            return connection.execute("INSERT OR IGNORE INTO begun VALUES (?, ?)", (key, tool)).rowcount > 0

    def took(self, seconds: float) -> None:
        """Adds to the time at work."""
        self._fact("spent", asdict(replace(self.spent, seconds=self.spent.seconds + seconds)))

    def stand(self, status: str) -> None:
        """Writes down how the run ended."""
        if status != self.status:
            self._fact("status", status)

    def close(self) -> None:
        """Lets go of the file."""
        self._file.close()

    def _fact(self, name: str, value: object) -> None:
        with self._file.writing() as connection:
            _write(connection, name, value)
        self._facts[name] = value


def held(path: Path) -> Held:
    """What the journal there holds; nothing where a run had not begun to write one. It is not changed.

    Raises: StateError when it cannot be read.
    """
    if not path.is_file() or not path.stat().st_size:
        return Held()
    with reading(path, APPLICATION) as connection:
        _refuse_newer(connection.execute("PRAGMA user_version").fetchone()[0], path)
        begun = connection.execute("SELECT 1 FROM sqlite_master").fetchone()
        return _held(connection, path) if begun else Held()


def _held(connection: sqlite3.Connection, path: Path) -> Held:
    """What the tables hold. Raises: StateError when it is no record of a run."""
    rows = connection.execute("SELECT place, body FROM message ORDER BY place").fetchall()
    facts = dict(connection.execute("SELECT name, body FROM fact"))
    if [place for place, _ in rows] != list(range(len(rows))):
        raise StateError(f"{path} is damaged: messages are missing; restore a copy of it")
    try:
        messages = tuple(json.loads(zlib.decompress(body)) for _, body in rows)
        spent = Spent(**json.loads(facts.get("spent", "{}")))
        read = Held(messages, spent, str(json.loads(facts.get("status", '""'))))
        _ = read.answers  # each message has a role
    except (ValueError, TypeError, KeyError, zlib.error) as error:
        raise StateError(f"{path} is damaged: a message or a fact cannot be read; restore a copy of it") from error
    return read


def _packed(message: Message) -> bytes:
    return zlib.compress(json.dumps(message, ensure_ascii=False).encode("utf-8", "surrogatepass"))


def _write(connection: sqlite3.Connection, name: str, value: object) -> None:
    connection.execute("REPLACE INTO fact VALUES (?, ?)", (name, json.dumps(value)))


def _refuse_newer(version: int, path: Path) -> None:
    if version > VERSION:
        raise StateError(f"{path} is a journal of version {version}, and this litany reads {VERSION}; upgrade litany")


def _ready(connection: sqlite3.Connection, path: Path) -> None:
    """Makes the tables in an empty file. Raises: StateError when it is another program's, or a newer litany's."""
    connection.execute("BEGIN IMMEDIATE")
    names = ("application_id", "user_version")
    application, version = (connection.execute(f"PRAGMA {name}").fetchone()[0] for name in names)
    if application != APPLICATION and connection.execute("SELECT 1 FROM sqlite_master").fetchone():
        raise StateError(f"{path} is the SQLite file of another program, and no journal; give another folder")
    if application == APPLICATION:
        _refuse_newer(version, path)
    if application != APPLICATION:
        for statement in (*TABLES, f"PRAGMA application_id = {APPLICATION}", f"PRAGMA user_version = {VERSION}"):
            connection.execute(statement)
    connection.execute("COMMIT")
