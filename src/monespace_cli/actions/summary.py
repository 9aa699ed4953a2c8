"""The medical summary of a person, as the page or the file that a practitioner is handed."""

import hashlib
import io
from collections.abc import Callable, Collection
from dataclasses import replace
from datetime import UTC, datetime
from enum import StrEnum
from pathlib import Path

from monespace_cli.actions.access import ANYBODY, eyes_of, somebody
from monespace_cli.actions.directory import Known, known_as
from monespace_cli.errors import NotAllowedError, UsageError
from monespace_cli.i18n import _
from monespace_cli.interop.media import FHIR_JSON
from monespace_cli.record.access import (
    MASKED,
    Circumstance,
    Item,
    Policy,
    can_see,
    handing_over,
    is_open,
    item_of_document,
    item_of_entry,
    item_of_measure,
)
from monespace_cli.record.document import Document, DocumentId, Page, TextSource
from monespace_cli.record.identity import Identity, Profession
from monespace_cli.record.measures import Measure
from monespace_cli.record.practitioner import CareRole
from monespace_cli.record.profile import Entry
from monespace_cli.record.summary import PARTS, Caregiver, Record, Summary, seen_through
from monespace_cli.record.summary_words import TITLE
from monespace_cli.vault.documents import Filter
from monespace_cli.vault.vault import Vault

TYPE_CODE = "DOCPAT08"
"""XDS typeCode: Profil médical Mon espace santé (JDV_J07)."""


class SummaryFormat(StrEnum):
    """What a summary is written as."""

    PDF = "pdf"
    HTML = "html"
    JSON = "json"
    """An International Patient Summary: a FHIR R4 document bundle."""


def format_of(path: Path, wanted: SummaryFormat | None) -> SummaryFormat:
    """Return the format that was asked for, else the one that a file's name says.

    Raises:
        UsageError: neither says it.
    """
    if wanted:
        return wanted
    word = path.suffix.lower().lstrip(".")
    if word not in set(SummaryFormat):
        raise UsageError(
            _("a summary is written as .pdf, .html or .json"), hint=_("for example -o summary.pdf; or say --format, as for standard output")
        )
    return SummaryFormat(word)


def parts_of(words: Collection[str]) -> Collection[str]:
    """Return the parts that a person chose by their words; all where none was named.

    Raises:
        UsageError: there is no such part.
    """
    found = [_part(word) for word in words]
    if None in found:
        raise UsageError(_("a summary has no such part"), hint=_("one of: {parts}").format(parts=", ".join(PARTS)))
    return [part for part in found if part] or PARTS


def _part(word: str) -> str | None:
    """Return the part that a word means, in the singular or the plural: `allergies`, `illnesses`, `treatments`."""
    singular = (word, word.removesuffix("s"), word.removesuffix("es"), word.removesuffix("ies") + "y")
    return next((part for part in PARTS if part in singular), None)


def record_of(vault: Vault, space: int | None = None) -> Record:
    """Return all that a summary of a space can be made from, as far as whoever looks may see it.

    Raises:
        UsageError: the space is a practitioner's.
    """
    space = vault.space_in_use.or_this(space)
    subject = vault.spaces.owner(space)
    if not isinstance(subject, Identity):
        raise UsageError(_("a practitioner's vault has no medical profile"), hint=_("a summary is made from a person's own space"))
    titles = {document.id: document.title for document in vault.documents.all(Filter(spaces=(space,)))}
    return Record(subject, tuple(vault.profile.entries(space)), tuple(vault.measures.all(space)), titles, caregivers_of(vault, space))


def record_for(vault: Vault, known: Known, at: datetime, space: int | None = None) -> Record:
    """Return what somebody may see of a space, and whoever looks now may see too.

    Raises:
        NotAllowedError: the person is blocked, or nothing lets them see anything.
        UsageError: the space is a practitioner's.
    """
    space = vault.space_in_use.or_this(space)
    policy = vault.access.policy(space)
    if known.id in policy.blocked:
        raise NotAllowedError(_("you blocked this person"), hint=_("`monespace access unblock NAME` ends that"))
    if not is_open(known.actor, Circumstance.NORMAL, policy, at):
        raise NotAllowedError(_("this person may see nothing of the record"), hint=_("`monespace access allow NAME` lets them see it"))
    own = record_of(vault, space)
    with vault.sight.of(eyes_of(known.actor)):
        theirs = record_of(vault, space)
    ids: set[str] = {*(entry.id for entry in own.entries), *(measure.id for measure in own.measures)}
    documents = {document: title for document, title in theirs.documents.items() if document in own.documents}
    return replace(seen_through(theirs, lambda item: item.id in ids), documents=documents)


