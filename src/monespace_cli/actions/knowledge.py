"""What a vault knows that decides whether a bundle is opened: its contacts, what came before, and what it sent itself."""

import hashlib

from monespace_cli.actions.directory import index_cards
from monespace_cli.record.card import Card, Check, Stop
from monespace_cli.record.identity import Identity, Match, match_identity
from monespace_cli.sync.body import Receipt
from monespace_cli.sync.manifest import Manifest
from monespace_cli.sync.opening import Policy, Seen, Standing
from monespace_cli.vault.vault import Vault


class Knowledge:
    """What is known at one moment; a sender is judged once."""

    def __init__(self, vault: Vault) -> None:
        """Ask this vault."""
        self._vault = vault
        self._standings: dict[str, Standing] = {}

    def policy(self, *, accepts_unverified: bool, again: bool = False) -> Policy:
        """Return what opening asks; with `again` a bundle that was taken in before may be opened once more."""

        def seen(manifest: Manifest) -> Seen:
            found = self.seen(manifest)
            return Seen.NEVER if again and found is Seen.SAME else found

        return Policy(self.standing, seen, self.is_signer, self.is_recipient, self.is_self, accepts_unverified)

    def standing(self, card: Card) -> Standing:
        """Return how far a sender's key is trusted here."""
        known = self._standings.get(card.fingerprint)
        if known is None:
            known = self._standings[card.fingerprint] = self._judge(card)
        return known

    def forget(self) -> None:
        """Judge every sender anew: a key was renewed or revoked."""
        self._standings.clear()

    def seen(self, manifest: Manifest) -> Seen:
        """Return whether this very bundle came before, or another one under its id."""
        known = self._vault.exchanges.seen(manifest.bundle)
        if known is None:
            return Seen.NEVER
        if known.sender != manifest.sender or known.manifest not in (None, manifest.digest):
            return Seen.OTHER
        return Seen.SAME if known.imported else Seen.NEVER

    def is_signer(self, card: Card, bundle: str) -> bool | None:
        """Tell whether this person signed the bundle of that id that came here; None where none came."""
        known = self._vault.exchanges.seen(bundle)
        return None if known is None else card.fingerprint in (known.sender, self._vault.contacts.current(known.sender))

    def is_recipient(self, card: Card, receipt: Receipt) -> bool | None:
        """Tell whether the bundle that a receipt names was made here for this person; None where it was not made here at all."""
        sent = self._vault.outbox.get(receipt.bundle)
        if sent is None:
            return None
        if card.fingerprint not in (sent.peer, self._vault.contacts.current(sent.peer)):
            return False
        return hashlib.sha256(sent.manifest.encode()).hexdigest() == receipt.manifest

    def is_self(self, subject: Identity) -> bool:
        """Tell whether a record may be that of this vault's owner; whether it is for certain, a person sees."""
        owner = self._vault.owner
        return isinstance(owner, Identity) and match_identity(subject, owner) is not Match.DIFFERENT

    def _judge(self, card: Card) -> Standing:
        stop = self._vault.contacts.stop_of(card.fingerprint)
        if stop:
            return Standing.REVOKED if stop is Stop.REVOKED else Standing.CHANGED
        contact = self._vault.contacts.get(card.fingerprint)
        if contact:
            # A key that another one took the place of may be in other hands by now: a person looks at what it signs.
            is_current = contact.fingerprint == card.fingerprint
            return Standing.VERIFIED if is_current and contact.check is not Check.NONE else Standing.UNVERIFIED
        index_cards(self._vault)
        # Names alone say nothing: a clinic has patients who share one.
        return Standing.CHANGED if card.rpps and self._vault.contacts.with_rpps(card.rpps) else Standing.UNKNOWN
