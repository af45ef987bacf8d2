"""Conversations through the proxy: the goal on every call, the recital last when due, pairs whole, bytes kept."""

import json
from pathlib import Path
from typing import Any

import pytest

from litany.adapters.mcp import Tools
from litany.dialects import DIALECTS
from litany.tokens import counter
from tests.histories import calls, result, returns, rows, says, user, uses
from tests.serve.agent import GOAL, PATHS, RULE, TOOLS, posted, recited, refused, said, step, walked
from tests.serve.proxied import VERSION, Stage, chat, message, staged, until


@pytest.mark.parametrize("dialect", PATHS)
def test_every_call_of_a_long_run_is_accepted_fits_and_holds_the_goal(stage: Stage, dialect: str) -> None:
    walked(stage.proxy, dialect, f"{GOAL} In {dialect}.")

    count = counter()
    sizes = [
        sum(DIALECTS[dialect].read(each, count, False).tokens for each in said(request)) for request in stage.requests
    ]
    assert refused(stage.requests) == []
    assert all(GOAL in json.dumps(said(request)) for request in stage.requests)
    assert max(sizes) < 3_500
    assert min(sizes[8:]) < max(sizes[:8])
    assert sum(map(recited, stage.requests)) >= 3


@pytest.mark.parametrize("dialect", ["openai", "anthropic"])
def test_what_stays_keeps_its_bytes_beside_what_is_added(stage: Stage, dialect: str) -> None:
    odd = '{"role": "user",   "content": "caf\\u00e9: look at 1.50 pages, in ' + dialect + '"}'
    turns = [each for turn in range(4) for each in (says(f"{turn} is seen"), user(f"go on with {turn}"))]
    more = [*step(dialect, "a-1", 1, rows(3)), *turns]
    written = ", ".join([odd, *map(json.dumps, more)])
    for end in range(1, 12, 2):
        listed = ", ".join([odd, *map(json.dumps, more[: end - 1])])
        raw = f'{{"max_tokens": 9, "messages": [{listed}], "model": "fake"}}'
        with stage.proxy.client(headers=VERSION) as client:
            client.post(PATHS[dialect], content=raw.encode())

    reciting = [request for request in stage.requests if recited(request)]
    assert reciting
    assert all(odd.encode() in request.raw for request in stage.requests)
    assert all(request.raw.startswith(b'{"max_tokens": 9, "messages": [') for request in stage.requests)
    assert all(request.raw.endswith(b'], "model": "fake"}') for request in stage.requests)
    assert written.encode() in stage.requests[-1].raw.replace(b"},{", b"}, {")


def test_goal_and_constraints_that_were_given_are_on_every_call(tmp_path: Path) -> None:
    with staged("--window", "4000", "--goal", GOAL, "--constraint", RULE, "--store", str(tmp_path / "all")) as stage:
        for dialect in PATHS:
            walked(stage.proxy, dialect, f"Begin, in {dialect}.", 8)
        walked(
            stage.proxy,
            "openai",
            "Begin anew.",
            3,
            **{"x-litany-goal": "Write a poem.", "x-litany-conversation": "poem"},
        )

    own, poems = stage.requests[:24], stage.requests[24:]
    assert refused(stage.requests) == []
    assert all(GOAL in request.raw.decode() and RULE in request.raw.decode() for request in own)
    assert all("Write a poem." in request.raw.decode() and RULE in request.raw.decode() for request in poems)
    assert not any(GOAL in request.raw.decode() for request in poems)


def test_a_title_and_a_count_leave_the_conversation_alone(stage: Stage) -> None:
    name = {"x-litany-conversation": "with-titles"}
    messages = [user(f"{GOAL} With titles.")]
    posted(stage.proxy, "openai", messages, **name)
    with stage.proxy.client(headers=name) as client:
        client.post(PATHS["openai"], json=chat([user(f"Write a title for: {GOAL}")]))
    messages += [calls("t-1", page=1), result("t-1", rows(3))]
    posted(stage.proxy, "openai", messages, **name)

    told = until(lambda: stage.events if len(stage.events) == 3 else [])
    assert [event["messages"] for event in told] == [1, 1, 3]
    assert [event["conversation"] == "with-titles" for event in told] == [True, False, True]
    assert stage.requests[1].body["messages"] == [user(f"Write a title for: {GOAL}")]


