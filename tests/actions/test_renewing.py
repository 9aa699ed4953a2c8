"""Keys that change: vouched for, questioned, revoked; and what was exchanged before."""

from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import pytest

from monespace_cli.actions.deciding import Decisions
from monespace_cli.actions.directory import find_person
from monespace_cli.actions.identity import keep_keys, renew_identity, revoke_identity, rotate_decryption
from monespace_cli.actions.people import add_contact, find_contact, own_card, own_keys
from monespace_cli.actions.renewing import accept_key, question_of
from monespace_cli.actions.taking import Taking
from monespace_cli.crypto.words import fingerprint_words
from monespace_cli.errors import NotFoundError, RevokedIdentityError, UnverifiedError
from monespace_cli.ingest.reader import IngestOptions
from monespace_cli.ports import NoProgress
from monespace_cli.record.access import Grant
from monespace_cli.record.card import Check, Stop
from monespace_cli.record.exchange import SentState
from monespace_cli.record.key_life import IN_USE, KEPT
from monespace_cli.vault.access import Basis
from monespace_cli.vault.in_use import OWNER_SPACE
from tests.actions.exchange import Party, correct, deposit, own_paper, revoke, share, statuses, zoe_and_lea


@pytest.fixture
def both(tmp_path: Path) -> Iterator[tuple[Party, Party]]:
    with zoe_and_lea(tmp_path) as both:
        yield both


def print_of(party: Party) -> str:
    return own_keys(party.vault).fingerprint


def renewed(lea: Party) -> list[Path]:
    lea.later()
    renew_identity(lea.vault, lea.now, lea.random)
    return lea.write()


def test_a_renewal_takes_the_place_of_the_key_with_all_that_was_decided(both: tuple[Party, Party]) -> None:
    zoe, lea = both
    earlier = print_of(lea)
    zoe.vault.access.grant(Basis.ALLOWED, Grant(earlier), OWNER_SPACE)
    zoe.vault.access.block(earlier, OWNER_SPACE)
    assert statuses(zoe.add(*renewed(lea))) == [("noted", "key-renewed")]
    stored = zoe.vault.contacts.get(earlier)
    assert stored is not None
    assert (stored.fingerprint, stored.check, stored.auto_accept) == (print_of(lea), Check.RENEWAL, True)
    policy = zoe.vault.access.policy(OWNER_SPACE)
    assert {grant.contact for grant in policy.grants} == policy.blocked == {print_of(lea)}
    assert find_person(zoe.vault, "PETIT").id == print_of(lea)
    deposit(lea, "le résultat")
    assert statuses(zoe.add(*lea.write())) == [("accepted", None)]


def test_a_renewal_of_a_key_that_nobody_compared_proves_no_more_than_that_key(both: tuple[Party, Party]) -> None:
    zoe, lea = both
    zoe.vault.contacts.verify(print_of(lea), Check.NONE)
    zoe.add(*renewed(lea))
    assert not find_contact(zoe.vault, "PETIT").is_verified


def test_a_stranger_renews_nothing(both: tuple[Party, Party]) -> None:
    zoe, lea = both
    zoe.vault.contacts.remove(print_of(lea))
    (arrival,) = zoe.add(*renewed(lea))
    assert (arrival.status, arrival.code) == ("refused", "bad-bundle")
    assert "a key that you do not know" in (arrival.message or "")


def test_what_was_exchanged_before_goes_on_under_the_new_key(both: tuple[Party, Party]) -> None:
    zoe, lea = both
    first, second = deposit(lea, "un"), deposit(lea, "deux")
    zoe.add(*lea.write())
    shared = share(zoe, own_paper(zoe, "à moi"))
    zoe.write()
    zoe.add(*renewed(lea))
    correct(lea, first.bundle, "un, juste")
    revoke(lea, second.bundle)
    zoe.add(*lea.write())
    assert zoe.titles() == ["un, juste", "à moi"]
    assert zoe.vault.outbox.find(shared.bundle).state is SentState.SENT


