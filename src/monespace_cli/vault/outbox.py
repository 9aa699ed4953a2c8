"""The outbox: every bundle that was made here, what became of it, and a copy of those that may have to be sent again."""

import json
from dataclasses import dataclass
from datetime import datetime
from typing import Any, BinaryIO

from monespace_cli.errors import NotFoundError
from monespace_cli.i18n import _
from monespace_cli.ports import Clock
from monespace_cli.record.exchange import Answer, Outcome, SentState
from monespace_cli.record.journal import Event
from monespace_cli.vault.blobs import Blob, Blobs
from monespace_cli.vault.connection import Database
from monespace_cli.vault.journal import Journal

UNANSWERED = ("receipt", "renewal", "identity-revocation")
"""Kinds that no receipt comes back for: written once. Who sends the original again is told again."""
WAITING = "state = 'sent' AND kind NOT IN ('receipt', 'renewal', 'identity-revocation')"
"""What a receipt is waited for, as the index of these says it."""
_STANDS = (
    "coalesce(julianday(manifest ->> 'expires') > julianday(?), TRUE) AND NOT EXISTS "
    "(SELECT 1 FROM outbox AS later WHERE later.about = outbox.bundle AND later.kind <> 'receipt')"
)
COLUMNS = "bundle, kind, peer, manifest, header, blob, state, code, documents, answered_at, at, about, standing, sent_at"


@dataclass(frozen=True, slots=True)
class SentBundle:
    """A bundle that was made here."""

    bundle: str
    kind: str
    peer: str
    """Fingerprint of its recipient, or `passphrase`."""
    manifest: str
    """`MANIFEST.json`, as it was signed."""
    header: str
    """What its encrypted form is known by again."""
    blob: str | None
    """The copy that is kept, until it was answered."""
    state: SentState
    code: str | None
    """Why it was refused, where its recipient says so."""
    documents: "tuple[dict[str, Any], ...]"
    """What became of each document, as `sha256`, `outcome` and `code`; empty while nothing was decided."""
    answered_at: datetime | None
    at: datetime
    about: str | None
    """Id of the earlier bundle that it speaks of."""
    standing: str | None
    """Id of the standing share that it was sent under."""
    sent_at: datetime | None
    """When it left for the first time."""

    @property
    def waits(self) -> bool:
        """Whether it was handed over, and a receipt is waited for."""
        return self.state is SentState.SENT and self.kind not in UNANSWERED


