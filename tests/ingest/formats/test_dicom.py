"""A DICOM file's header is its text; values that are wrong or missing cost themselves only."""

import zlib
from io import BytesIO

import numpy as np
import pydicom
import pytest
from PIL import Image
from pydicom import uid
from pydicom.encaps import encapsulate

from monespace_cli.errors import UnreadableInputError
from monespace_cli.ingest.decode import open_document
from monespace_cli.ingest.problems import Notice
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


COLOURS = Image.new("RGB", (48, 32), (255, 0, 0))
COLOURS.paste((0, 255, 0), (16, 0, 32, 32))
COLOURS.paste((0, 0, 255), (32, 0, 48, 32))
PLANES = np.asarray(COLOURS).transpose(2, 0, 1)
YCC = np.asarray(COLOURS.convert("YCbCr"))
HALF_YCC = np.stack((YCC[:, ::2, 0], YCC[:, 1::2, 0], YCC[:, ::2, 1], YCC[:, ::2, 2]), axis=-1)

DEEP = np.arange(32 * 48, dtype="<u2") * 40
IN_DEPTH = {"Rows": 32, "Columns": 48, "BitsAllocated": 16, "BitsStored": 16, "HighBit": 15}


def in_colour(words: str, pixels: bytes, syntax: uid.UID = uid.ExplicitVRLittleEndian, /, **attributes: object) -> bytes:
    shape = {"Rows": 32, "Columns": 48, "SamplesPerPixel": 3, "PlanarConfiguration": 0}
    return dicom(syntax, PhotometricInterpretation=words, PixelData=pixels, **(shape | attributes))


def in_rle(data: bytes) -> bytes:
    file, out = pydicom.dcmread(BytesIO(data)), BytesIO()
    file.compress(uid.RLELossless)
    file.save_as(out)
    return out.getvalue()


def frames(kind: str, **options: object) -> bytes:
    """Return three frames of the colours, each coded as a picture."""
    return encapsulate([encoded(COLOURS, kind, **options)] * 3)


def palette() -> dict[str, object]:
    """Return the attributes of a palette of nothing, red, green and blue."""
    shown = {"Red": 1, "Green": 2, "Blue": 3}
    tables = {f"{name}PaletteColorLookupTableData": bytes(255 * (entry == place) for entry in range(4)) for name, place in shown.items()}
    return tables | {f"{name}PaletteColorLookupTableDescriptor": [4, 0, 8] for name in shown}


@pytest.mark.parametrize(
    "data",
    [
        in_colour("RGB", COLOURS.tobytes()),
        in_colour("RGB", PLANES.tobytes(), PlanarConfiguration=1),
        in_colour("YBR_FULL", YCC.tobytes()),
        in_colour("YBR_FULL_422", HALF_YCC.tobytes()),
        in_rle(in_colour("RGB", COLOURS.tobytes())),
        in_colour("YBR_FULL_422", frames("JPEG", quality=95), uid.JPEGBaseline8Bit, NumberOfFrames="3"),
        in_colour("YBR_RCT", frames("JPEG2000", no_jp2=True), uid.JPEG2000Lossless, NumberOfFrames="3"),
        in_colour("YBR_ICT", frames("JPEG2000", no_jp2=True, irreversible=True), uid.JPEG2000, NumberOfFrames="3"),
        in_colour("PALETTE COLOR", bytes([1] * 16 + [2] * 16 + [3] * 16) * 32, SamplesPerPixel=1, **palette()),
    ],
    ids=["rgb", "planes", "ybr", "ybr-422", "rle", "jpeg", "jpeg2000-lossless", "jpeg2000", "palette"],
)
def test_colours_are_shown_as_they_are(data: bytes) -> None:
    document = open_document(data)
    picture = document.image(1)
    assert (picture.mode, picture.size, document.notices) == ("RGB", (48, 32), ())
    seen, meant = (np.asarray(image)[16, [4, 24, 44]].astype(int) for image in (picture, COLOURS))
    assert np.abs(seen - meant).max() <= 3


