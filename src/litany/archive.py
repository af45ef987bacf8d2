"""Archive and Store: where what left a view is found again, and where State lives. This one is in memory."""

import json
import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from itertools import islice
from threading import Lock
from typing import Protocol

from litany.core.state import State

RUN = "\u0e00-\u0eff\u3040-\u30ff\u3400-\u4dbf\u4e00-\u9fff"
"""Letters of scripts that put no space between words: they are searched by pairs of letters."""
WORD = re.compile(rf"[{RUN}]+|[^\W_{RUN}]+")
LETTER = rf"[^\W{RUN}]"
"""What an identifier goes on with; among words without spaces none does."""
DATA = re.compile(r"[A-Za-z0-9+/=_-]{256,}")
"""Pictures and the like, written as text: not searched."""
LONGEST = 20
"""Letters of a word that are searched; a long hash is found by its beginning."""
MOST_TERMS = 32
"""Words of a query that are searched for."""
MOST_FOUND = 8
"""Messages that a search gives."""
MOST_READ = 256
"""Messages, the best by their words, that are read for the query as it stands; to read all takes too long."""
EXACT = MOST_TERMS + 1
"""What a word that a message holds exactly is worth; one that only begins so is worth 1, however many there are."""


@dataclass(frozen=True, slots=True)
class Kept:
    """A message that left a view: its handle, its place in the record, its JSON."""

    handle: str
    index: int
    plain: str


@dataclass(frozen=True, slots=True)
class Recalled:
    """A message found again, as it was."""

    handle: str
    index: int
    message: object


class Store(Protocol):
    """Where conversations live. State and what left the view are saved in one step, or not at all."""

    def load(self, key: str, /) -> tuple[int, State] | None:
        """The version and the State of a conversation, or None."""

    def save(self, key: str, version: int, state: State, kept: Sequence[Kept], span: str, /) -> bool:
        """Save over `version` (0: there is none yet); False, and nothing saved, when another caller was first.

        `span`: a handle under which everything that left before the cut is found together; "" for none.
        """

    def find(self, key: str, handle: str, /) -> Sequence[Kept]:
        """What is kept under a handle, in the order of the record."""

    def search(self, key: str, query: str, /) -> Sequence[Kept]:
        """What holds the words of the query, best first; what holds the query verbatim before all else."""


@dataclass(slots=True)
class _Shelf:
    version: int
    state: State
    kept: dict[tuple[str, int], Kept] = field(default_factory=dict)
    spans: dict[str, int] = field(default_factory=dict)


class MemoryStore:
    """Conversations in this process."""

    def __init__(self) -> None:
        self._shelves: dict[str, _Shelf] = {}
        self._versions = 0
        self._lock = Lock()

    def load(self, key: str, /) -> tuple[int, State] | None:
        """The version and the State of a conversation, or None."""
        with self._lock:
            shelf = self._shelves.get(key)
            return None if shelf is None else (shelf.version, shelf.state)

    def save(self, key: str, version: int, state: State, kept: Sequence[Kept], span: str, /) -> bool:
        """Save over `version`; False, and nothing saved, when another caller was first."""
        with self._lock:
            shelf = self._shelves.get(key)
            if version != (0 if shelf is None else shelf.version):
                return False
            self._versions += 1  # never the same twice: a conversation that was forgotten and begun anew is another
            if shelf is None:
                shelf = self._shelves[key] = _Shelf(self._versions, state)
            shelf.kept.update(((item.handle, item.index), item) for item in kept)
            if span and state.cut is not None:
                shelf.spans[span] = state.cut.end
            shelf.version, shelf.state = self._versions, state
            return True

    def find(self, key: str, handle: str, /) -> Sequence[Kept]:
        """What is kept under a handle, in the order of the record."""
        kept, spans = self._held(key)
        own = [item for item in kept if item.handle == handle]
        if own:
            return list({item.plain: item for item in reversed(own)}.values())[::-1]
        return [item for item in kept if item.index < spans.get(handle, 0)]

    def search(self, key: str, query: str, /) -> Sequence[Kept]:
        """What holds the words of the query, best first."""
        return found(self._held(key)[0], query)

    def names(self) -> Sequence[str]:
        """The names of all conversations, in order."""
        with self._lock:
            return sorted(self._shelves)

    def forget(self, key: str, /) -> bool:
        """Deletes a conversation whole; False when there is none."""
        with self._lock:
            return self._shelves.pop(key, None) is not None

    def _held(self, key: str) -> tuple[Sequence[Kept], dict[str, int]]:
        with self._lock:
            shelf = self._shelves.get(key)
            if shelf is None:
                return [], {}
            return sorted(shelf.kept.values(), key=lambda item: (item.index, item.handle)), dict(shelf.spans)


