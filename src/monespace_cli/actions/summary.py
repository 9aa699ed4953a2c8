"""The medical summary of a person, as the page or the file that a practitioner is handed."""

import hashlib
import io
from collections.abc import Collection
from datetime import datetime
from enum import StrEnum
from pathlib import Path

from monespace_cli.errors import UsageError
from monespace_cli.i18n import _
from monespace_cli.record.document import Document, Page, TextSource
from monespace_cli.record.identity import Identity
from monespace_cli.record.summary import PARTS, Record, Summary
from monespace_cli.record.summary_words import TITLE
from monespace_cli.vault.documents import Filter
from monespace_cli.vault.spaces import OWNER_SPACE
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
    unknown = [word for word in words if word not in PARTS]
    if unknown:
        raise UsageError(_("a summary has no such part"), hint=_("one of: {parts}").format(parts=", ".join(PARTS)))
    return words or PARTS


def record_of(vault: Vault, space: int = OWNER_SPACE) -> Record:
    """Return all that a summary of a space can be made from.

    Raises:
        UsageError: the space is a practitioner's.
    """
    subject = vault.spaces.owner(space)
    if not isinstance(subject, Identity):
        raise UsageError(_("a practitioner's vault has no medical profile"), hint=_("a summary is made from a person's own space"))
    titles = {document.id: document.title for document in vault.documents.all(Filter(spaces=(space,)))}
    return Record(subject, tuple(vault.profile.entries(space)), tuple(vault.measures.all(space)), titles)


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


def store_summary(vault: Vault, summary: Summary, now: datetime, space: int = OWNER_SPACE) -> Document:
    """Keep a summary among the space's documents, as the PDF that practitioners see of a profile; its text can be searched at once."""
    from monespace_cli.render.summary_pdf import page_texts, summary_pdf

    data = summary_pdf(summary)
    pages = [Page(number, text, 1.0, TextSource.TEXT_LAYER) for number, text in enumerate(page_texts(data), 1)]
    document = Document(
        id=vault.documents.new_id(),
        space=space,
        title=TITLE,
        type_code=TYPE_CODE,
        media_type="application/pdf",
        size=len(data),
        sha256=hashlib.sha256(data).hexdigest(),
        page_count=len(pages),
        confidence=1.0,
        imported_at=now,
        date=summary.made.date(),
    )
    return vault.documents.add(document, pages, vault.blobs.write(io.BytesIO(data)))
