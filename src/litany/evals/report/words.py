"""Figures and texts as a report writes them."""

from collections.abc import Mapping
from math import floor, log10

from litany.evals.stats import Interval


def share(value: float) -> str:
    """A share with two decimals, and no minus before nothing."""
    return f"{round(value, 2) + 0.0:.2f}"


def signed(value: float) -> str:
    """A difference of shares, with its sign: a minus, as between the names of two arms."""
    return f"{round(value, 2) + 0.0:+.2f}".replace("-", "−")


def around(interval: Interval | None) -> str:
    """A share between its ends."""
    return "–" if interval is None else f"{share(interval.middle)} {ends(interval)}"


def ends(interval: Interval) -> str:
    """The two ends."""
    return f"[{share(interval.low)}, {share(interval.high)}]"


def apart(interval: Interval | None) -> str:
    """A difference between its ends."""
    if interval is None:
        return "–"
    return f"{signed(interval.middle)} {apart_ends(interval)}"


def apart_ends(interval: Interval) -> str:
    """The two ends of a difference."""
    return f"[{signed(interval.low)}, {signed(interval.high)}]"


def amount(interval: Interval | None) -> str:
    """An amount of tokens and how far its interval reaches, to both sides alike."""
    if interval is None:
        return "–"
    return f"{interval.middle:,.0f} ± {(interval.high - interval.low) / 2:,.0f}"


def seconds(interval: Interval | None) -> str:
    """A time and how far its interval reaches."""
    return "–" if interval is None else f"{_close(interval)} s"


def price(interval: Interval | None) -> str:
    """What one call costs and how far its interval reaches."""
    return "–" if interval is None else f"${_close(interval)}"


def _close(interval: Interval) -> str:
    """Three digits of the middle, and as many places of what the ends are away."""
    middle, half = interval.middle, (interval.high - interval.low) / 2
    places = max(0, 2 - floor(log10(middle))) if middle > 0 else 2
    return f"{middle:,.{places}f} ± {half:,.{places}f}"


def chance(p: float | None) -> str:
    """A p."""
    if p is None:
        return "–"
    return "< .001" if p < 0.001 else f"{p:.3f}"


def size(tokens: float) -> str:
    """Tokens, short: 950, 4k, 21.8k, 1M."""
    if tokens < 1_000:
        return f"{tokens:.0f}"
    if tokens < 999_950:
        return f"{tokens / 1_000:.1f}".removesuffix(".0") + "k"
    return f"{tokens / 1_000_000:.1f}".removesuffix(".0") + "M"


def many(number: int, thing: str) -> str:
    """A count with its noun."""
    return f"{number:,} {thing}{'' if number == 1 else 's'}"


def failures(kinds: Mapping[str, int]) -> str:
    """Errors by kind: `2 timeout, 1 window`; a dash where there are none."""
    return ", ".join(f"{number:,} {kind}" for kind, number in kinds.items()) or "–"


def shown(text: str) -> str:
    """A text with what would not show, or would steer what shows it, written as an escape; lines stay lines."""
    clean = text.replace("\r\n", "\n").encode("utf-8", "backslashreplace").decode()
    return "".join(
        letter if letter.isprintable() or letter in "\n\t" else letter.encode("unicode_escape").decode()
        for letter in clean
    )


def line(text: str, most: int = 80) -> str:
    """A text on one line of at most so many characters."""
    flat = " ".join(shown(text[: 4 * most]).split())
    return flat if len(flat) <= most else f"{flat[: most - 1].rstrip()}…"


def clipped(text: str, most: int) -> str:
    """A text of at most so many characters, taken out of its middle, saying how many."""
    if len(text) <= most:
        return shown(text)
    start = most // 2
    return f"{shown(text[:start])} […{len(text) - most:,} characters…] {shown(text[len(text) - most + start :])}"


def tail(text: str, most: int) -> str:
    """The end of a text."""
    return shown(text) if len(text) <= most else f"…{shown(text[len(text) - most :])}"
