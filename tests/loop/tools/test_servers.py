"""MCP servers as sources of tools, over standard input and output: what they give, and what is told when they die."""

import asyncio
import json
import os
import sys
from importlib.util import find_spec
from pathlib import Path

import pytest

from litany.errors import ToolError
from litany.loop.tools import Ran, Toolbox, toolbox
from tests.loop.tools.boxes import KEY, called, within
from tests.loop.tools.served import asked, spec

pytestmark = pytest.mark.skipif(find_spec("mcp") is None, reason="the MCP SDK comes with the extra mcp")

BARE = ["again", "die", "hang", "look", "much", "say"]


def bare(folder: Path, *how: str, seconds: float = 30, noted: str = "noted") -> Toolbox:
    return toolbox([spec("bare_server.py", *how, variables=f"NOTED={folder / noted}")], folder, seconds=seconds)


async def itself(box: Toolbox) -> Toolbox:
    return box


def test_a_server_of_the_sdk_is_listed_called_and_told_of(tmp_path: Path) -> None:
    async def used(box: Toolbox) -> list[Ran]:
        calls = [asked(box, "zoom", text=str(n)) for n in range(3)]
        return [
            *await asyncio.gather(*calls),
            await asked(box, "a_dotted_name"),
            await asked(box, "fail"),
            await asked(box, "zoom", text=[]),
            await asked(box, "much", megabytes=3),
        ]

    box = toolbox([spec("mcp_server.py")], tmp_path)
    *zoomed, pictured, failed, wrong, much = within(box, used)

    assert [tool.name for tool in box.tools] == ["a_dotted_name", "again", "die", "fail", "much", "wait", "zoom"]
    assert box.schemas()[-1]["function"]["description"] == "Say it louder."
    assert [box.idempotent(name) for name in ("again", "zoom")] == [True, False]
    assert zoomed == [Ran("00"), Ran("11"), Ran("22")]
    assert pictured == Ran("seen\n[image, image/png, 6 bytes: not shown]")
    assert failed.failed
    assert "no such pump" in failed.text
    assert wrong.failed
    assert "text" in wrong.text
    assert "2,000,000 characters were left out" in much.text


def test_a_server_of_the_sdk_that_dies_in_a_call_is_there_at_the_next(tmp_path: Path) -> None:
    async def twice(box: Toolbox) -> list[Ran]:
        return [await asked(box, "die"), await asked(box, "zoom", text="a")]

    box = toolbox([spec("mcp_server.py", variables=f"NOTED={tmp_path / 'noted'}")], tmp_path)
    died, gone_on = within(box, twice)

    assert died.failed
    assert "Whether it was done is not known" in died.text
    assert gone_on == Ran("AA")
    assert (tmp_path / "noted").read_text() == "die\nzoom\n"


@pytest.mark.parametrize("how", ["plain", "shuffled", "noisy"])
def test_the_order_of_a_servers_tools_is_the_same_however_it_lists_them(tmp_path: Path, how: str) -> None:
    box = within(bare(tmp_path, how), itself)

    assert [tool.name for tool in box.tools] == BARE
    assert box.schemas()[0]["function"] == {
        "name": "again",
        "description": "again",
        "parameters": {"type": "object", "properties": {}},
    }
    assert "$schema" not in str(box.schemas())


def test_what_only_reads_may_be_run_again_too(tmp_path: Path) -> None:
    box = within(bare(tmp_path), itself)

    assert [name for name in BARE if box.idempotent(name)] == ["again", "look"]


def test_a_server_is_told_the_key_of_a_call(tmp_path: Path) -> None:
    assert json.loads(called(bare(tmp_path), "say", {"a": 1}).text) == {"given": {"a": 1}, "key": KEY}


