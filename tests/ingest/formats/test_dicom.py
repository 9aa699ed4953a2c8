"""A DICOM file's header is its text; values that are wrong or missing cost themselves only."""

import zlib

import pytest

from monespace_cli.errors import UnreadableInputError
from monespace_cli.ingest.decode import open_document
from monespace_cli.record.document import TextSource
from tests.ingest.samples import CT, dicom


def fields(data: bytes) -> dict[str, str]:
    return {candidate.field: candidate.value for candidate in open_document(data).candidates(1)}


def test_the_header_is_text() -> None:
    document = open_document(CT)
    assert (document.media_type, document.own_text, document.page_count) == ("application/dicom", TextSource.PLAIN, 1)
    assert document.text(1).splitlines() == [
        "Examen : Scanner thoracique sans injection",
        "Modalité : CT (scanner)",
        "Région examinée : CHEST",
        "Date de l'examen : 12/03/2026",
        "Patient : Anne CHEVALIER",
        "Médecin demandeur : Thierry Clermont",
    ]


def test_the_header_gives_candidates() -> None:
    assert fields(CT) == {
        "kind": "imaging",
        "date": "2026-03-12",
        "patient": "Anne CHEVALIER",
        "title": "Scanner thoracique sans injection",
    }


def test_what_is_missing_is_left_out() -> None:
    data = dicom(Modality="XYZ")
    assert open_document(data).text(1) == "Modalité : XYZ"
    assert fields(data) == {"kind": "imaging"}


@pytest.mark.filterwarnings("ignore:Invalid value for VR")
def test_a_date_that_is_none_is_text_and_no_candidate() -> None:
    data = dicom(StudyDate="20260312", Modality="CT").replace(b"20260312", b"2026DEC1")
    assert fields(data) == {"kind": "imaging"}
    assert "Modalité : CT (scanner)" in open_document(data).text(1)


def test_a_value_that_cannot_be_understood_costs_itself() -> None:
    data = CT.replace(b"\x08\x00\x30\x10LO", b"\x08\x00\x30\x10FD")
    assert data != CT
    assert fields(data).keys() == {"kind", "date", "patient"}


def test_a_picture_that_is_cut_off_does_not_matter() -> None:
    assert open_document(CT[:-40]).text(1) == open_document(CT).text(1)


def test_names_in_several_scripts_and_values_are_one_line() -> None:
    data = dicom(PatientName="DUPONT^Zoé^^Mme=別の名前", PerformingPhysicianName=["A^B", "C^D"], InstitutionName="two\nlines " + "x" * 10)
    text = open_document(data).text(1)
    assert "Patient : Mme Zoé DUPONT\n" in text
    assert "Réalisé par : B A, D C" in text
    assert "Établissement : two lines xxxxxxxxxx" in text


def test_a_picture_is_not_drawn() -> None:
    with pytest.raises(UnreadableInputError):
        open_document(CT).image(1)


@pytest.mark.parametrize("keep", [132, 140, 200, 300])
def test_a_truncated_header_is_damaged_or_says_less(keep: int) -> None:
    try:
        assert len(open_document(CT[:keep]).text(1)) < len(open_document(CT).text(1))
    except UnreadableInputError as error:
        assert error.code == "damaged-file"


def test_a_deflated_header_is_read() -> None:
    deflated = zlib.compressobj(9, zlib.DEFLATED, -15)
    plain, body = CT.replace(b"1.2.840.10008.1.2.1\0", b"1.2.840.10008.1.2.1.99"), b""
    start = plain.index(b"\x08\x00\x05\x00CS")
    body = deflated.compress(plain[start:]) + deflated.flush()
    head = bytearray(plain[:start])
    length = head.index(b"1.2.840.10008.1.2.1.99") - 2
    head[length : length + 2] = (22).to_bytes(2, "little")
    assert "Modalité : CT" in open_document(bytes(head) + body).text(1)