class Outbox:
    """The outbox of one vault."""

    def __init__(self, database: Database, blobs: Blobs, journal: Journal, clock: Clock) -> None:
        """Work with the vault's open parts."""
        self._database = database
        self._blobs = blobs
        self._journal = journal
        self._clock = clock

    def add(
        self,
        bundle: str,
        kind: str,
        peer: str,
        manifest: bytes,
        header: str,
        blob: Blob | None,
        about: str | None,
        standing: str | None,
    ) -> None:
        """Note a bundle that is complete, in the caller's transaction; without a copy here it is on its way already."""
        now = self._clock().isoformat()
        if blob:
            self._blobs.register(blob)
        self._database.execute(
            f"INSERT INTO outbox ({COLUMNS}) VALUES (?, ?, ?, ?, ?, ?, ?, NULL, '[]', NULL, ?, ?, ?, ?)",  # noqa: S608
            (
                bundle,
                kind,
                peer,
                manifest.decode(),
                header,
                blob.id if blob else None,
                SentState.MADE if blob else SentState.SENT,
                now,
                about,
                standing,
                None if blob else now,
            ),
        )

    def all(self) -> list[SentBundle]:
        """Return every bundle, oldest first."""
        return self._found("TRUE")

    def kept(self) -> list[SentBundle]:
        """Return the bundles whose copy is kept and that nobody answered, oldest first: what there is to send."""
        return self._found("blob IS NOT NULL")

    def unanswered(self) -> list[SentBundle]:
        """Return those of :meth:`kept` of which no receipt came at all, oldest first."""
        return [each for each in self.kept() if not each.state.is_answered]

    def waiting(self) -> list[SentBundle]:
        """Return what was handed over and got no receipt, oldest first, whether a copy is kept or not.

        What expired, or was taken back or put right since, is not waited for any more.
        """
        return self._found(f"{WAITING} AND {_STANDS}", self._clock().isoformat())

    def waiting_since(self) -> tuple[int, datetime | None]:
        """Return how many bundles wait for a receipt, and since when the first of them does."""
        row = self._database.one(
            f"SELECT count(*), min(sent_at) FROM outbox WHERE {WAITING} AND {_STANDS}",  # noqa: S608
            (self._clock().isoformat(),),
        )
        count, since = row or (0, None)
        return count, datetime.fromisoformat(since) if since else None

    def get(self, bundle: str) -> SentBundle | None:
        """Return a bundle by its id, or None."""
        return next(iter(self._found("bundle = ?", bundle)), None)

    def by_header(self, header: str) -> SentBundle | None:
        """Return the bundle whose encrypted form begins so, or None."""
        return next(iter(self._found("header = ?", header)), None)

    def spoken_of(self, bundle: str) -> "list[SentBundle]":
        """Return what was sent later about a bundle that was sent: its correction or revocation."""
        return self._found("about = ? AND kind <> 'receipt'", bundle)

    def followed(self) -> "dict[str, list[SentBundle]]":
        """Return, by the bundle they speak of, all corrections and revocations that were sent."""
        found: dict[str, list[SentBundle]] = {}
        for each in self._found("about IS NOT NULL AND kind <> 'receipt'"):
            found.setdefault(each.about or "", []).append(each)
        return found

    def under(self, standing: str) -> "list[SentBundle]":
        """Return what was sent under a standing share, oldest first."""
        return self._found("standing = ?", standing)

    def shares(self) -> "list[SentBundle]":
        """Return every share, oldest first."""
        return self._found("kind = 'share'")

    def starting(self, prefix: str) -> "list[SentBundle]":
        """Return those whose ids begin so."""
        return self._found("bundle >= ? AND bundle < ?", prefix.lower(), prefix.lower() + "~") if prefix else []

    def find(self, prefix: str) -> SentBundle:
        """Return the bundle that an id, or the beginning of one, names.

        Raises:
            NotFoundError: none, or more than one.
        """
        found = self.starting(prefix)
        if len(found) != 1:
            raise NotFoundError(_("no single bundle in the outbox has this id"), hint=_("`monespace outbox list` shows the ids"))
        return found[0]

    def open_copy(self, sent: SentBundle) -> BinaryIO:
        """Return the copy of a bundle, byte for byte as it was made.

        Raises:
            NotFoundError: none is kept any more.
        """
        if sent.blob is None:
            raise NotFoundError(
                _("no copy of this bundle is kept"),
                hint=_("it was written to a file when it was made, or was answered or taken back since"),
            )
        return self._blobs.open(sent.blob)

    def sent(self, sent: SentBundle, *, goes_on: bool = False) -> None:
        """Note that a bundle left the vault; one that needs no answer is not kept unless it `goes_on`, by another way as well."""
        with self._database.transaction():
            self._database.execute(
                "UPDATE outbox SET state = ?, sent_at = ? WHERE bundle = ? AND state = ?",
                (SentState.SENT, self._clock().isoformat(), sent.bundle, SentState.MADE),
            )
            if sent.kind in UNANSWERED and not goes_on:
                self.drop_copy(sent)
            self._journal.write(Event.BUNDLE_SENT, sent.bundle, peer=sent.peer, kind=sent.kind)

    def answer(self, bundle: str, answer: Answer, code: str | None, documents: "list[dict[str, Any]]") -> bool:
        """Note what a receipt says, unless a newer one came before, and let the copy go when it is final; return whether it was newer."""
        with self._database.transaction():
            known = self.get(bundle)
            assert known is not None, "a receipt is checked against the outbox"
            before = Answer(Outcome(known.state.value), known.answered_at) if known.answered_at and known.state.is_answered else None
            if not answer.is_newer_than(before):
                return False
            state = SentState(answer.outcome.value)
            self._database.execute(
                "UPDATE outbox SET state = ?, code = ?, documents = ?, answered_at = ? WHERE bundle = ?",
                (state, code, json.dumps(documents), answer.at.isoformat(), bundle),
            )
            self._journal.write(Event.BUNDLE_ANSWERED, bundle, outcome=str(answer.outcome), **({"code": code} if code else {}))
            if state.is_final:
                self.drop_copy(known)
        return True

    def drop_copy(self, sent: SentBundle) -> None:
        """Destroy the copy of a bundle that nobody will ask for again."""
        if sent.blob:
            with self._database.transaction():
                self._database.execute("UPDATE outbox SET blob = NULL WHERE bundle = ?", (sent.bundle,))
                self._blobs.discard(sent.blob)

    def _found(self, where: str, *parameters: str) -> list[SentBundle]:
        rows = self._database.all(f"SELECT {COLUMNS} FROM outbox WHERE {where} ORDER BY at, bundle", parameters)  # noqa: S608
        return [
            SentBundle(
                row[0],
                row[1],
                row[2],
                row[3],
                row[4],
                row[5],
                SentState(row[6]),
                row[7],
                tuple(json.loads(row[8])),
                datetime.fromisoformat(row[9]) if row[9] else None,
                datetime.fromisoformat(row[10]),
                row[11],
                row[12],
                datetime.fromisoformat(row[13]) if row[13] else None,
            )
            for row in rows
        ]
