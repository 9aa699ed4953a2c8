"""The spaces of a vault: one person each. Space 1 is that of the vault's owner."""

import json
from dataclasses import asdict
from datetime import date, datetime
from typing import Any

from monespace_cli.errors import NotFoundError
from monespace_cli.i18n import _
from monespace_cli.ports import Clock
from monespace_cli.record.identity import INS_NIR_OID, Identity, Institution, Owner, PractitionerIdentity, Profession, Sex
from monespace_cli.record.life import LifeEvent, LifeState, Step, require_possible, state_of
from monespace_cli.record.people import SpaceKind
from monespace_cli.record.text import fold
from monespace_cli.vault.connection import Database
from monespace_cli.vault.in_use import OWNER_SPACE


class Spaces:
    """Whose health spaces a vault holds."""

    def __init__(self, database: Database, clock: Clock) -> None:
        """Work with the vault's open database."""
        self._database = database
        self._clock = clock

    def add(self, owner: Owner, signer: str | None = None, kind: SpaceKind = SpaceKind.RECEIVED) -> int:
        """Make a space for somebody whose bundles are signed by the key of this fingerprint; return its number."""
        row = self._database.one(
            "INSERT INTO space (owner, signer, created_at, kind) VALUES (?, ?, ?, ?) RETURNING id",
            (owner_text(owner), signer, self._clock().isoformat(), str(kind)),
        )
        return int(row[0]) if row else OWNER_SPACE

    def edit(self, space: int, owner: Owner) -> None:
        """Keep other traits of the person whom a space is about, in the caller's transaction."""
        self._database.execute("UPDATE space SET owner = ? WHERE id = ?", (owner_text(owner), space))

    def kind(self, space: int) -> SpaceKind:
        """Return why the vault holds a space."""
        row = self._database.one("SELECT kind FROM space WHERE id = ?", (space,))
        return SpaceKind(row[0]) if row else SpaceKind.RECEIVED

    def own(self) -> dict[int, Owner]:
        """Return the spaces that were made here by their number: the owner's, children's, helped people's; not what came in bundles."""
        rows = self._database.all("SELECT id, owner FROM space WHERE kind <> 'received' ORDER BY id")
        return {number: parse_owner(text) for number, text in rows}

    def find(self, name: str) -> int:
        """Return the space that a number or a name (all its words in the person's) means.

        Raises:
            NotFoundError: none, or more than one.
        """
        wanted = set(fold(name).split())
        spaces = self.all()
        found = [number for number, owner in spaces.items() if name == str(number) or (wanted and wanted <= _names(owner))]
        if len(found) != 1:
            raise NotFoundError(
                _("no space here is called this") if not found else _("more than one space is called this"),
                hint=_("`monespace space list` shows them; give the number"),
            )
        return found[0]

    def steps(self, space: int) -> list[Step]:
        """Return what was done to a space as a whole, oldest first."""
        rows = self._database.all("SELECT event, at FROM space_step WHERE space = ? ORDER BY number", (space,))
        return [Step(LifeEvent(event), datetime.fromisoformat(at)) for event, at in rows]

    def state(self, space: int) -> LifeState:
        """Return what a space is now."""
        return state_of(self.steps(space), self._clock())

    def require_possible(self, space: int, event: LifeEvent) -> None:
        """See that something can be done to a space as it is.

        Raises:
            NotAllowedError: it cannot.
        """
        require_possible(event, self.state(space))

    def clear(self, space: int) -> None:
        """Destroy what a space holds beside documents, in the caller's transaction: profile, measurements, decisions, roles."""
        for table in (
            "entry",
            "measure",
            "access_grant",
            "access_block",
            "access_emergency",
            "access_mask",
            "care_role",
            "import_run",
            "standing_share",
        ):
            self._database.execute(f"DELETE FROM {table} WHERE space = ?", (space,))  # noqa: S608

    def take_step(self, space: int, event: LifeEvent) -> None:
        """Keep that something was done to a space, in the caller's transaction.

        Raises:
            NotAllowedError: it cannot be done to it as it is.
        """
        self.require_possible(space, event)
        self._database.execute("INSERT INTO space_step (space, event, at) VALUES (?, ?, ?)", (space, str(event), self._clock().isoformat()))

    def chosen(self, person: str) -> int | None:
        """Return the space that somebody chose to use, or None."""
        row = self._database.one("SELECT value FROM meta WHERE key = ?", (f"space-of-{person}",))
        return int(row[0]) if row else None

    def choose(self, person: str, space: int) -> None:
        """Keep which space somebody uses from now on."""
        self._database.execute("INSERT OR REPLACE INTO meta (key, value) VALUES (?, ?)", (f"space-of-{person}", str(space)))

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
        """Return the space of exactly this identity, every trait equal, or None; names that people only go by are no traits."""
        return next((number for number, other in self.all().items() if _traits(other) == _traits(owner)), None)


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
        usage = {name: traits.get(name, "") for name in ("used_family_name", "used_given_name", "birth_place")}
        return Identity(traits["family_name"], given, born, sex, traits["ins"], oid, **usage)
    at, specialty = traits.get("institution"), traits.get("specialty", "")
    profession, institution = Profession(traits["profession"]), Institution(**at) if at else None
    return PractitionerIdentity(traits["family_name"], given, profession, traits["rpps"], institution, specialty)


def _traits(owner: Owner) -> Owner:
    return owner.traits if isinstance(owner, Identity) else owner


def _names(owner: Owner) -> set[str]:
    used = owner.display_name if isinstance(owner, Identity) else ""
    return set(fold(" ".join((*owner.given_names, owner.family_name, used))).split())
