"""`litany ask` from the outside: what it prints where, and its exit status."""

import json
import subprocess
import sys
from collections.abc import Sequence
from importlib.util import find_spec
from pathlib import Path

import pytest

from litany.cli.ask import completed, said, spent
from litany.core.completion import Completion, Usage
from litany.pocket.reader import pocket
from litany.testing import Fault, Provider
from tests.adapters.asked import GPT

COMMAND = [sys.executable, "-c", "from litany.cli import main; main()", "ask"]
TOLD = "The ship Raven carries salt. The ship Heron carries wool. "
ASKED = {"role": "user", "content": f"{TOLD}What does the ship Raven carry?"}
LOOK = {"name": "look", "parameters": {"type": "object", "properties": {"ship": {"type": "string"}}}}
litellm = pytest.mark.skipif(find_spec("litellm") is None, reason="needs the extra litellm")


def ask(*arguments: object, given: str | bytes = b"") -> subprocess.CompletedProcess[str]:
    body = given.encode() if isinstance(given, str) else given
    ran = subprocess.run([*COMMAND, *map(str, arguments)], check=False, capture_output=True, input=body)
    return subprocess.CompletedProcess(ran.args, ran.returncode, ran.stdout.decode(), ran.stderr.decode())


def asked(*arguments: object, given: str = "") -> dict[str, object]:
    """What --json prints, without what was known before."""
    ran = ask(*arguments, "--json", given=given)
    assert (ran.returncode, ran.stderr) == (0, "")
    found = json.loads(ran.stdout)
    assert isinstance(found, dict)
    return found


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    (tmp_path / "told.txt").write_text(TOLD)
    (tmp_path / "chat.json").write_text(json.dumps([ASKED]))
    (tmp_path / "chat.jsonl").write_text(json.dumps(ASKED) + "\n\n")
    (tmp_path / "whole.json").write_text(json.dumps({"messages": [ASKED], "tools": [LOOK]}))
    (tmp_path / "row.jsonl").write_text(json.dumps({"messages": [ASKED]}) + "\n")
    (tmp_path / "tools.json").write_text(json.dumps([{"type": "function", "function": LOOK}]))
    (tmp_path / "answered.json").write_text(json.dumps([ASKED, {"role": "assistant", "content": "salt"}]))
    (tmp_path / "empty.txt").write_text(" \n")
    (tmp_path / "broken.json").write_text('[{"role":\n "user",')
    (tmp_path / "deep.json").write_text("[" * 99_999)
    (tmp_path / "word.json").write_text('"hello"')
    (tmp_path / "two.jsonl").write_text((json.dumps({"messages": [ASKED]}) + "\n") * 2)
    (tmp_path / "image.json").write_text(json.dumps([{"role": "user", "content": [{"type": "image_url"}]}]))
    (tmp_path / "roleless.json").write_text(json.dumps([{"content": "hello"}]))
    (tmp_path / "photo.png").write_bytes(b"\x89PNG\r\n\x1a\n")
    (tmp_path / "zeros.bin").write_bytes(b"ab\0\0")
    (tmp_path / "long.txt").write_text(TOLD * 300)
    (tmp_path / "many.txt").write_text(" ".join(f"word{number}" for number in range(1_100)))
    return tmp_path


def test_the_answer_is_printed_and_what_it_took_stands_on_stderr(folder: Path) -> None:
    ran = ask("What does the ship Raven carry?", "--file", folder / "told.txt")

    assert ran.returncode == 0
    assert ran.stdout.strip()
    (line,) = ran.stderr.splitlines()
    assert line.startswith(f"{pocket().name} read ")
    assert " tokens, wrote " in line
    assert "\x1b" not in ran.stdout + ran.stderr


def test_json_holds_the_model_the_message_the_usage_and_why_it_ended(folder: Path) -> None:
    found = asked("What does the ship Raven carry?", "--file", folder / "told.txt")

    chat = [{"role": "user", "content": TOLD}, {"role": "user", "content": "What does the ship Raven carry?"}]
    done = pocket()(chat)
    usage = {"prompt": pocket().count(chat), "completion": done.usage.completion, "cached": 0}
    assert found == {"model": pocket().name, "message": done.message, "usage": usage, "finish": done.finish}


