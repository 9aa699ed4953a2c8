"""`monespace identity`: one's own keys: what others compare, how old they are, and the secret ones for public tools."""

from pathlib import Path
from typing import Annotated

import typer

from monespace_cli.actions.codes import qr_modules, qr_picture, require_qr_format
from monespace_cli.actions.depositing import institution_of, require_depositor
from monespace_cli.actions.exporting import require_free_names, written_out
from monespace_cli.actions.identity import (
    Changed,
    keep_practice,
    own_identity,
    prepare_revocation,
    renew_identity,
    revoke_identity,
    rotate_decryption,
)
from monespace_cli.actions.people import own_keys
from monespace_cli.commands.options import FacilityOption, FinessOption, ForceOption, InstitutionOption, YesOption
from monespace_cli.commands.services import Services, services
from monespace_cli.commands.standard_input import typed
from monespace_cli.errors import UsageError
from monespace_cli.i18n import _, ngettext
from monespace_cli.record.journal import Event
from monespace_cli.record.typed import PURPOSE_LENGTH
from monespace_cli.ui.identity import identity_fields, identity_json
from monespace_cli.ui.qr import show_qr

app = typer.Typer(no_args_is_help=True, add_completion=False)


@app.callback()
def _group() -> None:
    pass


@app.command()
def show(
    context: typer.Context,
    code: Annotated[Path | None, typer.Option("--qr", metavar="FILE", help=_("Write the QR code as .png or .svg as well."))] = None,
    force: ForceOption = False,
) -> None:
    """Show who you are to others: the eight words and the QR code that they compare, how old your keys are, and when they change."""
    tools = services(context)
    if code:
        require_qr_format(code)
        require_free_names((code,), force=force)
    with tools.open_vault() as vault:
        identity = own_identity(vault)
    if code:
        with written_out(code, tools.output.raw, force=force) as sink:
            sink.write(qr_picture(identity.fingerprint, code))
    if tools.output.is_json:
        tools.output.object({"type": "identity", **identity_json(identity), "qr": str(code) if code else None})
        return
    if code:
        tools.output.say(_("Wrote {path}").format(path=code))
    tools.output.fields(identity_fields(identity))
    if tools.output.is_terminal:
        show_qr(tools.output, qr_modules(identity.fingerprint))


@app.command()
def edit(
    context: typer.Context,
    institution: InstitutionOption = None,
    finess: FinessOption = None,
    facility: FacilityOption = None,
    specialty: Annotated[
        str | None, typer.Option(metavar="NAME", help=_("What you are qualified in: a code such as SM04, or the specialty's French name."))
    ] = None,
) -> None:
    """Keep where a practitioner works and in what specialty: the metadata of what they deposit say so. An empty text takes it back."""
    tools = services(context)
    said = (institution, finess, facility)
    if said == (None, None, None) and specialty is None:
        raise UsageError(_("there is nothing to change"), hint=_("see `monespace identity edit --help`"))
    with tools.open_vault() as vault:
        keep_practice(vault, None if institution == "" else institution_of(require_depositor(vault), *said), specialty)
        identity = own_identity(vault)
    if tools.output.is_json:
        tools.output.object({"type": "identity", **identity_json(identity)})
    else:
        tools.output.fields(identity_fields(identity))


@app.command()
def rotate(
    context: typer.Context,
    signing_key: Annotated[
        bool, typer.Option("--signing-key", help=_("The key that signs, and with it the eight words; the old key vouches for the new."))
    ] = False,
    yes: YesOption = False,
) -> None:
    """Change your decryption keys now; they change by themselves once a year, and your words stay.

    With --signing-key a bundle to each contact says that the new key is yours. If the old one may be in other hands, `identity revoke` it.
    """
    tools = services(context)
    with tools.open_vault() as vault:
        if not signing_key:
            rotate_decryption(vault)
            _show_changed(tools, Changed(own_identity(vault)), _("Your decryption keys are new; your words stay."))
            return
        if vault.outbox.kept():
            tools.output.warn(_("bundles in the outbox are signed by the old key: who takes the new one in first is asked about them"))
        tools.terminal.require_yes(_("Change the key that signs, and your eight words?"), yes=yes)
        changed = renew_identity(vault, tools.clock(), tools.random)
    _show_changed(tools, changed, _("Your signing key and your words are new."))


