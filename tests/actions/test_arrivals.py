"""What a machine takes in by itself, what waits for a person, and what their sender is told."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import date
from pathlib import Path
from typing import BinaryIO

import pytest

from monespace_cli.actions.deciding import Decisions
from monespace_cli.actions.people import own_keys
from monespace_cli.actions.taking import Taking
from monespace_cli.errors import NotFoundError, NotWritableError, PatientMismatchError, UnverifiedError
from monespace_cli.ingest.reader import IngestOptions
from monespace_cli.ports import NoProgress
from monespace_cli.record.document import Author
from monespace_cli.record.exchange import ReceivedState, SentState
from monespace_cli.record.identity import Identity, Sex
from monespace_cli.record.journal import Event
from monespace_cli.sync.body import Receipt
from monespace_cli.sync.opening import open_bundle
from monespace_cli.vault.blobs import Blob, Blobs
from monespace_cli.vault.documents import Filter
from tests.actions.exchange import ZOE, Party, deposit, own_paper, party, share, statuses, zoe_and_lea
from tests.sync.people import KNOWN

Two = tuple[Party, Party]


@pytest.fixture
def two(tmp_path: Path) -> Iterator[Two]:
    with zoe_and_lea(tmp_path) as parties:
        yield parties


def accept(zoe: Party, bundle: str, *, unverified: bool = False, confirmed: bool = False) -> None:
    taking = Taking(zoe.vault, zoe.reader, IngestOptions(ocr=False), zoe.clock)
    decisions = Decisions(zoe.vault, zoe.clock)
    item = zoe.vault.inbox.find(bundle)
    list(decisions.accept(item, taking, NoProgress(), accept_unverified=unverified, identity_confirmed=confirmed, space=None))


def receipt_of(lea: Party, path: Path) -> Receipt:
    with path.open("rb") as file:
        policy = replace(KNOWN, is_recipient=lambda _card, _receipt: True)
        body = open_bundle(file, opener=own_keys(lea.vault), policy=policy, now=lea.now).body
    assert isinstance(body, Receipt)
    return body


def test_a_trusted_deposit_for_exactly_this_person_goes_in_by_itself(two: Two) -> None:
    zoe, lea = two
    bundle = deposit(lea, "résultat").bundle
    assert statuses(zoe.add(*lea.write())) == [("accepted", None)]
    assert zoe.titles() == ["résultat"]
    (found,) = zoe.vault.documents.all(Filter())
    assert (found.provenance.author, found.provenance.bundle) == (Author.PRACTITIONER, bundle)
    assert found.provenance.signer == own_keys(lea.vault).fingerprint


def test_its_sender_learns_what_became_of_each(two: Two) -> None:
    zoe, lea = two
    bundle = deposit(lea, "un", "deux").bundle
    sent = lea.write()
    assert lea.vault.outbox.find(bundle).state is SentState.SENT
    zoe.add(*sent)
    assert statuses(lea.add(*zoe.write())) == [("noted", "accepted")]
    found = lea.vault.outbox.find(bundle)
    assert (found.state, found.blob) == (SentState.ACCEPTED, None), "its copy is not needed any more"
    assert [each["outcome"] for each in found.documents] == ["accepted", "accepted"]
    assert lea.write() == [], "an answered bundle is not sent again"


def test_what_has_no_receipt_is_sent_again_and_known_again(two: Two) -> None:
    zoe, lea = two
    deposit(lea, "résultat")
    first, again = lea.write(), lea.write()
    assert first[0].read_bytes() == again[0].read_bytes()
    zoe.add(*first)
    lost = zoe.write()
    assert statuses(zoe.add(*again)) == [("known", "replayed")]
    assert zoe.titles() == ["résultat"]
    lea.add(*zoe.write())
    assert lea.vault.outbox.all()[0].state is SentState.ACCEPTED
    assert statuses(lea.add(*lost)) == [("noted", "accepted")], "the one that came late changes nothing"


@pytest.mark.parametrize(
    ("patient", "reason"),
    [
        (replace(ZOE, ins=None), "identity-without-ins"),
        (replace(ZOE, ins="279035121518989"), "identity-different"),
        (replace(ZOE, ins_oid="1.2.250.1.213.1.4.9"), "identity-different"),
        (replace(ZOE, birth_date=date(1980, 5, 18)), "identity-different"),
        (replace(ZOE, family_name="MARTINE"), "identity-different"),
    ],
)
def test_nothing_goes_to_somebody_who_may_be_another(tmp_path: Path, patient: Identity, reason: str) -> None:
    with zoe_and_lea(tmp_path, patient=patient) as (zoe, lea):
        bundle = deposit(lea, "résultat").bundle
        assert statuses(zoe.add(*lea.write())) == [("waiting", reason)]
        assert zoe.titles() == []
        with pytest.raises(PatientMismatchError):
            accept(zoe, bundle)
        accept(zoe, bundle, confirmed=True)
        assert zoe.titles() == ["résultat"]


def test_a_contact_who_is_not_trusted_so_waits(two: Two) -> None:
    zoe, lea = two
    zoe.knows(lea, auto_accept=False)
    bundle = deposit(lea, "résultat").bundle
    assert statuses(zoe.add(*lea.write())) == [("waiting", "not-automatic")]
    lea.add(*zoe.write())
    assert lea.vault.outbox.find(bundle).state is SentState.RECEIVED
    zoe.later()
    accept(zoe, bundle)
    lea.add(*zoe.write())
    assert lea.vault.outbox.find(bundle).state is SentState.ACCEPTED
    with pytest.raises(NotFoundError):
        accept(zoe, bundle)


def test_what_waits_is_kept_encrypted_and_goes_when_it_is_refused(two: Two) -> None:
    zoe, lea = two
    zoe.knows(lea, auto_accept=False)
    bundle = deposit(lea, "hémoglobine").bundle
    zoe.add(*lea.write())
    item = zoe.vault.inbox.find(bundle)
    assert item.blob
    file = zoe.vault.layout.blob(item.blob)
    assert b"moglobine" not in file.read_bytes()
    Decisions(zoe.vault, zoe.clock).refuse(item, "declined")
    assert not file.exists()
    lea.add(*zoe.write())
    found = lea.vault.outbox.find(bundle)
    assert (found.state, found.code) == (SentState.REFUSED, "declined")


def test_the_journal_says_what_came_and_what_was_decided(two: Two) -> None:
    zoe, lea = two
    taken = deposit(lea, "un").bundle
    zoe.add(*lea.write())
    zoe.knows(lea, auto_accept=False)
    refused = deposit(lea, "deux").bundle
    zoe.add(lea.write()[-1])
    Decisions(zoe.vault, zoe.clock).refuse(zoe.vault.inbox.find(refused), "declined")
    said = [(entry.event, entry.subject, entry.details.get("code")) for entry in zoe.vault.journal.entries()]
    assert (Event.BUNDLE_ACCEPTED, taken, None) in said
    assert (Event.BUNDLE_ARRIVED, refused, "not-automatic") in said
    assert (Event.BUNDLE_REFUSED, refused, "declined") in said


def test_what_was_decided_is_not_decided_again(two: Two) -> None:
    zoe, lea = two
    bundle = deposit(lea, "un").bundle
    zoe.add(*lea.write())
    with pytest.raises(NotFoundError, match="decided on before"):
        Decisions(zoe.vault, zoe.clock).refuse(zoe.vault.inbox.find(bundle))
    for prefix in ("", "no"):
        with pytest.raises(NotFoundError, match="no single bundle"):
            zoe.vault.inbox.find(prefix)


def test_a_stranger_waits_and_is_not_answered(two: Two) -> None:
    zoe, lea = two
    zoe.vault.contacts.remove(own_keys(lea.vault).fingerprint)
    bundle = deposit(lea, "résultat").bundle
    sent = lea.write()
    assert statuses(zoe.add(*sent)) == [("waiting", "unverified")]
    assert zoe.write() == [], "a stranger does not even learn that somebody is there"
    assert statuses(zoe.add(*sent)) == [("known", "replayed")]
    assert zoe.write() == [], "nor by sending it again"
    with pytest.raises(UnverifiedError):
        accept(zoe, bundle)
    Decisions(zoe.vault, zoe.clock).refuse(zoe.vault.inbox.find(bundle))
    assert zoe.write() == []


def test_who_was_never_verified_does_not_learn_why(two: Two) -> None:
    zoe, lea = two
    zoe.vault.contacts.remove(own_keys(lea.vault).fingerprint)
    zoe.knows(lea, verified=False)
    bundle = deposit(lea, "résultat").bundle
    zoe.add(*lea.write())
    Decisions(zoe.vault, zoe.clock).refuse(zoe.vault.inbox.find(bundle), "identity-different")
    (path,) = zoe.write()
    receipt = receipt_of(lea, path)
    assert (str(receipt.outcome), receipt.code) == ("refused", None)


def test_who_is_verified_learns_why(two: Two) -> None:
    zoe, lea = two
    zoe.knows(lea, auto_accept=False)
    bundle = deposit(lea, "résultat").bundle
    zoe.add(*lea.write())
    Decisions(zoe.vault, zoe.clock).refuse(zoe.vault.inbox.find(bundle), "identity-different")
    (path,) = zoe.write()
    assert receipt_of(lea, path).code == "identity-different"


def test_a_share_brings_who_the_patient_is(two: Two) -> None:
    zoe, lea = two
    fingerprint = own_keys(zoe.vault).fingerprint
    lea.vault.database.execute("DELETE FROM patient")
    share(zoe, own_paper(zoe, "ordonnance"))
    assert statuses(lea.add(*zoe.write())) == [("accepted", None)]
    known = lea.vault.patients_known.get(fingerprint)
    assert known
    assert known.identity == ZOE


def test_gaps_are_shown_and_filled(two: Two) -> None:
    zoe, lea = two
    for text in ("un", "deux", "trois"):
        deposit(lea, text)
    one, two_, three = lea.write()
    assert [zoe.add(path)[0].missing for path in (three, one, two_)] == [(1, 2), (2,), ()]
    assert zoe.titles() == ["deux", "trois", "un"]


@pytest.mark.parametrize("given", [(0, 1, 2), (2, 1, 0), (1, 0, 2)])
def test_files_given_together_are_taken_in_in_the_order_they_were_made_in(two: Two, given: tuple[int, ...]) -> None:
    zoe, lea = two
    for text in ("un", "deux", "trois"):
        deposit(lea, text)
    made = lea.write()
    arrivals = zoe.arrivals()
    found = list(arrivals.add([made[number] for number in given], NoProgress()))
    assert [arrival.path for arrival in found] == [str(made[number]) for number in given], "told as they were given"
    assert [arrival.missing for arrival in found] == [(), (), ()]
    assert arrivals.gaps() == []
    assert zoe.vault.database.all("SELECT title FROM document ORDER BY number") == [("un",), ("deux",), ("trois",)]


def test_a_gap_is_told_after_all_that_was_given(two: Two) -> None:
    zoe, lea = two
    for text in ("un", "deux", "trois"):
        deposit(lea, text)
    one, _lost, three = lea.write()
    arrivals = zoe.arrivals()
    list(arrivals.add([three, one], NoProgress()))
    assert [(gap.sender, gap.missing) for gap in arrivals.gaps()] == [(own_keys(lea.vault).fingerprint, (2,))]


def test_two_who_sign_about_one_new_person_do_not_stop_the_others(two: Two, tmp_path: Path) -> None:
    zoe, lea = two
    ali = Identity("BENALI", ("Ali",), date(2015, 3, 1), Sex.MALE)
    of_herself = share(zoe, own_paper(zoe, "à moi")).bundle
    with party(tmp_path / "paul", replace(ZOE, family_name="DUPONT", given_names=("Paul",), ins=None)) as paul:
        paul.knows(lea)
        lea.knows(paul)
        share(zoe, own_paper(zoe, "par Zoé"), about=ali)
        share(paul, own_paper(paul, "par Paul"), about=ali)
        found = lea.add(*zoe.write(), *paul.write())
    assert sorted(statuses(found), key=str) == [("accepted", None), ("accepted", None), ("waiting", "other-signer")]
    assert lea.vault.inbox.find(of_herself).state is ReceivedState.ACCEPTED
    (waiting,) = lea.vault.inbox.waiting()
    assert lea.vault.inbox.open_copy(waiting).read(3) == b"age"


def test_a_bundle_twice_in_one_run_is_taken_in_once(two: Two) -> None:
    zoe, lea = two
    deposit(lea, "un")
    paths = [*lea.write(), *lea.write()]
    assert statuses(zoe.add(*paths)) == [("accepted", None), ("known", "replayed")]
    assert [item.state for item in zoe.vault.inbox.all()] == [ReceivedState.ACCEPTED]


def test_what_is_no_bundle_does_not_stop_the_others(two: Two, tmp_path: Path) -> None:
    zoe, lea = two
    deposit(lea, "un")
    (good,) = lea.write()
    (tmp_path / "cut.age").write_bytes(good.read_bytes()[:-1])
    (tmp_path / "junk").write_bytes(b"junk")
    paths = [tmp_path / "cut.age", tmp_path / "junk", tmp_path / "nothing", good]
    assert [arrival.status for arrival in zoe.add(*paths)] == ["refused", "refused", "refused", "accepted"]


def test_a_full_disk_is_not_what_is_wrong_with_a_bundle(two: Two, monkeypatch: pytest.MonkeyPatch) -> None:
    zoe, lea = two
    zoe.knows(lea, auto_accept=False)
    deposit(lea, "un")
    sent = lea.write()

    def full(_self: Blobs, _source: BinaryIO) -> Blob:
        raise NotWritableError("full")

    with monkeypatch.context() as patch, pytest.raises(NotWritableError):
        patch.setattr(Blobs, "write", full)
        zoe.add(*sent)
    assert statuses(zoe.add(*sent)) == [("waiting", "not-automatic")]


def test_the_sender_knows_its_own_bundle(two: Two) -> None:
    _zoe, lea = two
    bundle = deposit(lea, "un").bundle
    (arrival,) = lea.add(*lea.write())
    assert (arrival.status, arrival.bundle) == ("own", bundle)


def test_a_deposit_for_another_recipient_is_refused(two: Two, tmp_path: Path) -> None:
    _zoe, lea = two
    deposit(lea, "un")
    with zoe_and_lea(tmp_path / "others") as (other, _lea):
        assert statuses(other.add(*lea.write())) == [("refused", "not-for-you")]
