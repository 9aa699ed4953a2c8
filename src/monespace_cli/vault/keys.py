"""This vault's own keys for exchanging: one signing key that names it, and decryption keys that can be renewed."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from monespace_cli.ports import Clock, Random
from monespace_cli.record.card import RecipientType
from monespace_cli.vault.connection import Database


@dataclass(frozen=True, slots=True)
class DecryptionKey:
    """A key that bundles to this vault are encrypted to."""

    type: RecipientType
    seed: bytes
    """32 random bytes; the age identity is made from them."""
    created_at: datetime


class Keys:
    """The exchange keys of one vault."""

    def __init__(self, database: Database, clock: Clock, random: Random) -> None:
        """Work with the vault's open database."""
        self._database = database
        self._clock = clock
        self._random = random

    def generate(self) -> None:
        """Make the signing key and the first decryption keys, once in a vault's life, in the caller's transaction."""
        now = self._clock().isoformat()
        self._database.execute("INSERT INTO identity (id, signing_seed, created_at) VALUES (1, ?, ?)", (self._random(32), now))
        self.renew()

    @property
    def earlier(self) -> frozenset[str]:
        """The fingerprints that this vault had before: bundles to them may still arrive."""
        return frozenset(name for (name,) in self._database.all("SELECT fingerprint FROM earlier_identity"))

    def replace_signing(self, fingerprint: str, seed: bytes) -> None:
        """Sign with another key from now on, in the caller's transaction; the one before, of that fingerprint, is erased."""
        now = self._clock().isoformat()
        self._database.execute("INSERT OR IGNORE INTO earlier_identity (fingerprint, ended_at) VALUES (?, ?)", (fingerprint, now))
        self._database.execute("UPDATE identity SET signing_seed = ?, created_at = ?", (seed, now))

    def erase(self, created_at: datetime) -> None:
        """Destroy the decryption keys of one moment, in the caller's transaction."""
        self._database.execute("DELETE FROM decryption_key WHERE created_at = ?", (created_at.isoformat(),))

    def decryption_since(self) -> list[datetime]:
        """Return the moments at which decryption keys were made, oldest first."""
        rows = self._database.all("SELECT DISTINCT created_at FROM decryption_key ORDER BY created_at")
        return sorted(datetime.fromisoformat(at) for (at,) in rows)

    def renew(self) -> None:
        """Make new decryption keys, in the caller's transaction. The old ones stay: bundles to them may still arrive."""
        now = self._clock().isoformat()
        self._database.insert_many(
            "INSERT INTO decryption_key (type, seed, created_at) VALUES (?, ?, ?)",
            [(str(kind), self._random(32), now) for kind in RecipientType],
        )

    def retire(self, keys: Mapping[str, bytes]) -> None:
        """Keep keys, by their label, that the old master key gave and the new one will not, in the caller's transaction."""
        now = self._clock().isoformat()
        self._database.insert_many(
            "INSERT INTO retired_key (label, key, retired_at) VALUES (?, ?, ?)", [(label, key, now) for label, key in keys.items()]
        )

    def retired(self, label: str) -> list[bytes]:
        """Return the keys that earlier master keys gave for a use, newest first."""
        return [bytes(row[0]) for row in self._database.all("SELECT key FROM retired_key WHERE label = ? ORDER BY id DESC", (label,))]

    @property
    def signing_seed(self) -> bytes:
        """The Ed25519 seed, 32 bytes."""
        row = self._database.one("SELECT signing_seed FROM identity")
        assert row is not None, "every vault is made with one"
        return bytes(row[0])

    @property
    def signing_since(self) -> datetime:
        """When the signing key was made."""
        row = self._database.one("SELECT created_at FROM identity")
        assert row is not None, "every vault is made with one"
        return datetime.fromisoformat(row[0])

    def decryption_keys(self) -> list[DecryptionKey]:
        """Return every decryption key, oldest first."""
        rows = self._database.all("SELECT type, seed, created_at FROM decryption_key ORDER BY id")
        return [DecryptionKey(RecipientType(kind), bytes(seed), datetime.fromisoformat(at)) for kind, seed, at in rows]
