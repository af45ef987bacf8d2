"""`litany runs`, `litany show`, `litany export`: which runs there are, how one stands, what was said in it."""

from __future__ import annotations

import json
import sys
from dataclasses import asdict
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from litany.cli.run import RunName, StorePath
from litany.cli.running import ENDS, STORE, again
from litany.cli.store import plain
from litany.cli.watching import shortened
from litany.core.money import money
from litany.errors import LitanyError, TaskError

if TYPE_CHECKING:  # the loop is imported when a command runs
    from litany.core.state import State
    from litany.loop.folder import Folder
    from litany.loop.journal import Held, Message

LAST = 6
"""Messages that `show` lists."""
AsJson = Annotated[bool, typer.Option("--json", help="JSON, for machines.")]
Out = Annotated[Path | None, typer.Option(help="A file to write to. [default: stdout]", metavar="FILE")]


def runs(store: StorePath = STORE, as_json: AsJson = False) -> int:
    """List the runs: name, how it stands, steps, tokens, dollars, when it was at work last, goal."""
    from litany.loop.folder import folders

    lines = [_line(folder) for folder in folders(store)]
    for line in lines if as_json else ():
        print(json.dumps(line))
    if as_json:
        return 0
    if not lines:
        print(f"litany: there is no run in {store} yet; `litany run TASK.toml` begins one", file=sys.stderr)
    for line in lines:
        cost = money(line["cost"])
        sums = f"{line['steps']:>5} steps {line['tokens']:>10,} tokens {cost:>10}"
        print(f"{plain(line['run']):<36} {line['status']:<11} {sums}  {line['updated']}  {shortened(line['goal'], 48)}")
    return 0


def show(run: RunName, store: StorePath = STORE, as_json: AsJson = False) -> int:
    """Show how a run stands: agenda, what it took, the last messages, and how to go on."""
    from litany.loop.folder import folder_of

    folder = folder_of(store, run)
    line, state = _line(folder), _state(folder)
    held = _held(folder)
    messages, spent = held.messages, held.spent
    listed = state.agenda.todos if state else ()
    todos = [{"id": todo.id, "content": todo.content, "status": str(todo.status)} for todo in listed]
    if as_json:
        print(json.dumps({**line, "todos": todos, "spent": asdict(spent), "messages": len(messages)}))
        return 0
    print(f"{plain(run)}: {ENDS.get(line['status'], line['status'])}")
    print(f"goal: {shortened(line['goal'], 400)}")
    for todo in todos:
        print(f"todo {plain(todo['id'])}: {plain(todo['content'])} [{todo['status']}]")
    cached = f", {spent.cached / spent.prompt:.0%} of them cached" if spent.cached else ""
    sums = f"{spent.steps:,} steps, {spent.prompt:,} tokens read{cached}, {spent.completion:,} written"
    print(f"took: {sums}, {money(spent.cost)}")
    for message in messages[-LAST:]:
        calls = ", ".join(call["function"]["name"] for call in message.get("tool_calls") or ())
        print(f"{message['role']:>10}: {shortened(message['content'] or f'calls {calls}', 120)}")
    print(f"what each call sent: litany explain {plain(folder.trace)}")
    if line["status"] not in ("done", "running"):
        print(f"go on with: {again(folder, store)}")
    return 0


def export(run: RunName, out: Out = None, store: StorePath = STORE) -> int:
    """Write what was said in a run: one OpenAI message a line, as `litany replay` reads it."""
    from litany.loop.folder import folder_of

    lines = [_json(message) for message in _held(folder_of(store, run)).messages]
    if out is None:
        print("\n".join(lines))
        return 0
    try:
        out.write_text("".join(f"{line}\n" for line in lines), "utf-8")
    except OSError as error:
        raise TaskError(f"--out {out}: cannot be written ({error.strerror or error}); give another path") from None
    return 0


def _json(message: Message) -> str:
    """The message in one line of UTF-8; half a character is written by its number."""
    line = json.dumps(message, ensure_ascii=False)
    try:
        line.encode()
    except UnicodeEncodeError:
        return json.dumps(message)
    return line


def _line(folder: Folder) -> dict[str, Any]:
    """A run as it is listed; one that cannot be read is listed with why."""
    from litany.loop.journal import Spent

    spent, status, goal = Spent(), "damaged", ""
    try:
        goal = folder.order.task.goal
        held = _held(folder)
        spent, status = held.spent, "running" if folder.busy() else held.status or "stopped"
    except LitanyError as error:
        goal = goal or str(error)
    last = max((file.stat().st_mtime for file in folder.path.glob("*.sqlite*")), default=folder.path.stat().st_mtime)
    updated = datetime.fromtimestamp(last, UTC).isoformat(timespec="seconds")
    took = {"steps": spent.steps, "tokens": spent.tokens, "cost": spent.cost, "seconds": round(spent.seconds, 1)}
    return {"run": folder.name, "status": status, **took, "updated": updated, "goal": goal}


def _held(folder: Folder) -> Held:
    """Its record, what it took, how it ended."""
    from litany.loop.journal import held

    return held(folder.journal)


def _state(folder: Folder) -> State | None:
    from litany.loop.work import KEY
    from litany.stores.reading import kept_state

    if not folder.state.exists():
        return None
    return kept_state(folder.state, KEY)
