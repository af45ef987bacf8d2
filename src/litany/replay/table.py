"""The table at the end of a replay: runs, totals, what was refused or broken, and what to do next."""

from collections.abc import Iterator, Sequence

from rich import box
from rich.table import Table
from rich.text import Text

from litany.replay.report import Report
from litany.replay.sums import Sum, lines, totals

NAMED = 5
"""Refusals and faults that are told one by one."""
COLUMNS = ("window", "calls", "goal", "recital", "faults", "cuts", "largest", "ms", "cost", "full", "floor")
NOTE = (
    "goal: calls with the goal word for word. recital: due calls that end with it. faults: rules broken, calls over "
    "budget, messages that do not come back. cuts: compactions + clearings. cost, full (the record sent whole), "
    "floor: in uncached input tokens, under prefix caching."
)


def table(reports: Sequence[Report], plain: bool) -> Table:
    """A line a run (many runs: a line a file), and the totals of each window."""
    rows, sums = lines(reports), totals(reports)
    names = [name for row in sums[:1] for name in row.rivals if name != "full"]  # `full` has its column
    made = Table(box=None if plain else box.SIMPLE_HEAD, padding=(0, 1), pad_edge=False)
    made.add_column("run", overflow="fold", min_width=14)
    for name in (*COLUMNS, *names):
        made.add_column(name, justify="right", no_wrap=True)
    for row in rows:
        made.add_row(*_cells(row, names))
    if len({row.name for row in rows}) > 1:
        made.add_section()
        for row in sums:
            made.add_row(*_cells(row, names), style="" if plain else "bold")
    return made


def remarks(reports: Sequence[Report]) -> Iterator[str]:
    """The legend, refusals and faults by name, and what to do next."""
    yield NOTE
    yield from _some([text for report in reports for text in _refusals(report)], "refused")
    yield from _some([text for report in reports for text in _faults(report)], "fault")
    yield _next(reports)


def size(tokens: float) -> str:
    """A number of tokens, short: 950, 21.8k, 128k, 13.96M."""
    if tokens < 1_000:
        return f"{tokens:.0f}"
    if tokens < 999_500:
        return f"{tokens / 1_000:.0f}k" if tokens >= 99_950 or tokens % 1_000 == 0 else f"{tokens / 1_000:.1f}k"
    return f"{tokens / 1_000_000:.2f}M"


def _cells(row: Sum, names: Sequence[str]) -> list[Text]:
    goals, due = row.total("goal_calls"), row.total("due_calls")
    cells = [
        row.name,
        size(row.window),
        f"{row.total('calls'):.0f}" + (f" (-{row.total('refused_calls'):.0f})" if row.total("refused_calls") else ""),
        _share(row.total("goal_verbatim_calls"), goals),
        f"{row.total('recital_last_calls'):.0f}/{due:.0f}",
        f"{row.faults}",
        f"{row.total('compactions'):.0f}+{row.total('clears'):.0f}",
        size(row.largest),
        f"{row.ms:.2f}",
        *(size(row.total(key)) for key in ("cost", "cost_full", "cost_floor")),
        *(size(row.rivals.get(name, 0.0)) for name in names),
    ]
    return [Text(cell) for cell in cells]


def _share(part: float, whole: float) -> str:
    if not whole:
        return "-"
    return "100 %" if part == whole else f"{min(99.9, 100 * part / whole):.1f} %"


def _where(report: Report) -> str:
    return f"{report.source}, run {report.index}, window {size(report.window)}"


def _refusals(report: Report) -> Iterator[str]:
    if report.refused:
        worst = max(report.refused, key=lambda refused: refused.tokens)
        yield (
            f"{_where(report)}: {len(report.refused)} of {report.calls} calls, first call {report.refused[0].call}; "
            f"the {worst.culprit} takes {worst.tokens} tokens"
        )


def _faults(report: Report) -> Iterator[str]:
    for broken in report.violations:
        yield f"{_where(report)}, call {broken.call}: {broken.code} {broken.path}: {broken.text}"
    if report.over_budget_calls:
        yield f"{_where(report)}: {report.over_budget_calls} calls over budget, up to {report.max_view_tokens} tokens"
    if report.recall_missing:
        yield f"{_where(report)}: {report.recall_missing} messages left a view and do not come back"
    if report.goal_verbatim_calls < report.goal_calls:
        yield f"{_where(report)}: {report.goal_calls - report.goal_verbatim_calls} calls without the goal word for word"
    if report.recital_last_calls < report.due_calls:
        yield f"{_where(report)}: {report.due_calls - report.recital_last_calls} due calls do not end with the recital"


def _some(texts: Sequence[str], kind: str) -> Iterator[str]:
    yield from (f"{kind}: {text}" for text in texts[:NAMED])
    if len(texts) > NAMED:
        yield f"{kind}: and {len(texts) - NAMED} more; --json names them all"


def _next(reports: Sequence[Report]) -> str:
    if any(report.refused for report in reports):
        return "next: raise --window, or lower --reserve, for the refused calls"
    if any(report.failed for report in reports):
        return "next: see the faults above; --json names each call, --trace FILE writes what every call decided"
    if not any(report.compactions + report.clears for report in reports):
        return "next: every run fits its window; try a smaller one with --window 8k"
    if not any(report.against for report in reports):
        return "next: --against full,compact shows the price beside other ways; --set prefer=cost compacts when it pays"
    return "next: --set prefer=cost compacts when it pays; --trace FILE writes what every call decided"
