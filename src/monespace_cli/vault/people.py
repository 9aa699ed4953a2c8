"""The people around the spaces of a vault, in the database. The rules are `record.people`'s."""

from datetime import date

from monespace_cli.errors import NotFoundError
from monespace_cli.i18n import _
from monespace_cli.ports import Clock, Random
from monespace_cli.record.actor import Actor, Relation
from monespace_cli.record.journal import Event
from monespace_cli.record.people import OWNER, PersonKnown, SpaceKind, Tie, relation_of, require_room
from monespace_cli.record.text import fold
from monespace_cli.vault.connection import Database
from monespace_cli.vault.ids import random_id
from monespace_cli.vault.in_use import OWNER_SPACE
from monespace_cli.vault.journal import Journal
from monespace_cli.vault.spaces import Spaces

_ADDED = {Relation.HELPER: Event.DELEGATE_APPOINTED}
_ENDED = {Relation.HELPER: Event.DELEGATE_ENDED}


class People:
    """Who acts in one vault."""

    def __init__(self, database: Database, spaces: Spaces, journal: Journal, clock: Clock, random: Random) -> None:
        """Work with the vault's open parts."""
        self._database = database
        self._spaces = spaces
        self._journal = journal
        self._clock = clock
        self._random = random

    @property
    def today(self) -> date:
        """The day it is here."""
        return self._clock().astimezone().date()

    def all(self) -> list[PersonKnown]:
        """Return everybody whom the vault knows beside its owner, by name."""
        rows = self._database.all("SELECT id, name, space FROM person ORDER BY name, id")
        return [PersonKnown(number, name, space) for number, name, space in rows]

    def name_of(self, person: str) -> str:
        """Return somebody's name, or their id where the vault has forgotten them."""
        if person == OWNER:
            return self._spaces.owner().display_name
        row = self._database.one("SELECT name FROM person WHERE id = ?", (person,))
        return str(row[0]) if row else person

    def find(self, name: str) -> PersonKnown:
        """Return whom a name (all its words in theirs) or an id means, the vault's owner among them.

        Raises:
            NotFoundError: nobody, or more than one.
        """
        owner = PersonKnown(OWNER, self._spaces.owner().display_name, OWNER_SPACE)
        wanted = set(fold(name).split())
        found = [each for each in (owner, *self.all()) if name == each.id or (wanted and wanted <= set(fold(each.name).split()))]
        if len(found) != 1:
            raise NotFoundError(
                _("nobody of this name acts in this vault") if not found else _("more than one person is called this"),
                hint=_("`monespace space show` names them; `space edit --representative` and `delegate appoint` add somebody"),
            )
        return found[0]

    def add(self, name: str, space: int | None = None) -> PersonKnown:
        """Keep somebody new; `space` is the one that is about them, where there is one."""
        person = PersonKnown(random_id(self._random), name, space)
        self._database.execute(
            "INSERT INTO person (id, name, space, added_at) VALUES (?, ?, ?, ?)", (person.id, name, space, self._clock().isoformat())
        )
        return person

    def ties(self, space: int | None = None) -> list[Tie]:
        """Return who represents or helps whom, in one space or in all, past ones included, in the order they began."""
        where, parameters = ("WHERE space = ?", (space,)) if space is not None else ("", ())
        rows = self._database.all(
            f"SELECT space, person, relation, start_on, end_on, mandate FROM tie {where} ORDER BY number",  # noqa: S608
            parameters,
        )
        return [
            Tie(number, person, Relation(relation), _day(start), _day(end), mandate)
            for number, person, relation, start, end, mandate in rows
        ]

    def tie(self, new: Tie) -> None:
        """Keep that somebody represents or helps somebody.

        Raises:
            NotAllowedError: there are as many as there may be, or it is so already.
        """
        with self._database.transaction():
            require_room(new, self.ties(), self.today)
            self.bind(new)
            until = {"until": new.end.isoformat()} if new.end else {}
            mandate = {"mandate": new.mandate} if new.mandate else {}
            self._journal.write(_ADDED.get(new.relation, Event.REPRESENTATIVE_ADDED), new.person, space=str(new.space), **until, **mandate)

    def bind(self, new: Tie) -> None:
        """Keep a tie that nobody needs to be asked about, such as that a space is about somebody, in the caller's transaction."""
        self._database.execute(
            "INSERT INTO tie (space, person, relation, start_on, end_on, mandate) VALUES (?, ?, ?, ?, ?, ?)",
            (new.space, new.person, str(new.relation), _iso(new.start), _iso(new.end), new.mandate),
        )

    def untie(self, space: int, person: str, relation: Relation) -> bool:
        """End what somebody was to a space, from now on; tell whether they were it."""
        today = self.today.isoformat()
        with self._database.transaction():
            # one that has not begun never happened; of one that has, the last day was yesterday
            gone = self._database.execute(
                "DELETE FROM tie WHERE space = ? AND person = ? AND relation = ? AND start_on > ?", (space, person, str(relation), today)
            ).rowcount
            gone += self._database.execute(
                "UPDATE tie SET end_on = date(?, '-1 day') "
                "WHERE space = ? AND person = ? AND relation = ? AND (end_on IS NULL OR end_on >= ?)",
                (today, space, person, str(relation), today),
            ).rowcount
            if gone:
                self._journal.write(_ENDED.get(relation, Event.REPRESENTATIVE_ENDED), person, space=str(space))
        return bool(gone)

    def relation(self, person: str, space: int) -> Relation:
        """Return what somebody is to a space now; papers that came in bundles are as their receiver's own."""
        kind = self._spaces.kind(space)
        if kind is SpaceKind.RECEIVED:
            space, kind = OWNER_SPACE, SpaceKind.OWN
        return relation_of(person, kind, self._spaces.owner(space), self.ties(space), self._clock())

    def actor(self, person: str, space: int) -> Actor:
        """Return somebody as a space sees them."""
        return Actor(person, self.name_of(person), self.relation(person, space))


def _day(text: str | None) -> date | None:
    return date.fromisoformat(text) if text else None


def _iso(day: date | None) -> str | None:
    return day.isoformat() if day else None
