"""The figures of litany on recorded runs: `python -m evals.figures FOLDER` prints the tables of evals/README.md.

FOLDER holds trajectories in any format that `litany replay` reads; cost is compared on the runs under the folders
named in LONG. Every number is summed from what `litany replay --json` prints.
"""

import json
import subprocess
import sys
from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import Any

WINDOWS = "8k,32k,128k"
LONG = ("goal_drift_agents", "mini_swe_agent_deepseek")
POLICIES = {"default": (), 'prefer="cost"': ("prefer=cost",), 'recite="every"': ("recite=every",)}
Rows = Sequence[dict[str, Any]]


def main(folder: Path) -> int:
    """Prints the tables; 1 when a promise of the first one is broken."""
    rows = replayed([folder], WINDOWS)
    if not rows:
        print(f"no run was replayed from {folder}; name a folder of trajectories", file=sys.stderr)
        return 2
    print(promises(rows))
    long = [folder / name for name in LONG if (folder / name).is_dir()]
    if long:
        print(costs(long))
    kept = all(row["violations"] == [] and row["over_budget_calls"] == row["recall_missing"] == 0 for row in rows)
    return 0 if kept else 1


def replayed(paths: Iterable[Path], windows: str, *settings: str, against: str = "") -> Rows:
    """What `litany replay --json` says of the runs."""
    command = [sys.executable, "-m", "litany.cli", "replay", *map(str, paths), "--window", windows, "--json"]
    command += [part for setting in settings for part in ("--set", setting)]
    command += ["--against", against] if against else []
    done = subprocess.run(command, stdout=subprocess.PIPE, text=True, check=False)
    return [json.loads(line) for line in done.stdout.splitlines()]


def promises(rows: Rows) -> str:
    """Validity, budget, goal, recital and recall, a line a window."""
    lines = [
        "| window | runs | calls | violations | over budget "
        "| goal verbatim | recital last when due | missing | refused |"
        "\n|---|---|---|---|---|---|---|---|---|",
    ]
    for window in sorted({row["window"] for row in rows}):
        here = [row for row in rows if row["window"] == window]
        total = {key: sum(row[key] for row in here) for key in SUMMED}
        lines.append(
            f"| {window:,} | {len(here)} | {total['calls']:,} | {sum(len(row['violations']) for row in here)} "
            f"| {total['over_budget_calls']} | {total['goal_verbatim_calls']:,} of {total['goal_calls']:,} "
            f"| {total['recital_last_calls']:,} of {total['due_calls']:,} | {total['recall_missing']} "
            f"| {total['refused_calls']} |"
        )
    return "\n".join([*lines, "", *refusals(rows), ""])


SUMMED = (
    "calls",
    "over_budget_calls",
    "goal_verbatim_calls",
    "goal_calls",
    "recital_last_calls",
    "due_calls",
    "recall_missing",
    "refused_calls",
)


def refusals(rows: Rows) -> list[str]:
    """Which runs were refused, and for what."""
    return [
        f"Refused at {row['window']:,}: run {row['index']} of {Path(row['source']).parent.name}, "
        f"{row['refused_calls']} calls; {row['refused'][0]['culprit']}, {row['refused'][0]['tokens']:,} tokens."
        for row in rows
        if row["refused_calls"]
    ]


def costs(paths: Sequence[Path]) -> str:
    """Costs beside `compact`, and the highest cost of a run beside its floor."""
    lines = [
        "| window | policy | cost | full | compact | cost / compact | highest cost / floor of a run |",
        "|---|---|---|---|---|---|---|",
    ]
    for name, settings in POLICIES.items():
        rows = replayed(paths, "32k,128k", *settings, against="compact")
        windows = sorted({row["window"] for row in rows})
        lines += [cost([row for row in rows if row["window"] == window], name, window) for window in windows]
    return "\n".join([*lines, ""])


def cost(rows: Rows, name: str, window: int) -> str:
    """One line of that table."""
    paid, full = sum(row["cost"] for row in rows), sum(row["cost_full"] for row in rows)
    rival = sum(other["cost"] for row in rows for other in row["against"])
    worst = max(row["cost"] / row["cost_floor"] for row in rows)
    return (
        f"| {window:,} | {name} | {paid / 1e6:.2f}M | {full / 1e6:.2f}M | {rival / 1e6:.2f}M "
        f"| {paid / rival:.3f} | {worst:.3f} |"
    )


if __name__ == "__main__":
    if len(sys.argv) != 2:
        sys.exit("name a folder of recorded runs: make figures RUNS=FOLDER")
    sys.exit(main(Path(sys.argv[1])))