def test_a_bundle_to_the_fingerprint_before_still_arrives(both: tuple[Party, Party]) -> None:
    zoe, lea = both
    shared = share(zoe, own_paper(zoe, "à moi"))
    sent = zoe.write()
    news = renewed(lea)
    assert [status for status, _code in statuses(lea.add(*sent))] == ["accepted"]
    zoe.add(*news)
    answers = lea.write()
    assert {status for status, _code in statuses(zoe.add(*answers))} == {"noted"}
    assert zoe.vault.outbox.find(shared.bundle).state is SentState.ACCEPTED


def test_what_the_key_before_signed_and_comes_later_waits_for_a_person(both: tuple[Party, Party]) -> None:
    zoe, lea = both
    deposit(lea, "en route")
    late = lea.write()
    zoe.add(*renewed(lea)[-1:])
    assert statuses(zoe.add(*late)) == [("waiting", "unverified")]


def test_what_the_new_key_signed_may_come_before_what_vouches_for_it(both: tuple[Party, Party]) -> None:
    zoe, lea = both
    (renewal,) = renewed(lea)
    deposit(lea, "déjà signé de la nouvelle clé")
    (new,) = lea.write()
    assert statuses(zoe.add(new)) == [("refused", "bad-bundle")]
    assert statuses(zoe.add(new, renewal)) == [("accepted", None), ("noted", "key-renewed")]


def test_a_revocation_stops_what_comes_beside_it(both: tuple[Party, Party]) -> None:
    zoe, lea = both
    deposit(lea, "d'un voleur")
    (stolen,) = lea.write()
    lea.later()
    revoke_identity(lea.vault, "", lea.now, lea.random)
    word = lea.write()[-1]
    assert statuses(zoe.add(word, stolen)) == [("noted", "key-revoked"), ("refused", "revoked-identity")]


def test_another_key_stops_everything_until_it_is_decided(both: tuple[Party, Party]) -> None:
    zoe, lea = both
    earlier = print_of(lea)
    deposit(lea, "en route")
    late = lea.write()
    renew_identity(lea.vault, lea.now, lea.random)  # what she tells of it gets lost
    with pytest.raises(UnverifiedError, match="another key came"):
        add_contact(zoe.vault, own_card(lea.vault, lea.now)[1])
    contact = find_contact(zoe.vault, "PETIT")
    assert (contact.stop, contact.is_verified) == (Stop.KEY_CHANGED, False)
    with pytest.raises(UnverifiedError, match="another key came"):
        share(zoe, own_paper(zoe, "à moi"))
    assert statuses(zoe.add(*late)) == [("refused", "bad-bundle")]
    change, card = question_of(zoe.vault, contact)
    assert card.fingerprint == print_of(lea)
    with pytest.raises(UnverifiedError, match="not the words"):
        accept_key(zoe.vault, change, " ".join(fingerprint_words(earlier)))
    accept_key(zoe.vault, change, " ".join(fingerprint_words(print_of(lea))))
    contact = find_contact(zoe.vault, "PETIT")
    assert (contact.card.fingerprint, contact.stop, contact.check) == (print_of(lea), None, Check.WORDS)
    share(zoe, own_paper(zoe, "encore à moi"))
    with pytest.raises(NotFoundError):
        question_of(zoe.vault, contact)


def test_a_rejected_key_leaves_all_as_it_was(both: tuple[Party, Party]) -> None:
    zoe, lea = both
    before = find_contact(zoe.vault, "PETIT")
    deposit(lea, "en route")
    late = lea.write()
    renew_identity(lea.vault, lea.now, lea.random)
    with pytest.raises(UnverifiedError):
        add_contact(zoe.vault, own_card(lea.vault, lea.now)[1])
    zoe.vault.contacts.reject(question_of(zoe.vault, before)[0])
    assert find_contact(zoe.vault, "PETIT") == before
    assert statuses(zoe.add(*late)) == [("accepted", None)]


