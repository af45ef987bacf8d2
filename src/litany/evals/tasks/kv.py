"""Key-value: one pair of a JSON object of nothing but pairs; the lost-in-the-middle task, or its published files."""

import gzip
import json
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from hashlib import sha256
from itertools import islice, pairwise
from pathlib import Path
from random import Random
from typing import Literal
from uuid import UUID

from pydantic import BaseModel, ConfigDict, ValidationError

from litany.errors import EvalError
from litany.evals.case import Agenda, Message, Truth
from litany.evals.haystack import Unit
from litany.evals.tasks.draft import Draft, Placed
from litany.evals.tasks.layout import woven
from litany.evals.words import spaced

GOAL = "Extract the value corresponding to the specified key in the JSON object below."
ASK = 'Key: "{key}"\nCorresponding value:'
KEYS = spaced("""
birch wren otter flint heron moss badger clover thistle robin sparrow willow acorn bramble cricket dove finch gull lark
mole newt perch quail raven toad viper bison crane eagle ferret goat cedar hazel maple lynx swan stork trout salmon
falcon panther tiger zebra donkey lizard spider hornet wasp lily daisy poppy sedge violet lotus orchid
""")
"""Each two tokens behind a quote."""

LONE = re.compile(r"(?<=[0-9])[a-f](?=[0-9])")

Pair = tuple[str, str]


@dataclass(frozen=True, slots=True)
class Pairs:
    """An object of pairs in the published prompt's words. A brace stands on a line of its own, as pairs do."""

    name: str
    fixed: tuple[Pair, ...] | None = None
    """All pairs beside the one asked for; None: drawn, as many as fit."""
    keys: Literal["short", "uuid"] = "short"
    avoid: frozenset[str] = frozenset()
    """Keys that are taken."""

    def units(self, seed: str, length: int) -> Iterator[Unit]:
        found = drawn(Random(seed), self.keys, self.avoid) if self.fixed is None else iter(self.fixed)
        return (Unit(line(pair)) for pair in found)

    def written(self, units: Sequence[Unit], placed: Sequence[Placed], ask: str) -> tuple[Message, ...]:
        lines = (part.text if isinstance(part, Unit) else str(part) for part in woven(units, placed))
        text = ",\n".join(lines)
        return ({"role": "user", "content": f"{GOAL}\n\nJSON data:\n{{\n{text}\n}}\n\n{ask}"},)


@dataclass(frozen=True, slots=True)
class Kv:
    """Which value has this key?"""

    name: str = "kv"
    keys: Literal["short", "uuid"] = "short"
    pairs: int | None = None
    """Pairs of the object; None: as many as the length holds."""

    def draft(self, seed: int) -> Draft:
        rng = Random(f"{self.name} {seed}")
        source = drawn(rng, self.keys, frozenset())
        gold = next(source)
        placebo = (next(source)[0], shaped(rng, gold[1]))
        placebo = (shaped(rng, gold[0]), placebo[1]) if self.keys == "uuid" else placebo
        taken = frozenset({gold[0], placebo[0]})
        fixed = None
        if self.pairs is not None:
            fixed = tuple(islice(drawn(rng, self.keys, taken), max(0, self.pairs - 2)))
        filler = Pairs(self.name, fixed, self.keys, taken)
        return asked(f"{self.name}/{seed}", gold, placebo, rng.uniform(0.2, 0.8), filler)


@dataclass(frozen=True, slots=True)
class Published:
    """The items of a file: seed n asks item n."""

    name: str
    items: tuple[tuple[tuple[Pair, ...], str], ...]
    """Each with its pairs and the key that is asked for."""
    digest: str = ""
    """Of the file: a sweep knows by it that another one lies there now."""

    def draft(self, seed: int) -> Draft:
        pairs, key = self.items[seed % len(self.items)]
        gold = next(pair for pair in pairs if pair[0] == key)
        rest = [pair for pair in pairs if pair[0] != key]
        alike = min(range(len(rest)), key=lambda place: abs(_turns(line(rest[place])) - _turns(line(gold))))
        fixed = tuple(pair for place, pair in enumerate(rest) if place != alike)
        at = alike / max(1, len(rest) - 1)
        return asked(f"{self.name}/{seed % len(self.items)}", gold, rest[alike], at, Pairs(self.name, fixed))


class Item(BaseModel):
    """A line of a published file."""

    model_config = ConfigDict(extra="forbid")

    ordered_kv_records: list[Pair]
    key: str
    value: str


def asked(question: str, gold: Pair, placebo: Pair, at: float, filler: Pairs) -> Draft:
    return Draft(
        question,
        ASK.format(key=gold[0]),
        (line(gold),),
        (Placed(at, line(placebo)),),
        Truth("contains", (gold[1],)),
        Agenda(GOAL, (line(gold),)),
        Agenda(GOAL, (line(placebo),)),
        filler,
        whole=filler.fixed is not None,
    )


def load(path: Path) -> Published:
    """A published file, `.jsonl` or `.jsonl.gz`. Raises: EvalError, OSError."""
    packed = path.read_bytes()
    try:
        text = (gzip.decompress(packed) if path.suffix == ".gz" else packed).decode("utf-8")
    except (gzip.BadGzipFile, EOFError, UnicodeDecodeError) as error:
        raise EvalError(f"{path} cannot be read ({error}); give a .jsonl or .jsonl.gz of kv_retrieval") from error
    items = tuple(_item(path, number, row) for number, row in enumerate(text.splitlines(), 1) if row.strip())
    if not items:
        raise EvalError(f"{path} holds no item; give a .jsonl or .jsonl.gz of kv_retrieval")
    return Published(f"kv:{path}", items, sha256(text.encode()).hexdigest())


def _item(path: Path, number: int, row: str) -> tuple[tuple[Pair, ...], str]:
    try:
        item = Item.model_validate_json(row)
    except ValidationError as error:
        fault = error.errors()[0]
        where = ".".join(map(str, fault["loc"])) or "the line"
        raise EvalError(
            f"{path}, line {number}: {where}: {fault['msg']}; each line is one kv_retrieval item"
        ) from error
    if dict(item.ordered_kv_records).get(item.key) != item.value or len(item.ordered_kv_records) < 2:
        raise EvalError(f"{path}, line {number}: its key does not have its value among two pairs or more")
    return tuple(item.ordered_kv_records), item.key


def drawn(rng: Random, keys: str, avoid: frozenset[str]) -> Iterator[Pair]:
    """Pairs without end, no key twice."""
    seen = set(avoid)
    while True:
        key = _uuid(rng) if keys == "uuid" else f"{rng.choice(KEYS)}-{rng.randrange(1000, 10_000)}"
        if key not in seen:
            seen.add(key)
            yield key, _uuid(rng) if keys == "uuid" else str(rng.randrange(100_000, 1_000_000))


def line(pair: Pair) -> str:
    return f"{json.dumps(pair[0])}: {json.dumps(pair[1])}"


def shaped(rng: Random, text: str) -> str:
    """Another one of as many tokens: new digits, and new letters where one stands alone between digits."""
    letters = LONE.sub(lambda _: rng.choice("abcdef"), text)
    return "".join(str(rng.randrange(10)) if c.isdigit() else c for c in letters)


def _uuid(rng: Random) -> str:
    return str(UUID(int=rng.getrandbits(128), version=4))


def _turns(text: str) -> int:
    """How often a text turns from letters to digits or back: what its tokens go by."""
    return sum(a.isdigit() != b.isdigit() for a, b in pairwise(text))


KEY_VALUES = (Kv(), Kv("kv:uuid", "uuid"))
