"""Corrections and revocations end in the same place in whatever order they arrive."""

from collections.abc import Iterator
from itertools import permutations
from pathlib import Path

import pytest

from monespace_cli.actions.depositing import Depositor
from monespace_cli.actions.erasing import erase
from monespace_cli.errors import NotAllowedError, UsageError
from monespace_cli.record.exchange import ReceivedState
from monespace_cli.vault.documents import Filter
from tests.actions.exchange import Party, correct, deposit, own_paper, paper, revoke, statuses, to, zoe_and_lea

Two = tuple[Party, Party]


@pytest.fixture
def two(tmp_path: Path) -> Iterator[Two]:
    with zoe_and_lea(tmp_path) as parties:
        yield parties


def history(zoe: Party) -> dict[str, list[str]]:
    """What stands, and what each took the place of."""
    documents = zoe.vault.documents
    return {document.title: [each.title for each in documents.history.earlier(document)] for document in documents.all(Filter())}


@pytest.mark.parametrize("order", list(permutations(range(3))))
def test_corrections_of_corrections_in_any_order(tmp_path: Path, order: tuple[int, ...]) -> None:
    with zoe_and_lea(tmp_path) as (zoe, lea):
        first = deposit(lea, "un").bundle
        second = correct(lea, first, "deux").bundle
        correct(lea, second, "trois")
        paths = lea.write()
        for index in order:
            zoe.add(paths[index])
        assert history(zoe) == {"trois": ["deux", "un"]}


@pytest.mark.parametrize("order", list(permutations(range(3))))
def test_a_correction_back_to_what_was_first(tmp_path: Path, order: tuple[int, ...]) -> None:
    with zoe_and_lea(tmp_path) as (zoe, lea):
        first = deposit(lea, "un").bundle
        second = correct(lea, first, "deux").bundle
        correct(lea, second, "un")
        paths = lea.write()
        for index in order:
            zoe.add(paths[index])
        assert history(zoe) == {"un": ["deux"]}


@pytest.mark.parametrize("order", list(permutations(range(3))))
def test_a_correction_that_is_taken_back(tmp_path: Path, order: tuple[int, ...]) -> None:
    with zoe_and_lea(tmp_path) as (zoe, lea):
        first = deposit(lea, "un").bundle
        revoke(lea, correct(lea, first, "deux").bundle)
        paths = lea.write()
        for index in order:
            zoe.add(paths[index])
        assert history(zoe) == {}
        assert {each.title for each in zoe.vault.documents.all(Filter(superseded=True))} == {"un", "deux"}


@pytest.mark.parametrize("order", list(permutations(range(2))))
def test_what_waits_is_not_offered_after_it_was_taken_back(tmp_path: Path, order: tuple[int, ...]) -> None:
    with zoe_and_lea(tmp_path) as (zoe, lea):
        zoe.knows(lea, auto_accept=False)
        first = deposit(lea, "un").bundle
        revoke(lea, first)
        paths = lea.write()
        for index in order:
            zoe.add(paths[index])
        found = zoe.vault.inbox.find(first)
        assert (found.state, found.blob, zoe.vault.inbox.waiting()) == (ReceivedState.REVOKED, None, [])


@pytest.mark.parametrize("order", list(permutations(range(2))))
def test_what_waits_is_still_offered_after_it_was_corrected(tmp_path: Path, order: tuple[int, ...]) -> None:
    with zoe_and_lea(tmp_path) as (zoe, lea):
        zoe.knows(lea, auto_accept=False)
        correct(lea, deposit(lea, "un").bundle, "deux")
        paths = lea.write()
        for index in order:
            zoe.add(paths[index])
        assert [item.state for item in zoe.vault.inbox.waiting()] == [ReceivedState.WAITING] * 2


def test_each_document_takes_the_place_of_the_one_in_its_place(two: Two) -> None:
    zoe, lea = two
    first = deposit(lea, "a1", "b1").bundle
    correct(lea, first, "a2", "b2")
    zoe.add(*lea.write())
    assert history(zoe) == {"a2": ["a1"], "b2": ["b1"]}


def test_a_paper_of_the_holders_own_is_not_taken_away(two: Two) -> None:
    zoe, lea = two
    own_paper(zoe, "le mien")
    revoke(lea, deposit(lea, "le mien").bundle)
    zoe.add(*lea.write())
    assert zoe.titles() == ["le mien"]


@pytest.mark.parametrize("order", list(permutations(range(3))))
def test_what_another_deposit_brought_as_well_stands(tmp_path: Path, order: tuple[int, ...]) -> None:
    with zoe_and_lea(tmp_path) as (zoe, lea):
        first = deposit(lea, "pareil").bundle
        deposit(lea, "pareil")
        revoke(lea, first)
        paths = lea.write()
        for index in order:
            zoe.add(paths[index])
        assert zoe.titles() == ["pareil"]


