"""The names of the steps, apart from what does them: the parent of the decoding child checks them, and loads no imaging library."""

from enum import StrEnum


class Step(StrEnum):
    """What was done to a page before it was read; stable words, shown and stored."""

    CUT_OUT = "cut-out"
    """The sheet was found on a table and is seen from straight above."""
    RESIZED = "resized"
    LIGHT_EVENED = "light-evened"
    EDGES_ERASED = "edges-erased"
    """What was left of a table along the sheet's edges was taken out."""
    MOTION_UNDONE = "motion-undone"
    SHARPENED = "sharpened"
    TURNED_QUARTER = "turned-quarter"
    TURNED_HALF = "turned-half"
    LEVELLED = "levelled"
    FLATTENED = "flattened"
    """Lines of print that ran in arcs, on a sheet that bends, were set straight."""
    LEADERS_ERASED = "leaders-erased"
    """Rows of dots between a name and its value were taken out."""
    BARS_ERASED = "bars-erased"
    """A linear bar code was taken out, so that the line beside it can be read."""
