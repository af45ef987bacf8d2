"""A comparison as tables for a terminal: the cells that moved, the arms, then the gates. Nothing is printed here."""

from collections.abc import Iterator

from rich import box
from rich.console import RenderableType
from rich.table import Table
from rich.text import Text

from litany.evals.compare import Change, Comparison
from litany.evals.report.words import apart, around, chance, line, many, size

MOST = 40
"""Cells that are listed."""


def told(found: Comparison, plain: bool) -> Iterator[RenderableType]:
    """What to print, in order."""
    below = [each for each in found.changes if each.below]
    above = [each for each in found.changes if each.above]
    lost = [each for each in found.changes if each.lost]
    cases = sum(each.paired.cases for each in found.changes)
    yield Text(f"{many(len(found.changes), 'cell')} in both runs, {many(cases, 'case')} paired")
    moved = [*below, *lost, *above]
    if moved:
        yield _cells(moved[:MOST], plain)
    if moved[MOST:]:
        yield Text(f"and {len(moved) - MOST:,} more; --json lists all")
    yield from _pools(found)
    none = "" if found.tested else ": FAILS, for nothing could be tested; ask more"
    yield Text(f"{_counted(below)} below, {_counted(above)} above (95 %, Holm over {many(found.tested, 'cell')}){none}")
    if found.blind:
        yield Text(f"{many(found.blind, 'cell')} of too few questions to show any fall; ask more: litany eval -n")
    if lost:
        yield Text(f"{_counted(lost)} with nothing but errors in the second run; see its outcomes.jsonl")
    if found.missing:
        hint = "" if found.partial else ": FAILS; ask them too, or compare with --partial"
        yield Text(f"{many(found.missing, 'cell')} of the first run not asked in the second{hint}")
    if found.reworded:
        yield Text(
            f"{many(found.reworded, 'case')} ask the same in other filler, as happens where the runs had other arms; "
            "litany eval A/suite.toml --out B asks the very same"
        )
    yield from _left_out(found)
    for held in found.gates:
        says = "holds" if held.holds else "FAILS"
        yield Text(f"gate {line(held.gate.text)}: {says}: {apart(held.interval)}, n {held.interval.n}")


def _pools(found: Comparison) -> Iterator[Text]:
    """A line an arm: the second run less the first one."""
    for each in found.pools:
        fails = ": FAILS" if found.pooled and each.below else ""
        p = chance(each.adjusted)
        yield Text(
            f"{line(each.arm, 64)}, all cells together: {apart(each.paired.interval)}, n {each.paired.n}, p {p} "
            f"(Holm){fails}"
        )


def _cells(changes: list[Change], plain: bool) -> Table:
    frame, style = (None, "") if plain else (box.SIMPLE_HEAD, "bold")
    made = Table(box=frame, header_style=style, padding=(0, 1), pad_edge=False)
    for name in ("cell", "length", "depth", "before", "after", "difference", "n", "p (Holm)"):
        made.add_column(name, justify="left" if name == "cell" else "right", no_wrap=name != "cell")
    for each in changes:
        cells = (
            f"{line(each.task, 32)} {line(each.arm, 32)}",
            size(each.length),
            f"{each.depth:.3g}",
            around(each.before),
            "errors" if each.lost else around(each.after),
            apart(each.paired.interval),
            f"{each.paired.n}",
            chance(each.adjusted),
        )
        made.add_row(*map(Text, cells))
    return made


def _left_out(found: Comparison) -> Iterator[Text]:
    left_out = sum(each.paired.left_out for each in found.changes)
    if not left_out:
        return
    hint = ": FAILS; ask them again, or compare with --partial" if found.thin and not found.partial else ""
    lost = f"; {found.unanswered:,} of them answered in the first run alone{hint}" if found.unanswered else ""
    yield Text(f"{many(left_out, 'case')} left out, for an error or for being in one run only{lost}")


def _counted(changes: list[Change]) -> str:
    return many(len(changes), "cell")
