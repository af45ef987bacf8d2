"""Finding: what came of an eval that a test ran, and what the test may ask of it."""

from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace

from litany.errors import EvalError
from litany.evals import truth
from litany.evals.compare import compare, gate
from litany.evals.outcome import Outcome
from litany.evals.report.figures import estimate
from litany.evals.report.pairs import against
from litany.evals.report.read import Results, by_arm
from litany.evals.report.words import apart, around, failures, line, many, share, size
from litany.evals.stats import Interval, wilson
from litany.evals.sweep.toml import size as tokens

WRONG = 3
"""Wrong answers that the table shows."""


@dataclass(frozen=True, slots=True, repr=False)
class Check:
    """Whether something holds, and the figures that say so: what a failing assertion shows."""

    holds: bool
    text: str

    def __bool__(self) -> bool:
        return self.holds

    def __repr__(self) -> str:
        return f"<{self.text}>"


@dataclass(frozen=True, slots=True, repr=False)
class Finding:
    """The outcomes of one eval, all cells pooled."""

    results: Results

    def __repr__(self) -> str:
        return f"<litany eval: {self.title}>"

    def __getitem__(self, arm: str) -> Interval:
        """The share that is right in an arm, with its 95 % interval. Raises: EvalError where nothing was answered."""
        found = self._arms().get(arm)
        if found is None:
            raise EvalError(f"there is no arm {arm!r} here; there is {', '.join(self._arms())}")
        interval = estimate(found)
        if interval is None:
            raise EvalError(f"the arm {arm} holds nothing but errors ({_kinds(found)}), so that nobody can tell")
        return interval

    def only(
        self, *, task: str | None = None, length: int | str | None = None, depth: float | None = None
    ) -> "Finding":
        """The cells of one task, length or depth. Raises: EvalError when there are none."""
        asked = {"task": task, "length": tokens(length), "depth": depth}
        wanted = {name: value for name, value in asked.items() if value is not None}
        kept = tuple(
            each
            for each in self.results.outcomes
            if all(getattr(each, name) == value for name, value in wanted.items())
        )
        if not kept:
            raise EvalError(f"no sample has {', '.join(f'{name} {value}' for name, value in wanted.items())}")
        return Finding(replace(self.results, outcomes=kept))

    def at_least(self, arm: str, least: float) -> Check:
        """Whether the arm is surely right that often: the lower end of its 95 % interval reaches the share.

        Raises: EvalError where so few questions could not show it, were every one of them right.
        """
        if not 0 < least < 1:
            raise EvalError(f"at_least({arm!r}, {least:g}): no sample shows that; give a share between 0 and 1")
        found = self[arm]
        if wilson(found.n, found.n).low < least:
            raise EvalError(
                f"at_least({arm!r}, {least:g}): {many(found.n, 'question')} could not show that, were all of them "
                f"right; ask at least n={_all_right(found.n, least)}"
            )
        holds = round(found.low, 12) >= least
        told = "reaches" if holds else "is below"
        return Check(holds, f"{arm} is right in {around(found)}, n {found.n}: the lower end {told} {least:g}")

    def gate(self, text: str) -> Check:
        """Whether a gate holds, such as "recite - bare >= 0.05": the lower end of the 95 % paired interval reaches it.

        Raises: EvalError for what is no gate, an arm that is not there, or too few questions.
        """
        held = compare(self.results, self.results, [gate(text)]).gates[0]
        asked, told = held.gate, "reaches" if held.holds else "is below"
        name = f"{asked.first} - {asked.second}"
        return Check(
            held.holds, f"{name} is {apart(held.interval)}, n {held.interval.n}: the lower end {told} {asked.least:g}"
        )

    @property
    def errors(self) -> tuple[Outcome, ...]:
        """The samples without an answer or a score. They are in no figure."""
        return tuple(each for each in self.results.outcomes if each.error)

    @property
    def title(self) -> str:
        """What was asked of whom."""
        every = self.results.outcomes
        tasks, models = (", ".join(sorted(names)) for names in ({e.task for e in every}, {e.model for e in every}))
        lengths = ", ".join(size(length) for length in sorted({each.length for each in every}))
        return f"{line(tasks)} on {line(models)} at {lengths} tokens"

    @property
    def table(self) -> str:
        """Each arm with its interval, what it is ahead of the first by, some wrong answers, and where the rest lies."""
        arms = self._arms()
        rows = [("arm", "right", "n", "errors", f"ahead of {next(iter(arms))}"), *map(self._row, arms)]
        widths = [max(map(len, column)) for column in zip(*rows, strict=True)]
        lines = ["  ".join(cell.ljust(width) for cell, width in zip(row, widths, strict=True)) for row in rows]
        more = [*lines, *_wrong(arms), *self._failed(), f"all of it: litany report {self.results.folder}"]
        return "\n".join(each.rstrip() for each in more)

    def _row(self, arm: str) -> tuple[str, ...]:
        arms = self._arms()
        found, first = estimate(arms[arm]), next(iter(arms))
        ahead = "" if arm == first else apart(against(arms[arm], arms[first]).interval)
        return (line(arm, 32), around(found), str(found.n if found else 0), _kinds(arms[arm]), ahead)

    def _failed(self) -> Iterator[str]:
        for each in self.errors[:1]:
            yield f"the first error: {line(each.error.text, 200) if each.error else ''}"

    def _arms(self) -> Mapping[str, tuple[Outcome, ...]]:
        return by_arm(self.results.outcomes)


def _all_right(n: int, least: float) -> int:
    """Questions of which all right would just show it."""
    while wilson(n, n).low < least:
        n += 1
    return n


def _kinds(outcomes: tuple[Outcome, ...]) -> str:
    return failures(Counter(each.error.kind for each in outcomes if each.error))


def _wrong(arms: Mapping[str, tuple[Outcome, ...]]) -> Iterator[str]:
    """Of the arm that was asked last: what one would look at first."""
    last = list(arms)[-1]
    missed = [each for each in arms[last] if each.score is not None and each.score < 1]
    for each in sorted(missed, key=lambda each: (each.task, each.length, each.seed, each.depth, each.trial))[:WRONG]:
        place = f"{each.question} at {size(each.length)}, depth {share(each.depth)}"
        right = line(truth.shown(each.truth), 100)
        yield f"{line(last, 32)}, {line(place)}: said {line(each.answer or '', 60)!r}, right is {right}"
