"""A process among several on one store: what it does is its first argument, what came of it is printed as JSON."""

import json
import os
import sys
from collections.abc import Callable
from threading import Thread
from typing import Any

from litany import Litany, MemoryStore, Policy, SqliteStore
from litany.archive import Store

SMALL = Policy(window=6_000, reserve=500)
TURNS = 30


def talk(canary: str) -> list[dict[str, Any]]:
    """A talk in which every message bears the canary."""
    messages: list[dict[str, Any]] = [{"role": "user", "content": f"Look for {canary}."}]
    for n in range(TURNS):
        call = {"id": f"c{n}", "type": "function", "function": {"name": "look", "arguments": f'{{"for":"{canary}"}}'}}
        messages.append({"role": "assistant", "content": f"{canary} step {n}", "tool_calls": [call]})
        messages.append({"role": "tool", "tool_call_id": f"c{n}", "content": f"{canary} result {n} " * 60})
    return messages


def spoken(store: Store, canary: str) -> list[object]:
    """All views of the talk, and what is recalled at its end."""
    litany = Litany(goal=f"Find {canary}.", store=store, key=canary, policy=SMALL, mark="0badcafe", dialect="openai")
    messages = talk(canary)
    views: list[object] = [litany(messages[: 1 + 2 * turn]) for turn in range(1, TURNS + 1)]
    return [*views, [item.message for item in litany.recall("canary result step")]]


def alone(path: str, *canaries: str) -> None:
    """Whether several talks at once, a thread each, over the shared file were sent what each is sent alone."""
    store = SqliteStore(path)
    sent: dict[str, list[object]] = {}
    threads = [Thread(target=lambda name=name: sent.update({name: spoken(store, name)})) for name in canaries]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    same = {name: sent[name] == spoken(MemoryStore(), name) for name in canaries}
    crossed = [name for name in canaries for other in canaries if other != name and other in json.dumps(sent[name])]
    json.dump([same, crossed], sys.stdout)


def notes(path: str, name: str, number: str) -> None:
    """Notes, one after another, on the conversation that another process writes too."""
    litany = Litany(goal="Find the leak.", store=SqliteStore(path), key="talk", policy=SMALL, dialect="openai")
    messages = talk("leak")
    for n in range(int(number)):
        arguments = json.dumps({"content": f"{name}-{n}"})
        litany.answer({"id": f"{name}{n}", "function": {"name": "note", "arguments": arguments}})
        litany(messages[: 1 + 2 * min(n, TURNS)])
    json.dump("done", sys.stdout)


def forks(path: str) -> None:
    """A child that goes on with the conversation while its parent does, and lives longer than it."""
    store = SqliteStore(path)
    litany = Litany(goal="Find the leak.", store=store, key="talk", policy=SMALL, dialect="openai")
    litany(talk("leak")[:21])
    child = os.fork()
    name = "parent" if child else "child"
    for n in range(30):
        arguments = json.dumps({"content": f"{name}-{n}"})
        litany.answer({"id": f"{name}{n}", "function": {"name": "note", "arguments": arguments}})
        if child and n == 10:
            store.close()  # the last connection of the parent removes the log, if it believes itself alone
    if not child:
        os._exit(0)
    os.waitpid(child, 0)
    json.dump("done", sys.stdout)


TASKS: dict[str, Callable[..., None]] = {"alone": alone, "notes": notes, "forks": forks}

if __name__ == "__main__":
    TASKS[sys.argv[1]](*sys.argv[2:])