@app.command()
def revoke(
    context: typer.Context,
    reason: Annotated[str, typer.Option(help=_("What your contacts are told; - reads it from standard input."))] = "",
    prepare: Annotated[
        Path | None,
        typer.Option(metavar="FILE", help=_("Revoke nothing: write a file that does, to keep elsewhere for the day this vault is lost.")),
    ] = None,
    force: ForceOption = False,
    yes: YesOption = False,
) -> None:
    """Say to every contact that your key counts no more, because it was stolen or lost, and begin anew with another one.

    Whoever takes that in takes in nothing signed with the old key any more. It cannot be undone: everybody compares your new words.

    --prepare is for the day the vault itself is lost: hand the file to your contacts then, who take it in with `contact revoke`. Whoever
    finds it before can end your key, and do nothing else with it. A new signing key needs a new file.
    """
    tools = services(context)
    if prepare:
        _prepare(tools, prepare, force=force)
        return
    words = typed(reason, PURPOSE_LENGTH)
    with tools.open_vault() as vault:
        tools.terminal.require_yes(_("Revoke your key for ever, and begin anew with another one?"), yes=yes)
        changed = revoke_identity(vault, words, tools.clock(), tools.random)
    _show_changed(tools, changed, _("Your key is revoked. Hand out your new card: `monespace card export`."))


def _prepare(tools: Services, path: Path, *, force: bool) -> None:
    require_free_names((path,), force=force)
    with tools.open_vault() as vault, written_out(path, tools.output.raw, force=force) as sink:
        sink.write(prepare_revocation(vault, tools.clock()))
        fingerprint = own_keys(vault).fingerprint
    if tools.output.is_json:
        tools.output.object({"type": "prepared", "path": str(path), "fingerprint": fingerprint})
    tools.output.say(_("Wrote {path}. Keep it apart from this machine: who has it can end your key").format(path=path))


def _show_changed(tools: Services, changed: Changed, words: str) -> None:
    if tools.output.is_json:
        tools.output.object({"type": "identity", **identity_json(changed.identity), "told": changed.told})
        return
    tools.output.say(words)
    if changed.told:
        tools.output.say(
            ngettext(
                "A bundle in the outbox tells {count} contact: `monespace sync push` or `outbox write` sends it",
                "Bundles in the outbox tell {count} contacts: `monespace sync push` or `outbox write` sends them",
                changed.told,
            ).format(count=changed.told)
        )
    tools.output.fields(identity_fields(changed.identity))


@app.command()
def export(
    context: typer.Context,
    output: Annotated[
        Path,
        typer.Option("--output", "-o", metavar="FILE", help=_("The age identity file; the signing key is written beside it as FILE.ssh.")),
    ],
    secret: Annotated[bool, typer.Option("--secret", help=_("Needed, to say that you know what these keys are."))] = False,
    compat: Annotated[bool, typer.Option("--compat", help=_("Only the keys that age before 1.3 reads."))] = False,
    force: ForceOption = False,
    yes: YesOption = False,
) -> None:
    """Write your own secret keys, not encrypted, for `age` and `ssh-keygen`: with them every bundle to you opens without monespace.

    Whoever gets these files reads all that is sent to you, and signs in your name.
    """
    tools = services(context)
    if not secret:
        raise UsageError(_("this writes secret keys, not encrypted"), hint=_("if that is what you want, add --secret"))
    signing_path = output.with_name(output.name + ".ssh")
    require_free_names((output, signing_path), force=force)
    with tools.open_vault() as vault:
        tools.output.warn(_("whoever gets these keys reads all that is sent to you, and signs in your name"))
        tools.terminal.require_yes(_("Write your secret keys, not encrypted?"), yes=yes)
        keys = own_keys(vault)
        exported = keys.export_secret()
        vault.journal.write(Event.IDENTITY_EXPORTED, keys.fingerprint)
        for path, text in ((output, exported.age_compat if compat else exported.age), (signing_path, exported.ssh)):
            with written_out(path, tools.output.raw, force=force) as sink:
                sink.write(text.encode())
    if tools.output.is_json:
        tools.output.object({"type": "exported", "age": str(output), "ssh": str(signing_path), "fingerprint": keys.fingerprint})
    tools.output.say(_("Wrote {age} and {ssh}. Keep them on a medium that you can lock away.").format(age=output, ssh=signing_path))