@pytest.mark.parametrize(
    "data",
    [
        dicom(PixelData=DEEP.tobytes(), **IN_DEPTH),
        in_rle(dicom(PixelData=DEEP.tobytes(), **IN_DEPTH)),
        dicom(
            uid.JPEG2000Lossless,
            PixelData=encapsulate([encoded(Image.fromarray(DEEP.reshape(32, 48)), "JPEG2000", no_jp2=True)]),
            **IN_DEPTH,
        ),
        dicom(PixelData=(DEEP.astype(int) - 30_000).astype("<i2").tobytes(), PixelRepresentation=1, **IN_DEPTH),
    ],
    ids=["plain", "rle", "jpeg2000", "signed"],
)
def test_sixteen_bits_are_shown_from_black_to_white(data: bytes) -> None:
    grey = list(open_document(data).image(1).tobytes())
    assert (grey[0], grey[-1]) == (0, 255)
    assert grey == sorted(grey)


def test_a_window_is_of_values_after_they_are_rescaled_and_its_first_choice_counts() -> None:
    windowed = {"WindowCenter": ["20000", "1"], "WindowWidth": ["10000", "2"], "RescaleSlope": "1", "RescaleIntercept": "-10000"}
    data = {"PixelData": DEEP.tobytes(), **IN_DEPTH, **windowed}
    grey, inverted = (
        np.frombuffer(open_document(dicom(PhotometricInterpretation=words, **data)).image(1).tobytes(), np.uint8)
        for words in ("MONOCHROME2", "MONOCHROME1")
    )
    assert (grey[DEEP <= 25_000] == 0).all()
    assert (grey[DEEP >= 35_000] == 255).all()
    assert np.array_equal(inverted, 255 - grey)


@pytest.mark.filterwarnings("ignore:Invalid value for VR")
@pytest.mark.parametrize("width", [b"00", b"-9", b"ab"])
def test_a_window_that_makes_no_sense_says_nothing(width: bytes) -> None:
    data = dicom(PixelData=RAMP, WindowCenter="10", WindowWidth="77")
    assert list(open_document(data.replace(b"77", width)).image(1).tobytes()[:2]) == [0, 4]


@pytest.mark.parametrize("syntax", [uid.JPEGLosslessSV1, uid.JPEGLSLossless, uid.HTJ2KLossless, uid.MPEG2MPML, uid.JPEGExtended12Bit])
def test_a_picture_coded_in_a_way_unknown_here_costs_itself_and_is_told(syntax: uid.UID, reader: Reader) -> None:
    data = dicom(syntax, PixelData=encapsulate([bytes(20)]), StudyDescription="Echographie", BitsStored=12, BitsAllocated=16, HighBit=11)
    read = reader.read(data, IngestOptions())
    assert (read.pages[0].text, read.notices) == ("Examen : Echographie", (Notice.NOT_SHOWN,))
    with pytest.raises(UnreadableInputError) as refusal:
        reader.preview(data, 1, IngestOptions())
    assert refusal.value.code == "no-picture"


def test_a_transfer_syntax_that_nobody_knows_costs_the_picture() -> None:
    document = open_document(CT.replace(b"1.2.840.10008.1.2.1\0", b"1.2.840.10008.9.9.9\0"))
    assert document.notices == (Notice.NOT_SHOWN,)
    assert "Modalité : CT (scanner)" in document.text(1)


def test_a_report_without_a_picture_is_no_damage() -> None:
    report, out = pydicom.dcmread(BytesIO(CT)), BytesIO()
    del report.PixelData
    report.save_as(out)
    with pytest.raises(UnreadableInputError) as refusal:
        open_document(out.getvalue()).image(1)
    assert refusal.value.code == "no-picture"


@pytest.mark.parametrize(("syntax", "kind"), [(uid.JPEGBaseline8Bit, "JPEG"), (uid.JPEG2000Lossless, "JPEG2000")])
def test_a_stream_larger_than_the_header_says_is_damage(syntax: uid.UID, kind: str) -> None:
    bomb = encoded(Image.new("L", (6000, 6000)), kind, **({"no_jp2": True} if kind == "JPEG2000" else {}))
    with pytest.raises(UnreadableInputError) as refusal:
        open_document(dicom(syntax, PixelData=encapsulate([bomb]))).image(1)
    assert refusal.value.code == "damaged-file"


def test_a_preview_comes_from_the_child(reader: Reader) -> None:
    picture = reader.preview(CT, 1, IngestOptions())
    assert Image.open(BytesIO(picture)).size == (8, 8)
    large = reader.preview(encoded(page(size=(3000, 4000)), "JPEG"), 1, IngestOptions())
    assert Image.open(BytesIO(large)).size == (1200, 1600)
    assert reader.read(CT, IngestOptions()).media_type == "application/dicom"
    with pytest.raises(UnreadableInputError):
        reader.preview(b"text has no picture", 1, IngestOptions())
