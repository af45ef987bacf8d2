"""What `litany run` and `litany resume` do alike: they show the work, and end with a status that a script can read."""

from __future__ import annotations

import asyncio
import json
import os
import sys
from contextlib import closing
from pathlib import Path
from typing import TYPE_CHECKING

from litany.cli.apart import apart
from litany.cli.store import plain
from litany.cli.watching import Json, Lines
from litany.core.money import money
from litany.errors import LitanyError, PolicyError

if TYPE_CHECKING:  # the loop is imported when a command runs, and LangGraph with it
    from litany.loop.events import Event
    from litany.loop.folder import Folder, Order
    from litany.loop.run import Ended

STORE = Path(".litany")
"""Where runs live unless told otherwise."""
DONE, OPEN, LIMIT, INTERRUPTED = 0, 1, 3, 130
ENDS = {
    "done": "done",
    "open": "stopped with items open",
    "asks": "the agent asks you something",
    "stuck": "stopped: the same call gave the same result again and again",
    "limit": "a limit was reached",
}


def walked(folder: Folder, order: Order, store: Path, said: str | None, as_json: bool) -> int:
    """Walks the run, and gives the exit status. Raises: LitanyError when it could not begin."""
    from litany.loop.run import run

    began = [False]
    try:
        with apart() as out, closing(Json(out) if as_json else _live() or Lines()) as shown:

            def tell(event: Event) -> None:
                began[0] = True
                shown(event)

            ended = asyncio.run(run(folder, order, tell, said=said, environment=dict(os.environ)))
    except KeyboardInterrupt:
        print(f"litany: interrupted; nothing is lost; go on with: {again(folder, store)}", file=sys.stderr)
        return INTERRUPTED
    except LitanyError as error:
        if not began[0]:
            raise
        print(f"litany: {' '.join(str(error).split())}", file=sys.stderr)
        print(f"litany: what was done is kept; go on with: {again(folder, store)}", file=sys.stderr)
        return OPEN
    if not as_json:
        _ended(ended, folder, store)
    return DONE if ended.status == "done" else LIMIT if ended.status == "limit" else OPEN


def again(folder: Folder, store: Path, more: str = "") -> str:
    """The command that goes on with a run."""
    beside = "" if store == STORE else f" --store {store}"
    return plain(f"litany resume {folder.name}{beside}{more}")


def limits_of(steps: int | None, tokens: str | None, usd: float | None, seconds: float | None) -> dict[str, float]:
    """The limits that were given."""
    from litany.cli.settings import size

    counted = None if tokens is None else size(tokens, "--tokens")
    given = {"steps": steps, "tokens": counted, "usd": usd, "seconds": seconds}
    for name, value in given.items():
        if value is not None and value <= 0:
            raise PolicyError(f"--{name} is {value}; give a number above 0, or leave it out")
    return {name: value for name, value in given.items() if value is not None}


def _ended(ended: Ended, folder: Folder, store: Path) -> None:
    """The answer on stdout, how it ended on stderr."""
    for line in ended.text.split("\n") if ended.text else []:
        print(plain(line))
    took = ended.spent
    sums = f"{took.steps:,} steps, {took.tokens:,} tokens" + (f", {money(took.cost)}" if took.cost else "")
    print(f"litany: {ENDS.get(ended.status, ended.status)}: {sums}", file=sys.stderr)
    for item in ended.open:
        print(f"litany:   open: {plain(item)}", file=sys.stderr)
    if ended.status != "done":
        more = ' --say "…"' if ended.status == "asks" else " --steps N" if ended.status == "limit" else ""
        print(f"litany: go on with: {again(folder, store, more)}", file=sys.stderr)


def _live() -> Lines | None:
    """The live view, where stderr is a terminal that can draw one."""
    if not sys.stderr.isatty() or os.environ.get("TERM") == "dumb":
        return None
    from litany.cli.live import Live

    return Live()


def dumped(value: object) -> str:
    """JSON in one line."""
    return json.dumps(value, ensure_ascii=False)
