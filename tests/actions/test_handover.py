"""A grown child's record goes over whole: everything is equal afterwards, and nobody else's vault takes it."""

import hashlib
import io
import json
from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest

from monespace_cli.actions import handover
from monespace_cli.actions.deciding import Decisions
from monespace_cli.actions.directory import add_practitioner, set_role
from monespace_cli.actions.handover import hand_over, prepare, take_over
from monespace_cli.actions.imported import ImportedItem
from monespace_cli.actions.knowledge import Knowledge
from monespace_cli.actions.people import add_contact, find_contact, own_card, own_keys
from monespace_cli.actions.spaces import add_space
from monespace_cli.actions.taking import Taking
from monespace_cli.errors import BundleError, NewerFormatError, NotAllowedError, PatientMismatchError, UnverifiedError, UsageError
from monespace_cli.ingest.reader import IngestOptions
from monespace_cli.ports import NoProgress
from monespace_cli.record.access import EmergencySwitches, Grant
from monespace_cli.record.card import Check
from monespace_cli.record.document import Author, Candidate, CandidateState, Document, DocumentId, Page, Provenance, TextSource
from monespace_cli.record.exchange import SentState
from monespace_cli.record.identity import Identity, Profession, Sex
from monespace_cli.record.life import LifeEvent
from monespace_cli.record.measures import Measure, measure_kinds
from monespace_cli.record.people import SpaceKind
from monespace_cli.record.practitioner import CareRole
from monespace_cli.record.profile import Entry, Origin, Source
from monespace_cli.record.sections import Section
from monespace_cli.sync.limits import LIMITS
from monespace_cli.sync.opening import OpenedBundle, open_bundle
from monespace_cli.sync.record import record_bytes
from monespace_cli.vault.access import Basis
from monespace_cli.vault.documents import Filter
from monespace_cli.vault.in_use import OWNER_SPACE
from tests.actions.exchange import ZOE, Party, party, statuses
from tests.vault.world import NOW

CHILDHOOD = NOW.replace(year=2020)
LEO = Identity("MARTIN", ("Léo",), date(2008, 11, 1), Sex.MALE)
DOCTOR = Identity("DURAND", ("Luc",), date(1970, 1, 1), Sex.MALE)


@dataclass
class Family:
    """A mother with her child's space, and the child with a vault."""

    zoe: Party
    leo: Party
    space: int

    def handed_over(self) -> Path:
        hand_over(self.zoe.vault, prepare(self.zoe.vault, self.space, find_contact(self.zoe.vault, "Léo")), self.zoe.now, self.zoe.random)
        return self.zoe.write()[-1]

    def accept(self, *, by: Party | None = None, **options: Any) -> list[ImportedItem]:
        receiver = by or self.leo
        taking = Taking(receiver.vault, receiver.reader, IngestOptions(ocr=False), receiver.clock)
        (waiting,) = receiver.vault.inbox.waiting()
        said = {"accept_unverified": False, "identity_confirmed": True, "space": None, **options}
        return list(Decisions(receiver.vault, receiver.clock).accept(waiting, taking, NoProgress(), **said))


@pytest.fixture
def family(tmp_path: Path) -> Iterator[Family]:
    with party(tmp_path / "zoe", ZOE) as zoe, party(tmp_path / "leo", LEO) as leo:
        zoe.knows(leo)
        leo.knows(zoe)
        zoe.now = CHILDHOOD
        space = add_space(zoe.vault, LEO, SpaceKind.CHILD)
        zoe.now = NOW
        yield Family(zoe, leo, space)


def put_paper(zoe: Party, space: int, text: str, **changes: Any) -> DocumentId:
    data = text.encode()
    document = Document(
        id=zoe.vault.documents.new_id(),
        space=space,
        title=text,
        type_code="11502-2",
        media_type="text/plain",
        size=len(data),
        sha256=hashlib.sha256(data).hexdigest(),
        page_count=1,
        confidence=0.1 + 0.2,
        imported_at=NOW,
    )
    page = Page(1, text, 0.1 + 0.2, TextSource.OCR, ("levelled",))
    return zoe.vault.documents.add(replace(document, **changes), [page], zoe.vault.blobs.write(io.BytesIO(data))).id


