"""Puts the tables that `litany report` wrote of evals/results into evals/README.md, between two marks.

    python -m evals.readme

The marks stand in the file; what is between them is written anew.
"""

import re
from collections.abc import Iterator
from pathlib import Path

HERE = Path(__file__).parent
README, RESULTS = HERE / "README.md", HERE / "results"
START, END = "<!-- results -->", "<!-- end of results -->"
KEPT = ("By arm", "By the state of the worlds", "By length and depth", "Paired differences")
"""The sections of a report that the README takes; the others, and the samples, are in the report."""


def tabled(readme: str, results: Path = RESULTS) -> str:
    """The README with the tables of all reports that there are."""
    before, _, rest = readme.partition(START)
    _, _, after = rest.partition(END)
    return "\n\n".join([before + START, *_reports(results), END + after])


def _reports(results: Path) -> Iterator[str]:
    for report in sorted(results.glob("*/report.md")):
        head, *sections = re.split(r"^### ", report.read_text(encoding="utf-8"), flags=re.MULTILINE)
        title, said, *_ = head.split("\n\n")
        yield f"### {title.removeprefix('# ')}"
        yield f"    make evals SUITES=evals/suites/{report.parent.name}.toml"
        yield said
        yield from (_section(each) for each in sections if each.startswith(KEPT))


def _section(text: str) -> str:
    name, table, *_ = text.split("\n\n")
    return f"{name}:\n\n{table.strip()}"


if __name__ == "__main__":
    README.write_text(tabled(README.read_text(encoding="utf-8")), encoding="utf-8")
    print(f"wrote {README}")
