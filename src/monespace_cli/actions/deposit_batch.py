"""Depositing for many patients at once: a manifest is validated whole, each patient found among the contacts, before anything is sealed."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime
from enum import StrEnum
from pathlib import Path

from monespace_cli.actions.depositing import Depositor, Recipient, Said, Visibility, read_document, recipient_of, require_depositor
from monespace_cli.actions.manifest import read_rows
from monespace_cli.actions.people import find_contact
from monespace_cli.errors import BadManifestError, ExitCode, MonespaceError
from monespace_cli.i18n import _
from monespace_cli.interop.import_manifest import ManifestRow
from monespace_cli.ports import Progress
from monespace_cli.record.document import kind_of
from monespace_cli.record.identity import Identity, Match, Sex, match_identity
from monespace_cli.vault.vault import Vault

TRAITS = ("family_name", "given_name", "birth_date", "sex")


class LineStatus(StrEnum):
    """What became of a line. Part of the contract with scripts."""

    READY = "ready"
    """It would be sealed."""
    SEALED = "sealed"
    NO_PATIENT = "no-patient"
    """No contact, or more than one, is exactly this person."""
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


def plan(vault: Vault, manifest: Path, now: datetime) -> list[Line]:
    """Return every line with the one patient whom it is for; nothing is sealed.

    Raises:
        UnreadableInputError: the manifest cannot be read.
        BadManifestError: it is wrong, by line and column.
        NotAllowedError: the vault is a holder's.
    """
    owner = require_depositor(vault)
    today = now.astimezone().date()
    claims = [(row, _claimed(row, today), _said(row)) for row in read_rows(manifest)]
    lines = []
    for row, claimed, said in claims:
        line = _addressed(vault, row, claimed, said)
        if line.status is LineStatus.READY:
            try:
                read_document(row.path, said, owner, now)
            except MonespaceError as problem:
                line = replace(line, status=LineStatus.UNREADABLE, message=problem.message)
        lines.append(line)
    return lines


def seal_all(vault: Vault, lines: Sequence[Line], depositor: Depositor, now: datetime, progress: Progress) -> Iterator[Line]:
    """Seal a deposit for each line of a plan without faults, and yield it."""
    progress.start(len(lines))
    try:
        for line in lines:
            assert line.to is not None, "only plans without faults are sealed"
            document = read_document(line.row.path, line.said, depositor.owner, now)
            yield replace(line, status=LineStatus.SEALED, bundle=depositor.deposit(line.to, [document]).bundle)
            progress.advance()
    finally:
        progress.stop()


def exit_code(lines: Sequence[Line]) -> ExitCode:
    """Return what the exit status says of a plan: whose patient is not found counts most."""
    statuses = {line.status for line in lines}
    for status, code in (
        (LineStatus.NO_PATIENT, ExitCode.PATIENT_MISMATCH),
        (LineStatus.UNVERIFIED, ExitCode.UNVERIFIED),
        (LineStatus.UNREADABLE, ExitCode.UNREADABLE_INPUT),
    ):
        if status in statuses:
            return code
    return ExitCode.OK


def _addressed(vault: Vault, row: ManifestRow, claimed: Identity, said: Said) -> Line:
    """Find the contact who is exactly this person: every trait equal, and the INS where both sides have one."""
    found = [
        patient.fingerprint
        for patient in vault.patients_known.born(claimed.birth_date)
        if match_identity(claimed, patient.identity) is not Match.DIFFERENT
    ]
    if len(found) != 1:
        return Line(row, LineStatus.NO_PATIENT, said, message=_("no contact is known to be exactly this person"))
    try:
        return Line(row, LineStatus.READY, said, recipient_of(vault, find_contact(vault, found[0]), accept_unverified=False))
    except MonespaceError as problem:
        return Line(row, LineStatus.UNVERIFIED, said, message=problem.message)


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
    return Identity(columns["family_name"], (columns["given_name"],), birth_date, sex, columns.get("ins") or None)


def _said(row: ManifestRow) -> Said:
    columns = dict(row.extra)
    wanted = columns.get("visibility") or Visibility.NORMAL.value
    if wanted not in set(Visibility):
        raise _bad(row, _("`visibility` is none of {choices}").format(choices=", ".join(Visibility)))
    type_code = kind_of(row.type_code).deposited_type_code if row.type_code else None
    return Said(type_code, row.date, row.practitioner, row.title, Visibility(wanted))


def _bad(row: ManifestRow, message: str) -> BadManifestError:
    return BadManifestError(
        _("line {line}: {message}").format(line=row.line, message=message),
        hint=_("nothing was sealed: put the manifest right and try again"),
    )
