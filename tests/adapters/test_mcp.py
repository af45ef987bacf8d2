"""`litany mcp` under the client of the MCP SDK: a conversation's memory and todos for any agent that speaks MCP."""

import asyncio
import sys
from collections.abc import Awaitable, Callable
from importlib import import_module
from importlib.util import find_spec
from pathlib import Path
from typing import Any

import pytest

from litany import Litany, Policy, SqliteStore
from litany.middleware.tools import schemas
from tests.histories import GOAL, steps, user, walked

pytestmark = pytest.mark.skipif(find_spec("mcp") is None, reason="the MCP SDK comes with the extra mcp")

SMALL = Policy(window=2_000, recite=("turns", 2))


def talked(tmp_path: Path, work: Callable[[Any], Awaitable[Any]], *words: str) -> Any:
    """What `work` gives with a client of the server over the store at `tmp_path`."""
    mcp = import_module("mcp")
    line = ["-m", "litany.cli", "mcp", "--store", str(tmp_path / "store"), *words]
    source = str(Path(__file__).parents[2] / "src")
    server = mcp.StdioServerParameters(command=sys.executable, args=line, env={"PYTHONPATH": source})

    async def within() -> Any:
        async with mcp.Client(server) as client:
            return await work(client)

    return asyncio.run(within())


def conversation(tmp_path: Path, key: str) -> Litany:
    """A run that was compacted, in the store."""
    litany = Litany(store=SqliteStore(tmp_path / "store"), key=key, policy=SMALL)
    walked(litany, [user(GOAL), *steps(12)])
    return litany


def text(answer: Any) -> str:
    return str(answer.content[0].text)


def test_a_store_that_is_not_there_yet_is_not_made_and_the_tools_say_so(tmp_path: Path) -> None:
    async def recalled(client: Any) -> Any:
        first = await client.call_tool("recall", {"query": "step 1 row 7"})
        absent = list(tmp_path.iterdir()) == []
        conversation(tmp_path, "run")
        return first, absent, await client.call_tool("recall", {"query": "step 1 row 7"})

    first, absent, later = talked(tmp_path, recalled)

    assert (first.is_error, text(first)) == (True, f"error: there is no store at {tmp_path / 'store'}; check the path")
    assert absent
    assert "step 1 row 7" in text(later)


def test_the_three_tools_are_listed_with_their_schemas(tmp_path: Path) -> None:
    async def listed(client: Any) -> Any:
        return (await client.list_tools()).tools

    tools = talked(tmp_path, listed)

    assert [tool.name for tool in tools] == ["update_todos", "note", "recall"]
    assert all(tool.input_schema["type"] == "object" for tool in tools)
    assert all("conversation" in tool.input_schema["properties"] for tool in tools)
    assert not any("conversation" in str(tool) for tool in schemas("anthropic", True))


def test_what_left_the_view_is_recalled(tmp_path: Path) -> None:
    conversation(tmp_path, "run")

    async def recalled(client: Any) -> Any:
        return await client.call_tool("recall", {"query": "step 1 row 7"})

    answer = talked(tmp_path, recalled)

    assert not answer.is_error
    assert "step 1 row 7: pressure" in text(answer)


def test_todos_and_notes_of_a_client_are_recited_in_the_next_view(tmp_path: Path) -> None:
    conversation(tmp_path, "run")

    async def written(client: Any) -> Any:
        todos = {"operations": [{"op": "add", "content": "ask who switched the pump off"}]}
        first = await client.call_tool("update_todos", todos)
        again = await client.call_tool("update_todos", todos)
        noted = await client.call_tool("note", {"content": "the switch is in house 9"})
        return [text(answer) for answer in (first, again, noted)]

    answers = talked(tmp_path, written, "--conversation", "run")
    view = str(conversation(tmp_path, "run")([user(GOAL), *steps(14)]))

    assert answers[0] == "1. [pending] ask who switched the pump off"
    assert len(answers[1].splitlines()) == 2
    assert "ask who switched the pump off" in view
    assert "the switch is in house 9" in view


@pytest.mark.parametrize(
    ("words", "says"), [((), "holds no conversation of its own yet"), (("--conversation", "x"), "'x'")]
)
def test_a_conversation_that_is_not_there_is_told_in_the_answer(
    tmp_path: Path, words: tuple[str, ...], says: str
) -> None:
    SqliteStore(tmp_path / "store")

    async def recalled(client: Any) -> Any:
        return await client.call_tool("recall", {"query": "anything"})

    answer = talked(tmp_path, recalled, *words)

    assert answer.is_error
    assert says in text(answer)


def test_what_is_wrong_with_a_call_is_told_in_the_answer(tmp_path: Path) -> None:
    conversation(tmp_path, "run")

    async def wrong(client: Any) -> Any:
        calls: tuple[tuple[str, dict[str, str]], ...] = (
            ("recall", {"query": "unheard-of"}),
            ("update_todos", {}),
            ("sing", {}),
        )
        return [await client.call_tool(*call) for call in calls]

    answers = talked(tmp_path, wrong)

    assert all(answer.is_error for answer in answers)
    assert "none of litany's tools" in text(answers[2])
