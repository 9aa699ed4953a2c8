import io
from dataclasses import replace
from datetime import date, timedelta
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from monespace_cli.errors import IntegrityError, NotFoundError, UsageError
from monespace_cli.record.codes import Kind
from monespace_cli.record.document import Author, Document, Page, Provenance, TextSource
from monespace_cli.record.journal import Event
from monespace_cli.vault.documents import Filter
from monespace_cli.vault.ids import CROCKFORD
from monespace_cli.vault.vault import Vault
from tests.vault.world import NOW, World, put

ANYTHING = Filter()
FULL: dict[str, Any] = {
    "date": date(2026, 3, 12),
    "practitioner": "Dr Élise D’Œuvre",
    "tags": ("suivi", "cœur"),
    "confidentiality": ("N", "MASQUE_PS"),
    "provenance": Provenance(Author.PRACTITIONER, "ab" * 32, "b1", "scan é.pdf"),
}


def check_index(vault: Vault) -> None:
    """See that the index is sound, and knows exactly the documents there are."""
    vault.database.execute("INSERT INTO search (search) VALUES ('integrity-check')")
    known = vault.database.all("SELECT id FROM search_docsize ORDER BY id")
    assert known == vault.database.all("SELECT number FROM document ORDER BY number")


def test_what_is_stored_is_read(vault: Vault) -> None:
    document = put(vault, "première", "", title="Bilan œdème", **FULL)
    assert vault.documents.find(document.id) == document
    assert vault.documents.all(ANYTHING) == [document]
    assert vault.documents.by_hash(1, document.sha256) == document
    assert vault.documents.by_hash(2, document.sha256) is None
    assert [page.text for page in vault.documents.pages(document)] == ["première", ""]
    with vault.documents.original(document) as file:
        assert file.read() == b"".join(vault.documents.chunks(document)) == "Bilan œdème\fpremière\f".encode()


def test_the_same_bytes_are_stored_once(vault: Vault, world: World) -> None:
    first = put(vault, "texte")
    before = world.files().keys()
    assert put(vault, "texte") == first
    assert world.files().keys() - {"record.db-wal"} == before - {"record.db-wal"}
    assert vault.documents.count(ANYTHING) == 1
    check_index(vault)


def test_ids(vault: Vault) -> None:
    document = put(vault, "texte")
    assert len(document.id) == 10
    assert set(document.id) <= set(CROCKFORD)
    assert vault.documents.find(f" {document.id[:4].upper()} ") == document
    assert vault.documents.find(document.id.replace("0", "O").replace("1", "L")) == document
    vault.database.execute("UPDATE document SET id = 'abc0000000'")
    put(vault, "autre")
    vault.database.execute("UPDATE document SET id = 'abd0000000' WHERE id <> 'abc0000000'")
    assert vault.documents.find("abc").id == "abc0000000"
    for prefix in ("ab", "", " ", "x", "abc00000000", "é", "'", "%", "\udce9"):
        with pytest.raises(NotFoundError):
            vault.documents.find(prefix)


def test_a_new_id_is_one_that_no_document_has(vault: Vault, world: World) -> None:
    taken = put(vault, "texte").id
    draws = iter([sum(CROCKFORD.index(c) << 5 * i for i, c in enumerate(taken)).to_bytes(7), bytes(7)])
    vault.documents._random = lambda _size: next(draws)
    assert vault.documents.new_id() == "0000000000"


def test_filters(vault: Vault) -> None:
    old = put(vault, "a", title="old", date=date(2024, 1, 31), type_code=Kind.BIOLOGY.type_code, practitioner="Luc DURAND")
    new = put(vault, "b", title="new", date=date(2024, 2, 1), practitioner="Élise D’Œuvre")
    undated = put(vault, "c", title="undated")
    deleted = put(vault, "d", title="deleted")
    vault.documents.trash(deleted)

    def titles(**fields: object) -> list[str]:
        wanted = Filter(**fields)  # type: ignore[arg-type]
        assert vault.documents.count(wanted) == len(vault.documents.all(wanted))
        return [document.title for document in vault.documents.all(wanted)]

    assert titles() == [new.title, old.title, undated.title]
    assert titles(kind=Kind.BIOLOGY) == ["old"]
    assert titles(since=date(2024, 2, 1)) == ["new"]
    assert titles(until=date(2024, 1, 31)) == ["old"]
    assert titles(since=date(2024, 1, 31), until=date(2024, 2, 1)) == ["new", "old"]
    assert titles(practitioner="durand") == ["old"]
    assert titles(practitioner="d'oeuvre ELISE") == ["new"]
    assert titles(practitioner='" OR title : new') == []
    assert titles(in_trash=True) == ["deleted"]
    with pytest.raises(UsageError):
        titles(practitioner=" -")


def test_an_edit_changes_the_fields_the_index_and_the_journal(vault: Vault) -> None:
    document = put(vault, "texte commun", title="Avant")
    changed = vault.documents.edit(document, title="Après", tags=("nouveau",), type_code=Kind.IMAGING.type_code)
    assert (
        changed
        == replace(document, title="Après", tags=("nouveau",), type_code=Kind.IMAGING.type_code)
        == vault.documents.find(document.id)
    )
    assert [vault.search(word, ANYTHING, 5).total for word in ("avant", "apres", "nouveau", "commun")] == [0, 1, 1, 1]
    assert vault.documents.count(Filter(kind=Kind.IMAGING)) == 1
    last = [entry for entry in vault.journal.entries() if entry.event is Event.DOCUMENT_EDITED][-1]
    assert (last.subject, last.details) == (document.id, {"fields": "tags title type_code"})
    check_index(vault)


