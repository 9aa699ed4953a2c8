"""What was shared: `monespace share list | show | update | stop | revoke`."""

from datetime import datetime
from typing import Annotated

import typer

from monespace_cli.actions.people import names_of
from monespace_cli.actions.standing import Updated, shares_about, still_given, take_back, update
from monespace_cli.commands.exchanges import sent_fields, sent_json
from monespace_cli.commands.leaving import warn_of_old_keys, way_out
from monespace_cli.commands.options import YesOption
from monespace_cli.commands.services import Services, services
from monespace_cli.commands.share_shown import (
    SHARE_COLUMNS,
    STANDING_COLUMNS,
    share_json,
    share_row,
    standing_fields,
    standing_json,
    standing_row,
    updated_json,
)
from monespace_cli.errors import ExitCode, NotFoundError
from monespace_cli.i18n import _, ngettext
from monespace_cli.record.typed import PURPOSE_LENGTH, line_of_text
from monespace_cli.vault.outbox import SentBundle
from monespace_cli.vault.shares import StandingShare
from monespace_cli.vault.vault import Vault

ShareArgument = Annotated[str, typer.Argument(metavar="ID", help=_("The id of a share or a standing share, or the beginning of it."))]


def list_shares(context: typer.Context) -> None:
    """List what was shared of this space: with whom, until when, and what came back; first what is repeated for what is new."""
    tools = services(context)
    now = tools.clock()
    with tools.open_vault() as vault:
        standing, shares = vault.standing_shares.all(vault.space), shares_about(vault, vault.space)
        later = {each.bundle: vault.outbox.spoken_of(each.bundle) for each in shares}
        names = names_of(vault, [*(each.contact for each in standing), *(each.peer for each in shares)])
    if tools.output.is_json:
        told = [share_json(each, later[each.bundle], now) for each in shares]
        tools.output.object(
            {"type": "shares", "standing": [standing_json(each, now) for each in standing], "shares": told, "total": len(shares)}
        )
        return
    if standing:
        tools.output.table(STANDING_COLUMNS, (standing_row(each, names[each.contact], now) for each in standing))
        tools.output.text("")
    tools.output.table(SHARE_COLUMNS, (share_row(each, names[each.peer], later[each.bundle], now) for each in shares))


def show(context: typer.Context, share: ShareArgument) -> None:
    """Show a share: what it held, how far it has come, whether it was taken back; or a standing share, and what was sent under it."""
    tools = services(context)
    with tools.open_vault() as vault:
        found = _find(vault, share)
        sent = vault.outbox.under(found.id) if isinstance(found, StandingShare) else [found]
        later = {each.bundle: vault.outbox.spoken_of(each.bundle) for each in sent}
        peer = found.contact if isinstance(found, StandingShare) else found.peer
        name = names_of(vault, [peer])[peer]
    if isinstance(found, StandingShare):
        _show_standing(tools, found, name, sent, later)
    elif tools.output.is_json:
        told = later[found.bundle]
        tools.output.object({"type": "share", **sent_json(found, told), **share_json(found, told, tools.clock())})
    else:
        tools.output.fields(sent_fields(found, name, later[found.bundle]))


def _show_standing(tools: Services, standing: StandingShare, name: str, sent: list[SentBundle], later: dict[str, list[SentBundle]]) -> None:
    now = tools.clock()
    if tools.output.is_json:
        told = [share_json(each, later[each.bundle], now) for each in sent]
        tools.output.object({"type": "standing-share", **standing_json(standing, now), "shares": told})
        return
    tools.output.fields(standing_fields(standing, name, now))
    tools.output.text("")
    tools.output.table(SHARE_COLUMNS, (share_row(each, name, later[each.bundle], now) for each in sent))


