"""Every bundle that leaves: its place in the stream is taken first, and nothing is made of which the vault does not know."""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from datetime import datetime
from pathlib import Path

from monespace_cli.actions.directory import contact_of
from monespace_cli.actions.people import own_card, own_keys, require_going_on
from monespace_cli.ports import Random
from monespace_cli.record.card import Card, RecipientType
from monespace_cli.record.document import DocumentId
from monespace_cli.sync.files import seal_file
from monespace_cli.sync.kinds import Kind
from monespace_cli.sync.manifest import PASSPHRASE, Manifest, Stream
from monespace_cli.sync.sealing import ID_SIZE, Contents, Destination, Place, Sealed, Sender, ToContact, ToPassphrase, seal
from monespace_cli.vault.blobs import Blob
from monespace_cli.vault.vault import Vault


class Outgoing:
    """Makes bundles in the name of a vault's owner."""

    def __init__(self, vault: Vault, now: datetime, random: Random) -> None:
        """Sign with the vault's own keys and a card of this moment."""
        self._vault = vault
        self._now = now
        self._random = random
        self._sender = Sender(own_keys(vault), own_card(vault, now)[0])

    def to_file(self, path: Path, contents: Contents, to: Destination, *, revealed: Sequence[DocumentId] = ()) -> Manifest:
        """Seal into a new file and keep no copy.

        Raises:
            UsageError, NotWritableError, IntegrityError: see `sync.files.seal_file`.
        """
        with self._place(contents.kind, to) as place:

            def note(sealed: Sealed) -> None:
                self._note(sealed, contents, None, revealed)

            options = {"sender": self._sender, "to": to, "now": self._now, "random": self._random}
            return seal_file(path, contents, place, note, **options).manifest  # type: ignore[arg-type]

    def to_outbox(
        self, contents: Contents, to: Destination, *, revealed: Sequence[DocumentId] = (), standing: str | None = None
    ) -> Manifest:
        """Seal into the vault's outbox, from where it is written to files or stores until it is answered.

        Raises:
            UsageError, NotWritableError, IntegrityError: see `sync.sealing.seal`.
        """
        with self._place(contents.kind, to) as place:
            with self._vault.blobs.writing() as sink:
                sealed = seal(sink, contents, place, sender=self._sender, to=to, now=self._now, random=self._random)  # type: ignore[arg-type]
            self._note(sealed, contents, sink.blob, revealed, standing)
        return sealed.manifest

    @contextmanager
    def _place(self, kind: Kind, to: Destination) -> Iterator[Place]:
        """Give a place that is taken; what fails gives it back."""
        peer = PASSPHRASE if isinstance(to, ToPassphrase) else to.card.fingerprint
        known = self._vault.contacts.get(peer)
        if known and kind.rule.has_documents:
            require_going_on(contact_of(known))
        bundle = self._random(ID_SIZE).hex()
        stream = self._vault.exchanges.reserve(bundle, kind, peer, self._random(ID_SIZE).hex())
        try:
            yield Place(bundle, Stream(stream.id, stream.counter))
        except BaseException:
            self._vault.exchanges.release(bundle)
            raise

    def _note(
        self, sealed: Sealed, contents: Contents, blob: Blob | None, revealed: Sequence[DocumentId], standing: str | None = None
    ) -> None:
        manifest = sealed.manifest
        data = manifest.to_bytes()
        with self._vault.database.transaction():
            self._vault.exchanges.record_sent(manifest.bundle, manifest.digest, revealed)
            self._vault.outbox.add(manifest.bundle, manifest.kind, manifest.recipient, data, sealed.header, blob, contents.about, standing)


def to_contact(card: Card) -> ToContact:
    """Return a card as a destination: post-quantum where it has such a key."""
    return ToContact(card, RecipientType.HYBRID if card.recipient(RecipientType.HYBRID) else RecipientType.X25519)
