"""Codex, in Responses, streamed."""

import json
from pathlib import Path
from typing import Any

from litany.testing import Received
from tests.clients.held import END, PAGES, held, named, running
from tests.clients.installed import KEY, needs, needs_proxy, ran
from tests.serve.agent import GOAL

NAME = "codex"
pytestmark = [needs_proxy, needs(NAME)]


def shell(asked: Received, number: int) -> str | dict[str, Any]:
    """A model that reads page after page in the shell, and then ends."""
    if number == PAGES:
        return END
    arguments = json.dumps({"cmd": f"cat page-{number}.txt"})
    return {"type": "function_call", "call_id": f"call_{number}", "name": "exec_command", "arguments": arguments}


def test_it_ends_its_task_in_a_window_that_does_not_hold_it(tmp_path: Path) -> None:
    provider = ["name='litany'", "env_key='LITANY_KEY'", "wire_api='responses'", "request_max_retries=0"]
    with running(tmp_path, shell, "--window", "16000") as run:
        own = [f"model_providers.litany.{field}" for field in (*provider, f"base_url='{run.proxy.url}/v1'")]
        words = ["exec", "--skip-git-repo-check", "--json", "--dangerously-bypass-approvals-and-sandbox", "-m", "fake"]
        words += [word for setting in ("model_provider='litany'", *own) for word in ("-c", setting)]
        out = ran(NAME, [*words, GOAL], tmp_path, CODEX_HOME=str(tmp_path), LITANY_KEY=KEY)
        held(run, PAGES + 1)
        assert len(named(run)) == 1

    events = [json.loads(line) for line in out.splitlines()]
    items = [event["item"] for event in events if event["type"] == "item.completed"]
    commands = [item for item in items if item["type"] == "command_execution"]
    assert [item["exit_code"] for item in commands] == [0] * PAGES
    assert items[-1]["text"] == END
    kept = "".join(path.read_text(encoding="utf-8") for path in tmp_path.glob("sessions/**/*.jsonl"))
    assert kept.count(END) >= 1
    assert "<litany" not in kept
