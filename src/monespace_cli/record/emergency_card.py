"""The emergency card: what of a record fits on a paper in a wallet, and in which of its two layers.

The open layer is for whoever finds the person. The sealed layer is for those who treat them: more of the record, as short lines of text
that are encrypted into a QR code. Both are bounded: details go first, then what is least urgent, and how much was left out is told.

Format: docs/formats/emergency-card-v1.md.
"""

from collections.abc import Callable, Collection, Iterator
from dataclasses import dataclass, replace
from datetime import datetime
from enum import Enum, auto

from monespace_cli.record.identity import Identity
from monespace_cli.record.profile import Entry
from monespace_cli.record.sections import Section
from monespace_cli.record.summary import Status, Summary, SummarySection
from monespace_cli.record.summary_words import day, line, none_line, who

FORMAT = "monespace-urgence-v1"
"""The first line of the sealed layer."""
SEALED_BYTES = 620
"""What the sealed layer holds at most, in UTF-8: encrypted and armored it is a QR code of version 24, which a phone still reads."""
OPEN_LETTERS = 420
"""What the open layer holds at most, beside name and birth date: more could not be read at arm's length."""

NAME_LETTERS = 100
"""What the sealed layer holds of the names at most."""

LABELS = {
    Section.ALLERGY: "Allergies",
    Section.TREATMENT: "Traitements",
    Section.DEVICE: "Implants",
    Section.BLOOD_GROUP: "Groupe sanguin",
    Section.ILLNESS: "Maladies",
    Section.PERSON: "Prévenir",
    Section.DIRECTIVE: "Directives anticipées",
    Section.HOSPITALISATION: "Hospitalisations",
    Section.DISABILITY: "Handicaps",
    Section.ORGAN_DONATION: "Don d’organes",
}
"""What a card can tell, the most urgent first."""
OPEN_BY_DEFAULT = (Section.PERSON, Section.ALLERGY, Section.DEVICE, Section.BLOOD_GROUP)
ALWAYS = frozenset({Section.ALLERGY, Section.TREATMENT})
"""What the sealed layer says of even where nothing was said: silence could be taken for "none"."""
UNSAID = "non renseigné"
_TO_CALL = ("emergency", "trusted", "carer")
"""The roles of the persons to call, in this order."""


@dataclass(frozen=True, slots=True)
class Block:
    """A section on the card: its label, and its entries as short texts."""

    section: Section
    items: tuple[str, ...]

    @property
    def label(self) -> str:
        """What the card calls the section."""
        return LABELS[self.section]


@dataclass(frozen=True, slots=True)
class Layer:
    """What one layer of the card tells."""

    blocks: tuple[Block, ...]
    left_out: int = 0
    """Entries for which there was no room."""


@dataclass(frozen=True, slots=True)
class EmergencyCard:
    """Both layers of a card."""

    subject: Identity
    made: datetime
    open: Layer
    sealed: Layer | None
    """None where emergency access is off: there is only what anyone may read."""


def open_layer(summary: Summary, sections: Collection[Section]) -> Layer:
    """Return what anyone may read: the chosen sections, as far as something was said of them, whom to call first."""
    chosen = [section for section in dict.fromkeys((Section.PERSON, *LABELS)) if section in sections]
    layer = _layer([_block(summary, section, _Detail.WORDS) for section in chosen])
    return _fitted(layer, lambda each: _letters(each) <= OPEN_LETTERS)


def sealed_layer(summary: Summary) -> Layer:
    """Return what those who treat the person read: with as many details as a QR code holds."""

    def fits(layer: Layer) -> bool:
        return len(sealed_text(summary.subject, summary.made, layer).encode()) <= SEALED_BYTES

    layer = Layer(())
    for details in _ever_shorter():
        layer = _layer([_block(summary, section, detail, is_sealed=True) for section, detail in details.items()])
        if fits(layer):
            return layer
    return _fitted(layer, fits)


def sealed_text(subject: Identity, made: datetime, layer: Layer) -> str:
    """Return the sealed layer as text: who, then a line for each section, `Label: entry; entry`."""
    lines = [FORMAT, f"{subject.family_name} {' '.join(subject.given_names)}"[:NAME_LETTERS], who(subject, made.date())]
    lines += [f"INS {subject.ins}"] if subject.ins else []
    lines += [f"{block.label}: {'; '.join(block.items)}" for block in layer.blocks]
    lines += [f"({layer.left_out} de plus dans le dossier)"] if layer.left_out else []
    return "\n".join([*lines, f"établi le {day(made)}", ""])


class _Detail(Enum):
    """How much is told of an entry; the last is the least."""

    ALL = auto()
    NO_COMMENT = auto()
    WORDS = auto()


def _ever_shorter() -> Iterator[dict[Section, _Detail]]:
    """Yield how much to tell of each section: all, then ever less, of what is least urgent first; of allergies and treatments last."""
    details = dict.fromkeys(LABELS, _Detail.ALL)
    yield details
    for group in ([section for section in LABELS if section not in ALWAYS], [section for section in LABELS if section in ALWAYS]):
        for less in (_Detail.NO_COMMENT, _Detail.WORDS):
            for section in reversed(group):
                details[section] = less
                yield details


def _layer(blocks: list[Block]) -> Layer:
    return Layer(tuple(block for block in blocks if block.items))


def _block(summary: Summary, section: Section, detail: _Detail, *, is_sealed: bool = False) -> Block:
    said = summary.section(section) or SummarySection(section)
    if said.none:
        none = none_line(said.none)
        return Block(section, (f"{none.text} ({none.when})",))
    if said.status is Status.EMPTY and section in ALWAYS and is_sealed:
        return Block(section, (UNSAID,))
    entries = _to_call(said.current) if section is Section.PERSON else said.current
    return Block(section, tuple(_item(entry, summary, detail) for entry in entries))


def _to_call(entries: tuple[Entry, ...]) -> tuple[Entry, ...]:
    callable_ = [entry for entry in entries if entry.details["role"] in _TO_CALL]
    return tuple(sorted(callable_, key=lambda entry: _TO_CALL.index(entry.details["role"])))


def _item(entry: Entry, summary: Summary, detail: _Detail) -> str:
    """Return an entry in a few words: a person with their phone; anything else, where there is room, with dosage, date and comment."""
    said = line(entry, summary)
    if entry.section is Section.PERSON:
        relation = f" ({said.before.lower()})" if said.before else ""
        return " ".join(filter(None, (said.text + relation, entry.details.get("phone", ""))))
    details = {_Detail.ALL: (said.when, said.comment), _Detail.NO_COMMENT: (said.when,), _Detail.WORDS: ()}[detail]
    dosage = () if detail is _Detail.WORDS else (entry.details.get("dosage", ""),)
    told = ", ".join(filter(None, (*dosage, *details)))
    return f"{said.text} ({told})" if told else said.text


def _letters(layer: Layer) -> int:
    return sum(len(block.label) + sum(len(item) + 2 for item in block.items) for block in layer.blocks)


def _fitted(layer: Layer, fits: Callable[[Layer], bool]) -> Layer:
    """Return a layer without its least urgent entries, as many as it takes."""
    while layer.blocks and not fits(layer):
        *others, last = layer.blocks
        shorter = [replace(last, items=last.items[:-1])] if len(last.items) > 1 else []
        layer = Layer((*others, *shorter), layer.left_out + 1)
    return layer
