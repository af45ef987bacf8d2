"""A task as it is written: what is wrong with one is told before anything is begun."""

from pathlib import Path
from typing import Any

import pytest

from litany.errors import TaskError
from litany.loop.folder import Folder, Order
from litany.loop.task import read_task, task_of

LEAST = {"goal": "Put a thing.", "model": "pocket"}


@pytest.mark.parametrize(
    ("more", "told"),
    [
        ({"goals": "x"}, "there is no key `goals`; a task has goal, model"),
        ({"limits": {"step": 1}}, "there is no key `limits.step`; `limits` has steps, tokens, usd, seconds"),
        ({"limits": {"steps": "9"}}, "`limits.steps` is '9'"),
        ({"limits": {"steps": 0}}, "give a number above 0"),
        ({"goal": " "}, "goal or model is blank"),
        ({"constraints": "one"}, "`constraints` is 'one'"),
        ({"todos": ["a", ""]}, "`todos` has a blank item"),
        ({"done": [{"shell": "true", "file": "x"}]}, "has 2 of shell, python and file"),
        ({"done": [{}]}, "has 0 of shell, python and file"),
        ({"done": [{"python": "mod"}]}, 'write it as "module:function"'),
        ({"policy": {"windw": 8}}, "a Policy has no `windw`"),
        ({"options": {"api_key": "x"}}, "set it in the environment"),
    ],
)
def test_what_is_wrong_is_named(more: dict[str, Any], told: str) -> None:
    with pytest.raises(TaskError, match=told.replace("(", r"\(")):
        task_of({**LEAST, **more}, "task.toml")


def test_a_task_without_a_goal_or_a_model_is_none() -> None:
    with pytest.raises(TaskError, match="`goal` is missing"):
        task_of({"model": "pocket"}, "task.toml")


def test_a_file_that_is_no_task_is_told_of(tmp_path: Path) -> None:
    (tmp_path / "bad.toml").write_text("goal = ")

    with pytest.raises(TaskError, match="is no TOML"):
        read_task(tmp_path / "bad.toml")
    with pytest.raises(TaskError, match="cannot be read"):
        read_task(tmp_path / "none.toml")


def test_what_was_asked_for_is_kept_as_it_was(tmp_path: Path) -> None:
    whole = {
        **LEAST,
        "constraints": ["Never shout."],
        "todos": ["a"],
        "tools": ["files"],
        "policy": {"window": 4_000, "trigger": ["tokens", 2_000]},
        "options": {"temperature": 0.5},
        "limits": {"steps": 5, "usd": 0.5},
        "done": [{"shell": "true"}, {"file": "x"}],
        "system": "",
    }
    order = Order(task_of(whole, "task.toml"), tmp_path, True)

    folder = Folder(tmp_path / "run")
    folder.write(order)

    assert folder.order == order
