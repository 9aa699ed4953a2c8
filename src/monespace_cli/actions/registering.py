"""The inbox's side of a bundle that came: its row, what its sender is told, what it says of earlier ones. In the caller's transaction."""

from dataclasses import replace
from typing import Any

from monespace_cli.actions.knowledge import Knowledge
from monespace_cli.actions.recognising import Recognised
from monespace_cli.actions.renewing import take_newer_card
from monespace_cli.actions.settling import note_withdrawal, settle
from monespace_cli.ports import Clock
from monespace_cli.record.exchange import Outcome, ReceivedState, overall
from monespace_cli.sync.kinds import Kind
from monespace_cli.sync.manifest import Manifest
from monespace_cli.sync.opening import OpenedBundle, Standing
from monespace_cli.vault.blobs import Blob
from monespace_cli.vault.exchanges import Stream
from monespace_cli.vault.inbox import ReceivedBundle, Withdrawal
from monespace_cli.vault.patients import TraitSource
from monespace_cli.vault.vault import Vault

NO_ANSWER = (Kind.RECEIPT, Kind.RENEWAL, Kind.IDENTITY_REVOCATION)
"""Kinds whose sender waits for no receipt."""
NOBODY = Recognised()


class Register:
    """Writes what came into the inbox of one vault."""

    def __init__(self, vault: Vault, knowledge: Knowledge, clock: Clock) -> None:
        """Judge senders by `knowledge`."""
        self._vault = vault
        self._knowledge = knowledge
        self._clock = clock

    def waiting(self, opened: OpenedBundle, recognised: Recognised, reason: str, blob: Blob | None) -> ReceivedBundle:
        """Keep a bundle until a person decides; return it as it is then: its sender may have taken it back already."""
        self._vault.inbox.add(self.item(opened, ReceivedState.WAITING, reason, recognised), blob)
        self._speak_of_earlier(opened.manifest)
        settle(self._vault, opened.manifest.bundle)
        found = self._vault.inbox.get(opened.manifest.bundle)
        assert found is not None, "it was just put in"
        return found

    def taken(self, opened: OpenedBundle, recognised: Recognised, outcomes: list[dict[str, Any]], space: int | None = None) -> None:
        """Note that a bundle's documents were taken in, at once or after it waited."""
        manifest = opened.manifest
        state = ReceivedState(overall(tuple(Outcome(each["outcome"]) for each in outcomes)).value)
        known = self._vault.inbox.get(manifest.bundle)
        if known is None:
            self._vault.inbox.add(replace(self.item(opened, state, None, recognised), documents=tuple(outcomes)))
        elif known.state is ReceivedState.WAITING:
            self._vault.inbox.decide(known, state, documents=outcomes, space=space)
        self._learn_who(opened)
        self._speak_of_earlier(manifest)
        settle(self._vault, manifest.bundle)

    def seen(self, manifest: Manifest, *, imported: bool = True) -> None:
        """Note that a bundle came, so that it is known when it comes again."""
        place = Stream(manifest.stream.id, manifest.stream.counter)
        self._vault.exchanges.record_received(
            manifest.bundle, manifest.kind, manifest.sender, place, imported=imported, manifest=manifest.digest
        )
        take_newer_card(self._vault, manifest)

    def item(self, opened: OpenedBundle, state: ReceivedState, code: str | None = None, recognised: Recognised = NOBODY) -> ReceivedBundle:
        """Return the inbox's row of a bundle."""
        manifest = opened.manifest
        return ReceivedBundle(
            manifest.bundle,
            manifest.kind,
            manifest.sender,
            manifest.to_bytes().decode(),
            None,
            state,
            code,
            recognised.match,
            recognised.space,
            (),
            self._is_told(opened),
            self._clock(),
        )

    def _is_told(self, opened: OpenedBundle) -> bool:
        """Tell whether the sender is sent a receipt: a stranger does not even learn that somebody is there."""
        return opened.manifest.kind not in NO_ANSWER and self._knowledge.standing(opened.sender) is not Standing.UNKNOWN

    def _speak_of_earlier(self, manifest: Manifest) -> None:
        if manifest.kind is Kind.CORRECTION and manifest.supersedes:
            note_withdrawal(self._vault, Withdrawal(manifest.supersedes, manifest.sender, manifest.bundle, manifest.kind, ""))

    def _learn_who(self, opened: OpenedBundle) -> None:
        """Keep which person a contact is who shared something about themselves."""
        manifest = opened.manifest
        about_themselves = manifest.kind is Kind.SHARE and "by-representative" not in opened.warnings
        if manifest.subject and about_themselves and self._vault.contacts.get(manifest.sender):
            self._vault.patients_known.put(manifest.sender, manifest.subject, TraitSource.SHARED)
