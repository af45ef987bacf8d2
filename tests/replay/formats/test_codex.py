"""Codex rollout files: items in envelopes, and the bare items of older files."""

import json
from pathlib import Path
from typing import Any

from litany.errors import TrajectoryError
from litany.replay.read import read
from litany.replay.run import Run
from litany.testing import validate

Row = dict[str, Any]
META = {"timestamp": "t", "type": "session_meta", "payload": {"id": "x", "cli_version": "0.65.0"}}


def item(**payload: object) -> Row:
    return {"timestamp": "t", "type": "response_item", "payload": payload}


def message(role: str, *words: str) -> Row:
    kind = "output_text" if role == "assistant" else "input_text"
    return item(type="message", role=role, content=[{"type": kind, "text": text} for text in words])


def call(key: str) -> Row:
    return item(type="function_call", name="shell", arguments="{}", call_id=key)


def output(key: str, given: object) -> Row:
    return item(type="function_call_output", call_id=key, output=given)


def only(folder: Path, rows: list[Row]) -> Run:
    path = folder / "rollout-1.jsonl"
    path.write_text("".join(json.dumps(row) + "\n" for row in rows))
    (run,) = read(path)
    assert isinstance(run, Run)
    assert (run.format, run.dialect) == ("codex", "openai")
    assert validate("openai", {"messages": list(run.messages)}, open_tail="allow") == []
    return run


def function(key: str) -> Row:
    return {"id": key, "type": "function", "function": {"name": "shell", "arguments": "{}"}}


def test_a_text_and_the_calls_behind_it_are_one_message_and_results_follow_their_call(tmp_path: Path) -> None:
    run = only(
        tmp_path,
        [
            META,
            message("user", "<environment_context>\n<cwd>/w</cwd>"),
            message("user", "# AGENTS.md instructions for /w", "<environment_context>"),
            message("user", "Find the bug."),
            {"timestamp": "t", "type": "event_msg", "payload": {"type": "user_message", "message": "Find the bug."}},
            item(type="reasoning", summary=[], encrypted_content="zz"),
            message("assistant", "I look."),
            call("c1"),
            call("c2"),
            output("c2", [{"type": "input_text", "text": "two"}, {"type": "input_image", "image_url": "data:"}]),
            output("c1", "one"),
            item(type="web_search_call", status="completed"),
            call("c3"),
            output("c3", {"content": "three", "success": True}),
            message("assistant", "Found."),
        ],
    )

    assert run.demonstrations == {0, 1}
    assert run.messages[2:] == (
        {"role": "user", "content": "Find the bug."},
        {"role": "assistant", "content": "I look.", "tool_calls": [function("c1"), function("c2")]},
        {
            "role": "tool",
            "tool_call_id": "c2",
            "content": [{"type": "text", "text": "two"}, {"type": "text", "text": "[input_image]"}],
        },
        {"role": "tool", "tool_call_id": "c1", "content": "one"},
        {"role": "assistant", "content": None, "tool_calls": [function("c3")]},
        {"role": "tool", "tool_call_id": "c3", "content": "three"},
        {"role": "assistant", "content": "Found."},
    )


def test_custom_and_shell_calls_become_functions(tmp_path: Path) -> None:
    run = only(
        tmp_path,
        [
            META,
            message("user", "Patch it."),
            item(type="custom_tool_call", name="apply_patch", call_id="c1", input="*** Begin"),
            item(type="custom_tool_call_output", call_id="c1", output="Done"),
            item(type="local_shell_call", call_id="c2", action={"type": "exec", "command": ["ls"]}),
            output("c2", "a.py"),
        ],
    )

    functions = [made["function"] for said in run.messages for made in said.get("tool_calls", ())]
    assert functions == [
        {"name": "apply_patch", "arguments": '{"input": "*** Begin"}'},
        {"name": "local_shell", "arguments": '{"type": "exec", "command": ["ls"]}'},
    ]


def test_an_image_of_the_user_stays_an_image_and_the_base_instructions_are_the_system(tmp_path: Path) -> None:
    image = {"type": "input_image", "image_url": "data:image/png;base64,AA=="}
    asked = item(type="message", role="user", content=[{"type": "input_text", "text": "What is this?"}, image])
    meta = {**META, "payload": {"id": "x", "base_instructions": {"text": "You are Codex."}}}

    run = only(tmp_path, [meta, asked])

    assert run.messages == (
        {"role": "system", "content": "You are Codex."},
        {
            "role": "user",
            "content": [
                {"type": "text", "text": "What is this?"},
                {"type": "image_url", "image_url": {"url": "data:image/png;base64,AA=="}},
            ],
        },
    )


def test_turns_that_were_rolled_back_are_no_part_of_the_run(tmp_path: Path) -> None:
    back = {"timestamp": "t", "type": "event_msg", "payload": {"type": "thread_rolled_back", "num_turns": 1}}
    run = only(
        tmp_path,
        [
            META,
            message("user", "Find the bug."),
            message("assistant", "Where?"),
            message("user", "In a.py."),
            call("c1"),
            back,
            message("user", "In b.py."),
            {"timestamp": "t", "type": "compacted", "payload": {"message": "", "replacement_history": []}},
            message("assistant", "Found."),
        ],
    )

    assert [said["content"] for said in run.messages] == ["Find the bug.", "Where?", "In b.py.", "Found."]


def test_older_files_hold_bare_items(tmp_path: Path) -> None:
    bare = [row["payload"] for row in (message("user", "Find the bug."), call("c1"), output("c1", "ok"))]
    first = {"id": "x", "timestamp": "t", "instructions": None}

    run = only(tmp_path, [first, {"record_type": "state"}, *bare])
    (path := tmp_path / "rollout-0.json").write_text(json.dumps({"session": first, "items": bare}))
    (oldest,) = read(path)

    assert [said["role"] for said in run.messages] == ["user", "assistant", "tool"]
    assert isinstance(oldest, Run)
    assert oldest.messages == run.messages


def test_a_session_without_messages_is_an_error(tmp_path: Path) -> None:
    (tmp_path / "rollout-1.jsonl").write_text(json.dumps(META))

    (error,) = read(tmp_path / "rollout-1.jsonl")

    assert isinstance(error, TrajectoryError)
    assert "a Codex session without messages" in str(error)
