"""The results that are kept under evals/: the tables beside them, and in evals/README.md, are what they give."""

from pathlib import Path

import pytest

from evals.readme import END, README, RESULTS, START, tabled
from litany.evals.report import figures, markdown, read

FOLDERS = sorted(path.parent for path in RESULTS.glob("*/suite.toml"))


@pytest.mark.parametrize("folder", FOLDERS, ids=lambda folder: folder.name)
def test_a_report_that_is_kept_is_written_again_word_for_word(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(RESULTS.parents[1])
    shown = markdown(figures(read(folder.relative_to(Path.cwd()))))

    assert shown == (folder / "report.md").read_text(encoding="utf-8")


def test_the_readme_has_the_tables_of_the_reports() -> None:
    text = README.read_text(encoding="utf-8")

    assert tabled(text) == text


def test_tables_go_between_the_marks_and_nothing_else_is_touched(tmp_path: Path) -> None:
    (tmp_path / "one").mkdir()
    report = "# one on pocket\n\n5 samples.\n\nLegend.\n\n### By arm\n\n| a |\n\n### Tokens and cost\n\n| b |\n"
    (tmp_path / "one" / "report.md").write_text(report)

    text = tabled(f"before\n\n{START}\n\nold\n\n{END}\n\nafter\n", tmp_path)

    command = "    make evals SUITES=evals/suites/one.toml"
    parts = ["before", START, "### one on pocket", command, "5 samples.", "By arm:", "| a |", END, "after\n"]
    assert text == "\n\n".join(parts)
