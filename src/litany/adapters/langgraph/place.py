"""Place: where a run stands. A checkpoint holds nothing else, so that it is as small at step 1,000 as at the first."""

from typing import TypedDict


class Place(TypedDict):
    """What a step hands to the next one."""

    at: int
    """Messages of the record that the steps so far have completed."""
    told: int
    """Times that the gate has sent the agent back since its user last spoke."""
    cut: bool
    """Whether the last answer was cut off at its longest."""
    next: str
    """The node that goes on; "" where the run has ended."""
    end: str
    """How it ended; "" while it has not."""
