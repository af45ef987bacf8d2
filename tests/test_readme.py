"""The README's examples run as they stand there."""

import re
from importlib.util import find_spec
from pathlib import Path
from typing import Any

import pytest

import litany
from litany import Litany, Policy, SqliteStore
from tests.histories import calls, result, rows, user

README = (Path(__file__).parents[1] / "README.md").read_text()
TOOLS = [{"type": "function", "function": {"name": "bash", "parameters": {"type": "object", "properties": {}}}}]


def block(beginning: str) -> str:
    """The indented lines of the README from one that begins so, up to the next line that is not indented."""
    lines = README.splitlines()
    start = next(place for place, line in enumerate(lines) if line.startswith(f"    {beginning}"))
    end = next(place for place in range(start, len(lines)) if lines[place] and not lines[place].startswith("    "))
    return "\n".join(line.removeprefix("    ") for line in lines[start:end])


def names(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> dict[str, Any]:
    """What a reader has at hand: messages of an agent, its tools, and somewhere to send them."""
    monkeypatch.chdir(tmp_path)
    messages = [
        user("Why is the bill wrong?"),
        *(part for n in range(40) for part in (calls(f"c{n}"), result(f"c{n}", rows(200)))),
    ]
    return {
        "Litany": Litany,
        "Policy": Policy,
        "SqliteStore": SqliteStore,
        "messages": messages,
        "tools": TOOLS,
        "model": "any",
        "goal": "Fix the storage billing",
        "constraints": ["no new dependency"],
        "completion": lambda **request: request,
        "usage": {"prompt_tokens": 20_000},
        "error": ValueError("maximum context length"),
    }


def test_the_first_example_makes_a_request(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    known = names(tmp_path, monkeypatch)

    exec(block("litany = Litany(goal=goal"), known)

    assert known["reply"]["messages"][0]["content"].startswith("The task, as the developer")
    assert [tool["function"]["name"] for tool in known["reply"]["tools"]] == ["bash", "update_todos", "note", "recall"]


def test_the_example_in_code_runs_line_by_line(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    if find_spec("litellm") is None:
        pytest.skip("litellm is not installed, and the summarizer of the example is LiteLLM's")
    from litany.adapters.litellm import LiteLLMSummarizer

    known = names(tmp_path, monkeypatch) | {"LiteLLMSummarizer": LiteLLMSummarizer, "handle": ""}
    known["call"] = {"id": "n", "function": {"name": "note", "arguments": '{"content": "by the day"}'}}
    code = block('litany = Litany(goal="Fix')
    before, after = code.split("litany.recall(handle)")
    exec(before, known)
    known["handle"] = re.findall(r'recall\("([0-9a-z]+)"\)', str(known["view"]))[0]
    exec(f"litany.recall(handle){after}", known)

    assert (tmp_path / "agents.litany").is_file()


def test_every_policy_key_of_the_readme_has_its_default_there() -> None:
    shown = eval(block("Policy("), {"Policy": Policy})

    assert shown == Policy()


def test_every_name_of_the_face_can_be_imported() -> None:
    assert all(hasattr(litany, name) for name in litany.__all__)