def found(kept: Iterable[Kept], query: str) -> Sequence[Kept]:
    """Those that hold the query, then those that hold most of its words; the newest first among equals.

    A word that is held exactly counts before all that only begin so. The same text is found once.
    """
    wanted = terms(query)
    texts = {item.plain: item for item in sorted(kept, key=lambda item: item.index)}
    scored = [(_worth(words(plain), wanted), item) for plain, item in texts.items()]
    best = sorted((pair for pair in scored if pair[0]), key=lambda pair: (-pair[0], -pair[1].index, pair[1].handle))
    return chosen((item for _, item in best), query)


def chosen(ranked: Iterable[Kept], query: str) -> Sequence[Kept]:
    """The first few of the ranked: those where the query stands alone, those with it inside a longer word, the rest."""
    text = query.strip().lower()
    alone = rf"(?<!{LETTER}){re.escape(text)}(?!{LETTER})"
    ranks: tuple[list[Kept], list[Kept], list[Kept]] = ([], [], [])
    for item in islice(ranked, MOST_READ):
        said = "\n".join(_texts(item.plain)).lower()
        ranks[2 if text not in said else 0 if re.search(alone, said) else 1].append(item)
        if len(ranks[0]) == MOST_FOUND:
            break
    return [item for rank in ranks for item in rank][:MOST_FOUND]


def words(plain: str) -> Sequence[str]:
    """The words of a kept message, each once: what a search looks at."""
    text = DATA.sub(" ", "\n".join(_texts(plain))).lower()
    return sorted({part[:LONGEST] for run in WORD.findall(text) for part in _parts(run)})


def terms(query: str) -> Sequence[str]:
    """What a query looks for: a word that begins with the term is a hit."""
    runs = WORD.findall(query.lower())
    parts = (part[:LONGEST] for run in runs for part in (_parts(run)[:-1] or _parts(run)))
    return list(dict.fromkeys(parts))[:MOST_TERMS]


def _worth(held: Sequence[str], wanted: Sequence[str]) -> int:
    """What the words that a message holds are worth to a search; 0: no word begins with any term."""
    line = f" {' '.join(held)} "
    return sum((f" {term}" in line) + EXACT * (f" {term} " in line) for term in wanted)


def _parts(run: str) -> Sequence[str]:
    """A word as it is; where no spaces are written, each letter with the next one."""
    if not re.match(rf"[{RUN}]", run):
        return (run,)
    return [run[place : place + 2] for place in range(len(run))]


def _texts(plain: str) -> Iterator[str]:
    """The texts in a message, those in the JSON of a call's arguments among them."""
    left: list[object] = [plain]
    while left:
        value = left.pop()
        if isinstance(value, str) and value[:1] in "{[":
            value = _opened(value)
        if isinstance(value, dict):
            left += value.values()
        elif isinstance(value, list):
            left += value
        elif value is not None:
            yield str(value)


def _opened(text: str) -> object:
    try:
        value: object = json.loads(text)
    except (ValueError, RecursionError):
        return text
    return value
