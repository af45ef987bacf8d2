"""Promises: the figures of a bench as lines, each beside the most that it may be."""

from collections.abc import Iterable

Figure = tuple[str, float, float | None]
"""What was measured, its value, and the most that it may be; None where nothing is promised."""


def told(figures: Iterable[Figure], wide: int) -> int:
    """Prints every figure, its name in so many columns, as soon as it is there; how many promises are broken."""
    broken = 0
    for name, value, most in figures:
        kept = most is None or value <= most
        broken += not kept
        promise = "" if most is None else f"  promised <= {most:g}" + ("" if kept else "  BROKEN")
        print(f"{name:{wide}} {value:9.3f}{promise}", flush=True)
    return broken
