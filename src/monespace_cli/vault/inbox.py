"""The inbox: bundles that came, what became of each, and, encrypted as they came, those that wait for a person's decision."""

import json
from dataclasses import dataclass
from datetime import datetime
from typing import Any, BinaryIO

from monespace_cli.errors import NotFoundError
from monespace_cli.i18n import _
from monespace_cli.ports import Clock
from monespace_cli.record.exchange import ReceivedState
from monespace_cli.record.journal import Event
from monespace_cli.vault.blobs import Blob, Blobs
from monespace_cli.vault.connection import Database
from monespace_cli.vault.journal import Journal

COLUMNS = "bundle, kind, sender, manifest, blob, state, code, match, space, documents, answer_due, at"

_EVENTS = {
    ReceivedState.WAITING: Event.BUNDLE_ARRIVED,
    ReceivedState.REFUSED: Event.BUNDLE_REFUSED,
    ReceivedState.REVOKED: Event.BUNDLE_REVOKED,
}


@dataclass(frozen=True, slots=True)
class ReceivedBundle:
    """A bundle that came."""

    bundle: str
    kind: str
    sender: str
    """Fingerprint of who signed it."""
    manifest: str
    """`MANIFEST.json`, as it was signed."""
    blob: str | None
    """The bundle as it came, while it waits."""
    state: ReceivedState
    code: str | None
    """Why it was refused, or why it waits: `unverified`, `identity` …"""
    match: str | None
    """How the person it is about was recognised."""
    space: int | None
    """The space of that person."""
    documents: "tuple[dict[str, Any], ...]"
    """What became of each document: `sha256`, `outcome`, `code`, and `document`, its id here."""
    answer_due: bool
    """Whether its sender was not told yet."""
    at: datetime


@dataclass(frozen=True, slots=True)
class Withdrawal:
    """That a sender takes an earlier bundle back, or puts another one in its place."""

    bundle: str
    sender: str
    by: str
    """Id of the revocation or correction."""
    kind: str
    reason: str


