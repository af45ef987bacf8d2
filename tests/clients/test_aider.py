"""aider, by LiteLLM, streamed: a person types question after question, and its edits are made in a file."""

from pathlib import Path

from litany.testing import Received
from tests.clients.held import END, PAGES, held, named, running
from tests.clients.installed import KEY, needs, needs_proxy, ran
from tests.histories import rows
from tests.serve.agent import GOAL

NAME = "aider"
pytestmark = [needs_proxy, needs(NAME)]
SETTINGS = """\
- name: openai/fake
  edit_format: whole
  use_repo_map: false
  extra_params:
    extra_headers:
      x-litany-conversation: pumps
      x-litany-goal: "%s"
"""
QUIET = (
    "--no-git --no-pretty --no-fancy-input --yes-always --no-check-update --analytics-disable --no-show-model-warnings "
    "--no-show-release-notes --no-detect-urls --no-suggest-shell-commands --max-chat-history-tokens 1000000"
)


def editor(asked: Received, number: int) -> str:
    """A model that tells of a page at length and writes its number into the report, at the end the cause."""
    line = END if number == PAGES - 1 else f"page {number} was read"
    return f"{rows(30, f'page {number}')}\n\nreport.md\n```\n{line}\n```\n"


def test_its_edits_arrive_in_a_window_that_does_not_hold_the_talk(tmp_path: Path) -> None:
    settings = tmp_path / "settings.yml"
    settings.write_text(SETTINGS % GOAL, encoding="utf-8")
    with running(tmp_path, editor, "--window", "8000") as run:
        (tmp_path / "work" / "report.md").write_text("nothing yet\n", encoding="utf-8")
        words = ["--model", "openai/fake", "--model-settings-file", str(settings), *QUIET.split(), "report.md"]
        asked = "".join(f"Read page {page} and note it.\n" for page in range(PAGES))
        ran(NAME, words, tmp_path, asked, OPENAI_API_BASE=f"{run.proxy.url}/v1", OPENAI_API_KEY=KEY)
        held(run, PAGES)
        assert named(run) == {"pumps"}

    assert (tmp_path / "work" / "report.md").read_text(encoding="utf-8").strip() == END
    history = (tmp_path / "work" / ".aider.chat.history.md").read_text(encoding="utf-8")
    assert history.count("#### Read page") == PAGES
    assert "<litany" not in history
