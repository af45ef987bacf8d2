"""`litany store` from the outside: what it prints where, and its exit status."""

import json
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from litany import Litany, Policy, SqliteStore
from litany.middleware import Conversations

COMMAND = [sys.executable, "-c", "from litany.cli import main; main()", "store"]


def command(*arguments: object) -> subprocess.CompletedProcess[str]:
    return subprocess.run([*COMMAND, *map(str, arguments)], check=False, capture_output=True, text=True)


@pytest.fixture
def path(tmp_path: Path) -> Path:
    """A store with a conversation that was compacted, and a sub-agent's."""
    store = SqliteStore(tmp_path / "agents.litany")
    policy = Policy(window=6_000, reserve=500)
    litany = Litany("Find the \x1b[31mleak.", ["Never guess."], policy, store, "run/7", dialect="openai")
    messages: list[dict[str, Any]] = [{"role": "user", "content": "Go."}]
    for n in range(30):
        call = {"id": f"c{n}", "type": "function", "function": {"name": "look", "arguments": "{}"}}
        messages.append({"role": "assistant", "content": f"step {n} " * 80, "tool_calls": [call]})
        messages.append({"role": "tool", "tool_call_id": f"c{n}", "content": f"result {n} " * 80})
        litany(messages)
    litany.answer({"id": "t", "function": {"name": "note", "arguments": '{"content": "pool.py"}'}})
    litany.child("Count the drops.")
    store.close()
    return tmp_path / "agents.litany"


def test_ls_lists_every_conversation_with_its_goal_and_size(path: Path) -> None:
    ran = command("ls", path)

    assert (ran.returncode, ran.stderr) == (0, "")
    head, first, second = ran.stdout.splitlines()
    assert head.split() == ["key", "messages", "compactions", "kept", "bytes", "updated", "goal"]
    assert first.split()[:2] == ["run/7", "61"]
    assert first.endswith(r"Find the \x1b[31mleak.")
    assert second.split()[0] == "run/7/1"


def test_ls_leaves_out_the_lists_by_which_conversations_are_found(tmp_path: Path) -> None:
    store = SqliteStore(tmp_path / "agents.litany")
    shared = Conversations(store=store)
    go: list[dict[str, Any]] = [{"role": "user", "content": "Go."}]
    shared.open(go)
    shared.open([*go, {"role": "assistant", "content": "Where?"}, {"role": "user", "content": "Home."}])
    names = store.names()
    store.close()

    lines = [json.loads(line) for line in command("ls", tmp_path / "agents.litany", "--json").stdout.splitlines()]

    assert [name for name in names if "~@" in name]
    assert [line["key"] for line in lines] == [name for name in names if "~@" not in name]


def test_json_of_ls_is_one_object_a_conversation(path: Path) -> None:
    lines = [json.loads(line) for line in command("ls", path, "--json").stdout.splitlines()]

    assert [(line["key"], line["messages"]) for line in lines] == [("run/7", 61), ("run/7/1", 0)]
    assert lines[0]["compactions"] >= 1
    assert lines[0]["bytes"] > 0


def test_show_tells_goal_constraints_notes_and_what_is_kept(path: Path) -> None:
    ran = command("show", path, "run/7")
    told = json.loads(command("show", path, "run/7", "--json").stdout)

    assert (ran.returncode, ran.stderr) == (0, "")
    assert "goal: Find the \\x1b[31mleak." in ran.stdout
    assert "constraints: Never guess." in ran.stdout
    assert "notes: pool.py" in ran.stdout
    assert f"kept: {len(told['kept'])} messages" in ran.stdout
    assert "\x1b" not in ran.stdout
    assert told["cut"]["end"] > 0


def test_forget_deletes_one_conversation_and_names_its_sub_agents(path: Path) -> None:
    ran = command("forget", path, "run/7")

    assert (ran.returncode, ran.stdout) == (0, "forgot run/7\n")
    assert "run/7/1" in ran.stderr
    assert SqliteStore(path).names() == ["run/7/1"]


def test_vacuum_says_the_bytes_before_and_after(path: Path) -> None:
    before = path.stat().st_size
    ran = command("vacuum", path)

    assert ran.returncode == 0
    assert ran.stdout == f"{before:,} bytes before, {path.stat().st_size:,} after\n"


@pytest.mark.parametrize("line", [("show", "nobody"), ("forget", "nobody")])
def test_an_unknown_conversation_is_one_line_on_stderr_and_status_two(path: Path, line: tuple[str, str]) -> None:
    ran = command(line[0], path, line[1])

    assert (ran.returncode, ran.stdout) == (2, "")
    assert ran.stderr.count("\n") == 1
    assert "holds no conversation 'nobody'" in ran.stderr


def test_a_path_without_a_store_is_one_line_and_no_file_is_made(tmp_path: Path) -> None:
    (tmp_path / "empty").touch()
    for name in ("nothing", "empty"):
        ran = command("ls", tmp_path / name)
        assert (ran.returncode, ran.stdout) == (2, "")
        assert ran.stderr.count("\n") == 1
    assert [file.name for file in tmp_path.iterdir()] == ["empty"]
    assert not (tmp_path / "empty").stat().st_size
