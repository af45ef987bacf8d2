"""A page of `litany explain`: bars of the context and plain sentences, as wide as the terminal."""

import textwrap
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import TypeVar

from litany.cli.store import plain
from litany.explain.diff import Diff, Left, diff
from litany.explain.line import SECTIONS, Line, New
from litany.explain.overview import Row, cells, rows, totals
from litany.explain.read import Call, Run
from litany.explain.why import why

COLOURS = {"system": 90, "tools": 34, "head": 35, "summary": 33, "tail": 36, "recitation": 92}
"""The terminal's colour of each section."""
LETTERS = {"system": "s", "tools": "t", "head": "h", "summary": "m", "tail": "=", "recitation": "R"}
"""How a section looks where there is no colour."""
BLOCK, FREE = "█", "·"
LEAST, WIDEST = 12, 48
"""Cells of a bar."""
BESIDE = 62
"""Columns that a row of the overview wants beside its bar."""
Each = TypeVar("Each")
MOST = 20
"""Messages that are listed before the rest is counted."""


@dataclass(frozen=True, slots=True)
class Page:
    """Prints."""

    width: int
    coloured: bool

    def say(self, text: str = "", indent: str = "") -> None:
        """A sentence, wrapped."""
        wrapped = textwrap.wrap(
            plain(text), self.width, subsequent_indent=indent, break_long_words=False, break_on_hyphens=False
        )
        print("\n".join(wrapped))

    def hint(self, command: str) -> None:
        """What to type next, on one line however narrow the terminal is."""
        print(f"next: {plain(command)}")

    def overview(self, run: Run, most: int) -> None:
        """A run, call by call, long ones folded."""
        line, found = run.calls[-1].line, rows(run, most)
        cells_wide = min(WIDEST, max(LEAST, self.width - BESIDE))
        self.say(
            f"{run.name}: {_many(len(run.calls), 'call')}, {line.messages:,} messages, budget {line.budget:,} tokens"
        )
        print(f"{self._legend()}  {FREE} free")
        print()
        numbers = max(4, *(len(row.number) for row in found))
        print(f"{'call':>{numbers}}  {'context':<{cells_wide}}  {'tokens':>7} {'full':>4}  {'cost':>7}  what happened")
        for row in found:
            self._row(row, numbers, cells_wide)
        print()
        self._totals(run)

    def runs(self, every: Sequence[Run]) -> None:
        """The runs of a trace, one a row."""
        print(f"{len(every)} runs, {sum(len(run.calls) for run in every):,} calls; costs in uncached input tokens")
        print()
        print(f"{'run':>4} {'calls':>6} {'largest':>8} {'full':>4} {'cost':>9}  name")
        for run in every:
            largest = max((call.line for call in run.calls), key=lambda line: line.tokens)
            sums = f"{run.number:>4} {len(run.calls):>6,} {largest.tokens:>8,} {_share(largest)} {run.cost:>9,.0f}  "
            print(sums + _shortened(run.name, self.width - len(sums), end=True))
        print()

    def call(self, run: Run, place: int) -> None:
        """One call: what was sent, what it cost, what was new, and why."""
        call = run.calls[place]
        line = call.line
        self.say(f"{run.name}: call {call.number}, of {run.calls[0].number} to {run.calls[-1].number}")
        self.say(
            f"{line.tokens:,} of {line.budget:,} tokens ({_share(line).strip()}); {line.sent:,} messages sent for "
            f"{line.messages:,} in the record; compacts at {line.levels.trigger:,}, down to {line.levels.keep:,}"
        )
        print()
        self._sections(line)
        print()
        self._cost(call)
        self._new(line.new)
        print()
        print("why")
        for sentence in why(line):
            self.say(f"  - {sentence}", "    ")
        if line.recital:
            print()
            print("the recitation, as the model read it")
            for text in line.recital.splitlines():
                self.say(f"  {text}", "    ")

    def diff(self, run: Run, place: int) -> None:
        """The same call against the one before."""
        found = diff(run, place)
        print()
        if found is None:
            print("diff: this is the first call of the trace; there is none before it")
            return
        print(f"against call {run.calls[place - 1].number}")
        self._joined(found)
        self._left(found.left)
        changes = [change for change in found.changes if change.before != change.after]
        for change in changes:
            print(
                f"  {change.section:<10} {change.before:>8,} to {change.after:>8,}  {change.after - change.before:>+8,}"
            )
        self.say(f"  prefix: {_kept(found)}", "    ")
        print(f"  cost: {found.cost:+,.0f}")

    def _row(self, row: Row, numbers: int, wide: int) -> None:
        line = row.line
        sums = f"  {line.tokens:>7,} {_share(line)}  {row.cost:>7,.0f}  "
        room = self.width - numbers - 2 - wide - len(sums)
        print(f"{row.number:>{numbers}}  {self._bar(line, wide)}{sums}{_shortened(row.said, room)}".rstrip())

    def _bar(self, line: Line, wide: int) -> str:
        filled = cells(line, wide)
        free = FREE * (wide - sum(number for _, number in filled))
        return "".join(self._cells(name, number) for name, number in filled) + free

    def _cells(self, section: str, number: int) -> str:
        if not self.coloured:
            return LETTERS[section] * number
        return f"\x1b[{COLOURS[section]}m{BLOCK * number}\x1b[0m"

    def _legend(self) -> str:
        return "  ".join(f"{self._cells(name, 1)} {name}" for name in SECTIONS)

    def _totals(self, run: Run) -> None:
        found = ", ".join(f"{number} x {name}" for name, number in totals(run.calls).items())
        whole = max(1, sum(call.line.tokens for call in run.calls))
        read = sum(call.cost.read for call in run.calls)
        self.say(f"in all: {found or 'nothing was clipped, cleared, compacted or recited'}")
        self.say(
            f"cost: {run.cost:,.0f} in units of one uncached input token ({whole:,} tokens sent, {read / whole:.0%} of "
            "them read from the prefix of the call before)"
        )

    def _sections(self, line: Line) -> None:
        wide = min(WIDEST, max(LEAST, self.width - 30))
        for name in SECTIONS:
            size = getattr(line.sections, name)
            number = dict(cells(line, wide)).get(name, 0)
            print(f"  {name:<10} {size:>8,}  {self._cells(name, number) if number else ''}".rstrip())

    def _cost(self, call: Call) -> None:
        cost = call.cost
        parts = [
            f"0.1 x {cost.read:,} kept from the call before" if cost.read else "",
            f"1.25 x {cost.write:,} new or moved",
        ]
        parts += [f"1 x {cost.passing:,} of a passing recitation"] if cost.passing else []
        parts += [f"{cost.summary:,.0f} for the summary"] if cost.summary else []
        self.say(f"cost {cost.total:,.0f} = {' + '.join(filter(None, parts))}", "  ")

    def _new(self, new: Sequence[New]) -> None:
        print()
        print(f"new: {_many(len(new), 'message')}" if new else "new: no message; the same call came again")
        for each in _some(new):
            self._message(each)
        self._rest(new)

    def _message(self, new: New) -> None:
        sizes = f"{new.tokens:,}" if new.reads is None else f"{new.tokens:,}, sent as {new.reads:,}"
        calls = f" calls {', '.join(new.calls)}" if new.calls else ""
        start = f"  #{new.index} {new.role}{calls} ({sizes} tokens, {new.handle}) "
        print(plain(start) + _shortened(new.text, max(16, self.width - len(start))))

    def _joined(self, found: Diff) -> None:
        print(f"  joined: {_many(len(found.joined), 'message')}{_indexes(new.index for new in found.joined)}")

    def _left(self, left: Sequence[Left]) -> None:
        print(f"  left or shrank: {_many(len(left), 'message')}")
        for each in _some(left):
            sizes = "" if each.before is None else f" {each.before:,} to {each.after:,}"
            start = f"    #{each.index} {each.how}{sizes} ({each.handle or 'handle unknown'}) "
            print(start + _shortened(each.text, max(16, self.width - len(start))))
        self._rest(left)

    def _rest(self, every: Sequence[object]) -> None:
        if len(every) > MOST:
            print(f"    and {len(every) - MOST:,} more; --json lists all of them")


def _some(every: Sequence[Each]) -> Sequence[Each]:
    return every[:MOST]


def _kept(found: Diff) -> str:
    if found.prefix.to is None:
        return f"all of the view before stands, {found.prefix.tokens:,} tokens (a passing recitation aside)"
    return (
        f"the first {found.prefix.tokens:,} tokens stand, up to #{found.prefix.to} of the record; what follows is new"
    )


def _indexes(indexes: Iterable[int]) -> str:
    every = list(indexes)
    if not every:
        return ""
    return f", #{every[0]}" if len(every) == 1 else f", #{every[0]} to #{every[-1]}"


def _share(line: Line) -> str:
    return f"{line.tokens / max(1, line.budget):>4.0%}"


def _many(number: int, thing: str) -> str:
    return f"{number:,} {thing}{'' if number == 1 else 's'}"


def _shortened(text: str, room: int, end: bool = False) -> str:
    """The text in that many columns: its beginning, or its end. What would steer a terminal is escaped."""
    text = plain(text)
    if len(text) <= room:
        return text
    return f"…{text[len(text) - room + 1 :]}" if end else f"{text[: max(0, room - 1)].rstrip()}…"
