"""The spaces of a vault: one person each. Space 1 is that of the vault's owner."""

import json
from dataclasses import asdict
from datetime import date
from typing import Any

from monespace_cli.ports import Clock
from monespace_cli.record.identity import INS_NIR_OID, Identity, Owner, PractitionerIdentity, Profession, Sex
from monespace_cli.vault.connection import Database

OWNER_SPACE = 1


class Spaces:
    """Whose health spaces a vault holds."""

    def __init__(self, database: Database, clock: Clock) -> None:
        """Work with the vault's open database."""
        self._database = database
        self._clock = clock

    def add(self, owner: Owner, signer: str | None = None) -> int:
        """Make a space for somebody whose bundles are signed by the key of this fingerprint; return its number."""
        row = self._database.one(
            "INSERT INTO space (owner, signer, created_at) VALUES (?, ?, ?) RETURNING id",
            (owner_text(owner), signer, self._clock().isoformat()),
        )
        return int(row[0]) if row else OWNER_SPACE

    def signer(self, space: int) -> str | None:
        """Return the fingerprint of the key that a space's bundles were signed with, or None where none came."""
        row = self._database.one("SELECT signer FROM space WHERE id = ?", (space,))
        return row[0] if row else None

    def owner(self, space: int = OWNER_SPACE) -> Owner:
        """Return whom a space is about; without a number, whom the vault belongs to."""
        row = self._database.one("SELECT owner FROM space WHERE id = ?", (space,))
        assert row is not None, "a document refers to its space by a foreign key"
        return parse_owner(row[0])

    def all(self) -> dict[int, Owner]:
        """Return every space by its number."""
        return {number: parse_owner(text) for number, text in self._database.all("SELECT id, owner FROM space ORDER BY id")}

    def number_of(self, owner: Owner) -> int | None:
        """Return the space of exactly this identity, every trait equal, or None."""
        return next((number for number, other in self.all().items() if other == owner), None)


def owner_text(owner: Owner) -> str:
    """Return an identity as the JSON that the database keeps."""
    kind = "holder" if isinstance(owner, Identity) else "practitioner"
    return json.dumps({"kind": kind, **asdict(owner)}, ensure_ascii=False, default=str)


def parse_owner(text: str) -> Owner:
    """Return the identity that :func:`owner_text` wrote."""
    traits: dict[str, Any] = json.loads(text)
    given = tuple(traits["given_names"])
    if traits["kind"] == "holder":
        born, sex, oid = date.fromisoformat(traits["birth_date"]), Sex(traits["sex"]), traits.get("ins_oid", INS_NIR_OID)
        return Identity(traits["family_name"], given, born, sex, traits["ins"], oid)
    return PractitionerIdentity(traits["family_name"], given, Profession(traits["profession"]), traits["rpps"])
