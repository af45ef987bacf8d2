"""What `litany eval` cannot start: one line that says what and what to do, status 2, nothing asked, nothing left."""

from pathlib import Path

import pytest

from tests.adapters.asked import GPT
from tests.cli.evals.command import SUITE, found, litany, litellm, shipped


@pytest.mark.parametrize(
    ("line", "text"),
    [
        ("neddle", "there is no task 'neddle'; did you mean needle? there is needle"),
        ("needle --arms bare,sing", "there is no arm 'sing'"),
        ("needle --arms nowhere.toml", "the Policy file nowhere.toml cannot be read"),
        ("needle --arms mine.toml", "mine.toml: a Policy has no `tasks`"),
        ("kv:nowhere.jsonl", "there is no task 'kv:nowhere.jsonl'"),
        ("--model oracle --lengths 1k", "of litany's own there are pocket and scripted:FILE.jsonl"),
        ("--model scripted:nowhere.jsonl --lengths 1k", "the script nowhere.jsonl cannot be read"),
        ("--model scripted:mine.toml --lengths 1k", "mine.toml, line 1 is no JSON"),
        ("--model scripted:said.jsonl", "give --lengths, such as 1k,4k,16k"),
        ("nowhere.toml", "nowhere.toml cannot be read (No such file or directory)"),
        ("broken.toml", "broken.toml is not TOML ("),
        ("strange.toml", "strange.toml: a suite has no `lenghts`; did you mean `lengths`?"),
        ("mine.toml --model scripted:said.jsonl --set circle=1", "a script has no option `circle`"),
        ("needle --arms bare,bare", "`arms` has bare twice; name each once"),
        ("--lengths 4q", "--lengths has '4q'; write tokens as 4k, 1M or a plain number"),
        ("--lengths 1k,,2k", "--lengths has an empty item"),
        ("--depths top", "--depths has 'top'; write shares from 0"),
        ("--depths 1.5", "a depth is 1.5; give a share"),
        ("-n 0", "`n` is 0; give a whole number from 1"),
        ("-n many", "Invalid value for '-n'"),
        ("--trials 0", "`trials` is 0"),
        ("--workers 0", "`workers` is 0; give at least 1"),
        ("--set window", "--set 'window': write key=value, such as temperature=0"),
        ("--set window=[1]", "give one number, one text, true or false"),
        ("--set api_key=sk-1", "`options.api_key` is a secret"),
        ("--judge scripted:nowhere.jsonl", "the script nowhere.jsonl cannot be read"),
        ("--rescore", "add --out DIR"),
        ("--rescore --out nowhere", "outcomes.jsonl cannot be read"),
        ("--rescore --out nowhere -n 3", "leave out the rest"),
        ("needle --rescore --out nowhere", "leave out the rest"),
        ("mine.toml --max-cost=-1", "give 0 or more"),
        ("mine.toml --max-cost=nan --dry-run", "give 0 or more"),
        ("mine.toml --out said.jsonl", "said.jsonl cannot be written (Not a directory); give another folder"),
        ("mine.toml --set window=299", "a length is 300 tokens and the window of scripted:said.jsonl"),
        ("mine.toml --lengths 20", "give a greater length"),
        ("mine.toml needle", "unexpected extra argument"),
    ],
)
@shipped
def test_what_cannot_start_says_so_in_one_line_and_asks_nothing(line: str, text: str) -> None:
    Path("broken.toml").write_text("tasks = [\n")
    Path("strange.toml").write_text(f"{SUITE}lenghts = [1]\n".replace("options", "#"))

    ran = litany(f"eval {line}")

    assert (ran.returncode, ran.stdout) == (2, "")
    assert ran.stderr.startswith("litany: ")
    assert len(ran.stderr.splitlines()) == 1
    assert text in ran.stderr
    assert not any(path.read_bytes() for path in Path().rglob("outcomes.jsonl"))


@litellm
def test_a_limit_that_one_call_may_pass_is_refused_and_a_dry_run_says_so() -> None:
    line = f"eval needle --model {GPT} --lengths 1k -n 1 --set api_base=http://127.0.0.1:9 --out out --max-cost 0.001"
    ran, planned = litany(line), litany(f"{line} --dry-run")

    told = (
        "may cost $0.00998, for it may answer 16,384 tokens, and $0.001 is all that may be spent; give more, or shorter"
    )
    assert (ran.returncode, ran.stdout, Path("out").exists()) == (2, "", False)
    assert f"{told} answers: --set max_tokens=256" in ran.stderr
    assert told in planned.stdout
    assert told in found(f"{line} --dry-run")["refused"]
    assert found(f"{line} --dry-run --set max_tokens=256")["refused"] is None


@litellm
def test_a_dry_run_needs_no_key_and_a_window_may_be_written_as_a_size() -> None:
    line = "eval needle --model openai/of-mine --lengths 1k -n 1 --set window=32k"

    assert found(f"{line} --dry-run")["refused"] is None
    assert "needs a key of openai" in litany(f"{line} --out out").stderr
    assert "give it as the option window=TOKENS" in litany(line.replace("--set window=32k", "--dry-run")).stderr
    assert "--set window is '32x'; write tokens as 8k, 128k" in litany(line.replace("32k", "32x")).stderr


def test_a_folder_of_another_suite_and_one_of_broken_results_are_refused() -> None:
    found("eval mine.toml --out out")

    other = litany("eval mine.toml --arms bare --out out")
    outcomes = Path("out/outcomes.jsonl")
    outcomes.write_text("{}\n" + outcomes.read_text())
    broken = litany("eval mine.toml --out out")

    assert (other.returncode, broken.returncode) == (2, 2)
    assert "out holds outcomes of another suite" in other.stderr
    assert "out/outcomes.jsonl, line 1: this is no outcome" in broken.stderr


@litellm
def test_a_missing_key_is_told_before_anything_is_asked() -> None:
    ran = litany(f"eval --model {GPT} --lengths 1k")

    assert ran.returncode == 2
    assert "set OPENAI_API_KEY in the environment" in ran.stderr
