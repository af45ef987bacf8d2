"""OpenAI, Anthropic, tau2, SWE-agent, mini-swe-agent and Who&When: a run of each, as its tool writes it."""

import json
from typing import Any

import pytest

from litany.errors import TrajectoryError
from litany.replay.formats import run, unpack
from litany.replay.run import Run
from litany.testing import validate

SYSTEM = {"role": "system", "content": "You mend code."}
TASK = {"role": "user", "content": "Find the bug."}


def call(name: str, arguments: object, key: str = "c1") -> dict[str, Any]:
    return {"id": key, "type": "function", "function": {"name": name, "arguments": json.dumps(arguments)}}


def use(key: str) -> dict[str, Any]:
    return {"type": "tool_use", "id": key, "name": "ls", "input": {}}


def result(key: str) -> dict[str, Any]:
    return {"type": "tool_result", "tool_use_id": key, "content": "a.py"}


def of(value: object) -> Run:
    found = run(value, "runs.json", 3)
    assert (found.source, found.index) == ("runs.json", 3)
    request = {"messages": list(found.messages), **({"system": found.system} if found.system else {})}
    assert validate(found.dialect, request, open_tail="allow") == []
    return found


def test_openai_messages_stay_the_objects_that_came() -> None:
    said = [
        SYSTEM,
        TASK,
        {"role": "assistant", "content": None, "tool_calls": [call("ls", {})]},
        {"role": "tool", "tool_call_id": "c1", "content": "a.py"},
    ]

    found = of({"messages": said})

    assert (found.format, found.dialect, found.observations, found.goal_is_system) == (
        "openai",
        "openai",
        "tool",
        False,
    )
    assert all(after is before for before, after in zip(said, found.messages, strict=True))


def test_openai_nulls_and_empty_call_lists_are_left_out() -> None:
    dumped: dict[str, Any] = {
        "role": "assistant",
        "content": None,
        "tool_calls": [],
        "function_call": None,
        "refusal": None,
    }

    assert of([TASK, dumped]).messages[1] == {"role": "assistant", "content": ""}


def test_a_system_message_named_beside_the_messages_is_the_goal() -> None:
    assert of({"messages": [SYSTEM, TASK], "system_message": SYSTEM["content"]}).goal_is_system
    assert not of({"messages": [TASK], "system_message": SYSTEM["content"]}).goal_is_system


def test_a_leading_system_message_in_an_anthropic_run_becomes_system() -> None:
    said = [TASK, {"role": "assistant", "content": [use("t1")]}, {"role": "user", "content": [result("t1")]}]

    found = of({"messages": [SYSTEM, *said], "system_message": SYSTEM["content"]})

    assert (found.format, found.dialect, found.system) == ("anthropic", "anthropic", SYSTEM["content"])
    assert found.goal_is_system
    assert all(after is before for before, after in zip(said, found.messages, strict=True))


def test_a_system_text_beside_plain_messages_makes_them_anthropic() -> None:
    found = of({"system": [{"type": "text", "text": "Be brief."}], "messages": [TASK]})

    assert (found.dialect, found.system) == ("anthropic", [{"type": "text", "text": "Be brief."}])


def test_an_anthropic_run_of_system_messages_alone_is_refused() -> None:
    with pytest.raises(TrajectoryError, match="system messages and no other"):
        run({"messages": [{"role": "system", "content": [{"type": "thinking"}]}]}, "runs.json", 0)


def test_tau2_calls_and_results_become_openais_and_the_users_own_are_left_out() -> None:
    plain = {"id": "c1", "name": "look", "arguments": {"id": "é"}, "requestor": "assistant"}
    users = {"id": "u1", "name": "toggle", "arguments": {}, "requestor": "user"}
    found = of(
        {
            "messages": [
                {"role": "assistant", "content": "Hi!", "tool_calls": None, "turn_idx": 0, "cost": 0.0, "usage": None},
                {"role": "user", "content": "Help.", "tool_calls": None, "turn_idx": 1, "raw_data": {"a": 1}},
                {"role": "assistant", "content": None, "tool_calls": [plain], "turn_idx": 2, "timestamp": "now"},
                {"role": "tool", "id": "c1", "content": None, "requestor": "assistant", "error": False},
                {"role": "user", "content": None, "tool_calls": [users], "turn_idx": 4},
                {"role": "tool", "id": "u1", "content": "on", "requestor": "user"},
                {"role": "user", "content": "It is on."},
            ]
        }
    )

    spelled = {"name": "look", "arguments": '{"id": "é"}'}
    assert (found.format, found.dialect) == ("tau2", "openai")
    assert found.messages == (
        {"role": "assistant", "content": "Hi!"},
        {"role": "user", "content": "Help."},
        {
            "role": "assistant",
            "content": None,
            "tool_calls": [{"id": "c1", "type": "function", "function": spelled}],
        },
        {"role": "tool", "content": "", "tool_call_id": "c1"},
        {"role": "user", "content": "It is on."},
    )


