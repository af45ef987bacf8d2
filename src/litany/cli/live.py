"""A run at work, drawn on the terminal: agenda with ticks, the context by section, cost, the last calls."""

from __future__ import annotations

import sys
from collections import deque
from collections.abc import Mapping
from contextlib import ExitStack
from time import monotonic
from typing import TYPE_CHECKING, Any

from rich.console import Console, Group
from rich.live import Live as Drawn
from rich.text import Text

from litany.cli.apart import overheard
from litany.cli.progress import clock
from litany.cli.store import plain
from litany.cli.watching import Lines, shortened
from litany.core.money import money

if TYPE_CHECKING:
    from litany.loop.events import Event

TICKS = {"completed": "✔", "in_progress": "▸", "blocked": "✖", "cancelled": "–"}
OPEN = "○"
STYLES = {
    "system": "bright_black",
    "tools": "blue",
    "head": "magenta",
    "summary": "yellow",
    "tail": "cyan",
    "recitation": "bright_green",
}
MOST, CALLS = 12, 6
"""Todos and calls that are shown."""
PER_SECOND = 8
"""Times that it is drawn."""


class Live(Lines):
    """Draws on stderr, and takes the drawing away at the end."""

    def __init__(self, console: Console | None = None) -> None:
        """`console`: to draw on; None: stderr."""
        super().__init__()
        self._console = console or Console(file=sys.stderr, highlight=False, emoji=False)
        self._began, self._head, self._step = monotonic(), "", 0
        self._agenda: Mapping[str, Any] = {"goal": "", "todos": []}
        self._sums = {"prompt": 0, "cached": 0, "completion": 0, "cost": 0.0}
        self._last: deque[str] = deque(maxlen=CALLS)
        self._heard = ""
        self._drawn = Drawn(
            console=self._console, get_renderable=self.drawing, refresh_per_second=PER_SECOND, transient=True
        )
        self._over = ExitStack()
        self._over.callback(self._drawn.stop)
        self._drawn.start()
        self._over.enter_context(overheard(self._above))

    def __call__(self, event: Event) -> None:
        """One event."""
        fields = event.fields
        self._step = event.step or self._step
        match event.kind:
            case "begun" if "/" not in event.run:
                self._head = f"{event.run} · {fields['model']}"
            case "agenda" if "/" not in event.run:
                self._agenda = fields
            case "sending":
                self._view, self._heard = fields, ""
            case "heard":
                self._heard = (self._heard + fields["text"])[-500:]
            case "answered":
                self._heard = fields["text"]
                for name in self._sums:
                    self._sums[name] += fields[name] or 0
            case "gave":
                self._last.append(f"{'✖' if fields['failed'] else '✔'} {fields['tool']}  {fields['text']}")
            case "unknown" | "waiting" | "fallback" | "shrunk" | "told" | "stuck":
                super().__call__(event)

    def close(self) -> None:
        """Takes the drawing away."""
        self._over.close()

    def drawing(self) -> Group:
        """What is to be seen now."""
        wide = max(24, self._console.width - 2)
        head = Text(shortened(f"{self._head} · step {self._step} · {clock(monotonic() - self._began)}", wide), "bold")
        parts = [head, Text(shortened(self._agenda["goal"], wide)), *self._todos(wide), self._bar(wide), self._cost()]
        parts += [Text(shortened(line, wide), "dim") for line in self._last]
        if self._heard.strip():
            parts.append(Text(shortened(self._heard[-wide:], wide), "italic"))
        return Group(*parts)

    def _above(self, line: str) -> None:
        """A line of a user's code, which would run into the drawing, stands above it."""
        self._console.print(Text(plain(line)))

    def _todos(self, wide: int) -> list[Text]:
        todos = self._agenda["todos"]
        shown = [todo for todo in todos if todo["status"] not in ("completed", "cancelled")][:MOST]
        closed = len(todos) - sum(todo["status"] not in ("completed", "cancelled") for todo in todos)
        lines = [Text(f"  {TICKS['completed']} {closed} done", "green")] if closed else []
        lines += [Text(shortened(f"  {TICKS.get(each['status'], OPEN)} {each['content']}", wide)) for each in shown]
        more = len(todos) - closed - len(shown)
        return [*lines, *([Text(f"  and {more} more", "dim")] if more else [])]

    def _bar(self, wide: int) -> Text:
        """The view against the budget, section by section."""
        budget, sections = max(1, self._view.get("budget", 1)), self._view.get("sections", {})
        room = max(10, min(60, wide - 30))
        bar = Text()
        for name, style in STYLES.items():
            size = sections.get(name, 0)
            bar.append("█" * (max(1, round(size * room / budget)) if size else 0), style)
        bar.append("·" * max(0, room - len(bar)), "dim")
        bar.append(f" {self._view.get('tokens', 0):,} of {budget:,}")
        return bar

    def _cost(self) -> Text:
        sums = self._sums
        share = f", {sums['cached'] / sums['prompt']:.0%} cached" if sums["cached"] and sums["prompt"] else ""
        cost = f", {money(sums['cost'])}" if sums["cost"] else ""
        return Text(f"{sums['prompt']:,} tokens read{share}, {sums['completion']:,} written{cost}")
