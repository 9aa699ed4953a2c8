"""Candidates stay as they were read, in their order, with what a person made of them, and go with their document."""

import pytest

from monespace_cli.record.document import Candidate, CandidateState, DocumentId
from monespace_cli.vault.vault import Vault
from tests.vault.world import put

MEDICINE = Candidate("medicine", "PREVENAR", 0.85, 2, 7, (("strength", "20"), ("lot", "K62051")))
KIND = Candidate("kind", "vaccination", 0.99)


def test_candidates_come_back_as_they_were_read(vault: Vault) -> None:
    document = put(vault, "carnet")
    with vault.database.transaction():
        vault.documents.candidates.add(document.id, [KIND, MEDICINE])
    stored = vault.documents.candidates.of(document.id)
    assert [(each.number, each.candidate, each.state) for each in stored] == [
        (1, KIND, CandidateState.PROPOSED),
        (2, MEDICINE, CandidateState.PROPOSED),
    ]


def test_more_of_them_are_numbered_on(vault: Vault) -> None:
    document = put(vault, "carnet")
    with vault.database.transaction():
        vault.documents.candidates.add(document.id, [KIND])
        vault.documents.candidates.add(document.id, [])
        vault.documents.candidates.add(document.id, iter([MEDICINE]))
    assert [each.number for each in vault.documents.candidates.of(document.id)] == [1, 2]


def test_one_is_settled_and_the_others_are_not(vault: Vault) -> None:
    first, second = put(vault, "un"), put(vault, "deux")
    with vault.database.transaction():
        for document in (first, second):
            vault.documents.candidates.add(document.id, [KIND, MEDICINE])
        vault.documents.candidates.settle(first.id, 2, CandidateState.REJECTED)
    states = [[each.state for each in vault.documents.candidates.of(document.id)] for document in (first, second)]
    assert states == [[CandidateState.PROPOSED, CandidateState.REJECTED], [CandidateState.PROPOSED] * 2]


def test_an_unknown_document_has_none(vault: Vault) -> None:
    assert vault.documents.candidates.of(DocumentId("0000000000")) == []


@pytest.mark.parametrize("value", ["\ud800", "é\u0301", "x" * 5000, "'; DROP TABLE candidate; --"])
def test_whatever_was_read_is_kept(vault: Vault, value: str) -> None:
    document = put(vault, "carnet")
    with vault.database.transaction():
        vault.documents.candidates.add(document.id, [Candidate("title", value, 0.5, details=(("unit", value),))])
    [stored] = vault.documents.candidates.of(document.id)
    readable = value.replace("\ud800", "?")
    assert (stored.candidate.value, stored.candidate.details) == (readable, (("unit", readable),))


def test_they_are_forgotten_with_their_document(vault: Vault) -> None:
    document = put(vault, "carnet")
    with vault.database.transaction():
        vault.documents.candidates.add(document.id, [MEDICINE])
    assert vault.database.one("SELECT count(*) FROM candidate") == (1,)
    vault.documents.erase(document)
    assert vault.database.one("SELECT count(*) FROM candidate") == (0,)