def test_a_tau2_results_file_gives_each_simulation_its_policy() -> None:
    said = [{"role": "user", "content": "Help.", "turn_idx": 0}]
    results = {"info": {"environment_info": {"policy": "Be kind."}}, "simulations": [{"messages": said}] * 2}

    first, second = (of(value) for value in unpack(results))

    assert first.messages == second.messages
    assert first.messages[0] == {"role": "system", "content": "Be kind."}


def test_swe_agent_tool_messages_answer_each_call_of_their_list() -> None:
    calls = [call("open", {}), call("ls", {}, "c2")]
    found = of(
        {
            "environment": "swe_main",
            "history": [
                {**SYSTEM, "agent": "main", "message_type": "system_prompt"},
                {"role": "user", "content": "A demonstration.", "agent": "main", "is_demo": True},
                {**TASK, "agent": "main", "message_type": "observation"},
                {"role": "assistant", "content": "", "thought": "t", "action": "open", "tool_calls": calls},
                {"role": "tool", "content": "done", "tool_call_ids": ["c1", "c2"], "message_type": "observation"},
            ],
        }
    )

    assert (found.format, found.dialect, found.observations) == ("swe-agent", "openai", "tool")
    assert found.demonstrations == {1}
    assert found.messages[2] == TASK
    assert found.messages[4:] == (
        {"role": "tool", "content": "done", "tool_call_id": "c1"},
        {"role": "tool", "content": "done", "tool_call_id": "c2"},
    )


def test_a_text_only_swe_agent_run_has_its_observations_in_user_messages() -> None:
    found = of([TASK, {"role": "assistant", "content": "ls", "thought": "", "action": "ls"}])

    assert (found.format, found.observations) == ("swe-agent", "user")


def test_mini_swe_agent_drops_its_notes_and_its_exit() -> None:
    said = [{**SYSTEM, "extra": {}}, TASK, {"role": "assistant", "content": "```bash\nls\n```", "timestamp": 1.0}]
    found = of(
        {
            "info": {"exit_status": "Submitted", "model_stats": {}},
            "messages": [*said, {"role": "user", "content": "<output>"}, {"role": "exit", "content": "diff"}],
            "trajectory_format": "mini-swe-agent-1",
        }
    )

    assert (found.format, found.dialect, found.observations) == ("mini-swe-agent", "openai", "user")
    assert [message["role"] for message in found.messages] == ["system", "user", "assistant", "user"]
    assert all(set(message) == {"role", "content"} for message in found.messages)


def test_mini_swe_agent_with_calls_keeps_them_and_the_reasoning() -> None:
    turn = {"role": "assistant", "content": "", "reasoning_content": "hm", "tool_calls": [call("bash", {})]}

    found = of({"exit_status": "Submitted", "submission": "", "messages": [SYSTEM, TASK, turn]})

    assert (found.format, found.observations) == ("mini-swe-agent", "tool")
    assert found.messages[2] == turn


def test_in_who_and_when_the_human_is_the_user_and_all_others_assistants() -> None:
    roles = ["human", "Orchestrator (thought)", "Orchestrator (-> WebSurfer)", "WebSurfer"]
    found = of({"messages": [{"role": role, "content": role} for role in roles], "mistake_step": "3"})

    assert (found.format, found.dialect) == ("who-and-when", "openai")
    assert found.messages == (
        {"role": "user", "content": "human"},
        *({"role": "assistant", "content": role} for role in roles[1:]),
    )


def test_in_who_and_when_without_a_human_the_first_speaker_asks() -> None:
    history = [{"role": "user", "name": "Boss", "content": "Go."}, {"role": "user", "name": "Expert", "content": "Ok."}]

    found = of({"question": "Where?", "history": history})

    assert found.format == "who-and-when"
    assert [message["role"] for message in found.messages] == ["user", "assistant"]
