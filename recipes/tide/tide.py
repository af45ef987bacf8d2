"""Tools of an agent: each public function is one, its schema is made of its signature and its docstring."""

from pathlib import Path

HIGH = {"Cowes": "11:40", "Dover": "10:55", "Ryde": "11:35"}


def look(harbour: str) -> str:
    """Tells when the tide is high.

    harbour: its name.
    """
    return f"high tide at {harbour}: {HIGH[harbour]}"


def write(lines: list[str]) -> str:
    """Writes tides.txt, a line a harbour."""
    Path(__file__).with_name("tides.txt").write_text("".join(f"{line}\n" for line in lines))
    return f"{len(lines)} lines written"


look.idempotent = True  # type: ignore[attr-defined]  # it may be called again after a kill: it changes nothing
