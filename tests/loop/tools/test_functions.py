"""Python functions as tools: what the model is told, whatever they do."""

import asyncio
import subprocess
import sys
import threading
import time
from pathlib import Path

import pytest

from litany.loop.tools import Ran, Toolbox
from tests.loop.tools.boxes import called, of_file, within

SRC = Path(__file__).parents[3] / "src"


def test_a_function_is_called_with_what_the_model_gave(tmp_path: Path) -> None:
    box = of_file(tmp_path, "def add(a: int, b: int = 2) -> int:\n    return a + b\n")

    assert called(box, "add", {"a": 1}) == Ran("3")


def test_an_async_function_is_awaited(tmp_path: Path) -> None:
    box = of_file(
        tmp_path,
        """
        import asyncio
        async def slow(text: str) -> str:
            await asyncio.sleep(0.001)
            return text.upper()
        """,
    )

    assert called(box, "slow", {"text": "a"}) == Ran("A")


def test_what_is_bound_to_a_loop_serves_from_call_to_call(tmp_path: Path) -> None:
    box = of_file(
        tmp_path,
        """
        import asyncio
        LOCK, LOOPS = asyncio.Lock(), []
        async def count() -> int:
            async with LOCK:
                LOOPS.append(asyncio.get_running_loop())
                await asyncio.sleep(0)
                return len(set(map(id, LOOPS)))
        """,
    )

    async def together(box: Toolbox) -> list[Ran]:
        return await asyncio.gather(*(box.call("count", "{}", str(n)) for n in range(5)))

    assert within(box, together) == [Ran("1")] * 5


@pytest.mark.parametrize(
    ("body", "told"),
    [
        ("return 'as it is'", "as it is"),
        ("return {'a': [1, None]}", '{"a":[1,null]}'),
        ("return b'\\xff!'", "\ufffd!"),
        ("return None", "done; it gave nothing back"),
        ("return ''", ""),
        ("import datetime; return datetime.date(2026, 1, 2)", '"2026-01-02"'),
        ("return {1, }", "[1]"),
        ("print('seen')", "seen\n"),
        ("print('seen'); return 3", "3\n\nIt printed:\nseen\n"),
        ("return '\\ud800'", "?"),
    ],
)
def test_what_a_function_gives_is_told_as_text(tmp_path: Path, body: str, told: str) -> None:
    assert called(of_file(tmp_path, f"def give():\n    {body}\n"), "give") == Ran(told)


def test_a_value_that_holds_itself_is_told_by_its_repr(tmp_path: Path) -> None:
    box = of_file(tmp_path, "def give() -> list:\n    found = []\n    found.append(found)\n    return found\n")

    assert called(box, "give") == Ran("[[...]]")


def test_an_exception_is_told_with_its_place_in_the_users_file_and_no_more(tmp_path: Path) -> None:
    box = of_file(
        tmp_path,
        """
        PRICES = {}
        def price(item: str) -> int:
            return PRICES[item]
        """,
    )

    assert called(box, "price", {"item": "pump"}) == Ran(
        "KeyError: 'pump' (tools.py, line 4, in price: return PRICES[item])", failed=True
    )


@pytest.mark.parametrize("raised", ["SystemExit(3)", "KeyboardInterrupt()", "StopIteration(1)", "GeneratorExit()"])
@pytest.mark.parametrize("kind", ["def", "async def"])
def test_an_exception_that_would_end_a_program_ends_only_the_call(tmp_path: Path, kind: str, raised: str) -> None:
    box = of_file(tmp_path, f"{kind} stop():\n    raise {raised}\n{kind} go() -> str:\n    return 'on'\n")

    async def both(box: Toolbox) -> list[Ran]:
        return [await box.call("stop", "{}", "1"), await box.call("go", "{}", "2")]

    stopped, gone_on = within(box, both)

    assert stopped.failed
    assert raised.partition("(")[0] in stopped.text or "StopIteration" in stopped.text
    assert gone_on == Ran("on")


def test_an_exception_that_cannot_say_what_it_is_is_told_by_its_kind(tmp_path: Path) -> None:
    box = of_file(
        tmp_path,
        """
        class Mute(Exception):
            def __str__(self):
                raise RuntimeError
        def fail():
            raise Mute
        """,
    )

    assert called(box, "fail").text.startswith("Mute (tools.py, line 6")


def test_a_tool_that_cancels_itself_cancels_nobody_else(tmp_path: Path) -> None:
    box = of_file(tmp_path, "import asyncio\nasync def leave():\n    raise asyncio.CancelledError\n")

    assert called(box, "leave") == Ran("it was cancelled", failed=True)


