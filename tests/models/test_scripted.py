"""The scripted model: one OpenAI assistant message a line."""

import json
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from litany.errors import EvalError
from litany.models import Unanswered, model_named
from tests.adapters.asked import CALLING

HELLO = {"role": "assistant", "content": "hello"}
ASKED = [{"role": "user", "content": "hi"}]


def script(folder: Path, *lines: object) -> str:
    file = folder / "said.jsonl"
    file.write_text("\n".join(line if isinstance(line, str) else json.dumps(line) for line in lines), encoding="utf-8")
    return f"scripted:{file}"


def test_lines_are_said_in_order_and_counted(tmp_path: Path) -> None:
    model = model_named(script(tmp_path, HELLO, "", CALLING))

    first, second = model(ASKED), model(ASKED)

    assert (first.message, first.finish) == (HELLO, "stop")
    assert (second.message, second.finish) == (CALLING, "tool_calls")
    assert first.usage.prompt == model.count(ASKED) > 0
    assert model.price(first.usage) == 0
    assert model.longest == max(first.usage.completion, second.usage.completion)


def test_a_script_that_is_played_out_says_so(tmp_path: Path) -> None:
    model = model_named(script(tmp_path, HELLO))
    model(ASKED)

    with pytest.raises(Unanswered) as raised:
        model(ASKED)

    told = "said.jsonl holds 1 answers and was asked 2 times; add lines, or set `cycle = true`"
    assert (raised.value.failure.kind, raised.value.passes) == ("provider", False)
    assert str(raised.value).endswith(told)


def test_a_cycle_begins_again_and_gives_each_thread_a_line_of_its_own(tmp_path: Path) -> None:
    lines = [{"role": "assistant", "content": str(number)} for number in range(4)]
    model = model_named(script(tmp_path, *lines), cycle=True)

    with ThreadPoolExecutor(8) as threads:
        said = list(threads.map(lambda _: str(model(ASKED).message["content"]), range(400)))

    assert sorted(said) == sorted(str(number) for number in range(4) for _ in range(100))


def test_another_script_has_another_name(tmp_path: Path) -> None:
    one = model_named(script(tmp_path, HELLO)).name
    other = model_named(script(tmp_path, HELLO, HELLO)).name

    assert one != other
    assert one.startswith("scripted:said.jsonl-")


@pytest.mark.parametrize(
    ("line", "words"),
    [
        ("{broken", "line 2 is no JSON"),
        ("[" * 100_000, "line 2 is no JSON"),
        ("[1]", "line 2 is no assistant message"),
        ('{"role": "user", "content": "hi"}', "line 2 is no assistant message"),
        ('{"role": "assistant"}', "line 2, content: "),
        ('{"role": "assistant", "content": 7}', "line 2, content: Invalid type"),
        ('{"role": "assistant", "content": null, "tool_calls": [{"id": "x"}]}', "line 2, tool_calls[0].type: "),
    ],
)
def test_a_bad_line_is_named(tmp_path: Path, line: str, words: str) -> None:
    name = script(tmp_path, HELLO, line)

    with pytest.raises(EvalError) as raised:
        model_named(name)

    assert f"said.jsonl, {words}" in str(raised.value)
    assert "\n" not in str(raised.value)


def test_a_script_that_is_missing_empty_or_no_text_is_told(tmp_path: Path) -> None:
    (tmp_path / "odd.jsonl").write_bytes(b"\xff\xfe")

    with pytest.raises(EvalError, match=r"cannot be read \(No such file or directory\); name a file"):
        model_named(f"scripted:{tmp_path}/none.jsonl")
    with pytest.raises(EvalError, match=r"cannot be read \(Is a directory\); name a file"):
        model_named(f"scripted:{tmp_path}")
    with pytest.raises(EvalError, match=r"scripted: names no file; write it as scripted:FILE.jsonl"):
        model_named("scripted:")
    with pytest.raises(EvalError, match="is empty"):
        model_named(script(tmp_path, ""))
    with pytest.raises(EvalError, match="is not UTF-8"):
        model_named(f"scripted:{tmp_path}/odd.jsonl")


@pytest.mark.parametrize(
    ("options", "words"),
    [
        ({"temperature": 0}, "a script has no option `temperature`; it takes cycle and window"),
        ({"cycle": "yes"}, "`cycle` is 'yes'; give true or false"),
        ({"window": True}, "`window` is True; give a whole number"),
    ],
)
def test_an_option_that_it_has_not_is_refused(tmp_path: Path, options: dict[str, object], words: str) -> None:
    with pytest.raises(EvalError, match=words):
        model_named(script(tmp_path, HELLO), **options)
