"""Templates of the invented project's files: «choices|like this» are made and $words put in by code.py."""

MODEL = '''"""«What the yard knows of|The record of|The facts about» one $thing."""

from dataclasses import dataclass
from datetime import datetime


@dataclass(frozen=True, slots=True)
class $Thing:
    $key: str
    $kind: str
    $amount: int
    $time: datetime
    «note: str = ""|closed: bool = False|terminal: str = "north"|revision: int = 0»

    def __post_init__(self) -> None:
        if not self.$key:
            raise ValueError("a $thing needs a $key")
        if self.$amount < 0:
            raise ValueError(f"$amount is {self.$amount}; it cannot be negative")
'''

SERVICE = (
    '''def open_$thing(store: Store, $key: str, $kind: str, $amount: int, clock: Clock) -> $Thing:
    """«Take in|Register|Open» a $thing and «tell the desk|write it to the journal|publish it»."""
    if store.$table.find($key) is not None:
        raise Duplicate(f"$thing {$key} is «already here|known|on file»")
    new = $Thing($key=$key, $kind=$kind, $amount=$amount, $time=clock.now())
    store.$table.add(new)
    store.journal.write("$thing.opened", $key, «actor="desk"|actor="gate"|actor="edi"»)
    return new''',
    '''def total_$amount(items: Iterable[$Thing], kind: str | None = None) -> int:
    """The $amount of all $things«, of one $kind if it is given|; only those of `kind` if one is named»."""
    return sum(item.$amount for item in items if kind is None or item.$kind == kind)''',
    '''def stale_$table(items: Iterable[$Thing], now: datetime, limit: timedelta = «HOURS|DAYS» * $n) -> list[$Thing]:
    """The $things whose $time lies further back than `limit`, oldest first."""
    old = [item for item in items if now - item.$time > limit]
    return sorted(old, key=lambda item: (item.$time, item.$key))''',
    '''def by_day(items: Iterable[$Thing], zone: ZoneInfo) -> dict[date, list[$Thing]]:
    """The $things under the «local|port's own» day of their $time."""
    days: dict[date, list[$Thing]] = defaultdict(list)
    for item in items:
        days[item.$time.astimezone(zone).date()].append(item)
    return dict(days)''',
    '''def merge(left: $Thing, right: $Thing) -> $Thing:
    """One $thing out of two reports of it: the later $time wins, «the larger|the first» $amount stays."""
    if left.$key != right.$key:
        raise Mismatch(f"{left.$key} and {right.$key} are two $things")
    late = max(left, right, key=lambda item: item.$time)
    return replace(late, $amount=«max(left.$amount, right.$amount)|left.$amount»)''',
    '''def refuse_over(item: $Thing, most: int = $big) -> None:
    """Raises: TooMuch, when the $amount is over what the «berth|yard|permit|desk» allows."""
    if item.$amount > most:
        raise TooMuch(f"$thing {item.$key}: $amount {item.$amount} is over {most}")''',
    '''def held_days(item: $Thing, until: datetime, zone: ZoneInfo) -> int:
    """Days that the $thing is «charged for|held|on our books», the first and the last one included."""
    return elapsed_days(item.$time, until, zone) «+ 1|+ FIRST_DAY»''',
    '''def describe(item: $Thing) -> str:
    """One line for the «gate screen|shift log|driver's slip»."""
    stamp = item.$time.strftime("«%d %b %H:%M|%Y-%m-%d %H:%M|%H:%M on %d.%m.»")
    return f"{item.$key:«<|>»12} {item.$kind:<8} {item.$amount:>9,} {stamp}"''',
    '''def split(items: Sequence[$Thing], size: int = $n) -> Iterator[Sequence[$Thing]]:
    """The $things in «batches|pages|slices» of at most `size`, in the order given."""
    for start in range(0, len(items), size):
        yield items[start : start + size]''',
    '''def next_$key(last: str) -> str:
    """The $key after `last`: «letters stay, the number goes up|prefix and a running number»."""
    prefix, number = last[:«3|4|2»], int(last[«3|4|2»:] or 0)
    return f"{prefix}{number + 1:0«5|6|7»}"''',
)

