"""The directory of practitioners in the database, and what each is to the person of a space."""

from dataclasses import fields, replace

from monespace_cli.ports import Clock, Random
from monespace_cli.record.identity import Profession
from monespace_cli.record.journal import Event
from monespace_cli.record.practitioner import CareRole, Practitioner
from monespace_cli.vault.access import Access
from monespace_cli.vault.connection import Database
from monespace_cli.vault.ids import random_id
from monespace_cli.vault.in_use import SpaceInUse
from monespace_cli.vault.journal import Journal
from monespace_cli.vault.person_names import index_name

FIELDS = tuple(field.name for field in fields(Practitioner))
COLUMNS = ", ".join(FIELDS)


class Practitioners:
    """The practitioners whom one vault knows beyond their cards."""

    def __init__(self, database: Database, journal: Journal, in_use: SpaceInUse, clock: Clock, random: Random) -> None:
        """Work with the vault's open parts."""
        self._database = database
        self._journal = journal
        self._in_use = in_use
        self._clock = clock
        self._random = random

    def new_id(self) -> str:
        """Return a random id that nobody has."""
        while True:
            found = random_id(self._random)
            if self._database.one("SELECT 1 FROM practitioner WHERE id = ?", (found,)) is None:
                return found

    def all(self) -> list[Practitioner]:
        """Return everybody, oldest first."""
        return self._found("1 ORDER BY added_at, id")

    def of_actor(self, actor: str) -> Practitioner | None:
        """Return whom decisions name so: by the fingerprint of their card, or by their id."""
        return next(iter(self._found("id = ? OR fingerprint = ?", actor, actor)), None)

    def with_rpps(self, rpps: str) -> list[Practitioner]:
        """Return those who have an RPPS number."""
        return self._found("rpps = ? ORDER BY id", rpps)

    def without_card(self) -> list[Practitioner]:
        """Return those whose card is not known."""
        return self._found("fingerprint IS NULL ORDER BY id")

    def put(self, practitioner: Practitioner) -> None:
        """Keep a practitioner, new or as they are now."""
        with self._database.transaction():
            known = self.of_actor(practitioner.id)
            values = tuple(getattr(practitioner, name) for name in FIELDS)
            changes = ", ".join(f"{name} = excluded.{name}" for name in FIELDS if name != "id")
            self._database.execute(
                f"INSERT INTO practitioner ({COLUMNS}, added_at) VALUES ({', '.join('?' * len(values))}, ?) "  # noqa: S608
                f"ON CONFLICT (id) DO UPDATE SET {changes}",
                (*values, self._clock().isoformat()),
            )
            if practitioner.fingerprint is None:  # whoever has a card is found by the name on it
                index_name(self._database, practitioner.id, practitioner.display_name)
            self._journal.write(Event.PRACTITIONER_EDITED if known else Event.PRACTITIONER_ADDED, practitioner.id)

    def join(self, practitioner: Practitioner, fingerprint: str) -> Practitioner:
        """Give a practitioner their card; what was decided about them holds for its owner from now on."""
        with self._database.transaction():
            joined = replace(practitioner, fingerprint=fingerprint)
            self.put(joined)
            index_name(self._database, practitioner.id, "")
            Access(self._database, self._journal, self._in_use, self._clock).rename(practitioner.id, fingerprint)
            self._database.execute("UPDATE OR REPLACE care_role SET person = ? WHERE person = ?", (fingerprint, practitioner.id))
        return joined

    def remove(self, practitioner: Practitioner) -> None:
        """Forget a practitioner; their card, where there is one, is `contacts`'s."""
        with self._database.transaction():
            self._database.execute("DELETE FROM practitioner WHERE id = ?", (practitioner.id,))
            self._database.execute("DELETE FROM care_role WHERE person = ?", (practitioner.actor_id,))
            index_name(self._database, practitioner.id, "")
            self._journal.write(Event.PRACTITIONER_REMOVED, practitioner.id)

    def roles(self, space: int | None = None) -> dict[str, tuple[CareRole, ...]]:
        """Return what people are to the person of a space, by their actor id; the attending physician is `access`'s."""
        space = self._in_use.or_this(space)
        found: dict[str, tuple[CareRole, ...]] = {}
        for person, role in self._database.all("SELECT person, role FROM care_role WHERE space = ? ORDER BY role", (space,)):
            found[person] = (*found.get(person, ()), CareRole(role))
        return found

    def set_roles(self, person: str, roles: tuple[CareRole, ...], space: int | None = None) -> None:
        """Say what somebody is to the person of a space, and nothing else."""
        space = self._in_use.or_this(space)
        with self._database.transaction():
            self._database.execute("DELETE FROM care_role WHERE space = ? AND person = ?", (space, person))
            self._database.insert_many(
                "INSERT INTO care_role (space, role, person) VALUES (?, ?, ?)", [(space, str(role), person) for role in roles]
            )
            self._journal.write(Event.PRACTITIONER_EDITED, person, roles=" ".join(roles))

    def _found(self, where: str, *parameters: str) -> list[Practitioner]:
        rows = self._database.all(f"SELECT {COLUMNS} FROM practitioner WHERE {where}", parameters)  # noqa: S608
        return [replace(Practitioner(*row), profession=Profession(row[FIELDS.index("profession")])) for row in rows]
