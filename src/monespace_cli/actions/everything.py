"""Writing a whole vault out in plain: the originals as they were imported, and all that is known of them in formats that any program reads.

All of it appears at once when it is complete, or nothing does. A damaged original keeps nothing else back: it is left out and named. Left
out as well are the vault's own secret keys (`monespace identity export --secret` gives them).
"""

import contextlib
import csv
import io
import json
import shutil
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any, BinaryIO

from monespace_cli.actions.summary import SummaryFormat, record_of, summary_bytes
from monespace_cli.errors import IntegrityError, UsageError
from monespace_cli.files import new_file, new_folder, require_no_leftover
from monespace_cli.i18n import _
from monespace_cli.interop.media import MEDIA_TYPES
from monespace_cli.ports import Clock, Progress
from monespace_cli.record.document import Document
from monespace_cli.record.identity import Identity, Owner
from monespace_cli.record.journal import Event
from monespace_cli.record.rights import Act
from monespace_cli.record.summary import summary_of
from monespace_cli.record.text import words_of
from monespace_cli.render.record_html import RecordRow, Section, record_html
from monespace_cli.ui.access import policy_json
from monespace_cli.ui.measures import measure_json
from monespace_cli.ui.profile import version_json
from monespace_cli.ui.views import document_json, journal_json
from monespace_cli.vault.documents import Filter
from monespace_cli.vault.quarantine import QuarantinedItem
from monespace_cli.vault.spaces import owner_text
from monespace_cli.vault.vault import Vault

SLUG_LENGTH = 60
"""Characters of a title that a file's name takes over."""

FORMULA_STARTS = ("=", "+", "-", "@", "\t", "\r")
"""With these a cell of a CSV file begins that spreadsheets run as a formula (OWASP, CSV injection)."""

