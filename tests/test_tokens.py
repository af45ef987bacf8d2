"""Counting: exact for any text, in time that grows with its length, and honest where no table is at hand."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

from litany.errors import PolicyError
from litany.tokens import CHUNK, counter, estimate

COUNT = counter()


def test_counts_are_those_of_the_encoding() -> None:
    assert [COUNT(text) for text in ("", "hello world", "<|endoftext|>")] == [0, 2, 7]


def test_encodings_count_differently_and_each_is_loaded_by_its_name() -> None:
    text = "Überprüfung der Pumpensteuerung"

    assert counter("cl100k_base")(text) > COUNT(text)


@pytest.mark.parametrize("letter", [" ", "a", "🛟", "\ud800", "{"], ids=ascii)
def test_a_megabyte_of_one_letter_is_the_sum_of_its_chunks(letter: str) -> None:
    assert COUNT(letter * (20 * CHUNK)) == 20 * COUNT(letter * CHUNK) > 0


def test_a_megabyte_of_special_tokens_is_text_like_any_other() -> None:
    assert COUNT("<|endoftext|>" * 77_000) > 5 * 77_000


def test_an_unknown_encoding_is_refused_with_those_there_are() -> None:
    with pytest.raises(PolicyError, match="there is no encoding 'gpt-4o'; there are o200k_base, cl100k_base"):
        counter("gpt-4o")


@pytest.mark.parametrize(
    "text",
    [
        "The pump of house 7 stops at night.",
        '{"path": "/srv/pump.log", "line": 4711}',
        "Заслонка закрыта",
        "阀门关闭",
        "🛟🛟🛟",
    ],
)
def test_the_estimate_errs_on_the_high_side_by_little(text: str) -> None:
    assert COUNT(text) <= estimate(text) <= 4 * COUNT(text) + 2


def test_without_a_table_tokens_are_estimated_and_it_is_said_once(tmp_path: Path) -> None:
    program = (
        "import sys, warnings; sys.modules['litellm'] = None\n"
        "from litany.tokens import counter, estimate\n"
        "with warnings.catch_warnings(record=True) as caught:\n"
        "    warnings.simplefilter('always')\n"
        "    counts = [counter()(text) for text in ('hello world', 'hello world', 'and again')]\n"
        "assert counts == [estimate('hello world')] * 2 + [estimate('and again')], counts\n"
        "print(len(caught), caught[0].category.__name__, caught[0].message)\n"
    )
    bare = {**os.environ, "TIKTOKEN_CACHE_DIR": str(tmp_path), "TMPDIR": str(tmp_path), "DATA_GYM_CACHE_DIR": ""}

    ran = subprocess.run([sys.executable, "-c", program], env=bare, capture_output=True, text=True, check=False)

    assert ran.stderr == ""
    assert ran.stdout.startswith("1 RuntimeWarning no o200k_base table on this machine, so tokens are estimated; ")
    assert "install litany[litellm] or set TIKTOKEN_CACHE_DIR" in ran.stdout
