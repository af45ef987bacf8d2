"""Results: the outcomes of a folder, read line by line; what cannot be read is named and stops nothing."""

import gzip
import zlib
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path

from litany.errors import EvalError
from litany.evals.lines import NAME, parsed
from litany.evals.outcome import Outcome
from litany.evals.report.words import many

SUITE = "suite.toml"
LEFT_OUT = "; it is left out"
FIRST = ("bare", "last-n", "pointer", "placebo", "recite")
"""Arms that others are held against come before them, and then what litany is about."""


@dataclass(frozen=True, slots=True)
class Results:
    """What a folder of results holds."""

    path: Path
    """The file of outcomes."""
    outcomes: tuple[Outcome, ...]
    """The last line of each key."""
    faults: tuple[str, ...] = ()
    """Lines that could not be read, each with its number and what is wrong."""
    replaced: int = 0
    """Lines that a later one of the same key took the place of."""
    suite: str | None = None
    """The text of suite.toml, which says how to run it again."""

    @property
    def folder(self) -> Path:
        """Where all of it lies."""
        return self.path.parent


def read(path: Path) -> Results:
    """The results of a folder, or of a file of outcomes. Raises: EvalError where no outcome can be read."""
    file = _file(path) if path.is_dir() else path
    faults: list[str] = []
    every: list[Outcome] = []
    try:
        for number, line in enumerate(_lines(file), 1):
            _taken(line, every, f"{file}, line {number}", faults)
    except (EOFError, zlib.error) as error:
        faults.append(f"{file}: the gzip file breaks off ({error}); what stands before is read")
    kept = {outcome.key: outcome for outcome in every}
    if not kept:
        raise EvalError(_nothing(file, faults))
    return Results(file, tuple(kept.values()), tuple(faults), len(every) - len(kept), _suite(file.parent / SUITE))


def _taken(line: bytes, every: list[Outcome], where: str, faults: list[str]) -> None:
    if not line.strip():
        return
    try:
        every.append(parsed(line))
    except ValueError as error:
        torn = "torn: " if not line.endswith(b"\n") else ""
        faults.append(f"{where}: {torn}{error}{LEFT_OUT}")


def _file(folder: Path) -> Path:
    """The outcomes of a folder: as the sweep writes them, or gzipped, as they are kept."""
    kept = folder / f"{NAME}.gz"
    return kept if kept.exists() and not (folder / NAME).exists() else folder / NAME


def arm_labels(outcomes: Iterable[Outcome]) -> dict[tuple[str, str], str]:
    """How each (arm, policy) is called: the arm's name, with the policy's hash where one name has several."""
    policies: dict[str, set[str]] = {}
    for outcome in outcomes:
        policies.setdefault(outcome.arm, set()).add(outcome.policy)
    return {
        (arm, policy): arm if len(found) == 1 else f"{arm}@{policy[:8] or 'none'}"
        for arm, found in policies.items()
        for policy in found
    }


def by_arm(outcomes: Sequence[Outcome]) -> dict[str, tuple[Outcome, ...]]:
    """The outcomes of each arm by its label; those of FIRST come first."""
    labels = arm_labels(outcomes)
    found: dict[str, list[Outcome]] = {}
    for outcome in outcomes:
        found.setdefault(labels[outcome.arm, outcome.policy], []).append(outcome)
    return {arm: tuple(found[arm]) for arm in sorted(found, key=_rank)}


def _rank(arm: str) -> tuple[int, str]:
    name = arm.partition("@")[0]
    return (FIRST.index(name) if name in FIRST else len(FIRST), arm)


def _lines(file: Path) -> Iterable[bytes]:
    try:
        with gzip.open(file) if file.suffix == ".gz" else file.open("rb") as opened:
            yield from opened
    except OSError as error:
        raise EvalError(
            f"{file}: cannot be read ({error.strerror or error}); give a folder that `litany eval --out` wrote"
        ) from error


def _nothing(file: Path, faults: Sequence[str]) -> str:
    if faults:
        more = f", and {many(len(faults) - 1, 'more line')}" if faults[1:] else ""
        first = faults[0].removesuffix(LEFT_OUT)
        return f"{first}{more}: no outcome can be read; give a folder that `litany eval --out` wrote"
    return f"{file} is empty: nothing was asked yet; run `litany eval --out {file.parent}` first"


def _suite(file: Path) -> str | None:
    try:
        return file.read_text(encoding="utf-8", errors="replace")
    except OSError:
        return None