def test_an_edit_of_nothing_leaves_no_trace(vault: Vault) -> None:
    document = put(vault, "texte")
    before = len(vault.journal.entries())
    assert vault.documents.edit(document, title=document.title) == document
    assert len(vault.journal.entries()) == before


def test_an_edit_starts_from_what_is_there_not_from_what_was_read(vault: Vault, world: World) -> None:
    read_by_both = put(vault, "texte", title="Un")
    with world.open() as other:
        other.documents.edit(read_by_both, title="Deux")
        other.documents.trash(read_by_both)
    changed = vault.documents.edit(read_by_both, practitioner="Luc")
    assert (changed.title, changed.practitioner, changed.deleted_at) == ("Deux", "Luc", NOW)
    check_index(vault)


def test_what_was_edited_out_is_out_of_the_index_file(vault: Vault) -> None:
    document = put(vault, "texte", title="zqxjkvbnw")
    vault.documents.edit(document, title="autre")
    vault.database.execute("INSERT INTO search (search) VALUES ('optimize')")
    blocks = b"".join(row[0] for row in vault.database.all("SELECT block FROM search_data"))
    assert b"texte" in blocks or b"exte" in blocks
    assert b"qxjkvbnw" not in blocks


TEXTS = st.text(st.characters(categories=None), max_size=30) | st.sampled_from(
    ["œdème ﬁn", "e\u0301\u0301", "\udce9", "\x00a\x00", "İ½㎒", "\uf0b7puce"]
)


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], max_examples=40)
@given(title=TEXTS, page=TEXTS, tag=TEXTS, practitioner=TEXTS, source=TEXTS, later=TEXTS)
def test_any_text_is_stored_edited_and_indexed(
    vault: Vault, title: str, page: str, tag: str, practitioner: str, source: str, later: str
) -> None:
    data = repr((title, page, tag, practitioner, source, later)).encode()
    document = put(vault, page, data=data, title=title, tags=(tag,), practitioner=practitioner, provenance=Provenance(source_name=source))
    vault.documents.edit(document, title=later, tags=(tag, later))
    vault.documents.edit(document, title=title)
    check_index(vault)


def test_trash_and_back(vault: Vault, world: World) -> None:
    document = put(vault, "texte")
    vault.documents.trash(document)
    world.now += timedelta(days=1)
    vault.documents.trash(document)
    assert vault.documents.find(document.id).deleted_at == NOW
    assert vault.documents.all(ANYTHING) == []
    assert vault.search("texte", ANYTHING, 5).total == 0
    assert vault.search("texte", Filter(in_trash=True), 5).total == 1
    vault.documents.restore(document)
    vault.documents.restore(document)
    assert vault.documents.all(ANYTHING) == [document]
    assert vault.search("texte", ANYTHING, 5).total == 1
    events = [entry.event for entry in vault.journal.entries() if entry.subject == document.id]
    assert events == [Event.DOCUMENT_IMPORTED, Event.DOCUMENT_DELETED, Event.DOCUMENT_RESTORED]


def test_pages_that_are_hard_to_read(vault: Vault) -> None:
    document, other = put(vault, "bon"), put(vault, "autre")
    pages = [Page(1, "net", 0.9, TextSource.OCR), Page(2, "flou", 0.3, TextSource.OCR), Page(3, "", 0.0, TextSource.NONE)]
    blob = vault.blobs.write(io.BytesIO(b"photo"))
    photo = vault.documents.add(replace(document, id=vault.documents.new_id(), sha256=blob.sha256), pages, blob)
    assert vault.documents.hard_to_read() == [(photo.id, 2), (photo.id, 3)]
    assert vault.documents.pages(photo) == pages
    vault.documents.trash(photo)
    assert vault.documents.hard_to_read() == []
    assert other.id


def test_a_document_that_is_gone(vault: Vault) -> None:
    gone = replace(put(vault, "texte"), id=vault.documents.new_id())
    for use in (vault.documents.pages, vault.documents.original, vault.documents.chunks, lambda it: vault.documents.edit(it, title="x")):
        with pytest.raises(NotFoundError):
            use(gone)
    vault.documents.trash(gone)
    assert gone.id not in [entry.subject for entry in vault.journal.entries()]


def test_nothing_is_stored_by_half(vault: Vault, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(vault.journal, "write", lambda *_: (_ for _ in ()).throw(IntegrityError("planted")))
    with pytest.raises(IntegrityError):
        put(vault, "texte")
    for table in ("document", "page", "blob", "search_docsize"):
        assert vault.database.one(f"SELECT count(*) FROM {table}") == (0,)


def test_the_journal_holds_no_hash_of_a_document(vault: Vault) -> None:
    document: Document = put(vault, "texte")
    assert document.sha256 not in str(vault.database.all("SELECT * FROM journal"))
