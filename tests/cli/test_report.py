"""`litany report` and `litany compare` from the outside: what they print where, and their exit status."""

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

from tests.evals.made import flat, outcomes, u_shaped, written

COMMAND = [sys.executable, "-c", "from litany.cli import main; main()"]
BARE = {key: value for key, value in os.environ.items() if key not in ("COLUMNS", "NO_COLOR")}


def litany(*arguments: object, **environment: str) -> subprocess.CompletedProcess[str]:
    command = [*COMMAND, *map(str, arguments)]
    return subprocess.run(command, check=False, capture_output=True, text=True, env={**BARE, **environment})


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return written(tmp_path / "out", list(outcomes(n=12, errors=0.02)))


def test_a_table_a_heat_map_and_the_next_command_are_printed(folder: Path) -> None:
    ran = litany("report", folder)

    assert (ran.returncode, ran.stderr) == (0, "")
    lines = ran.stdout.splitlines()
    assert lines[0].startswith("needle on pocket: 540 samples")
    assert any(line.startswith("depth 0.5") for line in lines)
    assert lines[-1] == f"next: litany report {folder} --html {folder / 'report.html'}"
    assert max(map(len, lines[:-1])) <= 120


def test_files_are_written_and_named(folder: Path, tmp_path: Path) -> None:
    page, text = tmp_path / "r.html", tmp_path / "r.md"

    ran = litany("report", folder, "--html", page, "--md", text)

    assert (ran.returncode, ran.stderr) == (0, "")
    assert ran.stdout.splitlines() == [
        f"wrote {page} ({page.stat().st_size:,} bytes)",
        f"wrote {text} ({text.stat().st_size:,} bytes)",
    ]
    assert page.read_text(encoding="utf-8").startswith("<!DOCTYPE html>")
    assert text.read_text(encoding="utf-8").startswith("# needle on pocket")
    assert sorted(path.name for path in tmp_path.iterdir()) == ["out", "r.html", "r.md"]


def test_markdown_goes_to_standard_output(folder: Path) -> None:
    assert litany("report", folder, "--md", "-").stdout.startswith("# needle on pocket\n")


def test_json_holds_every_cell_with_its_interval(folder: Path) -> None:
    (board,) = json.loads(litany("report", folder, "--json").stdout)["boards"]

    assert [each["arm"] for each in board["arms"]] == ["bare", "placebo", "recite"]
    assert len(board["cells"]) == 45
    assert set(board["cells"][0]["score"]) == {"middle", "low", "high", "n"}


def test_a_broken_line_is_named_and_the_status_is_one(folder: Path) -> None:
    with (folder / "outcomes.jsonl").open("a") as file:
        file.write('{"key": "torn')

    ran = litany("report", folder)

    assert ran.returncode == 1
    assert ran.stderr == f"litany: {folder / 'outcomes.jsonl'}, line 541: torn: no JSON; it is left out\n"
    assert "540 samples" in ran.stdout


@pytest.mark.parametrize("body", [None, "", "x\n"])
def test_nothing_to_read_is_one_line_and_status_two(tmp_path: Path, body: str | None) -> None:
    if body is not None:
        (tmp_path / "outcomes.jsonl").write_text(body)

    ran = litany("report", tmp_path)

    assert (ran.returncode, ran.stdout) == (2, "")
    assert len(ran.stderr.splitlines()) == 1


def test_a_report_is_not_written_over_the_results(folder: Path) -> None:
    before = (folder / "outcomes.jsonl").read_bytes()

    ran = litany("report", folder, "--html", folder / "outcomes.jsonl")

    assert ran.returncode == 2
    assert "holds the results themselves" in ran.stderr
    assert (folder / "outcomes.jsonl").read_bytes() == before


def test_a_file_that_cannot_be_written_is_one_line(folder: Path, tmp_path: Path) -> None:
    ran = litany("report", folder, "--html", tmp_path / "no" / "r.html")

    assert ran.returncode == 2
    assert "cannot be written (No such file or directory)" in ran.stderr


def test_a_folder_or_a_dash_is_no_file_for_a_page(folder: Path) -> None:
    assert "is a folder; name a file in it" in litany("report", folder, "--html", ".", "--md", "-").stderr
    assert "name a file" in litany("report", folder, "--html", "-").stderr


def test_compare_exits_by_what_it_finds(tmp_path: Path) -> None:
    good = written(tmp_path / "good", list(outcomes({"bare": u_shaped, "recite": flat}, 40)))
    bad = written(tmp_path / "bad", list(outcomes({"bare": u_shaped, "recite": lambda *_: 0.3}, 40)))

    assert litany("compare", good, good, "--gate", "recite - bare >= 0.05").returncode == 0
    fell = litany("compare", good, bad)
    assert (fell.returncode, fell.stderr) == (1, "")
    assert "15 cells below, 0 cells above (95 %, Holm over 30 cells)" in fell.stdout
    missed = litany("compare", bad, bad, "--gate", "recite - bare >= 0.05")
    assert missed.returncode == 1
    assert "gate recite - bare >= 0.05: FAILS: −0." in missed.stdout


def test_compare_tells_each_arm_and_fails_for_one_where_that_is_asked(tmp_path: Path) -> None:
    """Of twelve questions at fifteen places each cell loses a few, too few to be shown."""
    was = written(tmp_path / "was", list(outcomes({"recite": lambda *_: 0.95}, 12)))
    now = written(tmp_path / "now", list(outcomes({"recite": lambda *_: 0.78}, 12)))

    told, strict = litany("compare", was, now), litany("compare", was, now, "--pooled")

    assert (told.returncode, strict.returncode) == (0, 1)
    assert "0 cells below" in told.stdout
    assert "\nrecite, all cells together: −0." in told.stdout
    assert "(Holm): FAILS" in strict.stdout


def test_compare_as_json_names_cells_arms_and_gates(folder: Path) -> None:
    ran = litany("compare", folder, folder, "--gate", "recite - bare >= 0", "--json")

    found = json.loads(ran.stdout)
    assert (ran.returncode, found["failed"], len(found["cells"])) == (0, False, 45)
    assert [(each["arm"], each["below"]) for each in found["arms"]] == [
        ("bare", False),
        ("placebo", False),
        ("recite", False),
    ]
    assert found["gates"][0]["holds"] is True
    assert found["gates"][0]["n"] == 12


@pytest.mark.parametrize("gate", ["recite - bare", "recite - sing >= 0", "recite - bare >= 0.9"])
def test_a_gate_that_cannot_be_asked_is_one_line_and_status_two(folder: Path, gate: str) -> None:
    ran = litany("compare", folder, folder, "--gate", gate)

    assert (ran.returncode, ran.stdout) == (2, "")
    assert len(ran.stderr.splitlines()) == 1
    assert gate in ran.stderr


def test_compare_says_which_folder_holds_nothing(folder: Path, tmp_path: Path) -> None:
    ran = litany("compare", folder, tmp_path)

    assert ran.returncode == 2
    assert str(tmp_path / "outcomes.jsonl") in ran.stderr