@pytest.mark.parametrize("name", ["chat.json", "chat.jsonl", "whole.json", "row.jsonl"])
def test_a_chat_is_a_list_an_object_or_a_message_a_line(folder: Path, name: str) -> None:
    tools = [LOOK] if name == "whole.json" else []

    assert asked("--messages", folder / name)["message"] == pocket()([ASKED], tools).message
    assert asked("--messages", "-", given=(folder / name).read_text())["message"] == pocket()([ASKED], tools).message


def test_chat_texts_and_question_stand_in_this_order(folder: Path) -> None:
    found = asked(
        "Who?", "--messages", folder / "answered.json", "--file", folder / "told.txt", "--file", "-", given="Bye."
    )

    chat = [ASKED, {"role": "assistant", "content": "salt"}]
    chat += [{"role": "user", "content": text} for text in (TOLD, "Bye.", "Who?")]
    assert found["message"] == pocket()(chat).message


def test_tools_are_offered(folder: Path) -> None:
    found = asked("--messages", folder / "chat.json", "--tools", folder / "tools.json")

    usage = found["usage"]
    assert isinstance(usage, dict)
    assert usage["prompt"] == pocket().count([ASKED], [LOOK])
    assert usage["prompt"] > pocket().count([ASKED])


@pytest.mark.parametrize(
    ("line", "text"),
    [
        ("", "nothing is asked; give a QUESTION"),
        ("--file told.txt", "nothing is asked"),
        ("--messages answered.json", "nothing is asked; give a QUESTION, or --messages that end with a message"),
        ("--messages chat.json --file told.txt", "nothing is asked"),
        ("Why? --model oracle", "of litany's own there are pocket and scripted:FILE.jsonl"),
        ("Why? --model scripted:nowhere.jsonl", "the script nowhere.jsonl cannot be read"),
        ("Why? --set temperature", "--set 'temperature': write key=value"),
        ("Why? --set temperature=0", "pocket has no option `temperature`; it takes none"),
        ("Why? --file nowhere.txt", "nowhere.txt cannot be read (No such file or directory)"),
        ("Why? --file .", "cannot be read (Is a directory)"),
        ("Why? --file photo.png", "photo.png is no UTF-8 text (byte 0x89 at 0)"),
        ("Why? --file zeros.bin", "zeros.bin is no text (byte 0x00 at 2)"),
        ("Why? --file empty.txt", "empty.txt is empty"),
        ("Why? --file -", "standard input is empty"),
        ("Why? --file - --messages -", "- is given twice"),
        ("Why? --messages nowhere.json", "nowhere.json cannot be read"),
        ("Why? --messages broken.json", "broken.json is not JSON ("),
        ("Why? --messages broken.json", "line 2, column 9"),
        ("Why? --messages deep.json", "deep.json is not JSON that can be read"),
        ("Why? --messages word.json", "word.json holds no chat; give a list of messages"),
        ("Why? --messages two.jsonl", "two.jsonl holds 2 chats; give a file of one"),
        ("Why? --tools word.json", "word.json holds no tools"),
        ("Why? --tools broken.json", "broken.json is not JSON"),
        ("Why? --colour red", "see `litany --help`"),
        (" --file told.txt --", "nothing is asked"),
    ],
)
def test_what_cannot_start_says_so_in_one_line(
    folder: Path, line: str, text: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(folder)

    ran = ask(*line.split())

    assert (ran.returncode, ran.stdout) == (2, "")
    assert ran.stderr.startswith("litany: ")
    assert len(ran.stderr.splitlines()) == 1
    assert text in ran.stderr


@pytest.mark.parametrize(
    ("option", "name", "text"),
    [
        ("--file", "long.txt", "its window holds 2,048; shorten the request"),
        ("--file", "many.txt", "more than 1,024 different words"),
        ("--messages", "image.json", "message 0: it holds a part of type 'image_url'"),
        ("--messages", "roleless.json", "message 0: its role is None"),
        ("--messages", "word.json", "holds no chat"),
    ],
)
def test_what_the_model_cannot_read_is_one_line_too(folder: Path, option: str, name: str, text: str) -> None:
    ran = ask("Why?", option, folder / name)

    assert (ran.returncode, ran.stdout, len(ran.stderr.splitlines())) == (2, "", 1)
    assert text in ran.stderr


def test_a_blank_question_is_refused() -> None:
    ran = ask("  ")

    assert (ran.returncode, ran.stderr) == (2, "litany: the question is blank; write what is to be answered\n")


def test_a_message_a_line_that_is_broken_is_told_by_its_line() -> None:
    ran = ask("--messages", "-", given='{"role": "user", "content": "a"}\n{"role": "user",\n')

    assert ran.returncode == 2
    assert "standard input is not JSON" in ran.stderr
    assert "line 2" in ran.stderr


def test_help_loads_no_model() -> None:
    script = """
import sys
from litany.cli.app import run
for words in (["--help"], ["ask", "--help"], ["ask"]):
    run(words)
sys.exit("numpy" in sys.modules)
"""
    assert subprocess.run([sys.executable, "-c", script], check=False, capture_output=True).returncode == 0


def test_a_call_is_printed_as_it_would_be_written() -> None:
    calls = [
        {
            "id": "a",
            "type": "function",
            "function": {"name": "look", "arguments": '{"ship": "R\\u00e9n \\"x\\"", "n": 3}'},
        },
        {"id": "b", "type": "function", "function": {"name": "stop", "arguments": "{"}},
    ]

    assert said({"role": "assistant", "content": None, "tool_calls": calls}) == 'look(ship="Rén \\"x\\"", n=3)\nstop({)'
    assert said({"role": "assistant", "content": "Look:", "tool_calls": calls[:1]}).startswith("Look:\nlook(")


def test_a_text_keeps_its_lines_and_steers_no_terminal() -> None:
    assert said({"role": "assistant", "content": "one\ntwo \x1b[31m"}) == "one\ntwo \\x1b[31m"
    assert said({"role": "assistant", "content": ""}) == ""


def test_what_an_answer_took_is_told_in_one_line() -> None:
    message = {"role": "assistant", "content": "salt"}

    assert spent("pocket-1a2b3c4d", Completion(message, Usage(1_812, 4, 768), "stop")) == (
        "pocket-1a2b3c4d read 1,812 tokens (768 of them known), wrote 4"
    )
    assert spent("x", Completion(message, Usage(9, 48), "length")) == "x read 9 tokens, wrote 48, and was cut off there"


class Slow:
    """A model that is waited for."""

    name = "slow"
    window = 100

    def count(self, messages: Sequence[object], tools: Sequence[object] = (), /) -> int:
        return len(messages)

    async def __call__(self, messages: Sequence[object], tools: Sequence[object] = (), /) -> Completion:
        return Completion({"role": "assistant", "content": f"{messages[-1]}!"}, Usage(len(messages), 1), "stop")


def test_a_model_that_is_waited_for_is_waited_for() -> None:
    assert completed(Slow(), ["a", "b"], ()).message["content"] == "b!"


def test_a_script_is_asked_too(folder: Path) -> None:
    (folder / "s.jsonl").write_text(json.dumps({"role": "assistant", "content": "Salt."}))

    ran = ask("Why?", "--model", f"scripted:{folder / 's.jsonl'}", "--set", "window=100")

    assert (ran.returncode, ran.stdout) == (0, "Salt.\n")
    assert ran.stderr.startswith("scripted:s.jsonl-")


@litellm
@pytest.mark.slow
def test_a_model_over_http_is_asked_and_its_failure_is_one_line() -> None:
    def remote(provider: Provider) -> subprocess.CompletedProcess[str]:
        return ask("Why?", "--model", GPT, "--set", f"api_base={provider.url}/v1", "--set", "temperature=0")

    with Provider(["Salt."], faults=[None, Fault(status=500)]) as provider:
        answered, failed = remote(provider), remote(provider)
        (first, *_) = provider.requests

    assert (answered.returncode, answered.stdout) == (0, "Salt.\n")
    assert first.body["temperature"] == 0
    assert (failed.returncode, failed.stdout, len(failed.stderr.splitlines())) == (2, "", 1)
