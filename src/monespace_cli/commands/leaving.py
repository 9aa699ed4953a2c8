"""What is said of bundles that are made: how they leave, and whether their recipients may still open them."""

from collections.abc import Iterable
from datetime import datetime

from monespace_cli.actions.routes import Routes
from monespace_cli.i18n import _
from monespace_cli.record.card import Contact
from monespace_cli.record.key_life import may_be_gone
from monespace_cli.ui.output import Output
from monespace_cli.vault.vault import Vault


def way_out(vault: Vault, peers: Iterable[str]) -> str:
    """Return what takes bundles to these people: `sync push` where a remote reaches one of them, else a file to hand over."""
    routes = Routes(vault)
    stores = {store for peer in peers for store in routes.to(peer)}
    names = [remote.name for remote in vault.remotes.all() if remote.store in stores]
    if names:
        return _("`monespace sync push` puts it into {remotes}").format(remotes=", ".join(names))
    return _("`monespace outbox write --into DIR` puts it into a file to hand over")


def warn_of_old_keys(output: Output, contacts: Iterable[Contact], now: datetime) -> None:
    """Say whose keys are so old that they may be erased by now: what is encrypted to them would open nowhere."""
    old = {contact.card.display_name: None for contact in contacts if may_be_gone(contact.card.keys_since, now)}
    if old:
        output.warn(
            _("the keys on the card of {names} are two years old, and perhaps erased by now: ask for a newer card").format(
                names=", ".join(old)
            )
        )
