"""The files that the run is about, as they stand before the agent comes: the bug is in elapsed_days."""

CLOCK = '''"""What time it is, and how days are counted. Everything else in quay asks here."""

from datetime import UTC, datetime, timedelta
from typing import Protocol
from zoneinfo import ZoneInfo

PORT = ZoneInfo("Europe/Lisbon")
FIRST_DAY = 1
DAY = timedelta(days=1)
DAYS, HOURS = DAY, timedelta(hours=1)


class Clock(Protocol):
    def now(self) -> datetime: ...


class SystemClock:
    def now(self) -> datetime:
        return datetime.now(UTC)


def elapsed_days(start: datetime, end: datetime, zone: ZoneInfo = PORT) -> int:
    """Days between two moments, as the tariff means it: midnights that passed at the port."""
    start, end = start.astimezone(UTC), end.astimezone(UTC)
    opened = start.replace(hour=0, minute=0, second=0, microsecond=0)
    return -((opened - end) // DAY) - 1 if end > opened else 0


def start_of_day(moment: datetime, zone: ZoneInfo = PORT) -> datetime:
    """Midnight at the port before `moment`."""
    return moment.astimezone(zone).replace(hour=0, minute=0, second=0, microsecond=0)
'''

FIXED = '''def elapsed_days(start: datetime, end: datetime, zone: ZoneInfo = PORT) -> int:
    """Days between two moments, as the tariff means it: midnights that passed at the port."""
    return max(0, (end.astimezone(zone).date() - start.astimezone(zone).date()).days)'''

BROKEN = CLOCK[CLOCK.index("def elapsed_days") : CLOCK.index("\n\n\ndef start_of_day")]

STORAGE = '''"""What a container's stay in the yard costs. Amounts are whole cents."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from zoneinfo import ZoneInfo

from quay.clock import FIRST_DAY, PORT, elapsed_days
from quay.errors import NoTariff
from quay.models.container import Container
from quay.models.tariff import Tariff


@dataclass(frozen=True, slots=True)
class Charge:
    number: str
    days: int
    free: int
    cents: int


def charge(container: Container, left: datetime, tariffs: Sequence[Tariff], zone: ZoneInfo = PORT) -> Charge:
    """The charge for one stay, by the tariff that held when the container came in."""
    tariff = valid(tariffs, container.arrived_at)
    days = elapsed_days(container.arrived_at, left, zone) + FIRST_DAY
    paid = max(0, days - tariff.free_days)
    return Charge(container.number, days, min(days, tariff.free_days), paid * tariff.cents_per_day)


def valid(tariffs: Sequence[Tariff], moment: datetime) -> Tariff:
    """The latest tariff that had begun at `moment`. Raises: NoTariff."""
    begun = [tariff for tariff in tariffs if tariff.valid_from <= moment]
    if not begun:
        raise NoTariff(f"no tariff was valid on {moment:%Y-%m-%d}")
    return max(begun, key=lambda tariff: tariff.valid_from)
'''

EXPORT = '''"""The nightly export of storage charges: one line a container, semicolons, no quotes."""

from collections.abc import Iterable, Iterator

from quay.billing.storage import Charge

COLUMNS = ("number", "days", "free", "cents")


def lines(charges: Iterable[Charge]) -> Iterator[str]:
    """The header, then the charges in the order of their container numbers."""
    yield ";".join(COLUMNS)
    for item in sorted(charges, key=lambda charge: charge.number):
        yield ";".join(str(getattr(item, column)) for column in COLUMNS)
'''

REGRESSION = """

SPRING = datetime(2024, 3, 31, tzinfo=PORT)
AUTUMN = datetime(2024, 10, 27, tzinfo=PORT)


@pytest.mark.parametrize("change", [SPRING, AUTUMN])
def test_a_stay_over_a_clock_change_counts_midnights(change):
    came, left = change - timedelta(days=2, minutes=-20), change + timedelta(days=2, minutes=20)

    assert elapsed_days(came, left, PORT) == 4


def test_a_stay_that_ends_just_after_a_summer_midnight_counts_that_midnight():
    came = datetime(2024, 7, 1, 9, 0, tzinfo=PORT)
    left = datetime(2024, 7, 4, 0, 10, tzinfo=PORT)

    assert elapsed_days(came, left, PORT) == 3


def test_no_time_is_no_days():
    bill = charge(container_at(SPRING), SPRING, [TARIFF])

    assert bill.days == 0
"""

WRONG_TEST = REGRESSION[REGRESSION.index("    bill = ") :]
RIGHT_TEST = "    assert elapsed_days(SPRING, SPRING, PORT) == 0\n"

PYPROJECT = """[project]
name = "quay"
version = "4.7.2"
requires-python = ">=3.12"
dependencies = ["starlette==0.46.2", "pydantic==2.11.4", "uvicorn==0.34.2"]

[dependency-groups]
dev = ["pytest==8.3.5", "ruff==0.11.8", "mypy==1.15.0"]

[tool.pytest.ini_options]
testpaths = ["tests"]
filterwarnings = ["error"]
"""

README = """# quay

Runs the yard of a container port: gate, slots, cranes, holds and what it all costs.

- `src/quay/models`: what there is; frozen dataclasses, no behaviour.
- `src/quay/services`: the rules. They ask `quay.clock` for the time and for days.
- `src/quay/store`: SQLite tables. `src/quay/api`: HTTP, nothing decided there.
- `src/quay/billing`: money. Whole cents; a float in here fails the build.
- `src/quay/reports`: files for others. Their layout is a contract.

Moments are stored in UTC. Days are the port's own days (Europe/Lisbon): a tariff day begins at local midnight.

    make test        # all of it, about 40 s
    pytest tests/billing -q
"""

WRITTEN = {
    "README.md": README,
    "pyproject.toml": PYPROJECT,
    "src/quay/clock.py": CLOCK,
    "src/quay/billing/storage.py": STORAGE,
    "src/quay/reports/storage.py": EXPORT,
}
