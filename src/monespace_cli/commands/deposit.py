"""`monespace deposit`: hand documents to the patient they are about, put a deposit right, or take it back."""

from collections.abc import Sequence
from datetime import datetime
from pathlib import Path
from typing import Annotated

import typer

from monespace_cli.actions.deposit_batch import Line, LineStatus, Terms, exit_code, plan, seal_all
from monespace_cli.actions.depositing import (
    Depositor,
    Said,
    Visibility,
    institution_of,
    read_document,
    require_depositor,
    said_before,
)
from monespace_cli.actions.people import find_contact
from monespace_cli.actions.recipients import recipient_as_before, recipient_of, represented_by
from monespace_cli.commands.leaving import warn_of_old_keys, way_out
from monespace_cli.commands.options import FacilityOption, FinessOption, InstitutionOption, day_typed
from monespace_cli.commands.services import Services, services
from monespace_cli.errors import ExitCode, UsageError
from monespace_cli.i18n import _
from monespace_cli.ingest.reader import Reader
from monespace_cli.record.codes import Kind
from monespace_cli.record.identity import PractitionerIdentity
from monespace_cli.record.typed import PURPOSE_LENGTH, TITLE_LENGTH, line_of_text
from monespace_cli.sync.manifest import Manifest, read_manifest
from monespace_cli.sync.sealing import SourceDocument
from monespace_cli.vault.vault import Vault

app = typer.Typer(no_args_is_help=True, add_completion=False)

FilesArgument = Annotated[list[Path], typer.Argument(metavar="FILE...", help=_("The documents."))]
BundleArgument = Annotated[str, typer.Argument(metavar="ID", help=_("The deposit's id in the outbox, or the beginning of it."))]
KindOption = Annotated[Kind | None, typer.Option(help=_("What sort of papers they are."))]
DateOption = Annotated[datetime | None, typer.Option(parser=day_typed, metavar="YYYY-MM-DD", help=_("The date on them."))]
TitleOption = Annotated[str | None, typer.Option(help=_("Their title; otherwise each file's name."))]
AcceptOption = Annotated[bool, typer.Option("--accept-unverified", help=_("Go on although nobody compared the patient's words."))]
VisibilityOption = Annotated[
    Visibility | None, typer.Option(help=_("Who sees them at first, besides you; normal is everybody with access."))
]

LINE_COLUMNS = (_("Line"), _("State"), _("File"), _("Why, or the bundle"))
LINE_LABELS = {
    LineStatus.READY: _("ready"),
    LineStatus.SEALED: _("sealed"),
    LineStatus.NO_PATIENT: _("no such patient"),
    LineStatus.UNCONFIRMED: _("to be compared"),
    LineStatus.UNVERIFIED: _("not verified"),
    LineStatus.UNREADABLE: _("unreadable"),
}


@app.command()
def send(
    context: typer.Context,
    files: Annotated[list[Path] | None, typer.Argument(metavar="FILE...", help=_("The documents."))] = None,
    patient: Annotated[str, typer.Option("--for", metavar="PATIENT", help=_("A contact: a name, or digits of a fingerprint."))] = "",
    kind: KindOption = None,
    date: DateOption = None,
    title: TitleOption = None,
    visibility: VisibilityOption = None,
    about: Annotated[
        str, typer.Option(metavar="NAME", help=_("With --for a parent or guardian: the person they receive it for, by name."))
    ] = "",
    purpose: Annotated[str, typer.Option(help=_("A word to the patient."))] = "",
    accept_unverified: AcceptOption = False,
    manifest: Annotated[Path | None, typer.Option(metavar="FILE", help=_("Many at once: a file and its patient on each line."))] = None,
    dry_run: Annotated[bool, typer.Option("--dry-run", help=_("With --manifest: seal nothing, say what would be."))] = False,
    confirm_identity: Annotated[
        bool, typer.Option("--confirm-identity", help=_("With --manifest: you have compared the patients of whom an INS is missing."))
    ] = False,
    institution: InstitutionOption = None,
    finess: FinessOption = None,
    facility: FacilityOption = None,
) -> None:
    """Seal documents for a patient into the outbox; `sync push` puts them into a remote, `outbox write` into files to hand over.

    Who the patient is must be known exactly: `contact identify` says it, or a share of theirs did. It also says for whom a parent's card
    stands, and --about then names the child.

    A manifest is CSV or JSON lines with path, family_name, given_name, birth_date, sex, and where they are known ins, ins_oid, kind, date,
    title, practitioner, visibility; what a line leaves open is as the options say. Each patient must be exactly one verified contact, by
    the INS or, with --confirm-identity, by the four traits alone; where a single line is wrong nothing is sealed.
    """
    tools = services(context)
    if bool(manifest) is bool(files and patient) or (manifest and (files or patient or about)):
        raise UsageError(_("name files and --for a patient, or a --manifest that does"))
    if (dry_run or confirm_identity) and not manifest:
        raise UsageError(_("--dry-run and --confirm-identity are for a --manifest"))
    said, word = _said(kind, date, title, visibility), line_of_text(purpose, PURPOSE_LENGTH, shortest=0)
    with tools.open_vault() as vault, Reader(tools.clock) as reader:
        owner = require_depositor(vault)
        depositor = Depositor(vault, tools.clock(), tools.random, institution_of(owner, institution, finess, facility))
        if manifest:
            terms = Terms(said, word, accept_unverified, confirm_identity)
            raise typer.Exit(_send_all(tools, vault, depositor, reader, manifest, terms, dry_run=dry_run))
        documents = _documents(tools, owner, reader, files or [], [said] * len(files or []))
        contact = find_contact(vault, patient)
        to = (
            represented_by(vault, contact, about, tools.clock().astimezone().date(), accept_unverified=accept_unverified)
            if about
            else recipient_of(vault, contact, accept_unverified=accept_unverified)
        )
        warn_of_old_keys(tools.output, [to.contact], tools.clock())
        sealed = depositor.deposit(to, documents, word)
        _show(tools, vault, sealed)


