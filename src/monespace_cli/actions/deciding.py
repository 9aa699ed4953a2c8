"""What a person decides about a bundle that waits: take it in, or refuse it."""

from collections.abc import Iterator

from monespace_cli.actions.handover import take_over
from monespace_cli.actions.imported import ImportedItem
from monespace_cli.actions.knowledge import Knowledge
from monespace_cli.actions.people import own_keys
from monespace_cli.actions.recognising import Recognised
from monespace_cli.actions.registering import Register
from monespace_cli.actions.taking import Taking, outcome_of
from monespace_cli.errors import NotAllowedError, PatientMismatchError
from monespace_cli.i18n import _
from monespace_cli.ports import Clock, Progress
from monespace_cli.record.exchange import ReceivedState
from monespace_cli.record.identity import Match
from monespace_cli.sync.kinds import Kind
from monespace_cli.sync.opening import OpenedBundle, open_bundle
from monespace_cli.vault.in_use import OWNER_SPACE
from monespace_cli.vault.inbox import ReceivedBundle
from monespace_cli.vault.vault import Vault

TAKEN_BY_HAND = (Kind.SHARE, Kind.DEPOSIT, Kind.CORRECTION, Kind.HANDOVER)


def space_for(item: ReceivedBundle, in_use: int) -> int | None:
    """Return the space that a waiting bundle goes into when a person accepts it: where nobody was recognised, the one in use.

    None is that of a share's subject, which may have to be made.
    """
    return in_use if item.match == Match.DIFFERENT else item.space


class Decisions:
    """Decides about waiting bundles of one vault."""

    def __init__(self, vault: Vault, clock: Clock) -> None:
        """Work with an open vault."""
        self._vault = vault
        self._clock = clock
        self._knowledge = Knowledge(vault)
        self._register = Register(vault, self._knowledge, clock)

    def accept(
        self,
        item: ReceivedBundle,
        taking: Taking,
        progress: Progress,
        *,
        accept_unverified: bool,
        identity_confirmed: bool,
        space: int | None,
    ) -> Iterator[ImportedItem]:
        """Take a waiting bundle's documents in, and yield what became of each. It is checked again from end to end.

        Raises:
            NotFoundError: it does not wait any more.
            UnverifiedError: nobody compared the sender's key, and that is not accepted.
            PatientMismatchError: it is not certain whom it is about, and nobody confirmed.
            BundleError, ExpiredError: see `sync.opening.open_bundle`.
        """
        if item.kind not in TAKEN_BY_HAND:
            raise NotAllowedError(_("a bundle of this kind is not taken in here"))
        if item.match not in (None, Match.SAME) and not identity_confirmed:
            raise PatientMismatchError(
                _("it is not certain that this is about the person of that space"),
                hint=_("compare what `monespace inbox show` says with the papers, then accept it with --confirm-identity"),
            )
        with self._vault.inbox.open_copy(item) as source:
            policy = self._knowledge.policy(accepts_unverified=accept_unverified, again=True)
            opened = open_bundle(source, opener=own_keys(self._vault), policy=policy, now=self._clock())
            if opened.manifest.kind is Kind.HANDOVER:
                yield from self._take_over(opened, progress)
            else:
                yield from self._take_in(item, opened, taking, progress, space)

    def refuse(self, item: ReceivedBundle, code: str | None = None) -> None:
        """Refuse a waiting bundle; it is destroyed, and its sender told if they are a contact.

        Raises:
            NotFoundError: it does not wait any more.
        """
        self._vault.inbox.require_waiting(item)
        with self._vault.database.transaction():
            self._vault.inbox.decide(item, ReceivedState.REFUSED, code=code)
            if self._vault.contacts.get(item.sender) is None:
                self._vault.inbox.answered(item.bundle)

    def _take_over(self, opened: OpenedBundle, progress: Progress) -> list[ImportedItem]:
        """Take all of a record in, or nothing of it."""
        with self._vault.database.transaction():
            items = list(take_over(self._vault, opened, progress))
            self._register.taken(opened, Recognised(None, OWNER_SPACE), list(map(outcome_of, items)), OWNER_SPACE)
        return items

    def _take_in(
        self, item: ReceivedBundle, opened: OpenedBundle, taking: Taking, progress: Progress, space: int | None
    ) -> Iterator[ImportedItem]:
        target = space or Recognised(None, item.space).space_in(self._vault, opened.manifest)
        outcomes = []
        progress.start(len(opened.documents))
        try:
            for read in taking.read(opened):
                kept = taking.keep(read, target)
                outcomes.append(outcome_of(kept))
                yield kept
                progress.advance()
        finally:
            progress.stop()
        with self._vault.database.transaction():
            self._register.taken(opened, Recognised(None, target), outcomes, target)