CSV_COLUMNS = (
    "id", "space", "date", "kind", "type_code", "title", "practitioner", "tags", "pages",
    "media_type", "size", "sha256", "imported_at", "deleted_at", "file", "text",
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Written:
    """What was written."""

    documents: int
    items: int
    """Of the quarantine."""
    damaged: tuple[Document, ...]
    """Documents whose original could not be."""
    damaged_items: tuple[str, ...]
    """Ids of quarantined items that could not be."""


@dataclass(frozen=True, slots=True)
class _Entry:
    document: Document
    file: str | None
    text: str


def export_everything(vault: Vault, target: Path, clock: Clock, progress: Progress) -> Written:
    """Write all of a vault into a new folder. The journal notes it beforehand.

    Raises:
        UsageError: the folder is there already, or nothing to put it in.
        NotWritableError: no space left, or no permission; nothing is left then.
    """
    require_new(target)
    spaces = tuple(exportable(vault))
    documents = [*vault.documents.all(Filter(spaces=spaces)), *vault.documents.all(Filter(in_trash=True, spaces=spaces))]
    vault.journal.write(Event.RECORD_EXPORTED, documents=str(len(documents)))
    progress.start(len(documents))
    try:
        with new_folder(target) as folder:
            entries = []
            for document in documents:
                entries.append(_write_document(vault, folder, document))
                progress.advance()
            items = _write_quarantine(vault, folder)
            _write_lists(vault, folder, entries, items, clock)
    finally:
        progress.stop()
    return Written(
        documents=len(documents),
        items=len(items),
        damaged=tuple(entry.document for entry in entries if entry.file is None),
        damaged_items=tuple(item.id for item, file in items if file is None),
    )


def require_new(target: Path) -> None:
    """See that a folder can be made at a path.

    Raises:
        UsageError: it cannot.
    """
    if target.exists():
        raise UsageError(_("{path} exists already").format(path=target), hint=_("name a folder that is not there yet"))
    require_no_leftover(target)
    if not target.parent.is_dir():
        raise UsageError(_("there is no folder {path}").format(path=target.parent))


def file_stem(document: Document) -> str:
    """Return a document's name as a file, without its extension: day, kind, title, id; letters a to z, digits and hyphens alone."""
    slug = "-".join(word for word in words_of(document.title) if word.isascii())[:SLUG_LENGTH].strip("-")
    day = document.date.isoformat() if document.date else "undated"
    return "-".join(filter(None, (day, str(document.kind), slug, document.id)))


def _write_document(vault: Vault, folder: Path, document: Document) -> _Entry:
    stem = file_stem(document)
    file, text = f"documents/{stem}.{_extension(document.media_type)}", f"texts/{stem}.txt"
    pages = "\n\f\n".join(page.text for page in vault.documents.pages(document))
    _write(folder / text, [pages.encode()])
    try:
        with vault.documents.original(document) as source:
            _copy(source, folder / file)
    except IntegrityError:
        return _Entry(document, None, text)
    return _Entry(document, file, text)


def _write_quarantine(vault: Vault, folder: Path) -> list[tuple[QuarantinedItem, str | None]]:
    written: list[tuple[QuarantinedItem, str | None]] = []
    for item in vault.quarantine.all():
        file = f"quarantine/{item.id}.bin"
        try:
            with vault.quarantine.original(item) as source:
                _copy(source, folder / file)
            written.append((item, file))
        except IntegrityError:
            written.append((item, None))
    return written


def _write_lists(
    vault: Vault, folder: Path, entries: Sequence[_Entry], items: Sequence[tuple[QuarantinedItem, str | None]], clock: Clock
) -> None:
    rows = [{**document_json(entry.document), "file": entry.file, "text": entry.text} for entry in entries]
    contacts = vault.contacts.all() if vault.is_owner else []
    cards = {f"contacts/{contact.fingerprint}.card": contact for contact in contacts}
    for path, contact in cards.items():
        _write(folder / path, [contact.card])
    everything = {
        "format": "monespace-export",
        "version": 1,
        "created_at": clock().isoformat(),
        "spaces": [{"space": number, **json.loads(owner_text(owner))} for number, owner in exportable(vault).items()],
        "documents": rows,
        "quarantine": [
            {"id": item.id, "name": item.name, "code": item.code, "at": item.at.isoformat(), "sha256": item.sha256, "file": file}
            for item, file in items
        ],
        "contacts": [{"fingerprint": contact.fingerprint, "check": str(contact.check), "card": path} for path, contact in cards.items()],
    }
    _write(folder / "documents.json", [json.dumps(everything, ensure_ascii=False, indent=1).encode(), b"\n"])
    _write(folder / "documents.csv", [_csv(rows)])
    _write(folder / "profile.json", [json.dumps(_profiles(vault), ensure_ascii=False, indent=1).encode(), b"\n"])
    _write(folder / "access.json", [json.dumps(_access(vault), ensure_ascii=False, indent=1).encode(), b"\n"])
    if vault.is_owner:
        _write(folder / "journal.jsonl", _journal_lines(vault))
    summaries = _write_summaries(vault, folder, clock)
    _write(folder / "index.html", [record_html(list(_sections(vault, entries, summaries)), clock())])


def exportable(vault: Vault) -> "dict[int, Owner]":
    """Return the spaces whose record whoever asks may write out, by their number."""
    spaces = vault.spaces.all()
    if not vault.is_entered:
        return spaces
    return {number: owner for number, owner in spaces.items() if vault.allows(Act.EXPORT, number)}


def _access(vault: Vault) -> dict[str, Any]:
    """Return whom the vault knows beyond their cards, and what each space's holder decided about who may see what."""
    practitioners = vault.practitioners.all()
    names = {each.actor_id: each.display_name for each in practitioners}  # a card beside it says who its owner is
    policies = [vault.access.policy(number) for number in exportable(vault)]
    spaces = [policy_json(policy, names, ((item, "", named) for item, named in policy.masks.items())) for policy in policies]
    roles = [{str(person): list(said) for person, said in vault.practitioners.roles(policy.space).items()} for policy in policies]
    return {
        "format": "monespace-export",
        "version": 1,
        "practitioners": [asdict(each) for each in practitioners],
        "spaces": [{**space, "care_roles": said} for space, said in zip(spaces, roles, strict=True)],
    }


def _profiles(vault: Vault) -> dict[str, Any]:
    """Return every space's medical profile with its history, and its measurements, removed ones included."""
    spaces = [
        {
            "space": number,
            "versions": [version_json(version) for version in vault.profile.versions(number)],
            "measures": [measure_json(measure) for removed in (False, True) for measure in vault.measures.all(number, removed=removed)],
        }
        for number in exportable(vault)
    ]
    return {"format": "monespace-export", "version": 1, "spaces": spaces}


def _write_summaries(vault: Vault, folder: Path, clock: Clock) -> dict[int, str]:
    """Write the medical summary of each person's space, to read and as FHIR; return the pages' paths by space."""
    pages = {}
    for number, owner in exportable(vault).items():
        if isinstance(owner, Identity):
            summary = summary_of(record_of(vault, number), clock().astimezone())
            for form in (SummaryFormat.HTML, SummaryFormat.JSON):
                _write(folder / f"summaries/space-{number}.{form}", [summary_bytes(summary, form)])
            pages[number] = f"summaries/space-{number}.html"
    return pages


def _journal_lines(vault: Vault) -> Iterator[bytes]:
    """Yield the journal with its hashes, up to the first line that is none."""
    with contextlib.suppress(IntegrityError):
        for entry, digest in vault.journal.lines():
            yield json.dumps({**journal_json(entry), "hash": digest}, ensure_ascii=False).encode() + b"\n"


def _sections(vault: Vault, entries: Sequence[_Entry], summaries: Mapping[int, str]) -> Iterator[Section]:
    for number, owner in exportable(vault).items():
        own = [entry for entry in entries if entry.document.space == number]
        yield Section(
            owner.display_name,
            [_row(entry) for entry in own if entry.document.deleted_at is None],
            [_row(entry) for entry in own if entry.document.deleted_at is not None],
            summaries.get(number),
        )


def _row(entry: _Entry) -> RecordRow:
    document = entry.document
    return RecordRow(
        document.title, document.kind, document.date, document.practitioner, document.page_count, document.size, entry.file, entry.text
    )


def _csv(rows: Iterable[dict[str, Any]]) -> bytes:
    """Return rows as RFC 4180 in UTF-8 with a byte order mark, by which spreadsheets know it."""
    buffer = io.StringIO(newline="")
    writer = csv.writer(buffer)
    writer.writerow(CSV_COLUMNS)
    for row in rows:
        values = {**row, "tags": " ".join(row["tags"])}
        writer.writerow([_cell(values[column]) for column in CSV_COLUMNS])
    return buffer.getvalue().encode("utf-8-sig")


def _cell(value: object) -> str:
    text = "" if value is None else str(value)
    return "'" + text if text.startswith(FORMULA_STARTS) else text


def _extension(media_type: str) -> str:
    known = MEDIA_TYPES.get(media_type)
    return known.extension if known else "bin"


def _copy(source: BinaryIO, path: Path) -> None:
    path.parent.mkdir(mode=0o700, exist_ok=True)
    with new_file(path) as sink:
        shutil.copyfileobj(source, sink)


def _write(path: Path, pieces: Iterable[bytes]) -> None:
    path.parent.mkdir(mode=0o700, exist_ok=True)
    with new_file(path) as sink:
        sink.writelines(pieces)
