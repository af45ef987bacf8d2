"""The report as Markdown and in a terminal: every number with its n and its interval."""

import re
from dataclasses import replace
from io import StringIO
from pathlib import Path

import pytest
from rich.console import Console

from litany.core.money import money
from litany.evals.outcome import Failure
from litany.evals.report import figures, html, markdown
from litany.evals.report.read import Results
from litany.evals.report.terminal import terminal
from tests.evals.made import PLAIN, failed, outcomes


def results(*faults: str, suite: str | None = None, **changes: object) -> Results:
    made = tuple(outcomes(**changes))  # type: ignore[arg-type]  # whatever the generator takes
    return Results(Path("out/outcomes.jsonl"), made, faults, 0, suite)


def printed(found: Results, width: int, plain: bool = True) -> str:
    out = StringIO()
    console = Console(file=out, width=width, force_terminal=not plain, color_system="truecolor")
    console.print(*terminal(figures(found), plain, width), sep="\n", markup=False, highlight=False)
    return out.getvalue()


def test_every_share_of_the_markdown_has_its_interval_and_its_n() -> None:
    text = markdown(figures(results(n=20, errors=0.03)))

    bare = next(line for line in text.splitlines() if line.startswith("| bare | 0."))
    assert re.match(r"\| bare \| 0\.\d\d \[0\.\d\d, 0\.\d\d\] \| 20 \| \d+ \| \d+ \w+, \d+ \w+ \| U \|", bare)
    cells = [line for line in text.splitlines() if line.startswith("| recite | 16k |")]
    assert len(cells) == 1
    assert len(re.findall(r"\d\.\d\d \[\d\.\d\d, \d\.\d\d\]", cells[0])) == 5


def test_what_the_verdict_leaves_out_is_said_in_every_report() -> None:
    found = results(shapes={"bare": lambda depth, _length: (0.5, 0.9)[depth < 1]}, n=50)

    assert "| flat; end below the middle |" in markdown(figures(found))
    assert ">flat; end below the middle</span></td>" in html(figures(found))
    assert "bare: end below the middle\n" in printed(found, 80)


def test_every_row_of_a_markdown_table_is_as_wide_as_its_head() -> None:
    text = markdown(figures(results(n=8, trials=2, errors=0.1)))

    for block in text.split("\n\n"):
        rows = [row for row in block.splitlines() if row.startswith("|")]
        assert len({row.count(" | ") for row in rows}) <= 1


def test_the_first_error_of_each_kind_is_told_in_its_own_words() -> None:
    errors = [
        Failure("provider", "no route (at http://127.0.0.1:9)"),
        Failure("provider", "other"),
        Failure("arm", "*"),
    ]
    made = tuple(
        replace(PLAIN, key=str(n), seed=n, answer=None, score=None, error=each) for n, each in enumerate(errors)
    )
    found = Results(Path("out/outcomes.jsonl"), made)

    assert "\n- provider: no route (at http://127.0.0.1:9)\n- arm: \\*\n" in markdown(figures(found))
    told = printed(found, 100)
    assert "the first provider: no route (at http://127.0.0.1:9)" in told
    assert "the first arm: *" in told


def test_names_cannot_break_the_markdown() -> None:
    evil = replace(PLAIN, key="k", arm="a|b\n# <b>", score=1.0)

    text = markdown(figures(Results(Path("out/outcomes.jsonl"), (evil,))))

    assert "a\\|b \\# \\<b\\>" in text
    assert "<b>" not in text.replace("\\<b\\>", "")


def test_markdown_names_broken_lines_and_how_to_run_it_again() -> None:
    text = markdown(figures(results("x, line 3: no JSON", n=2, suite="n = 2")))

    assert "- x, line 3: no JSON" in text
    assert "litany eval out/suite.toml" in text


def test_an_arm_without_an_answer_has_dashes_and_no_zero() -> None:
    every = [failed(replace(PLAIN, key=f"{n}", question=f"{n}")) for n in range(9)]

    text = markdown(figures(Results(Path("out/outcomes.jsonl"), tuple(every))))

    assert "| bare | – | 0 | 0 | 9 provider | – | – | – | – |" in text


def test_a_terminal_of_eighty_columns_holds_every_line() -> None:
    text = printed(results(n=20, errors=0.03), 80)

    assert max(map(len, text.splitlines())) <= 80
    assert "…" not in text
    assert "\x1b" not in text
    assert all(re.search(rf"^{arm} +\d\.\d\d \[", text, re.MULTILINE) for arm in ("bare", "placebo", "recite"))


def test_the_plain_heat_map_says_its_n_and_how_wide_its_intervals_are() -> None:
    text = printed(results(n=20, errors=0.03), 120)

    assert re.search(r"^depth 0\.5 +\d\.\d\d!? +\d\.\d\d", text, re.MULTILINE)
    assert re.search(r"n \d+ to 20 a cell; 95 % intervals reach at most 0\.\d\d to a side; ! marks", text)


def test_a_terminal_with_colours_has_a_coloured_map() -> None:
    assert "\x1b[38;2;21;23;26;48;2;42;160;169m" in printed(results(n=8), 120, plain=False)


def test_what_steers_a_terminal_is_escaped() -> None:
    evil = replace(PLAIN, key="k", arm="a\x1b[31m", task="t\x1b]0;x", score=1.0)

    assert "\x1b" not in printed(Results(Path("out/outcomes.jsonl"), (evil,)), 100)


@pytest.mark.parametrize(
    ("dollars", "told"),
    [
        (None, "–"),
        (0, "$0.00"),
        (0.3, "$0.30"),
        (0.1234567, "$0.1235"),
        (0.99999, "$1.00"),
        (3.93e-05, "$0.0000393"),
        (1234.5, "$1,234.50"),
    ],
)
def test_a_sum_of_money_is_written_out_however_small(dollars: float | None, told: str) -> None:
    assert money(dollars) == told
