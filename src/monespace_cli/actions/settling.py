"""What revocations and corrections do to earlier bundles, in whatever order they all arrive."""

from monespace_cli.record.document import DocumentId
from monespace_cli.record.exchange import ReceivedState
from monespace_cli.sync.kinds import Kind
from monespace_cli.vault.inbox import ReceivedBundle, Withdrawal
from monespace_cli.vault.vault import Vault

TAKEN = (ReceivedState.ACCEPTED, ReceivedState.PARTLY)


def note_withdrawal(vault: Vault, withdrawal: Withdrawal) -> None:
    """Keep what a sender says of an earlier bundle, and act on it if that came, in the caller's transaction."""
    vault.inbox.withdraw(withdrawal)
    settle(vault, withdrawal.bundle)


def settle(vault: Vault, bundle: str) -> None:
    """Bring a bundle's documents to what all that came says of them, in the caller's transaction; doing it again changes nothing.

    It is looked at from both sides: as one that others may speak of, and as a correction that speaks of another.
    """
    received = vault.inbox.get(bundle)
    if received is None:
        return
    for withdrawal in vault.inbox.withdrawals(bundle):
        if withdrawal.sender == received.sender:
            _apply(vault, received, withdrawal)
    if received.kind == Kind.CORRECTION:
        for corrected in vault.inbox.corrected_by(bundle):
            original = vault.inbox.get(corrected.bundle)
            if original and original.sender == corrected.sender:
                _apply(vault, original, corrected)


def _apply(vault: Vault, received: ReceivedBundle, withdrawal: Withdrawal) -> None:
    if withdrawal.kind == Kind.REVOCATION:
        _revoke(vault, received, withdrawal.by)
        return
    correction = vault.inbox.get(withdrawal.by)
    if correction and correction.state in TAKEN and received.state in TAKEN:
        for old, new in zip(received.documents, correction.documents, strict=False):
            if old.get("document") and new.get("document") and old["document"] != new["document"]:
                vault.documents.supersede(DocumentId(old["document"]), DocumentId(new["document"]), withdrawal.by)


def _revoke(vault: Vault, received: ReceivedBundle, by: str) -> None:
    if received.kind == Kind.SHARE:
        return  # what a recipient has seen cannot be unseen; that the share ended is shown with it
    if received.state is ReceivedState.WAITING:
        vault.inbox.decide(received, ReceivedState.REVOKED, code="revoked")
    elif received.state in TAKEN:
        for each in received.documents:
            if each.get("document"):
                vault.documents.supersede(DocumentId(each["document"]), None, by)