def test_a_client_that_moves_its_cache_mark_stays_in_one_conversation(stage: Stage) -> None:
    messages = [user(f"{GOAL} With marks.")]
    for turn in range(4):
        *before, last = messages
        text, mark = last["content"], {"cache_control": {"type": "ephemeral"}}
        if isinstance(text, str):
            marked: dict[str, Any] = {**last, "content": [{"type": "text", "text": text, **mark}]}
        else:
            block = {"type": "text", "text": text[0]["content"]}
            marked = {**last, "content": [{**text[0], "content": [block], **mark}]}
        posted(stage.proxy, "anthropic", [*before, marked])
        messages += [uses(f"m-{turn}", page=turn), returns(f"m-{turn}", rows(3))]

    told = until(lambda: stage.events if len(stage.events) == 4 else [])
    assert len({event["conversation"] for event in told[1:]}) == 1
    assert refused(stage.requests) == []


def test_the_todos_of_the_clients_own_tool_are_recited(stage: Stage) -> None:
    items = [{"content": "read the log of house 7", "status": "in_progress"}]
    messages = [user(f"{GOAL} With todos."), uses("w-1", name="TodoWrite", todos=items), returns("w-1", "done")]
    for turn in range(4):
        messages += [uses(f"w-{turn + 2}", page=turn), returns(f"w-{turn + 2}", rows(3))]
        posted(stage.proxy, "anthropic", messages)

    assert any("read the log of house 7" in json.dumps(request.body["messages"][-1]) for request in stage.requests)


@pytest.mark.parametrize("agent", ["header", "metadata", "text"])
def test_a_coding_agent_that_compacts_by_itself_keeps_its_agenda(stage: Stage, agent: str) -> None:
    session = f"0c0ffee0-0000-4000-8000-{len(agent):012}"
    headers = {"x-claude-code-session-id": session} if agent == "header" else {}
    user_id = {"metadata": json.dumps({"session_id": session}), "text": f"user_7_account__session_{session}"}
    beside = {"metadata": {"user_id": user_id[agent]}} if agent in user_id else {}
    items = [{"content": "read the log of house 7", "status": "in_progress"}]
    record = [user(f"{GOAL} For {agent}."), uses("s-0", name="TodoWrite", todos=items), returns("s-0", "done")]
    summary = "This session is being continued from a previous conversation that ran out of context. Pages were read."
    compacted = [user(summary), *step("anthropic", "s-9", 9, rows(3))]
    for turn in range(1, 4):
        compacted += step("anthropic", f"s-{turn}", turn, rows(3))
    for messages in (record, *(compacted[:end] for end in (1, 3, 5, 7, 9))):
        system = [{"type": "text", "text": f"x-anthropic-billing-header: {len(messages)}"}]
        asked = message(messages, system=system, tools=TOOLS["anthropic"], **beside)
        with stage.proxy.client(headers={**VERSION, **headers}) as client:
            assert client.post("/v1/messages", json=asked).status_code == 200

    told = until(lambda: stage.events if len(stage.events) == 6 else [])
    assert {event["conversation"] for event in told} == {session}
    assert any("read the log of house 7" in json.dumps(said(request)) for request in stage.requests[1:])
    assert all(GOAL in json.dumps(said(request)) for request in stage.requests[1:])


def test_the_mcp_tools_find_one_without_a_name_and_a_session_with_its_sub_agent(tmp_path: Path) -> None:
    session, todo = {"x-claude-code-session-id": "0c0ffee0-0000-4000-8000-000000000099"}, "read the log of house 7"
    add = {"operations": [{"op": "add", "content": todo}]}
    with staged("--window", "4000", "--set", 'recite="every"', "--store", str(tmp_path / "all")) as stage:
        for headers in ({}, session):
            until(lambda: len(stage.events) == len(stage.requests))  # a usage is written after its answer was sent
            tools = Tools(tmp_path / "all", None)
            walked(stage.proxy, "anthropic", f"{GOAL} {len(headers)}", 2, **headers)
            if headers:
                asked = message([user("Search."), *step("anthropic", "b-1", 1, "page")], system="You search.")
                for end in (1, 3):
                    sub = {**asked, "messages": asked["messages"][:end]}
                    with stage.proxy.client(headers={**VERSION, **headers}) as client:
                        client.post("/v1/messages", json={**sub, "tools": TOOLS["anthropic"]}).raise_for_status()
            assert todo in tools.called("update_todos", add)
            walked(stage.proxy, "anthropic", f"{GOAL} {len(headers)}", 3, **headers)

            assert todo in json.dumps(said(stage.requests[-1])[-1])
