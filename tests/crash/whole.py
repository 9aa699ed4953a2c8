"""Whether a vault is whole: it opens, every page, blob and journal line is what was written, and what it holds, as facts to compare."""

import hashlib
from pathlib import Path

from monespace_cli.vault.journal import GENESIS, chain
from monespace_cli.vault.vault import Vault
from tests.vault.world import World

Facts = set[tuple[str, ...]]


def verify(root: Path) -> Facts:
    """Open a vault with its passphrase, read every byte of it, and return what it holds."""
    with World(root).open() as vault:
        check_database(vault)
        check_journal(vault)
        return blobs(vault) | documents(vault) | others(vault)


def check_database(vault: Vault) -> None:
    assert vault.database.all("PRAGMA cipher_integrity_check") == []
    assert vault.database.all("PRAGMA integrity_check") == [("ok",)]
    assert vault.database.all("PRAGMA foreign_key_check") == []


def check_journal(vault: Vault) -> None:
    hashes = [bytes(row[0]) for row in vault.database.all("SELECT hash FROM journal ORDER BY sequence")]
    last = GENESIS
    for number, (entry, found) in enumerate(zip(vault.journal.entries(), hashes, strict=True), 1):
        last = chain(last, entry)
        assert (entry.sequence, found) == (number, last)


def blobs(vault: Vault) -> Facts:
    """Read every original to its end."""
    rows = vault.database.all("SELECT id, sha256 FROM blob")
    for name, sha256 in rows:
        assert hashlib.sha256(b"".join(vault.blobs.read(name))).hexdigest() == sha256
    return {("original", sha256) for _name, sha256 in rows}


def documents(vault: Vault) -> Facts:
    rows = vault.database.all("SELECT sha256, title, tags, deleted_at IS NULL, number FROM document")
    found = {int(row[0]) for row in vault.database.all("SELECT rowid FROM search")}
    assert found == {row[-1] for row in rows}, "the index has every document, and no other"
    return {("document", *map(str, row[:-1])) for row in rows}


def others(vault: Vault) -> Facts:
    quarantine = {("quarantine", item.sha256, item.code) for item in vault.quarantine.all()}
    contacts = {("contact", contact.fingerprint) for contact in vault.contacts.all()}
    bundles = vault.database.all("SELECT direction, peer, counter, imported FROM bundle WHERE imported OR direction = 'sent'")
    return quarantine | contacts | {("bundle", *map(str, row)) for row in bundles}
