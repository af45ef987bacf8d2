"""`litany run` and the commands about runs, from the outside: what they print where, and their exit status."""

import io
import json
import os
import signal
import subprocess
import sys
import time
from pathlib import Path
from typing import Any

import pytest
from rich.console import Console

from litany.cli.app import run as inside
from litany.cli.live import Live
from litany.loop.events import Event, Kind
from tests.cli import command
from tests.loop.runs import END, TOOLS, calls, closes, ran, says

COMMAND = [sys.executable, "-W", "ignore", "-c", "from litany.cli import main; main()"]
PUT = calls(("put", {"text": "a"}))
SLOW = '''
import time
from pathlib import Path

def put(text: str) -> str:
    """Puts a text."""
    Path(__file__).with_name("began").touch()
    time.sleep(3_600)
    return text
'''

LOUD = '''
import os, subprocess, threading

print("at import")

def put(text: str) -> str:
    """Puts a text."""
    os.write(1, b"past Python\\n")
    subprocess.run(["echo", "by a program"], check=True)
    beside = threading.Thread(target=print, args=("from a thread",))
    beside.start()
    beside.join()
    return text

def holds() -> bool:
    """Is no tool, and holds."""
    print("by a check")
    return True
'''

SERVER = Path(__file__).parents[2] / "recipes" / "run_mcp.py"


def litany(at: Path, *words: str, **variables: str) -> subprocess.CompletedProcess[str]:
    return command.ran(words, {**os.environ, **variables}, at)


def events(ran: subprocess.CompletedProcess[str]) -> list[dict[str, Any]]:
    return [json.loads(text) for text in ran.stdout.splitlines()]


@pytest.fixture
def at(tmp_path: Path) -> Path:
    (tmp_path / "tools.py").write_text(TOOLS)
    script(tmp_path, PUT, closes("1"), says(END))
    (tmp_path / "task.toml").write_text(
        'goal = "Put a thing."\nmodel = "scripted:script.jsonl"\ntools = ["tools.py"]\ntodos = ["put a"]\n'
    )
    return tmp_path


def test_where_langgraph_is_not_installed_that_is_said(at: Path) -> None:
    without = "import sys; sys.modules['langgraph'] = None; from litany.cli import main; main()"

    words = [sys.executable, "-c", without, "run", "task.toml"]
    said = subprocess.run(words, cwd=at, check=False, capture_output=True, text=True)

    assert (said.returncode, said.stdout) == (2, "")
    assert said.stderr.endswith("is not installed; install litany[langgraph]\n")


def test_half_a_character_is_exported_so_that_it_is_read_again(tmp_path: Path) -> None:
    from litany.cli.app import run

    half = ran(tmp_path, [says("a \ud83d b"), says(END)], agent=True)

    where = ["--store", str(half.folder.path.parent), "--out", str(tmp_path / "out")]
    assert run(["export", half.folder.name, *where]) == 0
    lines = (tmp_path / "out").read_text("utf-8").splitlines()
    assert json.loads(lines[-1])["content"] == "a \ud83d b"


def test_a_tools_spec_may_name_variables_of_the_environment(at: Path) -> None:
    script(at, calls(("tide", {"harbour": "Cowes"})), says(END))
    words = (
        "run",
        "--goal",
        "Ask.",
        "--model",
        "scripted:script.jsonl",
        "--tools",
        f"mcp:$TIDE {SERVER} serve",
        "--json",
    )

    ran = litany(at, *words, TIDE=sys.executable)
    absent = litany(at, *words)

    assert ran.returncode == 0
    assert "high tide at Cowes: 11:40" in ran.stdout
    assert "quotes" not in absent.stderr
    assert (absent.returncode, "serve: $TIDE is not set; set it" in absent.stderr) == (2, True)


def script(at: Path, *lines: dict[str, Any]) -> None:
    (at / "script.jsonl").write_text("\n".join(map(json.dumps, lines)))


def test_a_task_is_run_listed_shown_exported_and_explained(at: Path) -> None:
    ran = litany(at, "run", "task.toml", "--name", "one")

    assert (ran.returncode, ran.stdout) == (0, f"{END}\n")
    assert "litany: done: 3 steps" in ran.stderr
    (line,) = [json.loads(text) for text in litany(at, "runs", "--json").stdout.splitlines()]
    assert (line["run"], line["status"], line["steps"]) == ("one", "done", 3)
    assert "todo 1: put a [completed]" in litany(at, "show", "one").stdout
    messages = [json.loads(text) for text in litany(at, "export", "one").stdout.splitlines()]
    assert [message["role"] for message in messages[:4]] == ["system", "user", "assistant", "tool"]
    explained = litany(at, "explain", ".litany/one/trace.jsonl")
    assert (explained.returncode, "3 calls" in explained.stdout) == (0, True)


