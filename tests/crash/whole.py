"""Whether a vault is whole: it opens, every page, blob and journal line is what was written, and what it holds, as facts to compare."""

import hashlib
from pathlib import Path

from monespace_cli.errors import WrongPassphraseError
from monespace_cli.ports import NoProgress
from monespace_cli.vault.checking import check
from monespace_cli.vault.header_file import read_header
from monespace_cli.vault.journal import GENESIS, chain
from monespace_cli.vault.sealed import waiting
from monespace_cli.vault.unlock import unlock
from monespace_cli.vault.vault import Vault
from tests.crash.harness import NEW_PASSPHRASE
from tests.vault.world import PASSPHRASE, World

Facts = set[tuple[str, ...]]


def verify(root: Path, passphrase: str = PASSPHRASE) -> Facts:
    """Open a vault with its passphrase, or the one that it was to get, read every byte of it, and return what it holds."""
    secret = passphrase if opens(root, passphrase) else NEW_PASSPHRASE
    with World(root).open(secret) as vault:
        assert check(vault.layout, vault.database, NoProgress(), read_data=True).damage == []
        check_database(vault)
        check_journal(vault)
        return {("secret", secret)} | blobs(vault) | documents(vault) | others(vault)


def opens(root: Path, secret: str) -> bool:
    """Tell whether a passphrase opens a vault, without leaving a note of it there."""
    try:
        unlock(read_header(root), secret)
    except WrongPassphraseError:
        return False
    return True


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
    sealed = {("sealed", hashlib.sha256(vault.sealed.read(item)[1]).hexdigest()) for item in waiting(vault.layout.root)}
    bundles = vault.database.all("SELECT direction, peer, counter, imported FROM bundle WHERE imported OR direction = 'sent'")
    return quarantine | contacts | sealed | {("bundle", *map(str, row)) for row in bundles}
