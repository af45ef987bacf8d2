"""Claude Code, in Messages, streamed, with thinking that is bound to its prefix."""

import json
from pathlib import Path
from typing import Any

from litany.testing import Received
from tests.clients.held import END, PAGES, held, named, running
from tests.clients.installed import KEY, needs, needs_proxy, ran
from tests.serve.agent import GOAL

NAME = "claude-code"
pytestmark = [needs_proxy, needs(NAME)]
QUIET = {"CLAUDE_CODE_DISABLE_NONESSENTIAL_TRAFFIC": "1", "DISABLE_AUTOUPDATER": "1"}
FLAGS = ("bound-thinking", "mid-conversation-system")


def shell(asked: Received, number: int) -> dict[str, Any]:
    """A model that thinks, reads page after page in the shell, and then ends."""
    look = {"command": f"cat page-{number}.txt", "description": "Looks at a page"}
    use = {"type": "tool_use", "id": f"toolu_{number}", "name": "Bash", "input": look}
    said = {"type": "text", "text": END} if number == PAGES else use
    return {"role": "assistant", "content": [{"type": "thinking", "thinking": f"Page {number}."}, said]}


def test_it_ends_its_task_in_a_window_that_does_not_hold_it(tmp_path: Path) -> None:
    with running(tmp_path, shell, "--window", "24000", flags=FLAGS) as run:
        words = ["-p", GOAL, "--output-format", "stream-json", "--verbose", "--allowedTools", "Bash", "--model", "fake"]
        out = ran(NAME, words, tmp_path, ANTHROPIC_BASE_URL=run.proxy.url, ANTHROPIC_API_KEY=KEY, **QUIET)
        held(run, PAGES + 1)
        assert len(named(run)) == 1

    events = [json.loads(line) for line in out.splitlines()]
    results = [event["message"]["content"][0] for event in events if event["type"] == "user"]
    assert [f"page {page} 39:" in str(result["content"]) for page, result in enumerate(results)] == [True] * PAGES
    assert events[-1]["result"] == END
    kept = "".join(path.read_text(encoding="utf-8") for path in tmp_path.glob(".claude/projects/**/*.jsonl"))
    assert END in kept
    assert "<litany" not in kept