def test_nobody_else_takes_it_away(two: Two, tmp_path: Path) -> None:
    zoe, lea = two
    first = deposit(lea, "un").bundle
    zoe.add(*lea.write())
    with zoe_and_lea(tmp_path / "others") as (_other, eve):
        eve.knows(zoe)
        # Eve has seen the bundle's id and hash, and says of it what only its signer may say.
        sent = lea.vault.outbox.find(first)
        from monespace_cli.actions.outgoing import Outgoing
        from monespace_cli.actions.people import own_card
        from monespace_cli.sync.body import Revocation
        from monespace_cli.sync.kinds import Kind
        from monespace_cli.sync.manifest import read_manifest
        from monespace_cli.sync.sealing import Contents, ToContact

        body = Revocation(first, read_manifest(sent.manifest.encode()).digest)
        Outgoing(eve.vault, eve.now, eve.random).to_outbox(Contents(Kind.REVOCATION, body=body), ToContact(own_card(zoe.vault, zoe.now)[0]))
        assert statuses(zoe.add(*eve.write())) == [("refused", "bad-bundle")]
    assert zoe.titles() == ["un"]


def test_a_revocation_by_somebody_else_before_the_original_binds_nobody(two: Two, tmp_path: Path) -> None:
    zoe, lea = two
    first = deposit(lea, "un").bundle
    zoe.vault.database.execute(
        "INSERT INTO withdrawal (bundle, sender, by, kind, reason, at) VALUES (?, 'eve', 'x', 'revocation', '', '')", (first,)
    )
    zoe.add(*lea.write())
    assert zoe.titles() == ["un"]


def test_a_deposit_is_spoken_of_once(two: Two) -> None:
    _zoe, lea = two
    first = deposit(lea, "un").bundle
    with pytest.raises(UsageError):
        correct(lea, first, "deux", "trois")
    correct(lea, first, "deux")
    with pytest.raises(NotAllowedError):
        correct(lea, first, "trois")
    with pytest.raises(NotAllowedError):
        revoke(lea, first)


def again(lea: Party, bundle: str, text: str, title: str) -> str:
    """The same paper, of which the depositor says something else."""
    lea.later()
    sent = lea.vault.outbox.find(bundle)
    return Depositor(lea.vault, lea.now, lea.random).correct(sent, to(lea), [paper(text, title=title)]).bundle


@pytest.mark.parametrize("order", list(permutations(range(3))))
def test_a_correction_of_what_was_said_of_a_paper_alone(tmp_path: Path, order: tuple[int, ...]) -> None:
    with zoe_and_lea(tmp_path) as (zoe, lea):
        again(lea, again(lea, deposit(lea, "un").bundle, "un", "mieux"), "un", "le mieux")
        paths = lea.write()
        for index in order:
            zoe.add(paths[index])
        assert history(zoe) == {"le mieux": []}


def test_what_a_person_changed_or_hid_stays(two: Two) -> None:
    zoe, lea = two
    first = deposit(lea, "un").bundle
    zoe.add(*lea.write())
    (document,) = zoe.vault.documents.all(Filter())
    zoe.vault.documents.edit(document, confidentiality=("R", "MASQUE_PS"))
    again(lea, first, "un", "mieux")
    paths = lea.write()
    zoe.add(*paths)
    (document,) = zoe.vault.documents.all(Filter())
    assert (document.title, document.confidentiality) == ("mieux", ("N", "MASQUE_PS"))
    zoe.vault.documents.edit(document, title="le mien")
    zoe.add(*paths)
    assert zoe.titles() == ["le mien"]


def test_another_deposit_of_the_same_paper_does_not_rename_it(two: Two) -> None:
    zoe, lea = two
    first = deposit(lea, "un").bundle
    Depositor(lea.vault, lea.now, lea.random).deposit(to(lea), [paper("un", title="deux")])
    revoke(lea, first)
    zoe.add(*lea.write())
    assert zoe.titles() == ["un"]


def test_a_correction_of_what_was_erased_says_nothing_of_it(two: Two) -> None:
    zoe, lea = two
    first = deposit(lea, "un").bundle
    zoe.add(*lea.write())
    (document,) = zoe.vault.documents.all(Filter())
    erase(zoe.vault, [document])
    correct(lea, first, "deux")
    assert ("accepted", None) in statuses(zoe.add(*lea.write()))
    assert zoe.titles() == ["deux"]


def test_what_a_person_changed_stays_when_the_first_deposit_comes_late(two: Two) -> None:
    zoe, lea = two
    again(lea, deposit(lea, "un").bundle, "un", "mieux")
    first, correction = lea.write()
    zoe.add(correction)
    (document,) = zoe.vault.documents.all(Filter())
    zoe.vault.documents.edit(document, title="le mien")
    zoe.add(first)
    assert zoe.titles() == ["le mien"]


def test_a_paper_of_the_holders_own_keeps_its_words(two: Two) -> None:
    zoe, lea = two
    own_paper(zoe, "le mien")
    again(lea, deposit(lea, "le mien").bundle, "le mien", "autre")
    zoe.add(*lea.write())
    assert zoe.titles() == ["le mien"]