def caregivers_of(vault: Vault, space: int | None = None) -> tuple[Caregiver, ...]:
    """Return the practitioners who have a role for a person, the attending physician first."""
    space = vault.space_in_use.or_this(space)
    attending = vault.access.policy(space).attending
    roles = [(CareRole.ATTENDING, attending.contact)] if attending else []
    roles += [(role, person) for person, each in vault.practitioners.roles(space).items() for role in each]
    return tuple(_caregiver(role, known_as(vault, person, space)) for role, person in roles)


def hides_nothing(vault: Vault, space: int | None = None) -> Callable[[Entry | Measure | Document], bool]:
    """Return the rule that tells whether something is hidden from nobody: any practitioner with access would see it."""
    space = vault.space_in_use.or_this(space)
    everybody = handing_over(Policy(space, masks=vault.access.policy(space).masks), ANYBODY)
    reader, whenever = somebody(Profession.PHYSICIAN), datetime.max.replace(tzinfo=UTC)
    return lambda thing: can_see(reader, item_of(thing), Circumstance.NORMAL, everybody, whenever).allowed


def item_of(thing: Entry | Measure | Document) -> Item:
    """Return what the rules look at in something."""
    if isinstance(thing, Document):
        return item_of_document(thing)
    return item_of_entry(thing) if isinstance(thing, Entry) else item_of_measure(thing)


def hidden_in(vault: Vault, summary: Summary, space: int | None = None) -> int:
    """Return how many things a summary tells that are hidden from practitioners."""
    space = vault.space_in_use.or_this(space)
    entries = [entry for section in summary.sections for entry in (*section.current, *section.past, section.none) if entry]
    linked = {document for entry in entries for document in entry.documents if document in summary.documents}
    things: list[Entry | Measure | Document] = [
        *entries,
        *(summary.measures or ()),
        *(vault.documents.find(document) for document in linked),
    ]
    allows = hides_nothing(vault, space)
    return sum(not allows(thing) for thing in things)


def summary_bytes(summary: Summary, wanted: SummaryFormat) -> bytes:
    """Return a summary in a format."""
    if wanted is SummaryFormat.JSON:
        from monespace_cli.interop.fhir.ips import ips_json

        return ips_json(summary)
    if wanted is SummaryFormat.HTML:
        from monespace_cli.render.summary_html import summary_html

        return summary_html(summary)
    from monespace_cli.render.summary_pdf import summary_pdf

    return summary_pdf(summary)


def store_summary(vault: Vault, summary: Summary, now: datetime, space: int | None = None) -> Document:
    """Keep a summary among the space's documents, as the PDF that practitioners see of a profile; its text can be searched at once.

    One that tells something hidden is hidden itself.
    """
    from monespace_cli.render.summary_pdf import page_texts

    space = vault.space_in_use.or_this(space)
    data = summary_bytes(summary, SummaryFormat.PDF)
    pages = [Page(number, text, 1.0, TextSource.TEXT_LAYER) for number, text in enumerate(page_texts(data), 1)]
    hidden = hidden_in(vault, summary, space)
    document = summary_document(summary, data, len(pages), now, space)
    document = replace(document, id=vault.documents.new_id(), confidentiality=("N", MASKED) if hidden else ("N",))
    return vault.documents.add(document, pages, vault.blobs.write(io.BytesIO(data)))


def summary_data(summary: Summary, now: datetime, space: int) -> tuple[Document, bytes]:
    """Return a summary as FHIR data, for the programs of who is handed the page: what is said of it as a document, and its bytes."""
    data = summary_bytes(summary, SummaryFormat.JSON)
    document = summary_document(summary, data, 1, now, space)
    return replace(document, title=f"{TITLE} (données FHIR)", media_type=FHIR_JSON), data


def summary_document(summary: Summary, data: bytes, page_count: int, now: datetime, space: int) -> Document:
    """Return what is said of a summary, printed as a PDF, as of any document; it has no id yet."""
    return Document(
        id=DocumentId(""),
        space=space,
        title=TITLE,
        type_code=TYPE_CODE,
        media_type="application/pdf",
        size=len(data),
        sha256=hashlib.sha256(data).hexdigest(),
        page_count=page_count,
        confidence=1.0,
        imported_at=now,
        date=summary.made.date(),
    )


def _caregiver(role: CareRole, known: Known) -> Caregiver:
    """Return somebody with a role, by their card where there is one, and by what the directory says beyond it."""
    entry = known.practitioner
    named = known.contact.card if known.contact else entry
    assert named is not None, "somebody is known by a card or an entry"
    rpps = named.rpps or (entry.rpps if entry else None)
    return Caregiver(
        role, known.id, named.family_name, named.given_name, entry.specialty if entry else "", entry.phone if entry else "", rpps
    )
