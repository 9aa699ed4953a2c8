"""Bundles made and taken in: what was seen before, and each stream's counter (docs/formats/bundle-v1.md)."""

from collections.abc import Sequence
from dataclasses import dataclass

from monespace_cli.ports import Clock
from monespace_cli.record.document import DocumentId
from monespace_cli.record.journal import Event
from monespace_cli.vault.connection import Database
from monespace_cli.vault.journal import Journal


@dataclass(frozen=True, slots=True)
class Stream:
    """The place of a bundle among those from one sender to one recipient."""

    id: str
    counter: int


class Exchanges:
    """The exchanges of one vault."""

    def __init__(self, database: Database, journal: Journal, clock: Clock) -> None:
        """Work with the vault's open parts."""
        self._database = database
        self._journal = journal
        self._clock = clock

    def next_in_stream(self, peer: str, new_stream: str) -> Stream:
        """Return the place of the next bundle to `peer`: one further in the stream that exists, or the first of `new_stream`."""
        row = self._database.one(
            # The counter is the stream's largest, not its latest: a clock may have been set back since.
            "SELECT stream, max(counter) FROM bundle WHERE direction = 'sent' AND peer = ? AND NOT stream_ended "
            "GROUP BY stream ORDER BY max(at) DESC LIMIT 1",
            (peer,),
        )
        return Stream(row[0], row[1] + 1) if row else Stream(new_stream, 1)

    def end_streams(self) -> None:
        """Begin a new stream with every recipient from now on, in the caller's transaction.

        A vault that is an older copy does not know the counters that were used since; it must not use them twice.
        """
        self._database.execute("UPDATE bundle SET stream_ended = 1 WHERE direction = 'sent'")

    def record_sent(self, bundle: str, kind: str, peer: str, stream: Stream, documents: Sequence[DocumentId] = ()) -> None:
        """Record a bundle that was made, and which documents it revealed."""
        self._record(bundle, "sent", kind, peer, stream, Event.BUNDLE_SEALED, documents=" ".join(documents))

    def record_received(self, bundle: str, kind: str, peer: str, stream: Stream, *, imported: bool) -> None:
        """Record a bundle that was opened or taken in; taken in once, it stays so."""
        self._record(bundle, "received", kind, peer, stream, Event.BUNDLE_IMPORTED if imported else Event.BUNDLE_OPENED, imported=imported)

    def was_imported(self, bundle: str) -> bool:
        """Tell whether a bundle was taken in before."""
        return self._database.one("SELECT 1 FROM bundle WHERE id = ? AND direction = 'received' AND imported", (bundle,)) is not None

    def _record(
        self, bundle: str, direction: str, kind: str, peer: str, stream: Stream, event: Event, *, imported: bool = False, **details: str
    ) -> None:
        with self._database.transaction():
            self._database.execute(
                "INSERT INTO bundle (id, direction, kind, peer, stream, counter, at, imported) VALUES (?, ?, ?, ?, ?, ?, ?, ?) "
                "ON CONFLICT (id, direction) DO UPDATE SET imported = max(imported, excluded.imported)",
                (bundle, direction, kind, peer, stream.id, stream.counter, self._clock().isoformat(), imported),
            )
            self._journal.write(event, bundle, peer=peer, kind=kind, **details)