def _send_all(
    tools: Services, vault: Vault, depositor: Depositor, reader: Reader, manifest: Path, terms: Terms, *, dry_run: bool
) -> ExitCode:
    """Seal a deposit for each line of a manifest, once all of it is right; return what the exit status says."""
    now = tools.clock()
    lines = plan(vault, manifest, terms, now, reader.page_count)
    status = exit_code(lines)
    if not dry_run and status is ExitCode.OK:
        lines = list(seal_all(lines, depositor, terms.purpose, now, tools.progress(_("Sealing")), reader.page_count))
    warn_of_old_keys(tools.output, [line.to.contact for line in lines if line.to], now)
    _show_lines(tools, lines)
    counts = {str(each): sum(line.status is each for line in lines) for each in LineStatus}
    if tools.output.is_json:
        tools.output.object({"type": "summary", **counts})
    tools.output.say(", ".join(f"{counts[each]} {label}" for each, label in LINE_LABELS.items() if counts[each]))
    if not dry_run and status is not ExitCode.OK:
        tools.output.say(_("Nothing was sealed: put these lines right and send the manifest again"))
    if counts[LineStatus.SEALED]:
        tools.output.say(way_out(vault, {line.to.contact.card.fingerprint for line in lines if line.to}))
    return status


def _show_lines(tools: Services, lines: Sequence[Line]) -> None:
    """Show what became of each line; a person at a terminal sees those that keep the others back, where there are any."""
    if tools.output.is_json:
        for line in lines:
            told = {"type": "item", "line": line.row.line, "status": str(line.status), "bundle": line.bundle, "message": line.message}
            tools.output.object({**dict(line.row.given), **told})
        return
    faults = [line for line in lines if line.status not in (LineStatus.READY, LineStatus.SEALED)]
    tools.output.table(
        LINE_COLUMNS,
        (
            (str(line.row.line), LINE_LABELS[line.status], str(line.row.path), line.bundle or line.message)
            if tools.output.is_terminal
            else tuple(filter(None, (str(line.row.line), str(line.status), str(line.row.path), line.bundle, line.message)))
            for line in (faults if faults and tools.output.is_terminal else lines)
        ),
    )


@app.command()
def correct(
    context: typer.Context,
    deposit: BundleArgument,
    files: FilesArgument,
    kind: KindOption = None,
    date: DateOption = None,
    title: TitleOption = None,
    visibility: VisibilityOption = None,
    institution: InstitutionOption = None,
    finess: FinessOption = None,
    facility: FacilityOption = None,
) -> None:
    """Put other documents in the place of those of an earlier deposit, in the same order; the patient keeps the earlier ones as history.

    What you do not say anew stays as it was. The same files again put right what was said of them, and nothing else.
    """
    tools = services(context)
    with tools.open_vault() as vault, Reader(tools.clock) as reader:
        owner = require_depositor(vault)
        sent = vault.outbox.find(deposit)
        new, earlier = _said(kind, date, title, visibility), read_manifest(sent.manifest.encode())
        said = [new.otherwise(said_before(info)) for _file, info in earlier.documents] or [new]
        documents = _documents(tools, owner, reader, files, [*said, *said[-1:] * len(files)][: len(files)])
        contact = find_contact(vault, vault.contacts.current(sent.peer))
        to = recipient_as_before(vault, contact, earlier)
        warn_of_old_keys(tools.output, [contact], tools.clock())
        manifest = Depositor(vault, tools.clock(), tools.random, institution_of(owner, institution, finess, facility)).correct(
            sent, to, documents
        )
        _show(tools, vault, manifest)


@app.command()
def revoke(
    context: typer.Context,
    deposit: BundleArgument,
    reason: Annotated[str, typer.Option(help=_("Why, for the patient."))] = "",
) -> None:
    """Take a deposit back, such as one that went to the wrong person. What was read stays read."""
    tools = services(context)
    with tools.open_vault() as vault:
        sent = vault.outbox.find(deposit)
        manifest = Depositor(vault, tools.clock(), tools.random).revoke(sent, line_of_text(reason, PURPOSE_LENGTH, shortest=0))
        _show(tools, vault, manifest)


def _said(kind: Kind | None, date: datetime | None, title: str | None, visibility: Visibility | None) -> Said:
    return Said(
        kind.deposited_type_code if kind else None,
        date.date() if date else None,
        title=None if title is None else line_of_text(title, TITLE_LENGTH),
        visibility=visibility,
    )


def _documents(tools: Services, owner: PractitionerIdentity, reader: Reader, files: list[Path], said: list[Said]) -> list[SourceDocument]:
    if len(set(files)) != len(files):
        raise UsageError(_("a file is named twice"))
    return [read_document(path, each, owner, tools.clock(), reader.page_count) for path, each in zip(files, said, strict=True)]


def _show(tools: Services, vault: Vault, manifest: Manifest) -> None:
    if tools.output.is_json:
        tools.output.object({"type": "sealed", "bundle": manifest.bundle, "kind": str(manifest.kind), "documents": len(manifest.documents)})
    to = find_contact(vault, vault.contacts.current(manifest.recipient)).card.display_name
    about = manifest.subject.display_name if manifest.subject else to
    whom = to if about == to else _("{patient}, to the card of {name}").format(patient=about, name=to)
    way = way_out(vault, [manifest.recipient])
    tools.output.say(_("Sealed for {whom}: {id}. {way}").format(whom=whom, id=manifest.bundle[:8], way=way))
