"""Dollars in words."""

from math import floor, log10


def money(dollars: float | None) -> str:
    """Dollars and cents; four digits of less than one dollar, never powers of ten. A dash where no price is known."""
    if dollars is None:
        return "–"
    places = 3 - floor(log10(dollars)) if 0 < dollars < 1 else 2
    whole, _, part = f"{dollars:,.{places}f}".partition(".")
    return f"${whole}.{part.rstrip('0'):0<2}"