def test_a_patient_has_no_number_so_a_person_says_whose_card_it_is(both: tuple[Party, Party]) -> None:
    zoe, lea = both
    patient = find_contact(lea.vault, "MARTIN")
    renew_identity(zoe.vault, zoe.now, zoe.random)
    with pytest.raises(UnverifiedError, match="another key came"):
        add_contact(lea.vault, own_card(zoe.vault, zoe.now)[1], patient)
    change, _card = question_of(lea.vault, patient)
    accept_key(lea.vault, change, " ".join(fingerprint_words(print_of(zoe))))
    assert lea.vault.patients_known.get(print_of(zoe)) is not None
    deposit(lea, "le résultat")


def test_from_a_revoked_key_nothing_comes_any_more_and_nothing_goes_to_it(both: tuple[Party, Party]) -> None:
    zoe, lea = both
    zoe.vault.contacts.trust(print_of(lea), auto_accept=False)
    deposit(lea, "attend")
    zoe.add(*lea.write())
    deposit(lea, "en route")
    late = lea.write()[-1:]
    lea.later()
    revoke_identity(lea.vault, "volée", lea.now, lea.random)
    word = lea.write()[-1:]
    assert statuses(zoe.add(*word)) == [("noted", "key-revoked")]
    assert statuses(zoe.add(*word)) == [("known", "replayed")]
    assert statuses(zoe.add(*late)) == [("refused", "revoked-identity")]
    (waiting,) = zoe.vault.inbox.waiting()
    taking = Taking(zoe.vault, zoe.reader, IngestOptions(ocr=False), zoe.clock)
    options = {"accept_unverified": True, "identity_confirmed": True, "space": None}
    with pytest.raises(RevokedIdentityError):
        list(Decisions(zoe.vault, zoe.clock).accept(waiting, taking, NoProgress(), **options))  # type: ignore[arg-type]
    with pytest.raises(UnverifiedError, match="revoked this key"):
        share(zoe, own_paper(zoe, "à moi"))
    with pytest.raises(UnverifiedError, match="another key came"):
        add_contact(zoe.vault, own_card(lea.vault, lea.now)[1])


def test_decryption_keys_change_once_a_year_and_contacts_learn_of_it_with_the_next_bundle(both: tuple[Party, Party]) -> None:
    zoe, lea = both
    words, card = print_of(zoe), find_contact(lea.vault, "MARTIN").card
    zoe.now += IN_USE - timedelta(seconds=1)
    assert not keep_keys(zoe.vault, zoe.now)
    zoe.later()
    assert keep_keys(zoe.vault, zoe.now)
    assert not keep_keys(zoe.vault, zoe.now)
    assert print_of(zoe) == words
    deposit(lea, "à l'ancienne clé")
    assert statuses(zoe.add(*lea.write())) == [("accepted", None)]
    lea.now = zoe.now
    lea.add(*zoe.write())  # the receipt brings the card
    contact = find_contact(lea.vault, "MARTIN")
    assert contact.card.recipients == own_card(zoe.vault, zoe.now)[0].recipients != card.recipients
    assert contact.is_verified
    zoe.now += KEPT
    keep_keys(zoe.vault, zoe.now)
    assert {r.public for r in card.recipients}.isdisjoint(key.recipient.public for key in own_keys(zoe.vault).decryption)
    deposit(lea, "à la nouvelle clé")
    assert statuses(zoe.add(*lea.write()[-1:])) == [("accepted", None)]


def test_old_keys_stay_while_a_bundle_that_came_in_time_waits(both: tuple[Party, Party]) -> None:
    zoe, lea = both
    zoe.vault.contacts.trust(print_of(lea), auto_accept=False)
    deposit(lea, "attend")
    zoe.add(*lea.write())
    zoe.later()
    rotate_decryption(zoe.vault)
    zoe.now += KEPT
    keep_keys(zoe.vault, zoe.now)
    assert len(zoe.vault.keys.decryption_since()) == 3
    Decisions(zoe.vault, zoe.clock).refuse(zoe.vault.inbox.waiting()[0])
    keep_keys(zoe.vault, zoe.now)
    assert len(zoe.vault.keys.decryption_since()) == 2
