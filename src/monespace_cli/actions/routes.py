"""Which remotes a bundle goes into."""

from functools import cache

from monespace_cli.record.exchange import is_reached
from monespace_cli.vault.outbox import SentBundle
from monespace_cli.vault.vault import Vault


class Routes:
    """The ways to people at one moment."""

    def __init__(self, vault: Vault) -> None:
        """Ask this vault whom each of its remotes reaches."""
        self._vault = vault
        self._remotes = vault.remotes.all()
        self._stores_for = cache(self._find_stores)  # a clinic has many bundles for few people

    def of(self, sent: SentBundle) -> frozenset[str]:
        """Return the stores that a bundle goes into: a receipt goes where the bundle came from that it answers."""
        brought = self._vault.remotes.brought(sent.about) if sent.kind == "receipt" and sent.about else None
        return frozenset(brought) if brought else self.to(sent.peer)

    def to(self, peer: str) -> frozenset[str]:
        """Return the stores that reach somebody."""
        return self._stores_for(peer)

    def unreached(self) -> list[SentBundle]:
        """Return what is to be sent and goes into no remote."""
        return [sent for sent in self._vault.outbox.kept() if not self.of(sent)]

    def _find_stores(self, peer: str) -> frozenset[str]:
        contact = self._vault.contacts.current(peer)
        named = {remote.store: {self._vault.contacts.current(each) for each in remote.contacts} for remote in self._remotes}
        return frozenset(store for store, mine in named.items() if is_reached(contact, mine, named.values()))
