"""`monespace bundle`: check, show, open or take in a bundle that was received."""

from collections.abc import Iterator
from contextlib import AbstractContextManager, contextmanager
from pathlib import Path
from typing import Annotated, Any

import typer

from monespace_cli.actions.imported import ImportSummary
from monespace_cli.actions.importing import Importer
from monespace_cli.actions.receiving import Received, made_here, received, record_opened, take_in
from monespace_cli.commands.exchanges import ins_words
from monespace_cli.commands.importing import take_sealed
from monespace_cli.commands.outbox import show_sent
from monespace_cli.commands.outcome import show_item, show_summary
from monespace_cli.commands.services import Services, services
from monespace_cli.crypto.words import fingerprint_words
from monespace_cli.i18n import _
from monespace_cli.ingest.reader import Reader
from monespace_cli.record.identity import Identity
from monespace_cli.record.journal import Event
from monespace_cli.sync.files import extract
from monespace_cli.sync.manifest import PASSPHRASE
from monespace_cli.sync.opening import Standing
from monespace_cli.ui.output import Output
from monespace_cli.ui.views import KIND_LABELS, day, moment, size, words_in_lines
from monespace_cli.vault.vault import Vault

app = typer.Typer(no_args_is_help=True, add_completion=False)

FileArgument = Annotated[Path, typer.Argument(metavar="FILE", help=_("The bundle."))]
AcceptOption = Annotated[bool, typer.Option("--accept-unverified", help=_("Go on although nobody compared the sender's words."))]
PassphraseOption = Annotated[
    int | None, typer.Option("--bundle-passphrase-fd", metavar="N", help=_("Read the bundle's passphrase from this file descriptor."))
]

STANDINGS = {
    Standing.VERIFIED: _("verified contact"),
    Standing.UNVERIFIED: _("contact, not verified"),
    Standing.UNKNOWN: _("unknown: nobody has compared the key"),
}


@app.command()
def verify(
    context: typer.Context, file: FileArgument, accept_unverified: AcceptOption = False, bundle_passphrase_fd: PassphraseOption = None
) -> None:
    """Check a bundle from end to end: who made it, for whom, and that not a byte was changed. Nothing is written."""
    tools = services(context)
    with _checked(tools, file, accept_unverified, bundle_passphrase_fd) as (_vault, found):
        if tools.output.is_json:
            tools.output.object({"type": "bundle", "valid": True, **_json(found)})
        else:
            tools.output.text(
                _("intact, signed by {name} ({standing}), and for you").format(
                    name=found.bundle.sender.display_name, standing=_standing(found)
                )
            )


@app.command()
def show(context: typer.Context, file: FileArgument, bundle_passphrase_fd: PassphraseOption = None) -> None:
    """Show what a bundle holds, who made it and whether you can trust that. Nothing of it is written.

    One that you made yourself is known again from the outbox, though only its recipient can open it.
    """
    tools = services(context)
    with tools.open_vault() as vault:
        own = made_here(vault, file)
        if own and own.peer != PASSPHRASE:
            show_sent(tools, vault, own)
            return
        with _opened(tools, vault, file, True, bundle_passphrase_fd) as found:
            _show_received(tools, vault, found)


def _show_received(tools: Services, vault: Vault, found: Received) -> None:
    vault.journal.write(Event.BUNDLE_SHOWN, found.bundle.manifest.bundle, peer=found.bundle.manifest.sender)
    if tools.output.is_json:
        tools.output.object({"type": "bundle", **_json(found)})
    else:
        _print(tools.output, found)


@app.command("open")
def open_bundle(
    context: typer.Context,
    file: FileArgument,
    into: Annotated[Path, typer.Option(metavar="DIR", help=_("A new folder for the documents, which will not be encrypted."))],
    accept_unverified: AcceptOption = False,
    bundle_passphrase_fd: PassphraseOption = None,
) -> None:
    """Write the documents of a bundle into a new folder, with a page that lists them. Nothing is written unless every check holds."""
    tools = services(context)
    with _checked(tools, file, accept_unverified, bundle_passphrase_fd) as (vault, found):
        record_opened(vault, found)
        paths = extract(found.bundle, into)
    if tools.output.is_json:
        tools.output.object({"type": "opened", **_json(found), "paths": [str(path) for path in paths]})
        return
    for path in paths:
        tools.output.text(str(path))
    tools.output.say(_("These files are not encrypted; {page} lists them").format(page=into / "index.html"))