def test_a_flood_of_prints_is_kept_by_its_ends_and_reaches_no_terminal(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    text = "def flood():\n    for n in range(10_000):\n        print(f'line {n}')\n"
    ran = called(of_file(tmp_path, text, longest=1_000), "flood")

    assert ran.text.startswith("line 0\n")
    assert ran.text.endswith("line 9999\n")
    assert "characters were left out here" in ran.text
    assert len(ran.text) < 1_200
    assert capsys.readouterr().out == ""


def test_what_others_print_meanwhile_goes_where_it_went(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    box = of_file(tmp_path, "import time\ndef wait():\n    print('in')\n    time.sleep(0.05)\n")

    async def beside(box: Toolbox) -> Ran:
        call = asyncio.create_task(box.call("wait", "{}", "1"))
        await asyncio.sleep(0.02)
        sys.stdout.write("out\n")
        return await call

    before = sys.stdout
    assert within(box, beside) == Ran("in\n")
    assert capsys.readouterr().out == "out\n"
    assert sys.stdout is before


@pytest.mark.parametrize(
    "body",
    [
        "    import time\n    time.sleep(30)",
        "    while True:\n        pass",
        "    while True:\n        try:\n            sum(range(100))\n        except Exception:\n            pass",
    ],
)
@pytest.mark.parametrize("kind", ["def", "async def"])
def test_a_call_that_never_returns_is_given_up_and_the_next_one_runs(tmp_path: Path, kind: str, body: str) -> None:
    box = of_file(tmp_path, f"{kind} hang():\n{body}\n{kind} go() -> str:\n    return 'on'\n", seconds=1.2)

    async def both(box: Toolbox) -> list[Ran]:
        hung = await box.call("hang", "{}", "1")
        return [hung, await box.call("go", "{}", "2")]

    before = time.monotonic()
    hung, gone_on = within(box, both)

    assert hung.failed
    assert "given up after 1.2 s" in hung.text
    assert gone_on == Ran("on")
    assert time.monotonic() - before < 30


def test_python_code_that_was_given_up_stops(tmp_path: Path) -> None:
    box = of_file(tmp_path, "def spin():\n    while True:\n        pass\n", seconds=0.1)

    assert called(box, "spin").failed

    until = time.monotonic() + 30
    while any(thread.name == "litany-spin" for thread in threading.enumerate()) and time.monotonic() < until:
        pass
    assert not any(thread.name == "litany-spin" for thread in threading.enumerate())


def test_a_function_whose_calls_all_hang_is_called_no_more(tmp_path: Path) -> None:
    box = of_file(tmp_path, "import time\ndef hang():\n    time.sleep(20)\n", seconds=0.05)

    async def often(box: Toolbox) -> list[Ran]:
        return [await box.call("hang", "{}", str(n)) for n in range(4)]

    ran = within(box, often)

    assert "given up" in ran[2].text
    assert ran[3] == Ran("3 calls of hang that were given up still run; do without it", failed=True)


def test_many_calls_of_a_function_run_at_once(tmp_path: Path) -> None:
    text = "import threading\nALL = threading.Barrier(6)\ndef meet():\n    ALL.wait(20)\n"

    async def together(box: Toolbox) -> list[Ran]:
        return await asyncio.gather(*(box.call("meet", "{}", str(n)) for n in range(6)))

    assert within(of_file(tmp_path, text), together) == [Ran("done; it gave nothing back")] * 6


def test_a_limit_of_its_own_goes_before_the_toolboxs(tmp_path: Path) -> None:
    text = "import time\ndef hang():\n    time.sleep(3)\nhang.seconds = 0.05\n"

    assert "given up after 0.05 s" in called(of_file(tmp_path, text), "hang").text


def test_a_call_that_is_given_up_does_not_hold_up_the_end_of_the_process(tmp_path: Path) -> None:
    (tmp_path / "tools.py").write_text(
        "import time\ndef hang():\n    time.sleep(60)\nasync def block():\n    time.sleep(60)\n", encoding="utf-8"
    )
    script = f"""
import asyncio, pathlib
from litany.loop.tools import toolbox
async def main():
    async with toolbox([{str(tmp_path / "tools.py")!r}], pathlib.Path({str(tmp_path)!r}), seconds=0.1) as box:
        print((await box.call("hang", "", "1")).failed, (await box.call("block", "", "2")).failed)
asyncio.run(main())
"""
    before = time.monotonic()
    ran = subprocess.run(
        [sys.executable, "-c", script], capture_output=True, text=True, check=False, env={"PYTHONPATH": str(SRC)}
    )

    assert (ran.returncode, ran.stdout, ran.stderr) == (0, "True True\n", "")
    assert time.monotonic() - before < 20


def test_a_cancelled_call_gives_the_function_up(tmp_path: Path) -> None:
    box = of_file(tmp_path, "def spin():\n    while True:\n        pass\n")

    async def interrupted(box: Toolbox) -> None:
        call = asyncio.create_task(box.call("spin", "{}", "1"))
        await asyncio.sleep(0.05)
        call.cancel()
        with pytest.raises(asyncio.CancelledError):
            await call

    within(box, interrupted)


def test_a_tool_that_asks_for_it_is_handed_the_key_of_its_call(tmp_path: Path) -> None:
    box = of_file(
        tmp_path,
        """
        from litany.loop.tools import Asked
        def order(item: str, asked: Asked) -> str:
            return f"{item} under {asked.key}"
        """,
    )

    assert called(box, "order", {"item": "pump"}, key="run/7/c") == Ran("pump under run/7/c")
    assert "asked" not in str(box.schemas())


def test_a_tool_says_in_its_own_words_what_went_wrong(tmp_path: Path) -> None:
    text = "from litany.loop.tools import Told\ndef order():\n    raise Told('sold out; ask for another')\n"

    assert called(of_file(tmp_path, text), "order") == Ran("sold out; ask for another", failed=True)


def test_a_sync_function_that_gives_an_awaitable_is_awaited(tmp_path: Path) -> None:
    box = of_file(tmp_path, "async def _inner():\n    return 'inner'\ndef outer():\n    return _inner()\n")

    assert called(box, "outer") == Ran("inner")


def test_the_context_of_the_caller_reaches_the_tool(tmp_path: Path) -> None:
    box = of_file(
        tmp_path,
        """
        from decimal import getcontext
        def precision() -> int:
            return getcontext().prec
        async def precision_too() -> int:
            return getcontext().prec
        """,
    )

    async def both(box: Toolbox) -> list[Ran]:
        from decimal import localcontext

        with localcontext() as context:
            context.prec = 7
            return [await box.call(name, "{}", "1") for name in ("precision", "precision_too")]

    assert within(box, both) == [Ran("7"), Ran("7")]
