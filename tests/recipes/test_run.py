"""The recipes of `litany run`: what their docstrings say, they do."""

import pytest

from tests.recipes.running import told

pytest.importorskip("langgraph.checkpoint.sqlite")


def test_an_agent_from_a_task_file_is_sent_back_and_done() -> None:
    lines = told("run_task")

    assert lines[:3] == [
        "tides.txt holds the three harbours.",
        "Cowes 11:40; Dover 10:55; Ryde 11:35; ",
        "tide: done",
    ]
    assert "todo 4: write tides.txt [completed]" in lines


def test_an_agent_with_the_tools_of_a_server() -> None:
    pytest.importorskip("mcp")

    assert told("run_mcp") == ["High tide at Cowes is at 11:40."]


def test_a_run_that_is_killed_in_a_tool_charges_once() -> None:
    killed, ended, unknown, charged = told("run_resume")

    assert (killed, ended) == ("killed by signal 9", "Charged once: 900.")
    assert "its outcome is unknown" in unknown
    assert charged == "charged: ['900']"
