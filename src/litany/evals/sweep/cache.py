"""Cache: what models answered, by the very request, in SQLite; a request that was paid for is not paid for twice."""

import json
import sqlite3
from collections.abc import Iterator, Mapping, Sequence
from contextlib import closing, contextmanager
from dataclasses import asdict, dataclass, replace
from hashlib import sha256
from pathlib import Path
from threading import Lock
from typing import Any

from litany.core.completion import Completion, Usage
from litany.errors import EvalError

NAME = "cache.sqlite"
APPLICATION = 0x6C697465
"""PRAGMA application_id: "lite". It tells a cache from other SQLite files."""
TABLE = "CREATE TABLE IF NOT EXISTS answer (key BLOB PRIMARY KEY, body TEXT NOT NULL, cost REAL) WITHOUT ROWID"


@dataclass(frozen=True, slots=True)
class Answer:
    """A completion, and what came with it."""

    completion: Completion
    latency: float
    """Seconds that the call took when it was made."""
    cost: float | None
    """Dollars that were paid for it then."""
    model: str
    """Who gave it, by the name that a result says."""
    payer: str = ""
    """The key of the sample that it was asked for, which bears its cost; empty: it was paid for in another folder."""
    reused: bool = False
    """Whether it was in the cache."""

    def owed(self, sample: str) -> float | None:
        """Dollars that it cost this sample: nothing where another one paid."""
        return self.cost if self.cost is None or self.payer == sample else 0.0


def opened(out: Path, shared: Path | None) -> "Cache":
    """The cache of a folder, with one that it shares with others. Raises: EvalError as Cache does."""
    path = out / NAME
    if shared is None or shared.resolve() == path.resolve():
        return Cache(path)
    others = Cache(shared)
    try:
        return Cache(path, others)
    except BaseException:
        others.close()
        raise


def spent(out: Path) -> float:
    """Dollars that the answers in a folder's cache cost; 0 where there is no cache."""
    path = out / NAME
    if not path.exists():
        return 0.0
    with closing(Cache(path)) as cache:
        return cache.spent


def request_key(
    model: str, options: Mapping[str, object], messages: Sequence[object], tools: Sequence[object], trial: int
) -> bytes:
    """Hash of the canonical request. Trials are asked apart, or they would be one.

    Raises: TypeError when a message is no plain JSON.
    """
    asked = [model, options, messages, tools, trial]
    return sha256(json.dumps(asked, sort_keys=True, separators=(",", ":")).encode()).digest()