def fill(family: Family) -> None:
    """Put something of everything into the child's space."""
    zoe, space = family.zoe, family.space
    vault = zoe.vault
    signed = Provenance(Author.PRACTITIONER, "ab" * 32, "cd" * 16, "crp.pdf", manifest=(("lot", "7"),))
    first = put_paper(zoe, space, "ancien résultat", provenance=signed, tags=("école",), date=date(2020, 2, 29))
    second = put_paper(zoe, space, "résultat corrigé", confidentiality=("N", "MASQUE_PS"))
    put_paper(zoe, space, "d'un scanner", provenance=Provenance(Author.UNVERIFIED, sealed_at=NOW))
    vault.documents.candidates.add(
        first, [Candidate("medicine", "Amlor", 0.3 + 0.4, 1, 2, (("strength", "5 mg"),)), Candidate("date", "x", 1)]
    )
    vault.documents.candidates.settle(first, 1, CandidateState.REJECTED)
    third = put_paper(zoe, space, "jeté", proposed=("kind",), notices=("other-patient",))
    vault.documents.history.supersede(first, second, "ef" * 16)
    found = vault.documents.get(third)
    assert found
    vault.documents.trash(found)
    entry = Entry(
        vault.profile.new_id(), Section.ALLERGY, "arachide", space=space, documents=(second,), origin=Origin(Source.EXTRACTED, second)
    )
    vault.profile.add(entry)
    zoe.later()
    vault.profile.edit(entry.id, comment="grave")
    vault.profile.undo(entry.id)
    gone = vault.profile.add(Entry(vault.profile.new_id(), Section.TREATMENT, "sirop", space=space))
    vault.profile.remove(gone.id)
    weight = measure_kinds()["weight"]
    measure = Measure(vault.measures.new_id(), weight, (Decimal("31.5"),), date(2020, 5, 1), None, "31,5 kg", "à l'école", space=space)
    vault.measures.add(measure)
    vault.measures.remove(measure)
    doctor = add_practitioner(vault, "DURAND", "Luc", Profession.PHYSICIAN, specialty="pédiatre")
    set_role(vault, doctor, CareRole.ATTENDING, on=True, space=space)
    pharmacist = add_practitioner(vault, "BLANC", "Eva", Profession.PHARMACIST)
    set_role(vault, pharmacist, CareRole.PHARMACIST, on=True, space=space)
    vault.access.grant(Basis.ALLOWED, Grant(own_keys(family.leo.vault).fingerprint, end=NOW), space)
    vault.access.block(pharmacist.id, space)
    vault.access.switch_emergency(EmergencySwitches(samu=True, others=False, masked=True), space)
    vault.access.hide(second, (doctor.id,), space)
    # and something of hers, which stays
    put_paper(zoe, OWNER_SPACE, "à la mère")
    vault.profile.add(Entry(vault.profile.new_id(), Section.ALLERGY, "pollen", space=OWNER_SPACE))
    add_practitioner(vault, "NOIR", "Ana", Profession.MIDWIFE)


def test_everything_is_equal_afterwards(family: Family) -> None:
    zoe, leo = family.zoe, family.leo
    fill(family)
    before = zoe.vault.handing.rows_of(family.space)
    assert statuses(leo.add(family.handed_over())) == [("waiting", "asks-first")]
    items = family.accept()
    after = leo.vault.handing.rows_of(OWNER_SPACE)
    lines = before.pop("journal")
    former = leo.vault.handing.former_journal()
    assert [(line.at.isoformat(), line.event, line.subject) for line in former] == [(x["at"], x["event"], x["subject"]) for x in lines]
    assert leo.vault.handing.former_journal(1) == former[-1:]
    after.pop("journal")
    assert before.pop("contact")  # Léo himself, whom he need not know
    assert after.pop("contact") == []
    assert after == before
    assert all(before[table] for table in before)
    for item in items:
        there, here = (vault.documents.get(DocumentId(item.document or "")) for vault in (zoe.vault, leo.vault))
        assert there and here
        assert b"".join(leo.vault.documents.chunks(here)) == b"".join(zoe.vault.documents.chunks(there))
    assert leo.vault.search("corrigé", Filter(), 10).total == 1
    assert not leo.vault.search("mère", Filter(), 10).total


