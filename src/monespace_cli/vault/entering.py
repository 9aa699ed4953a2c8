"""Entering a space of an open vault: whose key opened it, which space is meant, and what that person may see and do there.

A vault with one person and one space, as nearly all are, is entered by one look at the database; nothing else is loaded for it.
"""

from typing import TYPE_CHECKING

from monespace_cli.vault.in_use import HOLDER, OWNER_SPACE

if TYPE_CHECKING:
    from monespace_cli.record.actor import Actor
    from monespace_cli.record.journal import Event
    from monespace_cli.vault.vault import Vault

_LOOK = (
    "SELECT (SELECT person FROM key_slot WHERE id = ?), EXISTS (SELECT 1 FROM space WHERE kind IN ('child', 'helped')), "
    "EXISTS (SELECT 1 FROM space_step), EXISTS (SELECT 1 FROM tie)"
)


def enter(vault: "Vault", wanted: str | None) -> None:
    """Look at a vault as the person whose key opened it, in the space of a name, else in the one this person uses.

    Raises:
        NotFoundError: no space is called so, or it is none of theirs.
    """
    person, *others = vault.database.one(_LOOK, (vault.slot.id,)) or (None,)
    if wanted is None and person in (None, HOLDER) and not any(others):
        return
    _Entered(vault, person or HOLDER).choose(wanted)


class _Entered:
    """A person in a vault."""

    def __init__(self, vault: "Vault", person: str) -> None:
        """Let the journal write in this person's name."""
        self._vault = vault
        self._person = person
        self._actors: dict[int, Actor] = {}
        vault.journal.actor = person

    def choose(self, wanted: str | None) -> None:
        """Enter a space: the one of a name, else the one that was chosen before, else the first of this person's."""
        from monespace_cli.record.access import Circumstance
        from monespace_cli.vault.sight import Eyes

        vault = self._vault
        vault.space_in_use.number = vault.spaces.find(wanted) if wanted else self._usual()
        vault.journal.guard = self.require
        vault.journal.on_behalf = self._on_behalf
        vault.sight.look_as(Eyes(self._actor, Circumstance.NORMAL))

    def require(self, event: "Event") -> None:
        """See that this person may do what a journal line tells of.

        Raises:
            NotAllowedError: they may not.
        """
        from monespace_cli.errors import NotAllowedError
        from monespace_cli.i18n import _
        from monespace_cli.record.life import hint_for
        from monespace_cli.record.rights import act_of, may

        vault, act = self._vault, act_of(event)
        space = vault.space
        state = vault.spaces.state(space)
        decision = may(self._actor(space).relation, act, state, owns_vault=self._person == HOLDER)
        if decision.allowed:
            return
        if decision.reason.startswith("space-"):
            raise NotAllowedError(
                _("this space is {state}: nothing in it can be read or changed").format(state=state), hint=hint_for(state)
            )
        if decision.reason == "not-owner":
            raise NotAllowedError(_("only whom the vault belongs to changes its keys, and signs with them"))
        raise NotAllowedError(
            _("you are not allowed to do this in the space in use: {act}").format(act=act),
            hint=_("`monespace space show` says what you may do"),
        )

    def _usual(self) -> int:
        vault = self._vault
        chosen = vault.spaces.chosen(self._person)
        if chosen is not None:
            return chosen
        if self._person == HOLDER:
            return OWNER_SPACE
        return next((tie.space for tie in vault.people.ties() if tie.person == self._person), OWNER_SPACE)

    def _actor(self, space: int) -> "Actor":
        if space not in self._actors:
            self._actors[space] = self._vault.people.actor(self._person, space)
        return self._actors[space]

    def _on_behalf(self) -> dict[str, str]:
        """Return for whom this person acts, as a journal line keeps it: nothing where they act for themselves."""
        from monespace_cli.record.actor import Relation

        space = self._vault.space
        return {} if self._actor(space).relation is Relation.HOLDER else {"for": str(space)}
