"""What a person makes of what was read: confirmed, put right, turned down, or taken into the record."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import date, datetime, timedelta
from pathlib import Path

import pytest

from monespace_cli.actions.reviewing import Doubt, correct, doubts, findings, keep, reject, turn_down, waiting
from monespace_cli.actions.spaces import add_space
from monespace_cli.actions.whose import others_named
from monespace_cli.errors import NotFoundError, UsageError
from monespace_cli.record.codes import Kind
from monespace_cli.record.document import Candidate, CandidateState, Document, Provenance
from monespace_cli.record.identity import Identity, Sex
from monespace_cli.record.life import LifeEvent
from monespace_cli.record.measures import Measure
from monespace_cli.record.people import SpaceKind
from monespace_cli.record.profile import Entry, Source
from monespace_cli.record.sections import Section
from monespace_cli.vault.vault import Vault
from tests.vault.world import NOW, World, put

TEXT = "Docteur Luc DURAND\nORDONNANCE\nDOLIPRANE 500 mg"
READ = (
    Candidate("kind", "prescription", 0.9),
    Candidate("date", "2024-03-12", 0.9, 1, 2),
    Candidate("date", "2024-03-11", 0.5, 1, 3),
    Candidate("practitioner", "Luc DURAND", 0.8, 1, 1),
    Candidate("title", "ORDONNANCE", 0.8, 1, 2),
    Candidate("medicine", "DOLIPRANE", 0.95, 1, 3, (("strength", "500 mg"),)),
)
PROPOSED = ("kind", "date", "practitioner", "title")
BOX = (Candidate("cip13", "3400930000007", 0.95), Candidate("lot", "AB12", 0.95), Candidate("expiry", "2027-05-31", 0.95))
PREVENAR = Candidate("medicine", "PREVENAR", 0.85, details=(("strength", "20"), ("substance", "vaccin")))


@pytest.fixture
def vault(tmp_path: Path) -> Iterator[Vault]:
    world = World(tmp_path / "vault")
    world.create()
    with world.open() as opened:
        yield opened


def paper(vault: Vault, *candidates: Candidate, kind: Kind = Kind.PRESCRIPTION, text: str = TEXT, imported_at: datetime = NOW) -> Document:
    """Store a paper as the import does, with what was read of it proposed."""
    document = put(
        vault,
        text,
        title="ORDONNANCE",
        type_code=kind.type_code,
        date=date(2024, 3, 12),
        practitioner="Luc DURAND",
        proposed=PROPOSED,
        provenance=Provenance(source_name="IMG_0042.jpg"),
        imported_at=imported_at,
    )
    with vault.database.transaction():
        vault.documents.candidates.add(document.id, candidates)
    return document


def states(vault: Vault, document: Document, field: str) -> list[CandidateState]:
    return [each.state for each in vault.documents.candidates.of(document.id) if each.candidate.field == field]


def doubt(vault: Vault, document: Document, field: str) -> Doubt:
    return next(each for each in doubts(vault, document) if each.field == field)


def test_the_oldest_waits_first_and_ids_are_taken_as_they_are(vault: Vault) -> None:
    late, early = paper(vault, imported_at=NOW), paper(vault, text="x", imported_at=NOW - timedelta(days=1))
    assert [each.id for each in waiting(vault)] == [early.id, late.id]
    vault.documents.confirm(early, PROPOSED)
    assert [each.id for each in waiting(vault)] == [late.id]
    assert [each.id for each in waiting(vault, [early.id])] == [early.id]
    with pytest.raises(NotFoundError):
        waiting(vault, ["zzzzzz"])


def test_a_doubt_shows_where_it_was_read(vault: Vault) -> None:
    document = paper(vault, *READ)
    assert [(each.field, each.value) for each in doubts(vault, document)] == [
        ("kind", "prescription"),
        ("date", "2024-03-12"),
        ("practitioner", "Luc DURAND"),
        ("title", "ORDONNANCE"),
    ]
    found = doubt(vault, document, "practitioner")
    assert (found.confidence, found.page, found.line) == (0.8, 1, "Docteur Luc DURAND")


def test_a_value_that_nothing_on_the_paper_says_has_no_place(vault: Vault) -> None:
    found = doubt(vault, paper(vault), "date")
    assert (found.value, found.confidence, found.line) == ("2024-03-12", None, "")


@pytest.mark.parametrize(
    ("field", "typed", "attribute", "value"),
    [
        ("kind", "letter", "kind", Kind.LETTER),
        ("date", " 2024-03-13 ", "date", date(2024, 3, 13)),
        ("date", "", "date", None),
        ("practitioner", "", "practitioner", ""),
        ("title", "Renouvellement", "title", "Renouvellement"),
    ],
)
def test_what_is_typed_wins_and_is_no_proposal(vault: Vault, field: str, typed: str, attribute: str, value: object) -> None:
    corrected = correct(vault, paper(vault, *READ), field, typed)
    assert getattr(corrected, attribute) == value
    assert corrected.proposed == tuple(each for each in PROPOSED if each != field)


@pytest.mark.parametrize(("field", "typed"), [("kind", "recipe"), ("date", "soon"), ("title", ""), ("title", "x" * 1000)])
def test_what_is_no_value_is_refused(vault: Vault, field: str, typed: str) -> None:
    document = paper(vault, *READ)
    with pytest.raises(UsageError):
        correct(vault, document, field, typed)
    assert vault.documents.find(document.id).proposed == PROPOSED


def test_a_reading_turned_down_gives_way_to_the_next_best(vault: Vault) -> None:
    document = paper(vault, *READ)
    once = turn_down(vault, document, doubt(vault, document, "date"))
    assert (once.date, once.proposed) == (date(2024, 3, 11), PROPOSED)
    assert states(vault, once, "date") == [CandidateState.REJECTED, CandidateState.PROPOSED]
    twice = turn_down(vault, once, doubt(vault, once, "date"))
    assert (twice.date, "date" in twice.proposed) == (None, False)
    assert states(vault, twice, "date") == [CandidateState.REJECTED] * 2


@pytest.mark.parametrize(
    ("field", "attribute", "value"),
    [("kind", "kind", Kind.OTHER), ("practitioner", "practitioner", ""), ("title", "title", "IMG_0042")],
)
def test_without_another_reading_a_field_is_empty_and_settled(vault: Vault, field: str, attribute: str, value: object) -> None:
    document = paper(vault, *READ)
    left = turn_down(vault, document, doubt(vault, document, field))
    assert getattr(left, attribute) == value
    assert field not in left.proposed
    assert states(vault, left, field) == [CandidateState.REJECTED]


def test_a_prescriptions_medicine_becomes_a_treatment_once(vault: Vault) -> None:
    document = paper(vault, *READ)
    [found] = findings(vault, document)
    assert (found.section, found.text, found.line) == (Section.TREATMENT, "DOLIPRANE 500 mg", "DOLIPRANE 500 mg")
    entry = keep(vault, document, found)
    assert isinstance(entry, Entry)
    assert (entry.text, entry.documents, entry.origin.source, entry.space) == (
        "DOLIPRANE 500 mg",
        (document.id,),
        Source.EXTRACTED,
        document.space,
    )
    assert findings(vault, document) == []


def test_a_finding_that_is_rejected_is_not_asked_again(vault: Vault) -> None:
    document = paper(vault, *READ)
    reject(vault, document, findings(vault, document)[0])
    assert findings(vault, document) == []
    assert states(vault, document, "medicine") == [CandidateState.REJECTED]


def test_other_papers_only_mention_medicines(vault: Vault) -> None:
    assert findings(vault, paper(vault, *READ, kind=Kind.LETTER)) == []


def test_a_result_becomes_a_measurement_on_its_papers_day(vault: Vault) -> None:
    result = Candidate("analyte", "Glycémie", 0.95, details=(("value", "0,95"), ("unit", "g/L")))
    unknown = Candidate("analyte", "Sodium", 0.95, details=(("value", "140"), ("unit", "mmol/L")))
    without_unit = replace(result, details=(("value", "0,95"),))
    document = paper(vault, result, unknown, without_unit, kind=Kind.BIOLOGY)
    [found] = findings(vault, document)
    measure = keep(vault, document, found)
    assert isinstance(measure, Measure)
    assert (measure.day, measure.typed) == (date(2024, 3, 12), "Glycémie 0,95 g/L")


def test_a_vaccination_has_its_own_day_and_lot(vault: Vault) -> None:
    shot = replace(PREVENAR, details=(*PREVENAR.details, ("lot", "K62051"), ("date", "2022-02-05")))
    document = paper(vault, shot, kind=Kind.VACCINATION)
    entry = keep(vault, document, findings(vault, document)[0])
    assert isinstance(entry, Entry)
    assert (entry.section, entry.text, entry.details, str(entry.start)) == (
        Section.VACCINATION,
        "PREVENAR 20",
        {"lot": "K62051"},
        "2022-02-05",
    )


def box_entry(vault: Vault, *candidates: Candidate) -> Entry:
    document = paper(vault, *candidates, kind=Kind.OTHER)
    [found] = findings(vault, document)
    entry = keep(vault, document, found)
    assert isinstance(entry, Entry)
    return entry


def test_a_box_gives_its_medicine_with_what_its_code_says(vault: Vault) -> None:
    entry = box_entry(vault, *BOX, Candidate("medicine", "DOLIPRANE", 0.9, details=(("strength", "500 mg"),)))
    assert (entry.section, entry.text) == (Section.TREATMENT, "DOLIPRANE 500 mg")
    assert entry.comment == "cip13 3400930000007, lot AB12, expiry 2027-05-31"


def test_a_vaccines_box_gives_the_lot_of_the_vaccination(vault: Vault) -> None:
    entry = box_entry(vault, *BOX, PREVENAR)
    assert (entry.section, entry.details) == (Section.VACCINATION, {"lot": "AB12"})


def test_a_box_whose_name_was_not_read_is_known_by_its_number(vault: Vault) -> None:
    assert box_entry(vault, *BOX).text == "CIP 3400930000007"


def test_two_boxes_on_a_photo_are_not_told_apart(vault: Vault) -> None:
    two = (*BOX, replace(BOX[0], value="3400930000014"), PREVENAR)
    assert findings(vault, paper(vault, *two, kind=Kind.OTHER)) == []


def test_whose_paper_it_may_be(vault: Vault) -> None:
    add_space(vault, Identity("MARTIN", ("Léa-Rose",), date(2012, 8, 3), Sex.FEMALE), SpaceKind.CHILD)
    own, hers, nearly, nobodys, silent = (
        paper(vault, *(Candidate("patient", name, 0.95) for name in names), text=f"{names}")
        for names in (["Zoé MARTIN"], ["Léa-Rose MARTIN"], ["Léa MARTIN"], ["Paul ROUX"], [])
    )
    assert [others_named(vault, each) for each in (own, hers, nearly, nobodys, silent)] == [
        [],
        ["Léa-Rose MARTIN"],
        ["Léa-Rose MARTIN"],
        [],
        [],
    ]


def test_a_space_that_is_closed_is_not_told_of(vault: Vault) -> None:
    lea = add_space(vault, Identity("MARTIN", ("Léa",), date(2012, 8, 3), Sex.FEMALE), SpaceKind.CHILD)
    document = paper(vault, Candidate("patient", "Léa MARTIN", 0.95))
    assert others_named(vault, document) == ["Léa MARTIN"]
    with vault.database.transaction():
        vault.spaces.take_step(lea, LifeEvent.CLOSED)
    assert others_named(vault, document) == []