def test_who_handed_it_over_is_told_and_it_is_taken_over_once(family: Family) -> None:
    fill(family)
    bundle = family.handed_over()
    family.leo.add(bundle)
    family.accept()
    assert statuses(family.leo.add(bundle)) == [("known", "replayed")]
    family.zoe.add(*family.leo.write())
    (sent,) = [each for each in family.zoe.vault.outbox.all() if each.kind == "handover"]
    assert sent.state is SentState.ACCEPTED


def test_an_empty_space_goes_over_too(family: Family) -> None:
    family.leo.add(family.handed_over())
    assert family.accept() == []


def test_a_vault_that_holds_something_takes_nothing_over(family: Family) -> None:
    fill(family)
    put_paper(family.leo, OWNER_SPACE, "à moi")
    family.leo.add(family.handed_over())
    before = family.leo.vault.handing.rows_of(OWNER_SPACE)
    with pytest.raises(NotAllowedError, match="an empty vault"):
        family.accept()
    assert family.leo.vault.handing.rows_of(OWNER_SPACE) == before
    assert len(family.leo.vault.inbox.waiting()) == 1


def test_a_person_says_whose_it_is_where_the_number_is_missing(family: Family) -> None:
    family.leo.add(family.handed_over())
    with pytest.raises(PatientMismatchError):
        family.accept(identity_confirmed=False)


def test_it_goes_to_whom_it_is_about_once_their_words_were_compared(family: Family, tmp_path: Path) -> None:
    zoe = family.zoe
    leo = find_contact(zoe.vault, "Léo")
    with pytest.raises(NotAllowedError, match="represents"):
        hand_over(zoe.vault, prepare(zoe.vault, OWNER_SPACE, leo), zoe.now, zoe.random)
    with party(tmp_path / "luc", DOCTOR) as luc:
        zoe.knows(luc)
        with pytest.raises(NotAllowedError, match="another name"):
            hand_over(zoe.vault, prepare(zoe.vault, family.space, find_contact(zoe.vault, "DURAND")), zoe.now, zoe.random)
    zoe.vault.contacts.verify(leo.card.fingerprint, Check.NONE)
    with pytest.raises(UnverifiedError):
        family.handed_over()


def test_who_only_helps_hands_nothing_over(family: Family) -> None:
    zoe, leo = family.zoe, family.leo
    space = add_space(zoe.vault, replace(LEO, given_names=("Éloi",)), SpaceKind.HELPED)
    with pytest.raises(NotAllowedError):
        hand_over(zoe.vault, prepare(zoe.vault, space, find_contact(zoe.vault, "Léo")), leo.now, zoe.random)
    zoe.vault.spaces.take_step(family.space, LifeEvent.CLOSED)
    with pytest.raises(NotAllowedError):
        family.handed_over()


def test_a_namesake_does_not_take_it_in(family: Family, tmp_path: Path) -> None:
    """Who bears the same name and was born another day is somebody else, whatever the sender believed."""
    zoe = family.zoe
    with party(tmp_path / "namesake", replace(LEO, birth_date=date(1999, 1, 1))) as other:
        other.knows(zoe)
        contact = add_contact(zoe.vault, own_card(other.vault, other.now)[1])
        zoe.vault.contacts.verify(contact.card.fingerprint, Check.WORDS)
        hand_over(zoe.vault, prepare(zoe.vault, family.space, find_contact(zoe.vault, contact.card.fingerprint)), zoe.now, zoe.random)
        (arrival,) = other.add(zoe.write()[-1])
        assert (arrival.status, arrival.code) == ("refused", "bad-bundle")
        assert "another person" in (arrival.message or "")


def opened(family: Family) -> OpenedBundle:
    fill(family)
    source = io.BytesIO(family.handed_over().read_bytes())
    policy = Knowledge(family.leo.vault).policy(accepts_unverified=False)
    return open_bundle(source, opener=own_keys(family.leo.vault), policy=policy, now=family.leo.now)


