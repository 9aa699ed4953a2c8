"""The recipient that this machine seals to, remembered: whoever can write to a vault's header could put their own there.

Without its key nobody can tell whether a header is genuine. So the first recipient that is met is kept (as a fingerprint), another one is
refused, and an unlocked vault, whose header was checked, puts it right.
"""

import contextlib
import hashlib

from monespace_cli.adapters.state import VaultState
from monespace_cli.errors import IntegrityError, NotWritableError
from monespace_cli.i18n import _

FILE = "sealed-recipient"


def pin(state: VaultState, recipient: str) -> None:
    """Remember the recipient of a vault that was unlocked, and so is genuine. Where nothing can be kept, nothing is."""
    with contextlib.suppress(NotWritableError):
        if state.read(FILE) != _fingerprint(recipient):
            state.write(FILE, _fingerprint(recipient))


def require_pinned(state: VaultState, recipient: str) -> None:
    """See that a recipient is the one that this machine knows; the first one is remembered.

    Raises:
        IntegrityError: it is another one.
        NotWritableError: it cannot be remembered.
    """
    known = state.read(FILE)
    if known is None:
        state.write(FILE, _fingerprint(recipient))
    elif known != _fingerprint(recipient):
        raise IntegrityError(
            _("the vault asks to seal for another key than before: nothing was sealed"),
            hint=_("if its keys were renewed, unlock it here once (`monespace status`); if not, somebody changed vault.json"),
        )


def _fingerprint(recipient: str) -> bytes:
    return hashlib.sha256(recipient.encode()).hexdigest().encode()
