"""Taking in what others have put into a store. Each object is looked at once, and again when its bytes are others."""

from collections.abc import Iterator, Sequence
from datetime import datetime, timedelta
from functools import partial

from monespace_cli.actions.arrivals import Arrival, Arrivals, ArrivalStatus
from monespace_cli.actions.holding import Incoming
from monespace_cli.errors import NotForYouError, NotMadeHereError, TryLaterError, UnreadableInputError, UsageError
from monespace_cli.i18n import _
from monespace_cli.ports import Clock, Progress, Store
from monespace_cli.vault.remotes import Part, Remote, StoreObject
from monespace_cli.vault.vault import Vault

SETTLES = timedelta(hours=1)
"""How long an object that fails a check is looked at again and again: it may still be being copied, at one size and in one second."""


def listed(remote: Remote, store: Store) -> dict[str, str]:
    """Return what is in a store, by name with the stamps; looked at before the store's name, for a stick may be pulled out in between.

    Raises:
        TryLaterError: see :func:`require_same_store`.
    """
    found = store.objects()
    require_same_store(remote, store)
    return found


def require_same_store(remote: Remote, store: Store) -> None:
    """See that the place holds the store that was meant: an empty mount point, or another stick, is not one whose objects are all lost.

    Raises:
        TryLaterError: it cannot be reached, or is another store.
    """
    if store.identity() != remote.store:
        raise TryLaterError(
            _("another folder is at the place of the remote {name}").format(name=remote.name),
            hint=_("is it the right stick or share? `monespace remote remove` and `add` take another one in its place"),
        )


class Pulling:
    """Takes in from one store."""

    def __init__(self, vault: Vault, remote: Remote, store: Store, clock: Clock) -> None:
        """Work with a store that can be reached."""
        self._vault = vault
        self._remote = remote
        self._store = store
        self._clock = clock

    def unseen(self) -> dict[str, str]:
        """Return the objects to look at, by name, with their stamps."""
        known = self._vault.remotes.objects(self._remote.store)
        now = self._clock()
        there = listed(self._remote, self._store)
        return {name: stamp for name, stamp in there.items() if not self._is_settled(known.get(name), stamp, now)}

    def pull(self, arrivals: Arrivals, progress: Progress) -> Iterator[Arrival]:
        """Yield what became of each new object that is for us, or damaged; what was yielded is on the disk.

        Raises:
            TryLaterError: the place has gone. What was not read is looked at the next time.
        """
        unseen = self.unseen()
        seen_before = self._vault.remotes.objects(self._remote.store)
        incoming = [Incoming(name, partial(self._store.get, name)) for name in sorted(unseen)]
        for arrival in arrivals.take(incoming, progress):
            if arrival.code == TryLaterError.code:
                raise TryLaterError(arrival.message or "", hint=_("what had come until then is taken in"))
            if arrival.code == UnreadableInputError.code:  # nothing is known of it
                yield arrival
                continue
            found = _part(arrival)
            known = seen_before.get(arrival.path)
            is_same = known and known.stamp == unseen[arrival.path] and not self._vault.contacts.changed_since(known.at)
            since = known.at if known and is_same else self._clock()
            looked_at = StoreObject(arrival.path, unseen[arrival.path], found, arrival.bundle, since)
            self._vault.remotes.note(self._remote.store, [looked_at])
            if arrival.code != NotForYouError.code:
                yield arrival

    def _is_settled(self, known: StoreObject | None, stamp: str, now: datetime) -> bool:
        if known is None:
            return False
        if known.part in (Part.PUT, Part.ANSWER):
            return True
        if known.stamp != stamp or known.part is not Part.REFUSED:
            return known.stamp == stamp
        return now - known.at >= SETTLES and not self._vault.contacts.changed_since(known.at)


def require_remotes(remotes: Sequence[Remote]) -> Sequence[Remote]:
    """Return the remotes, of which there must be one.

    Raises:
        UsageError: there is none.
    """
    if not remotes:
        raise UsageError(_("no remote is known"), hint=_("`monespace remote add NAME DIR` adds a stick or a shared folder"))
    return remotes


def _part(arrival: Arrival) -> Part:
    if arrival.status is ArrivalStatus.OWN:
        return Part.OWN
    if arrival.status is not ArrivalStatus.REFUSED:
        return Part.TAKEN
    return Part.FOREIGN if arrival.code in (NotForYouError.code, NotMadeHereError.code) else Part.REFUSED
