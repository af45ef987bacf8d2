"""Detail: how much the page tells, from all there is down to what fits whatever was asked."""

from dataclasses import dataclass

from litany.evals.report.figures import Figures

CELL = 120
"""Bytes that a cell of a heat map takes at least."""


@dataclass(frozen=True, slots=True)
class Detail:
    """How much of everything, at most."""

    boards: int = 40
    """Tasks."""
    arms: int = 40
    """Of each: in its tables."""
    drawn: int = 40
    """Arms of them that have a heat map and a line among the curves."""
    cells: int = 12
    """Lengths, and depths, of a heat map."""
    panels: int = 6
    """Lengths that have curves of their own; 0: there are no curves."""
    points: int = 24
    """Of a curve."""
    parts: bool = True
    """Differences length by length."""
    placebo: bool = True
    """Differences of every arm from the placebo; else of recite alone."""
    bars: bool = True
    """What a call writes and how long it takes, beside what it sends and costs."""
    samples: int = 100
    characters: int = 1_200
    """Of a sample's prompt, answer or truth."""

    def hopeless(self, found: Figures, limit: int) -> bool:
        """Whether the heat maps alone take more bytes than that."""
        cells = sum(
            min(self.drawn, len(board.arms)) * min(self.cells, len(board.lengths)) * min(self.cells, len(board.depths))
            for board in found.boards[: self.boards]
        )
        return cells * CELL > 2 * limit


LEVELS = (
    Detail(),
    Detail(characters=500),
    Detail(characters=240),
    Detail(characters=240, parts=False),
    Detail(characters=240, cells=8, panels=3, points=12, parts=False),
    Detail(characters=160, drawn=12, cells=8, panels=1, points=8, parts=False),
    Detail(characters=120, drawn=8, cells=6, panels=1, points=6, parts=False),
    Detail(characters=120, drawn=6, cells=5, panels=1, points=5, parts=False, bars=False),
    Detail(characters=120, drawn=4, cells=4, panels=1, points=5, parts=False, bars=False),
    Detail(characters=80, drawn=4, cells=3, panels=1, points=3, parts=False, bars=False),
    Detail(characters=80, drawn=2, cells=3, panels=1, points=3, parts=False, bars=False),
    Detail(characters=80, drawn=4, cells=3, panels=0, parts=False, placebo=False, bars=False),
    Detail(characters=80, drawn=2, cells=3, panels=0, parts=False, placebo=False, bars=False),
    Detail(characters=80, drawn=0, parts=False, placebo=False, bars=False),
    Detail(24, 24, 0, characters=80, parts=False, placebo=False, bars=False),
    Detail(12, 16, 0, characters=80, parts=False, placebo=False, bars=False),
    Detail(6, 12, 0, characters=80, parts=False, placebo=False, bars=False),
    Detail(3, 8, 0, samples=60, characters=80, parts=False, placebo=False, bars=False),
    Detail(3, 8, 0, samples=20, characters=80, parts=False, placebo=False, bars=False),
)
"""The first one that fits is taken; the last one always does. Samples are the last thing to become fewer."""