def test_options_alone_are_a_task_and_a_limit_is_exit_status_3(at: Path) -> None:
    words = ["--goal", "Put.", "--model", "scripted:script.jsonl", "--tools", "tools.py", "--todo", "put a"]

    ran = litany(at, "run", *words, "--done", "file=effects", "--steps", "1", "--json")

    told = events(ran)
    assert ran.returncode == 3
    assert [event["event"] for event in told] == [
        "begun",
        "agenda",
        "sending",
        "answered",
        "called",
        "gave",
        "ended",
    ]
    assert told[-1]["status"] == "limit"
    resumed = litany(at, "resume", "put-1", "--steps", "9")
    assert (resumed.returncode, resumed.stdout) == (0, f"{END}\n")


def test_the_agents_commands_see_no_secret_but_what_is_passed_and_checks_see_all(at: Path) -> None:
    look = calls(("shell", {"command": "echo [$OPENAI_API_KEY][$GH_TOKEN]"}))
    script(at, look, look, says(END))
    words = ["--allow-shell", "--pass-env", "GH_TOKEN", "--goal", "Look.", "--model", "scripted:script.jsonl"]
    secrets = {"OPENAI_API_KEY": "hidden", "GH_TOKEN": "passed"}

    ran = litany(at, "run", *words, "--done", "shell=test $OPENAI_API_KEY = hidden", "--json", "--steps=1", **secrets)
    resumed = litany(at, "resume", "look-1", "--steps=9", "--json", **secrets)

    assert (ran.returncode, resumed.returncode) == (3, 0)
    for each in (ran, resumed):
        assert [event["text"] for event in events(each) if event["event"] == "gave"] == ["[][passed]\n"]


def test_a_variable_that_is_not_there_cannot_be_passed(at: Path) -> None:
    absent = litany(at, "run", "task.toml", "--allow-shell", "--pass-env", "NONE_SUCH_TOKEN")

    assert (absent.returncode, "--pass-env NONE_SUCH_TOKEN: there is no such variable" in absent.stderr) == (2, True)


def test_what_a_tool_writes_to_stdout_comes_between_no_events(at: Path) -> None:
    (at / "tools.py").write_text(LOUD)

    ran = litany(at, "run", "task.toml", "--done", "python=tools:holds", "--name", "loud", "--json")
    again = litany(at, "run", "task.toml")

    assert [event["event"] for event in events(ran)][-1] == "ended"
    assert (ran.returncode, again.returncode, again.stdout) == (0, 0, f"{END}\n")
    assert {"at import", "past Python", "by a program"} <= set(ran.stderr.splitlines())


def test_a_run_that_stops_with_items_open_is_exit_status_1_and_says_how_to_go_on(at: Path) -> None:
    script(at, says("Which colour?"), closes("1"), says(END))

    asked = litany(at, "run", "task.toml", "--name", "ask")

    assert (asked.returncode, asked.stdout) == (1, "Which colour?\n")
    assert 'go on with: litany resume ask --say "…"' in asked.stderr
    assert litany(at, "resume", "ask", "--say", "Red.").returncode == 0


def test_what_cannot_start_is_exit_status_2_and_one_line(at: Path) -> None:
    (at / "bad.toml").write_text('goal = "x"\nmodel = "pocket"\nlimit = 3\n')
    for words, told in (
        (["run", "bad.toml"], "there is no key `limit`"),
        (["run", "none.toml"], "cannot be read"),
        (["run"], "there is no task"),
        (["run", "task.toml", "--tools", "none.py"], "none.py"),
        (["run", "task.toml", "--done", "x=y"], "write shell=, python= or file="),
        (["resume", "none"], "there is no run 'none'"),
        (["show", "none"], "there is no run 'none'"),
    ):
        ran = litany(at, *words)
        assert (ran.returncode, ran.stdout) == (2, ""), words
        assert told in ran.stderr, words
        assert len(ran.stderr.splitlines()) == 1, ran.stderr