def test_a_call_that_is_not_declared_idempotent_is_not_sent_twice(tmp_path: Path) -> None:
    ran = called(bare(tmp_path), "die")

    assert ran == Ran(
        "the MCP server ended while it was at work on die (Connection closed). Whether it was done is not known: look "
        "before you call it again; the server is started again when it is called",
        failed=True,
    )
    assert (tmp_path / "noted").read_text() == "die\n"


def test_a_call_that_may_be_run_again_is_when_its_server_died(tmp_path: Path) -> None:
    assert "given" in called(bare(tmp_path), "again").text
    assert (tmp_path / "noted").read_text() == "again\nagain\n"


def test_a_server_that_died_between_two_calls_is_started_again_unseen(tmp_path: Path) -> None:
    async def later(box: Toolbox) -> list[Ran]:
        await asked(box, "die")
        return [await asked(box, "say"), await asked(box, "die"), await asked(box, "say")]

    first, _, second = within(bare(tmp_path), later)

    assert not first.failed
    assert first == second


def test_calls_that_lose_their_server_together_share_the_next_one(tmp_path: Path) -> None:
    async def together(box: Toolbox) -> list[Ran]:
        return await asyncio.gather(*(asked(box, name) for name in ("die", "look", "look", "look", "say")))

    died, *looked, said = within(bare(tmp_path), together)

    assert died.failed
    assert [one.failed for one in looked] == [False] * 3
    assert "Whether it was done is not known" in said.text
    assert (tmp_path / "noted").read_text() == "die\n" + "look\n" * 3


def test_a_server_that_cannot_be_started_again_is_told_of(tmp_path: Path) -> None:
    program = tmp_path / "server"
    program.write_text(f"#!/bin/sh\nexec {sys.executable} {Path(__file__).with_name('bare_server.py')}\n")
    program.chmod(0o755)

    async def without(box: Toolbox) -> list[Ran]:
        program.unlink()
        return [await asked(box, "die"), await asked(box, "say"), await asked(box, "say")]

    _, *after = within(toolbox([f"mcp:{program}"], tmp_path), without)

    assert after[0] == after[1]
    assert after[0].failed
    assert "is gone and could not be started again: " in after[0].text
    assert "do without its tools" in after[0].text


def test_a_server_that_hangs_is_given_up_and_started_again(tmp_path: Path) -> None:
    async def after(box: Toolbox) -> list[Ran]:
        return [await asked(box, "hang", seconds=60), await asked(box, "say")]

    hung, gone_on = within(bare(tmp_path, seconds=6), after)

    assert "given up after 6 s" in hung.text
    assert not gone_on.failed


def test_a_server_that_was_slow_once_stays(tmp_path: Path) -> None:
    async def after(box: Toolbox) -> list[Ran]:
        slow = asyncio.create_task(asked(box, "hang", seconds=1))
        await asyncio.sleep(0.5)
        slow.cancel()
        await asyncio.wait({slow})
        return [await asked(box, "say", variable="NOTED"), await asked(box, "say")]

    ran = within(bare(tmp_path), after)

    assert [one.failed for one in ran] == [False, False]
    assert (tmp_path / "noted").read_text() == "hang\nsay\nsay\n"


def test_an_answer_of_fifty_megabytes_is_never_held_and_told_as_too_long(tmp_path: Path) -> None:
    async def then(box: Toolbox) -> list[Ran]:
        return [await asked(box, "much", megabytes=size) for size in (50, 3)]

    too_long, long = within(bare(tmp_path), then)

    assert too_long.failed
    assert "its answer has 50,000,0" in too_long.text
    assert "more than 8,000,000, and was not read; ask for less" in too_long.text
    assert "2,000,000 characters were left out" in long.text