def update_standing(
    context: typer.Context,
    standing: Annotated[
        list[str] | None, typer.Argument(metavar="[ID...]", help=_("Standing shares, by id; without one, all of this space."))
    ] = None,
    dry_run: Annotated[bool, typer.Option("--dry-run", help=_("Make nothing: say what would be sent."))] = False,
) -> None:
    """Send what is new under standing shares into the outbox. It asks nothing: that was agreed to when the share was made."""
    tools = services(context)
    now = tools.clock()
    with tools.open_vault() as vault:
        wanted = [vault.standing_shares.find(each) for each in standing] if standing else vault.standing_shares.active(now, vault.space)
        for found in wanted:
            _require_going_on(vault, found, now)
        done = [update(vault, each, now, tools.random, dry_run=dry_run) for each in wanted]
        names = names_of(vault, (each.standing.contact for each in done))
        sent = [each.choice.contact for each in done if each.made and each.choice and each.choice.contact]
        warn_of_old_keys(tools.output, sent, now)
        way = way_out(vault, (contact.card.fingerprint for contact in sent))
    for each in done:
        _show_updated(tools, each, names[each.standing.contact], dry_run=dry_run)
    made, failed = sum(len(each.made) for each in done), [each.problem for each in done if each.problem]
    if tools.output.is_json:
        tools.output.object({"type": "summary", "looked": len(done), "made": made, "failed": len(failed)})
    elif made:
        tools.output.say(way)
    elif not done:
        tools.output.say(_("no standing share in this space"))
    raise typer.Exit(ExitCode.OK if not failed else failed[0].exit_code if len(failed) == len(done) else ExitCode.PARTLY)


def _require_going_on(vault: Vault, standing: StandingShare, now: datetime) -> None:
    """See that something can be sent under a standing share, in the space that it is of."""
    if standing.space != vault.space:
        name = vault.spaces.owner(standing.space).display_name
        raise NotFoundError(
            _("standing share {id} is of the space of {name}").format(id=standing.id, name=name), hint=_("name that space with --space")
        )
    if not standing.is_active(now):
        raise NotFoundError(_("standing share {id} has ended").format(id=standing.id), hint=_("`monespace share list` shows them"))


def stop(context: typer.Context, standing: Annotated[str, typer.Argument(metavar="ID", help=_("The standing share."))]) -> None:
    """Send nothing more under a standing share. What was sent stays; `share revoke` takes that back as well."""
    tools = services(context)
    with tools.open_vault() as vault:
        found = vault.standing_shares.find(standing)
        vault.standing_shares.end(found)
    if tools.output.is_json:
        tools.output.object({"type": "stopped", "standing": found.id})
    tools.output.say(_("Nothing more is sent under {id}").format(id=found.id))


def revoke(
    context: typer.Context,
    share: ShareArgument,
    reason: Annotated[str, typer.Option(help=_("Why, for its recipient."))] = "",
    yes: YesOption = False,
) -> None:
    """Take a share back: its recipient is told that it is over. A standing share ends, and all that was sent under it is taken back.

    It cannot unread what was read, and who opened it may have kept a copy.
    """
    tools = services(context)
    why = line_of_text(reason, PURPOSE_LENGTH, shortest=0)
    with tools.open_vault() as vault:
        found = _find(vault, share)
        tools.terminal.require_yes(_("Take it back? What was read stays read."), yes=yes or not tools.terminal.is_present)
        given = [found] if isinstance(found, SentBundle) else still_given(vault, found)
        if isinstance(found, StandingShare):
            vault.standing_shares.end(found)
        made = [take_back(vault, each, why, tools.clock(), tools.random) for each in given]
        way = way_out(vault, (each.recipient for each in made))
    if tools.output.is_json:
        tools.output.object({"type": "revoked", "shares": [each.bundle for each in given], "revocations": [each.bundle for each in made]})
    words = ngettext("{count} share taken back", "{count} shares taken back", len(made)).format(count=len(made))
    tools.output.say(_("{words}; what was read stays read. Its recipient is told by a bundle: {way}").format(words=words, way=way))


def _find(vault: Vault, name: str) -> SentBundle | StandingShare:
    """Return the one share, or standing share, that an id means."""
    standing = vault.standing_shares.starting(name)
    shares = [each for each in vault.outbox.starting(name) if each.kind == "share"]
    if len(standing) + len(shares) != 1:
        raise NotFoundError(_("no single share has this id"), hint=_("`monespace share list` shows the ids"))
    return standing[0] if standing else shares[0]


def _show_updated(tools: Services, done: Updated, name: str, *, dry_run: bool) -> None:
    if tools.output.is_json:
        tools.output.object(updated_json(done))
        return
    if done.problem:
        tools.output.error(done.problem)
        return
    assert done.choice is not None, "it succeeded"
    titles = [*([_("the medical profile")] if done.choice.profile else []), *(each.title for each in done.choice.documents)]
    said = _("nothing new") if not titles else _("would be sent: {titles}") if dry_run else _("sealed: {titles}")
    tools.output.text("\t".join((done.standing.id, name, said.format(titles=", ".join(titles)))))