@pytest.mark.parametrize(
    ("words", "told"),
    [
        (["--tools", "none.py"], "none.py"),
        (["--tools", "taken.py"], "two tools are called subtask: one of litany itself"),
        (["--tools", "mcp:false"], "mcp:false"),
        (["--model", "scripted:none.jsonl"], "none.jsonl"),
        (["--todo", "x" * 9_000], "`todos` cannot be taken up"),
    ],
)
def test_what_could_not_start_leaves_no_run_and_its_name_free(
    words: list[str], told: str, at: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (at / "taken.py").write_text('def subtask(task: str) -> str:\n    """Gives."""\n    return task\n')
    store = ["--store", str(at / "store")]

    status = inside(["run", str(at / "task.toml"), "--name", "one", *words, *store])

    assert (status, told in capsys.readouterr().err) == (2, True)
    assert not (at / "store" / "one").exists()
    assert inside(["run", str(at / "task.toml"), "--name", "one", *store]) == 0


def test_a_start_that_fails_takes_no_run_away_that_is_there(at: Path, capsys: pytest.CaptureFixture[str]) -> None:
    words = ["run", str(at / "task.toml"), "--name", "one", "--store", str(at / "store")]
    assert inside(words) == 0

    assert inside([*words, "--tools", "none.py"]) == 2
    (at / "tools.py").unlink()
    assert inside(["resume", "one", "--say", "And b.", "--store", str(at / "store")]) == 2

    assert "there is a run 'one'" in capsys.readouterr().err
    assert (at / "store" / "one" / "task.json").exists()


def test_a_run_that_is_damaged_is_listed_as_such_and_the_others_as_they_are(
    at: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    store = ["--store", str(at / "store")]
    for name in ("one", "two", "three", "four"):
        assert inside(["run", str(at / "task.toml"), "--name", name, *store]) == 0
    (at / "store" / "one" / "task.json").write_text('{"version":1}')
    (at / "store" / "two" / "task.json").write_text("[]")
    (at / "store" / "four" / "journal.sqlite").unlink()
    capsys.readouterr()

    assert inside(["runs", "--json", *store]) == 0
    listed = {line["run"]: line for line in map(json.loads, capsys.readouterr().out.splitlines())}
    assert {name: line["status"] for name, line in listed.items()} == {
        "one": "damaged",
        "two": "damaged",
        "three": "done",
        "four": "stopped",
    }
    assert "task.json is damaged (`folder`: field required)" in listed["one"]["goal"]
    for name in ("one", "two", "four"):
        assert inside(["resume", name, *store]) == 2
        told = capsys.readouterr().err
        assert ("restore a copy of it" in told, "internal error" in told) == (True, False), told


@pytest.mark.parametrize("limit", [("--steps", "1"), ("--tokens", "200"), ("--seconds", "0.000001")])
def test_each_limit_that_is_reached_is_exit_status_3(
    limit: tuple[str, str], at: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    status = inside(["run", str(at / "task.toml"), *limit, "--store", str(at / "store")])

    assert (status, "litany: a limit was reached" in capsys.readouterr().err) == (3, True)


def test_an_error_on_the_way_is_exit_status_1_and_says_how_to_go_on(at: Path) -> None:
    script(at, PUT)

    ran = litany(at, "run", "task.toml", "--name", "short")

    assert ran.returncode == 1
    assert "holds 1 answers and was asked 2 times" in ran.stderr
    assert "what was done is kept; go on with: litany resume short" in ran.stderr
    assert json.loads(litany(at, "runs", "--json").stdout)["status"] == "stopped"


def test_ctrl_c_leaves_a_run_that_can_be_resumed_and_says_how(at: Path) -> None:
    (at / "tools.py").write_text(SLOW)
    ran = subprocess.Popen([*COMMAND, "run", "task.toml", "--name", "slow"], cwd=at, stderr=subprocess.PIPE, text=True)
    end = time.monotonic() + 60
    while not (at / "began").exists() and time.monotonic() < end:
        time.sleep(0.05)
    assert json.loads(litany(at, "runs", "--json").stdout)["status"] == "running"
    second = litany(at, "resume", "slow")
    assert (second.returncode, "at work in another process" in second.stderr) == (2, True)

    os.kill(ran.pid, signal.SIGINT)
    _, told = ran.communicate(timeout=60)

    assert ran.returncode == 130
    assert "nothing is lost; go on with: litany resume slow" in told
    (at / "tools.py").write_text(TOOLS)
    resumed = litany(at, "resume", "slow")
    assert (resumed.returncode, resumed.stdout) == (0, f"{END}\n")
    assert "was under way when the run was stopped" in resumed.stderr


def test_the_live_view_shows_agenda_context_cost_and_the_last_calls() -> None:
    out = io.StringIO()
    console = Console(file=out, width=80, force_terminal=False)
    live = Live(console)
    sections = {"system": 100, "tools": 300, "head": 0, "summary": 0, "tail": 600, "recitation": 0}
    todos = [{"id": "1", "content": "look", "status": "completed"}, {"id": "2", "content": "put", "status": "pending"}]
    usage = {"prompt": 1_000, "cached": 800, "completion": 20, "cost": 0.0123}
    events: list[tuple[Kind, dict[str, Any]]] = [
        ("begun", {"model": "any", "resumed": False, "folder": "x"}),
        ("agenda", {"goal": "Put a thing.", "constraints": [], "todos": todos}),
        ("sending", {"tokens": 1_000, "budget": 2_000, "sections": sections}),
        ("answered", {"text": "so far", "calls": ["put"], "model": "any", **usage}),
        ("gave", {"tool": "put", "text": "put \x1b[31ma", "failed": True, "seconds": 1.0}),
    ]
    for kind, fields in events:
        live(Event(kind, "one", 3, fields))
    drawn = live.drawing()
    live.close()

    out.truncate(0)
    console.print(drawn)
    shown = out.getvalue()
    for part in ("one · any · step 3", "Put a thing.", "✔ 1 done", "○ put", "1,000 of 2,000", "80% cached", "$0.0123"):
        assert part in shown
    assert "✖ put put \\x1b[31ma" in shown