def test_variables_reach_the_server_and_only_those_that_are_given(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("SECRET", "of the run")
    command = spec("bare_server.py", variables="TOKEN=$MINE 'WORDS=two words'")

    async def shown(box: Toolbox) -> list[str]:
        return [(await asked(box, "say", variable=name)).text for name in ("TOKEN", "WORDS", "SECRET")]

    assert within(toolbox([command], tmp_path, environment={"MINE": "mine"}), shown) == ["mine", "two words", "not set"]


def test_two_servers_with_the_same_tools_need_a_prefix(tmp_path: Path) -> None:
    first, second = (spec("bare_server.py", how) for how in ("a", "b"))
    with pytest.raises(
        ToolError, match=r"two tools are called again: one of mcp: .* a, one of mcp: .* b; .*mcp\+PREFIX"
    ):
        within(toolbox([first, second], tmp_path), itself)

    both = within(toolbox([first, spec("bare_server.py", prefix="+b")], tmp_path), itself)
    assert [tool.name for tool in both.tools] == [*BARE, *(f"b_{name}" for name in BARE)]


def test_a_clash_with_a_function_names_both(tmp_path: Path) -> None:
    (tmp_path / "tools.py").write_text("def say(): ...\n", encoding="utf-8")

    with pytest.raises(ToolError, match=r"two tools are called say: one of tools.py, one of mcp:"):
        within(toolbox([spec("bare_server.py"), "tools.py"], tmp_path, near=tmp_path), itself)


@pytest.mark.parametrize(
    ("command", "says", "seconds"),
    [
        ("no-such-command-here", "did not start: .*no-such-command-here", 60),
        (f"{sys.executable} -c 'import sys; sys.exit(\"no key given\")'", "did not start: .*no key given", 60),
        (f"{sys.executable} -c 'print(1)'", "did not start: Connection closed", 60),
        (f"{sys.executable} -c 'import time; time.sleep(60)'", "did not answer in 1 s", 1),
        (spec("bare_server.py", "unlisted").removeprefix("mcp:"), "did not list its tools in time", 5),
    ],
)
def test_a_server_that_does_not_start_is_an_error_with_its_last_words(
    tmp_path: Path, command: str, says: str, seconds: float
) -> None:
    with pytest.raises(ToolError, match=says):
        within(toolbox([f"mcp:{command}"], tmp_path, seconds=seconds), itself)


def test_a_call_after_the_end_starts_no_server(tmp_path: Path) -> None:
    box = bare(tmp_path)

    async def late() -> Ran:
        async with box:
            pass
        return await asked(box, "say")

    assert asyncio.run(late()) == Ran("the run is over, and its MCP servers are ended", failed=True)
    assert not called(box, "say").failed


def recorded(folder: Path) -> str:
    """The spec of a server that writes its number down as it starts."""
    server = Path(__file__).with_name("bare_server.py")
    program = folder / "server"
    program.write_text(f"#!/bin/sh\necho $$ > {folder}/pid\nexec {sys.executable} {server}\n")
    program.chmod(0o755)
    return f"mcp:{program}"


def ended(folder: Path) -> bool:
    try:
        os.kill(int((folder / "pid").read_text()), 0)
    except ProcessLookupError:
        return True
    return False


def test_servers_are_ended_with_the_toolbox(tmp_path: Path) -> None:
    within(toolbox([recorded(tmp_path)], tmp_path), itself)

    assert ended(tmp_path)


def test_servers_are_ended_when_another_cannot_be_had(tmp_path: Path) -> None:
    slow = f"mcp:{sys.executable} -c 'import time; time.sleep(60)'"

    with pytest.raises(ToolError, match="did not answer in 2 s"):
        within(toolbox([recorded(tmp_path), slow], tmp_path, seconds=2), itself)
    assert ended(tmp_path)


def test_servers_are_ended_when_the_run_is_interrupted(tmp_path: Path) -> None:
    async def interrupted() -> None:
        async with toolbox([recorded(tmp_path)], tmp_path) as box:
            task = asyncio.current_task()
            assert task is not None
            asyncio.get_running_loop().call_later(0.2, task.cancel)
            await asked(box, "hang", seconds=60)

    with pytest.raises(asyncio.CancelledError):
        asyncio.run(interrupted())
    assert ended(tmp_path)
