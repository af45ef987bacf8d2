"""mini-swe-agent, by LiteLLM, in chat completions and in Messages."""

import json
from pathlib import Path
from typing import Any

import pytest

from litany.testing import Received
from tests.clients.held import END, PAGES, held, named, running
from tests.clients.installed import KEY, needs, needs_proxy, ran
from tests.serve.agent import GOAL

NAME = "mini-swe-agent"
pytestmark = [needs_proxy, needs(NAME)]


def shell(asked: Received, number: int) -> dict[str, Any]:
    """A model that reads page after page in the shell, and then hands in."""
    command = f"cat page-{number}.txt"
    if number == PAGES:
        command = f"echo COMPLETE_TASK_AND_SUBMIT_FINAL_OUTPUT && echo {END}"
    id, arguments = f"call_{number}", {"command": command}
    if asked.path == "/v1/messages":
        return {"role": "assistant", "content": [{"type": "tool_use", "id": id, "name": "bash", "input": arguments}]}
    call = {"id": id, "type": "function", "function": {"name": "bash", "arguments": json.dumps(arguments)}}
    return {"role": "assistant", "content": "I look.", "tool_calls": [call]}


@pytest.mark.parametrize("model", ["openai/fake", "anthropic/fake"])
def test_it_ends_its_task_in_a_window_that_does_not_hold_it(model: str, tmp_path: Path) -> None:
    with running(tmp_path, shell, "--window", "8000") as run:
        base = f"{run.proxy.url}/v1" if model.startswith("openai") else run.proxy.url
        words = ["-m", model, "-t", GOAL, "-y", "--exit-immediately", "-o", str(tmp_path / "run.json")]
        set_up = ["mini.yaml", f"model.model_kwargs.api_base={base}", f"model.model_kwargs.api_key={KEY}"]
        words += [word for spec in set_up for word in ("-c", spec)]
        ran(NAME, words, tmp_path, MSWEA_CONFIGURED="true", MSWEA_COST_TRACKING="ignore_errors")
        held(run, PAGES + 1)
        assert len(named(run)) == 2  # no name: the first call stands where all that open alike do

    kept = json.loads((tmp_path / "run.json").read_text(encoding="utf-8"))
    assert kept["info"]["exit_status"] == "Submitted"
    assert kept["info"]["submission"].strip() == END
    assert "<litany" not in json.dumps(kept["messages"])
