"""Receipts: telling each sender what became of a bundle. They are made when they leave, so that a sender is told the latest once."""

from datetime import datetime

from monespace_cli.actions.outgoing import Outgoing, to_contact
from monespace_cli.ports import Random
from monespace_cli.record.exchange import Outcome, ReceivedState
from monespace_cli.sync.body import DocumentOutcome, Receipt
from monespace_cli.sync.card import read_card
from monespace_cli.sync.kinds import Kind
from monespace_cli.sync.manifest import Manifest, read_manifest
from monespace_cli.sync.sealing import Contents, ToContact
from monespace_cli.vault.inbox import ReceivedBundle
from monespace_cli.vault.vault import Vault


def answer_due(vault: Vault, now: datetime, random: Random) -> list[Manifest]:
    """Seal a receipt into the outbox for each bundle whose sender is still to be told; return their manifests."""
    due = vault.inbox.unanswered()
    if not due:
        return []
    outgoing = Outgoing(vault, now, random)
    made = []
    for received in due:
        made.append(outgoing.to_outbox(Contents(Kind.RECEIPT, body=_receipt(vault, received)), _to_sender(vault, received)))
        vault.inbox.answered(received.bundle)
    return made


def _receipt(vault: Vault, received: ReceivedBundle) -> Receipt:
    """Return what the sender is told: to one whose words nobody compared, not why an identity did not match."""
    contact = vault.contacts.get(received.sender)
    tells_why = contact is not None and contact.verified_at is not None
    decided = received.state is not ReceivedState.WAITING
    return Receipt(
        received.bundle,
        read_manifest(received.manifest.encode()).digest,
        received.state.outcome,
        received.code if decided and tells_why else None,
        tuple(DocumentOutcome(d["sha256"], Outcome(d["outcome"]), d["code"] if tells_why else None) for d in received.documents),
    )


def _to_sender(vault: Vault, received: ReceivedBundle) -> ToContact:
    """Return where the receipt goes: the newest card that is known of the sender, of the key type that they have."""
    contact = vault.contacts.get(received.sender)
    return to_contact(read_card(contact.card if contact else read_manifest(received.manifest.encode()).sender_card.encode()))
