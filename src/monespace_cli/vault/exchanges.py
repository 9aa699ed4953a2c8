"""Bundles made and taken in: what was seen before, and each stream's counter (docs/formats/bundle-v1.md)."""

from collections.abc import Sequence
from dataclasses import dataclass

from monespace_cli.ports import Clock
from monespace_cli.record.document import DocumentId
from monespace_cli.record.journal import Event
from monespace_cli.vault.connection import Database
from monespace_cli.vault.journal import Journal

MANY = 1_000
"""Missing counters that are named; a sender can skip any number."""


@dataclass(frozen=True, slots=True)
class Stream:
    """The place of a bundle among those from one sender to one recipient."""

    id: str
    counter: int


@dataclass(frozen=True, slots=True)
class SeenBundle:
    """What is known of a bundle that came before."""

    sender: str
    manifest: str | None
    """SHA-256 of its manifest; None for one that came before that was kept."""
    imported: bool


class Exchanges:
    """The exchanges of one vault."""

    def __init__(self, database: Database, journal: Journal, clock: Clock) -> None:
        """Work with the vault's open parts."""
        self._database = database
        self._journal = journal
        self._clock = clock

    def reserve(self, bundle: str, kind: str, peer: str, new_stream: str) -> Stream:
        """Take the place of a bundle to `peer` that is about to be made: the next in its stream, or the first of `new_stream`.

        Taken and recorded in one transaction: two processes at the same moment get two places. What is not made in the end gives its place
        back with :meth:`release`; only a crash leaves a gap, which the recipient is shown.
        """
        with self._database.transaction():
            stream = self._next(peer, new_stream)
            self._database.execute(
                "INSERT INTO bundle (id, direction, kind, peer, stream, counter, at, imported) VALUES (?, 'sent', ?, ?, ?, ?, ?, 0)",
                (bundle, kind, peer, stream.id, stream.counter, self._clock().isoformat()),
            )
        return stream

    def release(self, bundle: str) -> None:
        """Give back the place of a bundle that was not made, unless another one was taken after it."""
        self._database.execute(
            "DELETE FROM bundle WHERE id = ? AND direction = 'sent' AND manifest IS NULL AND counter = "
            "(SELECT max(counter) FROM bundle AS other WHERE direction = 'sent' AND other.stream = bundle.stream)",
            (bundle,),
        )

    def record_sent(self, bundle: str, manifest: str, documents: Sequence[DocumentId] = ()) -> None:
        """Record that a bundle whose place was reserved is made, by the hash of its manifest, and which documents it reveals."""
        with self._database.transaction():
            row = self._database.one(
                "UPDATE bundle SET manifest = ? WHERE id = ? AND direction = 'sent' RETURNING peer, kind", (manifest, bundle)
            )
            assert row is not None, "its place was reserved"
            self._journal.write(Event.BUNDLE_SEALED, bundle, peer=row[0], kind=row[1], documents=" ".join(documents))

    def end_streams(self) -> None:
        """Begin a new stream with every recipient from now on, in the caller's transaction.

        A vault that is an older copy does not know the counters that were used since; it must not use them twice.
        """
        self._database.execute("UPDATE bundle SET stream_ended = 1 WHERE direction = 'sent'")

    def record_received(self, bundle: str, kind: str, peer: str, stream: Stream, *, imported: bool, manifest: str | None = None) -> None:
        """Record a bundle that was opened or taken in; taken in once, it stays so."""
        event = Event.BUNDLE_IMPORTED if imported else Event.BUNDLE_OPENED
        with self._database.transaction():
            self._database.execute(
                "INSERT INTO bundle (id, direction, kind, peer, stream, counter, at, imported, manifest) "
                "VALUES (?, 'received', ?, ?, ?, ?, ?, ?, ?) "
                "ON CONFLICT (id, direction) DO UPDATE SET imported = max(imported, excluded.imported)",
                (bundle, kind, peer, stream.id, stream.counter, self._clock().isoformat(), imported, manifest),
            )
            self._journal.write(event, bundle, peer=peer, kind=kind)

    def seen(self, bundle: str) -> SeenBundle | None:
        """Return what is known of a bundle of this id that came before, or None."""
        row = self._database.one("SELECT peer, manifest, imported FROM bundle WHERE id = ? AND direction = 'received'", (bundle,))
        return SeenBundle(row[0], row[1], bool(row[2])) if row else None

    def was_imported(self, bundle: str) -> bool:
        """Tell whether a bundle was taken in before."""
        found = self.seen(bundle)
        return found is not None and found.imported

    def gaps(self, peer: str, stream: str) -> tuple[int, ...]:
        """Return the counters, up to :data:`MANY`, that are missing before the last one that came from `peer` in a stream."""
        rows = self._database.all(
            "SELECT counter FROM bundle WHERE direction = 'received' AND peer = ? AND stream = ? ORDER BY counter", (peer, stream)
        )
        missing: list[int] = []
        expected = 1
        for (counter,) in rows:
            missing += range(expected, min(counter, expected + MANY - len(missing)))
            expected = counter + 1
        return tuple(missing)

    def _next(self, peer: str, new_stream: str) -> Stream:
        row = self._database.one(
            # The counter is the stream's largest, not its latest: a clock may have been set back since.
            "SELECT stream, max(counter) FROM bundle WHERE direction = 'sent' AND peer = ? AND NOT stream_ended "
            "GROUP BY stream ORDER BY max(at) DESC LIMIT 1",
            (peer,),
        )
        return Stream(row[0], row[1] + 1) if row else Stream(new_stream, 1)