@app.command("import")
def import_bundle(
    context: typer.Context, file: FileArgument, accept_unverified: AcceptOption = False, bundle_passphrase_fd: PassphraseOption = None
) -> None:
    """Take the documents of a bundle into your vault, into the space of the person they are about. Doing it again changes nothing."""
    tools = services(context)
    summary = ImportSummary()
    with _checked(tools, file, accept_unverified, bundle_passphrase_fd) as (vault, found), Reader(tools.clock) as reader:
        options = tools.ingest_options
        take_sealed(tools, vault, Importer(vault, reader, options, tools.clock), summary)
        for item in take_in(vault, found, reader, options, tools.clock, tools.progress(_("Taking in"))):
            summary.add(item)
            show_item(tools.output, item)
    show_summary(tools.output, summary)
    raise typer.Exit(summary.exit_code)


@contextmanager
def _checked(tools: Services, file: Path, accept_unverified: bool, descriptor: int | None) -> Iterator[tuple[Vault, Received]]:
    with tools.open_vault() as vault, _opened(tools, vault, file, accept_unverified, descriptor) as found:
        yield vault, found


def _opened(tools: Services, vault: Vault, file: Path, accept_unverified: bool, descriptor: int | None) -> AbstractContextManager[Received]:
    def ask() -> str:
        if descriptor is None:
            return tools.terminal.passphrase(_("Passphrase of the bundle"), hint=_("give it with --bundle-passphrase-fd"))
        from monespace_cli.adapters.secrets import secret_from_descriptor

        return secret_from_descriptor(descriptor)

    return received(vault, file, ask, accept_unverified=accept_unverified, now=tools.clock())


def _json(found: Received) -> dict[str, Any]:
    manifest, sender = found.bundle.manifest, found.bundle.sender
    return {
        "bundle": manifest.bundle,
        "kind": str(manifest.kind),
        "sender": {
            "name": sender.display_name,
            "role": str(sender.role),
            "fingerprint": sender.fingerprint,
            "words": list(fingerprint_words(sender.fingerprint)),
            "standing": str(found.standing),
        },
        "recipient": manifest.recipient,
        "subject": _subject_json(manifest.subject) if manifest.subject else None,
        "created": manifest.created.isoformat(),
        "expires": manifest.expires.isoformat() if manifest.expires else None,
        "purpose": manifest.purpose,
        "supersedes": manifest.supersedes,
        "stream": {"id": manifest.stream.id, "counter": manifest.stream.counter},
        "was_imported": found.was_imported,
        "documents": [
            {
                "title": info.title,
                "kind": str(info.kind),
                "type_code": info.type_code,
                "date": info.date.isoformat() if info.date else None,
                "practitioner": info.practitioner,
                "media_type": info.media_type,
                "pages": info.page_count,
                "size": document.size,
                "sha256": document.sha256,
            }
            for document, info in manifest.documents
        ],
    }


def _subject_json(subject: Identity) -> dict[str, Any]:
    return {
        "family_name": subject.family_name,
        "given_names": list(subject.given_names),
        "birth_date": subject.birth_date.isoformat(),
        "sex": str(subject.sex),
        "ins": subject.ins,
    }


def _subject(subject: Identity) -> str:
    return _("{name}, born {day}, {sex}").format(name=subject.display_name, day=day(subject.birth_date), sex=subject.sex)


def _print(output: Output, found: Received) -> None:
    manifest, sender = found.bundle.manifest, found.bundle.sender
    output.fields(
        [
            (_("From"), f"{sender.display_name} ({_standing(found)})"),
            (_("Words"), "\n".join(words_in_lines(fingerprint_words(sender.fingerprint)))),
            (_("About"), _subject(manifest.subject) if manifest.subject else ""),
            (_("INS"), ins_words(manifest.subject.ins) if manifest.subject else ""),
            (_("Purpose"), manifest.purpose),
            (_("Made"), moment(manifest.created)),
            (_("Until"), moment(manifest.expires) if manifest.expires else ""),
            (_("Taken in"), _("yes") if found.was_imported else ""),
        ]
    )
    output.text("")
    output.table(
        (_("Date"), _("Kind"), _("Title"), _("Practitioner"), _("Pages"), _("Size")),
        (
            (day(info.date), KIND_LABELS[info.kind], info.title, info.practitioner, str(info.page_count), size(document.size))
            for document, info in manifest.documents
        ),
    )


def _standing(found: Received) -> str:
    return STANDINGS.get(found.standing, str(found.standing))