class Cache:
    """Answers in one file. Thread-safe; what was put is there after the process is killed."""

    def __init__(self, path: Path, shared: "Cache | None" = None) -> None:
        """Opens the file, or makes it. `shared`: is looked into where this one has no answer, is given all that this
        one is, and is closed with it.

        Raises: EvalError when it is no cache, or cannot be written.
        """
        self._path, self._shared, self._lock = path, shared, Lock()
        self._flights: dict[bytes, tuple[Lock, int]] = {}
        with self._told():
            self._connection = sqlite3.connect(path, isolation_level=None, check_same_thread=False, timeout=30)
            try:
                self._prepare()
            except BaseException:
                self._connection.close()
                raise

    def get(self, key: bytes) -> Answer | None:
        """What was answered, or None."""
        with self._lock, self._told():
            row = self._connection.execute("SELECT body FROM answer WHERE key = ?", (key,)).fetchone()
        return self._borrowed(key) if row is None else _answer(row[0], self._path)

    def put(self, key: bytes, answer: Answer) -> None:
        """Keeps an answer; when this returns, killing the process does not lose it."""
        if self._shared is not None:
            self._shared.put(key, answer)
        self._kept(key, answer)

    def _borrowed(self, key: bytes) -> Answer | None:
        """What the shared one has, which is kept here too, and costs nothing here."""
        found = None if self._shared is None else self._shared.get(key)
        if found is None:
            return None
        self._kept(key, replace(found, payer=""))
        return replace(found, payer="")

    def _kept(self, key: bytes, answer: Answer) -> None:
        done = answer.completion
        plain = {"message": dict(done.message), "usage": asdict(done.usage), "finish": done.finish}
        more = {name: getattr(answer, name) for name in ("latency", "cost", "model", "payer")}
        paid = answer.cost if answer.payer else None
        with self._lock, self._told():
            row = (key, json.dumps({**plain, **more}), paid)
            self._connection.execute("REPLACE INTO answer VALUES (?, ?, ?)", row)

    def forget(self, model: str) -> None:
        """Drops what that model answered, and nobody else's."""
        with self._lock, self._told():
            self._connection.executemany("DELETE FROM answer WHERE key = ?", [(key,) for key in self._of(model)])

    def answers(self, model: str) -> int:
        """How many answers of that model it holds."""
        with self._lock, self._told():
            return len(self._of(model))

    def _of(self, model: str) -> list[bytes]:
        held = self._connection.execute("SELECT key, body FROM answer").fetchall()
        return [key for key, body in held if _answer(body, self._path).model == model]

    @property
    def spent(self) -> float:
        """Dollars that the answers in it cost that were asked for it."""
        with self._lock, self._told():
            return float(self._connection.execute("SELECT TOTAL(cost) FROM answer").fetchone()[0])

    @contextmanager
    def asking(self, key: bytes) -> Iterator[None]:
        """Nobody else asks the same meanwhile: whoever waits finds the answer."""
        with self._lock:
            flight, waiting = self._flights.get(key, (Lock(), 0))
            self._flights[key] = (flight, waiting + 1)
        try:
            with flight:
                yield
        finally:
            with self._lock:
                _, waiting = self._flights[key]
                if waiting == 1:
                    del self._flights[key]
                else:
                    self._flights[key] = (flight, waiting - 1)

    def close(self) -> None:
        """Lets go of the file."""
        if self._shared is not None:
            self._shared.close()
        with self._lock:
            self._connection.close()

    @contextmanager
    def _told(self) -> Iterator[None]:
        try:
            yield
        except sqlite3.Error as error:
            raise EvalError(
                f"the cache {self._path} cannot be used ({error}); outcomes.jsonl is safe; {_mend(error)}"
            ) from error

    def _prepare(self) -> None:
        """NORMAL: a killed process loses nothing; a power cut may lose the last answers, and breaks nothing."""
        execute = self._connection.execute
        if execute("PRAGMA application_id").fetchone()[0] != APPLICATION:
            self._claim()
        execute("PRAGMA journal_mode = WAL")
        execute("PRAGMA synchronous = NORMAL")

    def _claim(self) -> None:
        """Makes an empty file a cache, in one step: another process may be about to do the same."""
        execute = self._connection.execute
        execute("BEGIN IMMEDIATE")
        application = execute("PRAGMA application_id").fetchone()[0]
        if application != APPLICATION:
            if application or execute("SELECT 1 FROM sqlite_master").fetchone():
                raise EvalError(f"{self._path} is the SQLite file of another program; give another one, or a folder")
            execute(f"PRAGMA application_id = {APPLICATION}")
            execute(TABLE)
        execute("COMMIT")


def _mend(error: sqlite3.Error) -> str:
    """What to do about it."""
    code = getattr(error, "sqlite_errorcode", 0) & 0xFF
    if code in (sqlite3.SQLITE_NOTADB, sqlite3.SQLITE_CORRUPT):
        return "it is no database, or a broken one: move it away, and what only it holds is asked again"
    if code == sqlite3.SQLITE_FULL:
        return "free the disk, and run it again"
    if code in (sqlite3.SQLITE_BUSY, sqlite3.SQLITE_LOCKED):
        return "another program holds it: run it again when that is done"
    return "name a file that may be written, in a folder that is there"


def _answer(body: str, path: Path) -> Answer:
    try:
        plain: dict[str, Any] = json.loads(body)
        completion = Completion(plain["message"], Usage(**plain["usage"]), plain["finish"])
        return Answer(completion, plain["latency"], plain["cost"], plain["model"], plain["payer"], reused=True)
    except (ValueError, KeyError, TypeError) as error:
        raise EvalError(f"the cache {path} holds what is no answer ({error!r}); move it away") from error
