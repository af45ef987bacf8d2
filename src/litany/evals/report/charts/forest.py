"""The forest plot: each paired difference as a line from end to end of its interval, on one scale."""

from collections.abc import Iterator, Sequence
from math import ceil

from litany.evals.report.figures import Contrast
from litany.evals.report.markup import Markup, joined, tag
from litany.evals.report.words import apart, chance, line, many, size

INSET = 4.0
"""Percent of the width that is free at both sides."""


def forest(contrasts: Sequence[Contrast]) -> Markup:
    """A row for each difference. Places are percentages, so that it is as wide as there is room."""
    reach = _reach(contrasts)
    head = tag("tr", (tag("th", name, scope="col") for name in ("arms", "", "difference", "n", "p (Holm)")))
    scale = tag(
        "tr",
        tag("td", ""),
        tag("td", _scale(reach), class_="plot"),
        tag("td", ""),
        tag("td", ""),
        tag("td", ""),
        class_="scale",
    )
    body = tag("tbody", (_row(each, reach) for each in contrasts), scale)
    return tag("div", tag("table", tag("thead", head), body, class_="forest"), class_="wide")


def _row(each: Contrast, reach: float) -> Markup:
    pooled = each.length is None
    name = f"{line(each.first, 40)} − {line(each.second, 40)}" if pooled else f"length {size(each.length or 0)}"
    left_out = f"; {many(each.paired.left_out, 'case')} left out" if each.paired.left_out else ""
    return tag(
        "tr",
        tag("th", name, scope="row"),
        tag("td", _plot(each, reach), class_="plot"),
        tag("td", apart(each.paired.interval)),
        tag("td", str(each.paired.n), title=f"{many(each.paired.cases, 'case')} paired{left_out}"),
        tag("td", chance(each.adjusted) if pooled else ""),
        class_="pooled" if pooled else "part",
    )


def _plot(each: Contrast, reach: float) -> Markup:
    interval = each.paired.interval
    parts = [tag("line", x1=_at(0, reach), x2=_at(0, reach), y1=-4, y2=36, class_="axis")]
    if interval is not None:
        low, high, middle = (_at(value, reach) for value in (interval.low, interval.high, interval.middle))
        sure = "good" if interval.above() else "bad" if interval.below() else "open"
        parts.append(tag("line", x1=low, x2=high, y1="50%", y2="50%", class_=f"reach {sure}"))
        parts.append(tag("circle", cx=middle, cy="50%", r=5 if each.length is None else 3.5, class_=f"spot {sure}"))
    return tag("svg", joined(parts), role="img", aria_label=apart(interval))


def _scale(reach: float) -> Markup:
    return tag("svg", _ticks(reach), class_="scale", aria_hidden="true")


def _ticks(reach: float) -> Iterator[Markup]:
    for value in (-reach, -reach / 2, 0.0, reach / 2, reach):
        said = f"{value:+.3g}".replace("-", "−") if value else "0"
        yield tag("text", said, x=_at(value, reach), y=12, class_="m s dim")


def _reach(contrasts: Sequence[Contrast]) -> float:
    """Where the scale ends, to both sides alike: a round number beyond all intervals."""
    found = [each.paired.interval for each in contrasts if each.paired.interval]
    most = max((max(abs(each.low), abs(each.high)) for each in found), default=0.1)
    return max(0.1, ceil(most * 10 - 1e-9) / 10)


def _at(value: float, reach: float) -> str:
    return f"{INSET + (100 - 2 * INSET) * (value + reach) / (2 * reach):.2f}%"