BAD: list[tuple[str, str, Any]] = [
    ("document", "id", "../../x"),
    ("document", "sha256", "0" * 64),
    ("document", "confidence", "nan"),
    ("document", "imported_at", "yesterday"),
    ("document", "provenance", "{}"),
    ("document", "tags", 7),
    ("document", "tags", "[[]]"),
    ("document", "title", 7),
    ("page", "document", "nobody"),
    ("page", "number", None),
    ("page", "confidence", "2"),
    ("page", "text", None),
    ("entry", "section", "nowhere"),
    ("entry", "content", '{"text":1}'),
    ("entry", "change", "stolen"),
    ("measure", "kind", "mood"),
    ("measure", "value", "many"),
    ("practitioner", "profession", "wizard"),
    ("care_role", "role", "king"),
    ("access_grant", "basis", "everything"),
    ("access_mask", "named", "[7]"),
    ("contact", "card", "hello"),
    ("superseded", "at", "2020-01-01"),
    ("journal", "details", "[]"),
    ("candidate", "document", "nobody"),
    ("candidate", "field", "../x"),
    ("candidate", "confidence", "2"),
    ("candidate", "page", 0),
    ("candidate", "details", '{"strength":5}'),
    ("candidate", "state", "stolen"),
]


@pytest.mark.parametrize(("table", "column", "value"), BAD)
def test_a_record_that_is_none_is_refused_and_nothing_of_it_is_kept(family: Family, table: str, column: str, value: Any) -> None:
    bundle = opened(family)
    record = json.loads(bundle.record)
    record["tables"][table][0][column] = value
    bad = replace(bundle, record=record_bytes(record["tables"]))
    before = family.leo.vault.handing.rows_of(OWNER_SPACE)
    with pytest.raises(BundleError), family.leo.vault.database.transaction():
        list(take_over(family.leo.vault, bad, NoProgress()))
    assert family.leo.vault.handing.rows_of(OWNER_SPACE) == before


@pytest.mark.parametrize("table", ["document", "page", "candidate", "superseded", "entry", "measure", "practitioner"])
def test_the_same_thing_twice_is_refused(family: Family, table: str) -> None:
    bundle = opened(family)
    tables = json.loads(bundle.record)["tables"]
    tables[table].append(tables[table][0])
    with pytest.raises(BundleError), family.leo.vault.database.transaction():
        list(take_over(family.leo.vault, replace(bundle, record=record_bytes(tables)), NoProgress()))


def test_what_only_a_later_release_knows_is_said_to_be_newer(family: Family) -> None:
    bundle = opened(family)
    tables = json.loads(bundle.record)["tables"]
    tables["journal"][0]["event"] = "document-sung"
    with pytest.raises(NewerFormatError), family.leo.vault.database.transaction():
        list(take_over(family.leo.vault, replace(bundle, record=record_bytes(tables)), NoProgress()))
    assert family.leo.vault.handing.is_empty(OWNER_SPACE)


def test_a_record_of_the_first_version_has_no_proposals(family: Family) -> None:
    bundle = opened(family)
    record = json.loads(bundle.record)
    del record["tables"]["candidate"]
    first = json.dumps({**record, "version": 1}, separators=(",", ":"), sort_keys=True, ensure_ascii=False).encode()
    list(take_over(family.leo.vault, replace(bundle, record=first), NoProgress()))
    assert family.leo.vault.handing.rows_of(OWNER_SPACE)["candidate"] == []


@pytest.mark.parametrize("limit", [{"documents": 2}, {"record": 1_000}, {"archive": 1_000}])
def test_what_does_not_fit_is_said_before_anything_is_sealed(
    family: Family, limit: dict[str, int], monkeypatch: pytest.MonkeyPatch
) -> None:
    fill(family)
    monkeypatch.setattr(handover, "LIMITS", replace(LIMITS, **limit))
    with pytest.raises(UsageError, match="does not fit"):
        prepare(family.zoe.vault, family.space, find_contact(family.zoe.vault, "Léo"))
    assert family.zoe.vault.outbox.all() == []


def test_a_document_without_its_original_or_an_original_without_a_document_is_refused(family: Family) -> None:
    bundle = opened(family)
    with pytest.raises(BundleError), family.leo.vault.database.transaction():
        list(take_over(family.leo.vault, replace(bundle, documents=bundle.documents[1:]), NoProgress()))
