"""How a run is seen where no terminal draws it: a line an event, for people or as JSON."""

from __future__ import annotations

import json
import sys
from collections.abc import Mapping
from time import time
from typing import TYPE_CHECKING, Any, TextIO

from litany.cli.store import plain
from litany.core.money import money

if TYPE_CHECKING:
    from litany.loop.events import Event

LONGEST = 160
"""Characters of a line's text."""


class Lines:
    """A line on stderr for what a reader would want to know."""

    def __init__(self) -> None:
        self._view: Mapping[str, Any] = {}

    def __call__(self, event: Event) -> None:
        """One event."""
        if event.kind == "sending":
            self._view = event.fields
        text = told(event, self._view)
        if text:
            print(f"litany: {shortened(text)}", file=sys.stderr, flush=True)

    def close(self) -> None:
        """Nothing to end."""


class Json:
    """A JSON object a line, for each event."""

    def __init__(self, out: TextIO) -> None:
        """`out`: where the lines go."""
        self._out = out

    def __call__(self, event: Event) -> None:
        """One event."""
        whole = {"event": event.kind, "run": event.run, "step": event.step, "time": round(time(), 3), **event.fields}
        print(json.dumps(whole), file=self._out, flush=True)

    def close(self) -> None:
        """Nothing to end."""


def told(event: Event, view: Mapping[str, Any]) -> str:
    """An event in one line; "" for one that goes without saying."""
    fields, where = event.fields, f"{event.run.partition('/')[2]} " if "/" in event.run else ""
    match event.kind:
        case "begun":
            how = "goes on" if fields["resumed"] else "begins"
            return f"{where or event.run + ' '}{how} in {fields['folder']} with {fields['model']}"
        case "answered":
            room = f"{view.get('tokens', 0):,} of {view.get('budget', 0):,} tokens"
            cost = f", {money(fields['cost'])}" if fields["cost"] else ""
            return f"{where}step {event.step}: {room}{cost}: {', '.join(fields['calls']) or fields['text']}"
        case "gave":
            return f"{where}  {fields['tool']}{' failed' if fields['failed'] else ''}: {fields['text']}"
        case "unknown":
            return f"{where}  {fields['tool']}: was under way when the run was stopped; it is not called again"
        case "waiting":
            return f"{where}  {fields['model']}: {fields['why']}; again in {fields['seconds']:g} s"
        case "fallback":
            return f"{where}  {fields['model']}: {fields['why']}; the next model is asked"
        case "shrunk":
            return f"{where}  the view was too long for the model; a smaller one is sent: {fields['why']}"
        case "told":
            left = len(fields["open"])
            why = f"{left} thing{'s are' if left > 1 else ' is'} open" if left else "its answer was cut off or empty"
            return f"{where}the agent would stop, and {why}; it was told"
        case "stuck":
            return f"{where}  {fields['tool']}: the same result {fields['times']} times; the agent was told"
    return ""


def shortened(text: str, longest: int = LONGEST) -> str:
    """The text in one line that can be printed."""
    line = plain(" ".join(text[: 8 * longest].split()))
    return line if len(line) <= longest else f"{line[: longest - 1]}…"
