"""Depositing for many patients at once: a manifest is validated whole, each patient found among the contacts, before anything is sealed."""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field, replace
from datetime import date, datetime
from enum import StrEnum
from pathlib import Path

from monespace_cli.actions.depositing import Depositor, Said, Visibility, read_document, require_depositor
from monespace_cli.actions.manifest import read_rows
from monespace_cli.actions.people import find_contact
from monespace_cli.actions.recipients import Recipient, require_patient
from monespace_cli.errors import BadManifestError, ExitCode, MonespaceError
from monespace_cli.i18n import _
from monespace_cli.interop.import_manifest import ManifestRow, bad_manifest, each_checked
from monespace_cli.ports import Progress
from monespace_cli.record.document import kind_of
from monespace_cli.record.identity import INS_NIR_OID, INS_OIDS, Identity, Match, Sex, match_identity
from monespace_cli.vault.patients import Patient
from monespace_cli.vault.vault import Vault

TRAITS = ("family_name", "given_name", "birth_date", "sex")


class LineStatus(StrEnum):
    """What became of a line. Part of the contract with scripts."""

    READY = "ready"
    """It would be sealed."""
    SEALED = "sealed"
    NO_PATIENT = "no-patient"
    """No contact, or more than one, is exactly this person."""
    UNCONFIRMED = "unconfirmed"
    """The four traits are one contact's, and the INS is missing on a side: a person must have compared."""
    UNVERIFIED = "unverified"
    UNREADABLE = "unreadable"


@dataclass(frozen=True, slots=True)
class Line:
    """A line of a manifest, and what became of it."""

    row: ManifestRow
    status: LineStatus
    said: Said
    to: Recipient | None = None
    bundle: str | None = None
    message: str = ""


@dataclass(frozen=True, slots=True)
class Terms:
    """What holds for every line."""

    said: Said = field(default_factory=Said)
    """Of documents of which their line says nothing."""
    purpose: str = ""
    accept_unverified: bool = False
    identity_confirmed: bool = False
    """Whether a person compared the patients of those lines that an INS does not settle."""


def plan(vault: Vault, manifest: Path, terms: Terms, now: datetime, count_pages: Callable[[bytes], int]) -> list[Line]:
    """Return every line with the one patient whom it is for; nothing is sealed.

    Raises:
        UnreadableInputError: the manifest cannot be read.
        BadManifestError: it is wrong, by line and column.
        NotAllowedError: the vault is a holder's.
    """
    owner = require_depositor(vault)
    today = now.astimezone().date()
    claims = each_checked(read_rows(manifest), lambda row: (row, _claimed(row, today), _said(row).otherwise(terms.said)))
    lines = []
    for row, claimed, said in claims:
        line = _addressed(vault, Line(row, LineStatus.READY, said), claimed, terms, today)
        if line.status is LineStatus.READY:
            try:
                read_document(row.path, said, owner, now, count_pages)
            except MonespaceError as problem:
                line = replace(line, status=LineStatus.UNREADABLE, message=problem.message)
        lines.append(line)
    return lines


def seal_all(
    lines: Sequence[Line], depositor: Depositor, purpose: str, now: datetime, progress: Progress, count_pages: Callable[[bytes], int]
) -> Iterator[Line]:
    """Seal a deposit for each line of a plan without faults, and yield it."""
    progress.start(len(lines))
    try:
        for line in lines:
            assert line.to is not None, "only plans without faults are sealed"
            document = read_document(line.row.path, line.said, depositor.owner, now, count_pages)
            yield replace(line, status=LineStatus.SEALED, bundle=depositor.deposit(line.to, [document], purpose).bundle)
            progress.advance()
    finally:
        progress.stop()


def exit_code(lines: Sequence[Line]) -> ExitCode:
    """Return what the exit status says of a plan: whose patient is not found counts most."""
    statuses = {line.status for line in lines}
    for status, code in (
        (LineStatus.NO_PATIENT, ExitCode.PATIENT_MISMATCH),
        (LineStatus.UNCONFIRMED, ExitCode.PATIENT_MISMATCH),
        (LineStatus.UNVERIFIED, ExitCode.UNVERIFIED),
        (LineStatus.UNREADABLE, ExitCode.UNREADABLE_INPUT),
    ):
        if status in statuses:
            return code
    return ExitCode.OK


def _addressed(vault: Vault, line: Line, claimed: Identity, terms: Terms, today: date) -> Line:
    """Find the contact whose card stands for this person: INS and every trait equal, or the traits where a person compared."""
    born = [patient for patient in vault.patients_known.born(claimed.birth_date) if patient.stands(today)]
    matches = [(match_identity(claimed, patient.identity), patient) for patient in born]
    found = _owners([patient for match, patient in matches if match is Match.SAME])
    alike = _owners([patient for match, patient in matches if match is Match.WITHOUT_INS])
    if not found and len(alike) == 1 and not terms.identity_confirmed:
        return replace(line, status=LineStatus.UNCONFIRMED, message=_("the INS is missing on a side: compare, then add --confirm-identity"))
    found = found or alike
    if len(found) > 1:
        return replace(line, status=LineStatus.NO_PATIENT, message=_("more than one contact stands for this person: name one with --for"))
    if not found:
        return replace(line, status=LineStatus.NO_PATIENT, message=_("no contact is known to be exactly this person"))
    try:
        contact = find_contact(vault, found[0].fingerprint)
        require_patient(contact, accept_unverified=terms.accept_unverified)
    except MonespaceError as problem:
        return replace(line, status=LineStatus.UNVERIFIED, message=problem.message)
    return replace(line, to=Recipient(contact, found[0].identity))


def _owners(patients: list[Patient]) -> list[Patient]:
    """Return those who have a card of their own where there are such: nobody else receives for them then."""
    return [each for each in patients if not each.is_represented] or patients


def _claimed(row: ManifestRow, today: date) -> Identity:
    """Return the patient whom a line names.

    Raises:
        BadManifestError: a trait is missing, or is none.
    """
    columns = dict(row.extra)
    missing = [name for name in TRAITS if not columns.get(name)]
    if missing:
        raise _bad(row, _("the patient's `{column}` is missing").format(column=missing[0]))
    try:
        birth_date, sex = date.fromisoformat(columns["birth_date"]), Sex(columns["sex"])
    except ValueError:
        raise _bad(row, _("`birth_date` is a day such as 1980-05-17, `sex` is female or male")) from None
    if birth_date > today:
        raise _bad(row, _("the birth date is still to come"))
    oid = columns.get("ins_oid") or INS_NIR_OID
    if oid not in INS_OIDS:
        raise _bad(row, _("`ins_oid` is none of {choices}").format(choices=", ".join(INS_OIDS)))
    return Identity(columns["family_name"], (columns["given_name"],), birth_date, sex, columns.get("ins") or None, oid)


def _said(row: ManifestRow) -> Said:
    columns = dict(row.extra)
    wanted = columns.get("visibility")
    if wanted and wanted not in set(Visibility):
        raise _bad(row, _("`visibility` is none of {choices}").format(choices=", ".join(Visibility)))
    type_code = kind_of(row.type_code).deposited_type_code if row.type_code else None
    return Said(type_code, row.date, row.practitioner, row.title, Visibility(wanted) if wanted else None)


def _bad(row: ManifestRow, message: str) -> BadManifestError:
    return bad_manifest(_("line {line}: {message}").format(line=row.line, message=message))
