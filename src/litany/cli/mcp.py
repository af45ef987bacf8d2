"""`litany mcp`: recall, note and update_todos of a stored conversation, for MCP clients."""

import sys
from pathlib import Path
from typing import Annotated

import typer

from litany.cli.store import plain

StorePath = Annotated[Path, typer.Option("--store", help="The file of the conversations.", metavar="PATH")]
Key = Annotated[
    str | None,
    typer.Option(
        "--conversation",
        help="Which one, as `litany store ls` names it. [default: the one under way; of several each call says which]",
        metavar="KEY",
    ),
]


def mcp(store: StorePath, conversation: Key = None) -> int:
    """Serve recall, note and update_todos of a conversation to an MCP client, on standard input and output.

    Give the store of `litany serve`: an agent that goes through it gets its memory back, and its todos recited. An
    agent's configuration names this command, such as `litany mcp --store agents.litany`. A store that is not there yet
    is not made: the tools say so until it is.

    Without --conversation the tools work on the one under way: the only one of the last hour, else the only one written
    since this command started, its sub-agents' being part of it. Where several are, they name them with their goals and
    change nothing, and the agent says which one is its own in the argument `conversation`.
    """
    from litany.adapters.mcp import serve
    from litany.stores import SqliteStore

    if store.exists():
        SqliteStore(store, create=False)  # what is wrong with it is said now
    else:
        print(f"litany: there is no store at {plain(store)} yet; `litany serve --store` makes it", file=sys.stderr)
    serve(store, conversation)
    return 0
