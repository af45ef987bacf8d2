"""Bars: what a call of each arm takes, in tokens and in dollars."""

from collections.abc import Callable, Iterator, Sequence

from litany.core.money import money
from litany.evals.report.figures import Standing
from litany.evals.report.markup import Markup, tag
from litany.evals.report.words import amount, line, price, seconds
from litany.evals.stats import Interval


def bars(standings: Sequence[Standing], full: bool = True) -> Iterator[Markup]:
    """A group of bars for what is sent, what is written, how long it takes, and money where it is known.

    full -- what is written and how long it takes, too.
    """
    yield _group(
        "Tokens sent in a call, the cached part paler", standings, lambda each: each.tokens, amount, cached=True
    )
    if full:
        yield _group("Tokens written in a call", standings, lambda each: each.completion, amount)
        yield _group("Seconds of a call", standings, lambda each: each.latency, seconds)
    if any(each.price is not None for each in standings):
        yield _group("Dollars of a call", standings, lambda each: each.price, price, spent=True)


def _group(
    title: str,
    standings: Sequence[Standing],
    value: Callable[[Standing], Interval | None],
    said: Callable[[Interval | None], str],
    *,
    cached: bool = False,
    spent: bool = False,
) -> Markup:
    most = max((found.middle for each in standings if (found := value(each))), default=0.0)
    rows = (_row(each, value(each), most, said, cached, spent) for each in standings)
    return tag("figure", tag("figcaption", title), tag("div", rows, class_="bars"))


def _row(
    each: Standing,
    found: Interval | None,
    most: float,
    said: Callable[[Interval | None], str],
    cached: bool,
    spent: bool,
) -> Iterator[Markup]:
    middle = found.middle if found else 0.0
    more = f", {each.cached:.0%} cached" if cached and each.cached else ""
    if spent and each.cost is not None:
        more = f"; {money(each.cost)} in all {each.priced:,}, errors included"
    yield tag("span", line(each.arm, 60), class_="name")
    yield _bar(middle / most if most else 0.0, each.cached if cached else 0.0)
    yield tag("span", f"{said(found)}, n {found.n if found else 0}{more}", class_="value")


def _bar(share: float, cached: float) -> Markup:
    fresh = 100 * share * (1 - cached)
    parts = [tag("rect", x="0", y=2, width=f"{fresh:.2f}%", height=12, class_="fresh")]
    if cached:
        parts.append(
            tag("rect", x=f"{fresh:.2f}%", y=2, width=f"{100 * share * cached:.2f}%", height=12, class_="cached")
        )
    return tag("svg", parts, height=16, aria_hidden="true")