STORE = '''"""Where $things are kept: one SQLite table, one row each."""

import sqlite3
from collections.abc import Iterator

from quay.models.$thing import $Thing
from quay.store.rows import from_row, to_row

SCHEMA = """
CREATE TABLE IF NOT EXISTS $table (
    $key TEXT PRIMARY KEY,
    $kind TEXT NOT NULL,
    $amount INTEGER NOT NULL CHECK ($amount >= 0),
    $time TEXT NOT NULL
) STRICT;
CREATE INDEX IF NOT EXISTS ${table}_by_time ON $table ($time);
"""


class ${Thing}Table:
    def __init__(self, db: sqlite3.Connection) -> None:
        self._db = db
        self._db.executescript(SCHEMA)

    def add(self, item: $Thing) -> None:
        self._db.execute("INSERT INTO $table VALUES (?, ?, ?, ?)", to_row(item))

    def find(self, $key: str) -> $Thing | None:
        row = self._db.execute("SELECT * FROM $table WHERE $key = ?", ($key,)).fetchone()
        return from_row($Thing, row) if row else None

    def since(self, moment: str, limit: int = $big) -> Iterator[$Thing]:
        query = "SELECT * FROM $table WHERE $time >= ? ORDER BY $time, $key LIMIT ?"
        for row in self._db.execute(query, (moment, limit)):
            yield from_row($Thing, row)
'''

HEAD = '''"""«What happens to|The rules for|Everyday work with» $things."""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace
from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

from quay.clock import DAYS, HOURS, Clock, elapsed_days
from quay.errors import Duplicate, Mismatch, TooMuch
from quay.models.$thing import $Thing
from quay.store import Store'''

ROUTE = (
    '''@router.get("/$table/{$key}")
def read_$thing($key: str, desk: Desk) -> ${Thing}Out:
    """One $thing by its $key; 404 «when there is none|if nobody knows it»."""
    item = desk.store.$table.find($key)
    if item is None:
        raise NotFound(f"no $thing {$key}")
    return ${Thing}Out.of(item)''',
    '''@router.post("/$table", status=201)
def create_$thing(body: ${Thing}In, desk: Desk) -> ${Thing}Out:
    """«Opens|Takes in» a $thing; 409 when the $key is taken."""
    try:
        return ${Thing}Out.of(open_$thing(desk.store, body.$key, body.$kind, body.$amount, desk.clock))
    except Duplicate as error:
        raise Conflict(str(error)) from error''',
    '''@router.get("/$table")
def list_$table(desk: Desk, since: str = "2024-0«1|2|3|4»-$day", limit: int = $n) -> Page[${Thing}Out]:
    """$things from a moment on, «oldest first|in the order of their $time»."""
    return Page.of((${Thing}Out.of(item) for item in desk.store.$table.since(since, limit)), limit)''',
    '''@router.get("/$table/{$key}/days")
def read_days($key: str, desk: Desk) -> DaysOut:
    """How many days the $thing «counts|is charged» until now."""
    item = desk.store.$table.find($key) or raise_missing("$thing", $key)
    return DaysOut(days=held_days(item, desk.clock.now(), desk.zone))''',
)

TEST = (
    """def test_a_$thing_is_opened_once(store, clock):
    open_$thing(store, "$id", "«a|b|std|hz»", $big, clock)

    with pytest.raises(Duplicate, match="$id"):
        open_$thing(store, "$id", "«a|b|std»", $n, clock)""",
    """def test_the_$amount_is_summed_by_$kind():
    items = [«make("$id", $n), make("B$id", $big)|make("$id", $big), make("C$id", $n)»]

    assert total_$amount(items) == $n + $big""",
    """def test_stale_$table_come_oldest_first(clock):
    items = [make(str(n), n, days_ago=n) for n in range($n)]

    assert [item.$amount for item in stale_$table(items, clock.now())][:1] == [$n - 1]""",
    """def test_too_big_a_$thing_is_refused():
    with pytest.raises(TooMuch):
        refuse_over(make("$id", $big), most=$n)""",
    """def test_held_days_count_both_ends(zone):
    item = make("$id", $n, at=datetime(2024, «2|5|6|9», «3|8|11|19|27», «9|14|21», tzinfo=zone))

    assert held_days(item, item.$time + timedelta(days=$n), zone) == $n + 1""",
    """def test_the_next_$key_keeps_its_prefix():
    assert next_$key("«QAY|NTH|TRM|BRT»00$n").startswith("«QAY|NTH|TRM|BRT»"[:2])""",
)

API_HEAD = '''"""The HTTP routes for $things; «nothing is decided here|the rules live in services/$thing.py»."""

from quay.api.desk import Desk, router
from quay.api.errors import Conflict, NotFound, raise_missing
from quay.api.pages import Page
from quay.api.shapes import DaysOut, ${Thing}In, ${Thing}Out
from quay.errors import Duplicate
from quay.services.$thing import held_days, open_$thing'''

TEST_HEAD = '''"""$things: «what the desk promises|the rules, one by one»."""

from datetime import datetime, timedelta

import pytest

from quay.errors import Duplicate, TooMuch
from quay.services.$thing import *
from tests.makers import $thing as make'''
