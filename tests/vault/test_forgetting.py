import os
import random
import shutil
import string

import pytest

from monespace_cli.errors import IntegrityError, NotFoundError
from monespace_cli.record.document import Document, Provenance
from monespace_cli.record.journal import Event
from monespace_cli.vault import connection, documents, forgetting
from monespace_cli.vault.documents import Filter
from monespace_cli.vault.vault import Vault
from tests.vault.pages import plain_pages
from tests.vault.world import PASSPHRASE, World, hardly_read, put

MANY, FEW = 400, 20
"""Documents beside the erased one: enough for an index of many pages, in several pieces; and so few that it need not be written anew."""


@pytest.fixture(autouse=True)
def no_waiting(monkeypatch: pytest.MonkeyPatch) -> None:
    """Do not wait for the disk: hundreds of documents are stored here, and no power is cut."""
    monkeypatch.setattr(os, "fsync", lambda _descriptor: None)


def made_up(source: random.Random, count: int) -> list[str]:
    return ["".join(source.choices(string.ascii_lowercase, k=9)) for _ in range(count)]


def fill(vault: Vault, source: random.Random, secret: list[str], others: int = MANY) -> Document:
    """Store documents of common words and, in their midst, one of words that nobody else has."""
    common = made_up(source, 2500)
    erased: Document | None = None
    with vault.database.transaction():
        for number in range(others):
            if number == others // 2:
                erased = put(
                    vault,
                    hardly_read(" ".join(secret)),
                    " ".join(secret[::-1]),
                    title=" ".join(secret[:3]),
                    practitioner=secret[3],
                    tags=(secret[4],),
                    provenance=Provenance(source_name=secret[5]),
                )
            else:
                put(vault, " ".join(source.choices(common, k=120)), title=f"autre {number}")
    assert erased is not None
    return erased


@pytest.mark.parametrize(("others", "words"), [(MANY, 300), (FEW, 6)])
def test_nothing_of_an_erased_document_is_left_in_the_live_directory(vault: Vault, world: World, others: int, words: int) -> None:
    source = random.Random(others)
    secret = made_up(source, words)
    document = fill(vault, source, secret, others)
    blob, key = vault.database.all(
        "SELECT blob.id, key FROM blob JOIN document ON document.blob = blob.id WHERE document.id = ?", (document.id,)
    )[0]
    traces = [*(word.encode() for word in secret), blob.encode(), bytes(key), document.sha256.encode()]
    vault.database.truncate_log()
    before = plain_pages(world.root, PASSPHRASE)
    assert [trace for trace in traces if trace in before], "the pages can be searched"
    shutil.copytree(world.root / "blobs", world.root / "copy")

    vault.documents.erase(vault.documents.find(document.id))
    assert vault.database.truncate_log()
    assert (world.root / "record.db-wal").stat().st_size == 0
    pages = plain_pages(world.root, PASSPHRASE)
    assert [trace for trace in traces if trace in pages] == []
    assert beginnings_of(vault, secret) == []
    assert not (world.root / "blobs" / blob[:2] / blob).exists()

    # with the blob put back, the database of today opens nothing
    shutil.copytree(world.root / "copy", world.root / "blobs", dirs_exist_ok=True)
    with pytest.raises(IntegrityError):
        b"".join(vault.blobs.read(blob))
    vault.database.execute("INSERT INTO search (search) VALUES ('integrity-check')")
    assert vault.documents.count(Filter()) == others - 1


def beginnings_of(vault: Vault, words: list[str]) -> list[bytes]:
    """Return what the index's directory says of words: beginnings of more than two letters that only they have."""
    kept = [bytes(term)[1:] for (term,) in vault.database.all("SELECT term FROM search_idx")]
    return [term for term in kept if any(word.encode().startswith(term) for word in words) and forgetting._is_orphan(vault.database, term)]


def test_the_directory_of_the_index_would_tell(vault: Vault, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(documents, "forget_words", lambda _database, _words: None)
    source = random.Random(1)
    secret = made_up(source, 300)
    vault.documents.erase(fill(vault, source, secret))
    assert beginnings_of(vault, secret)


def test_erasing_is_journaled_by_id_and_happens_once(vault: Vault) -> None:
    document = put(vault, "texte")
    kept = put(vault, "texte commun")
    vault.documents.trash(document)
    vault.documents.erase(document)
    assert vault.journal.entries(1)[0].event is Event.DOCUMENT_ERASED
    assert (vault.journal.entries(1)[0].subject, vault.journal.entries(1)[0].details) == (document.id, {})
    with pytest.raises(NotFoundError):
        vault.documents.erase(document)
    assert vault.documents.all(Filter()) == [kept]
    assert put(vault, "texte").id != document.id, "the same bytes can come again"


def test_a_reader_keeps_the_log(vault: Vault, world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(connection, "BUSY_SECONDS", 0.1)
    document = put(vault, "texte")
    with world.open() as reader, world.open() as writer, reader.database.transaction():
        reader.documents.count(Filter())
        assert not writer.database.truncate_log()
    vault.documents.erase(document)
    assert vault.database.truncate_log()
