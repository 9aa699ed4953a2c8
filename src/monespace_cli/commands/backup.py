"""`monespace backup`: keep encrypted copies of the vault elsewhere, and bring one back."""

import contextlib
from pathlib import Path
from typing import Annotated, Any

import typer

from monespace_cli.commands.check import ReadDataOption, exit_code, finding_json, show_finding, show_report
from monespace_cli.commands.options import YesOption
from monespace_cli.commands.services import Services, services
from monespace_cli.errors import ExitCode, NotWritableError
from monespace_cli.i18n import _
from monespace_cli.ui.output import Output
from monespace_cli.ui.views import moment, size
from monespace_cli.vault.backup import Created, create_backup, forget_backups, restore_backup, verify_backup
from monespace_cli.vault.backups import KnownBackup
from monespace_cli.vault.building import require_free
from monespace_cli.vault.snapshots import open_place, read_manifest

app = typer.Typer(no_args_is_help=True, add_completion=False)

PlaceArgument = Annotated[Path, typer.Argument(metavar="DEST", help=_("The folder of backups."))]
SnapshotArgument = Annotated[
    str | None, typer.Argument(metavar="ID", help=_("Which one: its id, or the beginning of it; the newest without one."))
]


@app.command()
def create(context: typer.Context, dest: PlaceArgument) -> None:
    """Add a backup to a folder. What the folder holds already is not copied again.

    All of it is encrypted: it opens with the secrets that open the vault today. The vault may be in use meanwhile.
    """
    tools = services(context)
    with tools.open_vault() as vault:
        made = create_backup(vault, dest, tools.clock, tools.random, tools.progress(_("Copying")))
    _show_created(tools.output, made)
    raise typer.Exit(ExitCode.INTEGRITY if made.missing else ExitCode.OK)


@app.command("list")
def list_backups(
    context: typer.Context,
    dest: Annotated[Path | None, typer.Argument(metavar="DEST", help=_("A folder of backups; without one, those the vault knows."))] = None,
) -> None:
    """List the backups in a folder (this needs no passphrase), or all that the vault knows of, wherever they are."""
    tools = services(context)
    if dest is None:
        with tools.open_vault() as vault:
            rows = [_known(known) for known in vault.backups.all()]
    else:
        rows = [
            {"id": each.id, "created_at": each.created_at, "path": str(dest), "blobs": len(held.blobs), "size": held.size}
            for each in open_place(dest).snapshots()
            for held in [read_manifest(each)]
        ]
    if tools.output.is_json:
        tools.output.object({"type": "backups", "backups": [row | {"created_at": row["created_at"].isoformat()} for row in rows]})
        return
    tools.output.table(
        (_("Id"), _("Made"), _("Where"), _("Originals"), _("Size")),
        (
            (row["id"], moment(row["created_at"]), row["path"], str(row.get("blobs", "")), size(row["size"]) if "size" in row else "")
            for row in rows
        ),
    )


@app.command()
def verify(context: typer.Context, dest: PlaceArgument, snapshot: SnapshotArgument = None, read_data: ReadDataOption = False) -> None:
    """Open a backup with a secret of its own and check it as `check` does. Nothing is written, and no vault is needed."""
    tools = services(context)
    found = open_place(dest).find(snapshot)
    secret = tools.secrets.passphrase(_("Passphrase or recovery kit"))
    report = verify_backup(found, secret, tools.progress(_("Checking")), read_data=read_data)
    show_report(tools.output, "verified", report, id=found.id, created_at=found.created_at.isoformat())
    raise typer.Exit(exit_code(report))


@app.command()
def restore(context: typer.Context, dest: PlaceArgument, snapshot: SnapshotArgument = None) -> None:
    """Make a vault of a backup, at the place of the vault (--vault), which must be free. Every byte is checked.

    The secrets of the vault's own keys are those of the day of the backup. What was shared since is not known to it: new bundles are
    numbered anew.
    """
    tools = services(context)
    found = open_place(dest).find(snapshot)
    require_free(tools.settings.vault)
    secret = tools.secrets.passphrase(_("Passphrase or recovery kit"))
    report = restore_backup(found, tools.settings.vault, secret, tools.clock, tools.progress(_("Restoring")))
    _remember_restored(tools, secret)
    show_report(tools.output, "restored", report, id=found.id, path=str(tools.settings.vault))
    tools.output.say(_("Restored the vault of {when} to {path}").format(when=moment(found.created_at), path=tools.settings.vault))
    raise typer.Exit(exit_code(report))


@app.command()
def forget(
    context: typer.Context,
    dest: PlaceArgument,
    snapshots: Annotated[list[str], typer.Argument(metavar="ID...", help=_("Which ones: ids, or their beginnings."))],
    gone: Annotated[bool, typer.Option("--gone", help=_("The folder is no more: only strike them off the vault's list."))] = False,
    yes: YesOption = False,
) -> None:
    """Remove backups for good. Files that other backups in the folder need stay."""
    tools = services(context)
    with tools.open_vault() as vault:
        freed = 0
        if gone:
            ids = [vault.backups.find(dest.resolve(), prefix).id for prefix in snapshots]
            tools.terminal.require_yes(_("Is it certain that nobody can find that folder again?"), yes=yes)
            for each in ids:
                vault.backups.forget(each)
        else:
            place = open_place(dest)
            found = {each.id: each for each in map(place.find, snapshots)}
            ids = list(found)
            tools.terminal.require_yes(_("Remove {ids} for good?").format(ids=" ".join(ids)), yes=yes)
            freed = forget_backups(vault, place, list(found.values()))
    if tools.output.is_json:
        tools.output.object({"type": "forgotten", "ids": ids, "freed": freed})
    tools.output.say(_("Removed {ids}; {size} freed").format(ids=" ".join(ids), size=size(freed)))


def _remember_restored(tools: Services, secret: str) -> None:
    """Let this machine know that the older copy is there because somebody wanted it."""
    from monespace_cli.adapters.journal_head import remember_head
    from monespace_cli.adapters.state import VaultState
    from monespace_cli.vault.header_file import read_header
    from monespace_cli.vault.vault import open_vault

    root = tools.settings.vault
    with open_vault(root, read_header(root), secret, tools.clock, tools.random) as vault, contextlib.suppress(NotWritableError):
        state = VaultState(tools.settings.state_directory, vault.header.vault).at(root)
        remember_head(state, vault.journal_head_key, vault.journal.head())


def _show_created(output: Output, made: Created) -> None:
    if output.is_json:
        output.object(
            {
                "type": "backup",
                "id": made.snapshot.id,
                "created_at": made.snapshot.created_at.isoformat(),
                "blobs": made.blobs,
                "copied": made.copied,
                "copied_bytes": made.copied_bytes,
                "missing": [finding_json(finding) for finding in made.missing],
            }
        )
    else:
        for finding in made.missing:
            show_finding(output, finding)
    output.say(
        _("Backup {id}: {count} originals, {copied} of them new ({size})").format(
            id=made.snapshot.id, count=made.blobs, copied=made.copied, size=size(made.copied_bytes)
        )
    )


def _known(known: KnownBackup) -> dict[str, Any]:
    return {"id": known.id, "created_at": known.created_at, "path": str(known.path)}
