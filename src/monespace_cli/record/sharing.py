"""What a holder asks to hand over, before it is known which papers that means today."""

from dataclasses import dataclass
from datetime import date

from monespace_cli.record.codes import Kind


@dataclass(frozen=True, slots=True)
class Wanted:
    """What somebody is to get: papers one by one, papers by what they are, sections of the profile, or all that they may see."""

    documents: tuple[str, ...] = ()
    """Ids, or their beginnings."""
    words: str = ""
    """A search (`record.query`)."""
    kind: Kind | None = None
    since: date | None = None
    """Only papers dated this day or later."""
    practitioner: str = ""
    sections: tuple[str, ...] = ()
    """Parts of the medical profile (`record.summary.PARTS`)."""
    everything: bool = False
    """All that the recipient may see by what the holder decided: alone of all these it is not consent by itself."""

    @property
    def looks_for_papers(self) -> bool:
        """Whether papers are chosen by what they are, so that others may fit later."""
        return bool(self.words or self.kind or self.since or self.practitioner)

    @property
    def can_grow(self) -> bool:
        """Whether something new can come to belong to it."""
        return self.everything or self.looks_for_papers or bool(self.sections)

    @property
    def is_nothing(self) -> bool:
        """Whether nothing is asked for."""
        return not (self.documents or self.can_grow)


@dataclass(frozen=True, slots=True)
class LeftOut:
    """Something that was asked for and is not handed over."""

    kind: str
    """`document`, `entry` or `measure`."""
    id: str
    title: str
    reason: str
    """A stable word: of `access.Reason`, or `unsupported-type`."""
