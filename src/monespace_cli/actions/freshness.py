"""Tell a vault from an older copy of it that was put back (docs/formats/vault-v1.md §8).

What is remembered is the end of the journal, outside of the vault: every change has a line there. It is written when the vault is closed,
after the commits, so it may be behind and is never ahead.
"""

import contextlib

from monespace_cli.adapters.journal_head import recall_head, remember_head
from monespace_cli.adapters.state import VaultState
from monespace_cli.errors import BusyError, IntegrityError, NotWritableError, RollbackError
from monespace_cli.i18n import _
from monespace_cli.record.journal import JournalHead
from monespace_cli.vault.vault import Vault


def require_fresh(vault: Vault, state: VaultState) -> JournalHead | None:
    """Return the end of the journal as this machine last saw it, which is in the journal still; None where it never saw this vault.

    Raises:
        RollbackError: it is not there: an older copy was put back, or another one that went its own way.
    """
    known = _recall(vault, state)  # first: another process may add to the journal, and remember that, at any moment
    if known is not None and not vault.journal.holds(known):
        raise RollbackError(
            _("this vault is not the one last seen here: it lacks line {number} of the journal").format(number=known.sequence),
            hint=_(
                "an older copy was put back. If that was you, run `monespace status` on a terminal and agree; "
                "if not, what was added since is missing, and keys that were removed may open it"
            ),
        )
    return known


def remember(vault: Vault, state: VaultState) -> None:
    """Remember the end of the journal, where it is not what is remembered already. Where nothing can be kept, nothing is."""
    with contextlib.suppress(NotWritableError, BusyError, IntegrityError):
        head = vault.journal.head()
        if head != vault.last_seen:
            remember_head(state, vault.journal_head_key, head)
            vault.last_seen = head


def _recall(vault: Vault, state: VaultState) -> JournalHead | None:
    try:
        return recall_head(state, vault.journal_head_key)
    except IntegrityError as problem:
        for key in vault.retired_journal_head_keys:
            with contextlib.suppress(IntegrityError):
                return recall_head(state, key)
        raise RollbackError(problem.message, hint=_("run `monespace status` on a terminal and agree to go on")) from None
