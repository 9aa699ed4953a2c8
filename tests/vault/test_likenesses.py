from dataclasses import replace
from datetime import date

import pytest

from monespace_cli.record.document import Page, TextSource
from monespace_cli.vault.vault import Vault
from tests.vault.world import hardly_read, put

PAPER = " ".join(f"mot{number}" for number in range(60))
RESCAN = PAPER.replace("mot7 ", "m0t7 ").replace("mot33", "rnot33")
OTHER = " ".join(f"autre{number}" for number in range(60))
DAY, NEXT = date(2026, 3, 12), date(2026, 4, 12)


def test_another_scan_of_a_paper_is_pointed_out(vault: Vault) -> None:
    first = put(vault, PAPER, title="un")
    put(vault, OTHER, title="autre")
    again = put(vault, hardly_read(RESCAN), title="deux")
    assert vault.documents.near_duplicate_of(again) == first.id
    assert vault.documents.near_duplicate_of(first) is None


def test_the_pages_may_be_split_otherwise(vault: Vault) -> None:
    first = put(vault, PAPER[:200], PAPER[200:], title="un")
    assert vault.documents.near_duplicate_of(put(vault, RESCAN, title="deux")) == first.id


def test_the_most_alike_is_named(vault: Vault) -> None:
    put(vault, PAPER + " " + OTHER[:90], title="un")
    closest = put(vault, PAPER + " fin", title="deux")
    assert vault.documents.near_duplicate_of(put(vault, PAPER, title="trois")) == closest.id


@pytest.mark.parametrize(("one", "other", "found"), [(DAY, NEXT, False), (DAY, DAY, True), (DAY, None, True), (None, DAY, True)])
def test_a_renewed_prescription_bears_another_date(vault: Vault, one: date | None, other: date | None, found: bool) -> None:
    put(vault, PAPER, title="un", date=one)
    assert (vault.documents.near_duplicate_of(put(vault, RESCAN, title="deux", date=other)) is not None) is found


def test_what_is_in_the_trash_or_gone_is_not_named(vault: Vault) -> None:
    first = put(vault, PAPER, title="un")
    again = put(vault, RESCAN, title="deux")
    vault.documents.trash(first)
    assert vault.documents.near_duplicate_of(again) is None
    assert vault.documents.near_duplicate_of(put(vault, PAPER, title="trois")) == again.id
    vault.documents.restore(first)
    assert vault.documents.near_duplicate_of(again) == first.id
    vault.documents.erase(first)
    assert vault.documents.near_duplicate_of(again) is None


def test_nothing_of_an_erased_document_is_left(vault: Vault) -> None:
    document = put(vault, PAPER, title="un")
    vault.documents.erase(document)
    assert vault.database.all("SELECT * FROM likeness") == []
    assert vault.database.all("SELECT * FROM near_duplicate") == []


def test_a_paper_that_is_read_anew_is_recognised_by_its_new_text(vault: Vault) -> None:
    document = put(vault, OTHER, title="un")
    vault.documents.rewrite(document, [Page(1, PAPER, 1.0, TextSource.TYPED)])
    assert vault.documents.near_duplicate_of(put(vault, RESCAN, title="deux")) == document.id
    assert vault.documents.near_duplicate_of(put(vault, OTHER, title="trois")) is None


def test_another_space_is_another_person(vault: Vault) -> None:
    first = put(vault, PAPER, title="un")
    vault.database.execute("INSERT INTO space (id, owner, created_at) SELECT 9, owner, created_at FROM space WHERE id = 1")
    again = put(vault, RESCAN, title="deux", space=9)
    assert vault.documents.near_duplicate_of(again) is None
    assert vault.documents.near_duplicate_of(replace(first)) is None


def test_few_words_are_never_alike(vault: Vault) -> None:
    put(vault, "vu ce jour", title="un")
    assert vault.documents.near_duplicate_of(put(vault, "vu ce jour", title="deux")) is None
