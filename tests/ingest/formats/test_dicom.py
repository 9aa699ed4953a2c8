"""A DICOM file's header is its text; values that are wrong or missing cost themselves only."""

import zlib
from io import BytesIO

import pytest
from PIL import Image

from monespace_cli.errors import UnreadableInputError
from monespace_cli.ingest.decode import open_document
from monespace_cli.ingest.reader import IngestOptions, Reader
from monespace_cli.record.document import TextSource
from tests.ingest.papers import encoded, page
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


def shown(**attributes: object) -> list[int]:
    """Return the grey values of the first two pixels of a picture."""
    return list(open_document(dicom(**attributes)).image(1).convert("L").tobytes()[:2])


RAMP = bytes(range(64))
"""Pixels from 0 to 63."""


def test_the_picture_is_as_bright_as_its_window_says() -> None:
    assert open_document(dicom(PixelData=RAMP)).image(1).size == (8, 8)
    assert shown(PixelData=RAMP) == [0, 4]
    assert shown(PixelData=RAMP, PhotometricInterpretation="MONOCHROME1") == [255, 251]
    assert shown(PixelData=RAMP, WindowCenter="1", WindowWidth="2")[1] > 100
    assert shown(PixelData=bytes(64)) == [0, 0]


def test_of_a_series_the_middle_is_shown() -> None:
    frames = bytes(64) + RAMP[::-1] + bytes(64)
    assert shown(NumberOfFrames="3", PixelData=frames) == [255, 251]


@pytest.mark.parametrize(
    "attributes",
    [
        {"PixelData": b"12"},
        {"Rows": 0},
        {"NumberOfFrames": "1000000000"},
        {"NumberOfFrames": "-3"},
        {"BitsAllocated": 7},
        {"PhotometricInterpretation": "NONSENSE", "SamplesPerPixel": 3},
    ],
)
def test_a_picture_that_is_none_is_an_error(attributes: dict[str, object]) -> None:
    document = open_document(dicom(**attributes))
    assert document.text(1) is not None
    with pytest.raises(UnreadableInputError) as refusal:
        document.image(1)
    assert refusal.value.code == "damaged-file"


def test_a_picture_of_too_many_pixels_is_not_decoded() -> None:
    with pytest.raises(UnreadableInputError) as refusal:
        open_document(dicom(Rows=65_000, Columns=65_000)).image(1)
    assert refusal.value.code == "too-many-pixels"


def test_a_preview_comes_from_the_child(reader: Reader) -> None:
    picture = reader.preview(CT, 1, IngestOptions())
    assert Image.open(BytesIO(picture)).size == (8, 8)
    large = reader.preview(encoded(page(size=(3000, 4000)), "JPEG"), 1, IngestOptions())
    assert Image.open(BytesIO(large)).size == (1200, 1600)
    assert reader.read(CT, IngestOptions()).media_type == "application/dicom"
    with pytest.raises(UnreadableInputError):
        reader.preview(b"text has no picture", 1, IngestOptions())