class Inbox:
    """The inbox of one vault."""

    def __init__(self, database: Database, blobs: Blobs, journal: Journal, clock: Clock) -> None:
        """Work with the vault's open parts."""
        self._database = database
        self._blobs = blobs
        self._journal = journal
        self._clock = clock

    def add(self, received: ReceivedBundle, blob: Blob | None = None) -> None:
        """Note a bundle and, where it waits, keep it, in the caller's transaction."""
        if blob:
            self._blobs.register(blob)
        self._database.execute(
            f"INSERT INTO inbox ({COLUMNS}) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",  # noqa: S608
            (
                received.bundle,
                received.kind,
                received.sender,
                received.manifest,
                blob.id if blob else None,
                received.state,
                received.code,
                received.match,
                received.space,
                json.dumps(received.documents),
                received.answer_due,
                received.at.isoformat(),
            ),
        )
        self._note(received.bundle, received.sender, received.state, received.code)

    def decide(
        self,
        received: ReceivedBundle,
        state: ReceivedState,
        *,
        code: str | None = None,
        documents: "list[dict[str, Any]] | None" = None,
        space: int | None = None,
    ) -> None:
        """Note what was decided, in the caller's transaction, and destroy the copy that waited; the sender is to be told."""
        self._database.execute(
            "UPDATE inbox SET state = ?, code = ?, documents = ?, space = coalesce(?, space), blob = NULL, answer_due = 1 WHERE bundle = ?",
            (state, code, json.dumps(documents or []), space, received.bundle),
        )
        if received.blob:
            self._blobs.discard(received.blob)
        self._note(received.bundle, received.sender, state, code)

    def all(self) -> list[ReceivedBundle]:
        """Return every bundle, oldest first."""
        return self._found("TRUE")

    def waiting(self) -> list[ReceivedBundle]:
        """Return the bundles that wait for a decision, oldest first."""
        return self._found("state = 'waiting'")

    def unanswered(self) -> list[ReceivedBundle]:
        """Return the bundles whose senders are still to be told what became of them, oldest first."""
        return self._found("answer_due")

    def get(self, bundle: str) -> ReceivedBundle | None:
        """Return a bundle by its id, or None."""
        return next(iter(self._found("bundle = ?", bundle)), None)

    def find(self, prefix: str) -> ReceivedBundle:
        """Return the bundle that an id, or the beginning of one, names.

        Raises:
            NotFoundError: none, or more than one.
        """
        found = self._found("bundle >= ? AND bundle < ?", prefix.lower(), prefix.lower() + "~") if prefix else []
        if len(found) != 1:
            raise NotFoundError(_("no single bundle in the inbox has this id"), hint=_("`monespace inbox list` shows the ids"))
        return found[0]

    def open_copy(self, received: ReceivedBundle) -> BinaryIO:
        """Return a waiting bundle as it came, as a seekable file.

        Raises:
            NotFoundError: it was decided on, and is not kept any more.
        """
        return self._blobs.open_seekable(_copy_of(received))

    def require_waiting(self, received: ReceivedBundle) -> None:
        """See that a bundle still waits.

        Raises:
            NotFoundError: it was decided on.
        """
        _copy_of(received)

    def holding(self, document: str) -> list[ReceivedBundle]:
        """Return the bundles that brought a document, by its id here."""
        return self._found("instr(documents, ?)", json.dumps(document))

    def answer_again(self, bundle: str) -> None:
        """Note that the sender is to be told once more: the bundle came again, so the first answer may be lost. A stranger is not told."""
        self._database.execute(
            "UPDATE inbox SET answer_due = 1 WHERE bundle = ? AND kind <> 'renewal' AND sender IN (SELECT fingerprint FROM contact)",
            (bundle,),
        )

    def answered(self, bundle: str) -> None:
        """Note that the sender is told, in the caller's transaction."""
        self._database.execute("UPDATE inbox SET answer_due = 0 WHERE bundle = ?", (bundle,))

    def withdraw(self, withdrawal: Withdrawal) -> None:
        """Keep note of a withdrawal, in the caller's transaction; what it is about may not have come yet."""
        self._database.execute(
            "INSERT INTO withdrawal (bundle, sender, by, kind, reason, at) VALUES (?, ?, ?, ?, ?, ?) ON CONFLICT DO NOTHING",
            (withdrawal.bundle, withdrawal.sender, withdrawal.by, withdrawal.kind, withdrawal.reason, self._clock().isoformat()),
        )

    def withdrawals(self, bundle: str) -> list[Withdrawal]:
        """Return what was said of a bundle, whether it came or not."""
        rows = self._database.all("SELECT bundle, sender, by, kind, reason FROM withdrawal WHERE bundle = ? ORDER BY at, by", (bundle,))
        return [Withdrawal(*row) for row in rows]

    def _note(self, bundle: str, sender: str, state: ReceivedState, code: str | None) -> None:
        self._journal.write(_EVENTS.get(state, Event.BUNDLE_ACCEPTED), bundle, peer=sender, **({"code": code} if code else {}))

    def _found(self, where: str, *parameters: str) -> list[ReceivedBundle]:
        rows = self._database.all(f"SELECT {COLUMNS} FROM inbox WHERE {where} ORDER BY at, bundle", parameters)  # noqa: S608
        return [
            ReceivedBundle(
                row[0],
                row[1],
                row[2],
                row[3],
                row[4],
                ReceivedState(row[5]),
                row[6],
                row[7],
                row[8],
                tuple(json.loads(row[9])),
                bool(row[10]),
                datetime.fromisoformat(row[11]),
            )
            for row in rows
        ]


def _copy_of(received: ReceivedBundle) -> str:
    if received.blob is None:
        raise NotFoundError(_("this bundle was decided on before"), hint=_("`monespace inbox list` shows what waits"))
    return received.blob
