"""Types are told by content; random bytes are a type or one of our errors."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from monespace_cli.errors import UnreadableInputError
from monespace_cli.ingest.detect import MediaType, decode_text, media_type
from monespace_cli.interop.media import FHIR_JSON, HEAD_SIZE, MEDIA_TYPES
from tests.ingest.papers import encoded, page, pdf
from tests.ingest.samples import CT, RTF, heic

ACCENTED = "Hémoglobine : 13,5 g/dL – œdème"


def code_of(data: bytes) -> str:
    with pytest.raises(UnreadableInputError) as caught:
        media_type(data)
    return caught.value.code


@pytest.mark.parametrize("kind", ["JPEG", "PNG", "TIFF"])
def test_images(kind: str) -> None:
    assert media_type(encoded(page(size=(20, 20)), kind)) == f"image/{kind.lower()}"


def test_pdf_even_behind_junk() -> None:
    assert media_type(pdf(1)) is media_type(b"\x00junk\r\n" + pdf(1)) is MediaType.PDF
    assert code_of(b"\x00" * 1020 + b"%PDF-1.4") == "unsupported-type"
    assert media_type(b"A text about the %PDF- header") is MediaType.TEXT


@pytest.mark.parametrize("major", [b"heic", b"heix", b"mif1", b"msf1"])
def test_heic_by_any_of_its_names(major: bytes) -> None:
    assert media_type(b"\x00\x00\x00\x18ftyp" + major + b"\x00\x00\x00\x00mif1heic" + bytes(9)) is MediaType.HEIC


@pytest.mark.parametrize(
    "data",
    [encoded(page(size=(20, 20)), kind) for kind in ("JPEG", "PNG", "TIFF", "WEBP")]
    + [heic(page(size=(20, 20))), pdf(1), b"\r\n" + pdf(1), CT, RTF, ACCENTED.encode("cp1252")],
    ids=["jpeg", "png", "tiff", "webp", "heic", "pdf", "late pdf", "dicom", "rtf", "text"],
)
def test_what_is_taken_in_can_be_sent(data: bytes) -> None:
    assert MEDIA_TYPES[media_type(data)].fits(data[:HEAD_SIZE])


def test_every_type_can_be_sent_and_only_summaries_as_data_besides() -> None:
    assert set(MEDIA_TYPES) == {*MediaType, FHIR_JSON}


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "cp1252"])
def test_text(encoding: str) -> None:
    data = ACCENTED.encode(encoding)
    assert media_type(data) is MediaType.TEXT
    assert decode_text(data) == ACCENTED


def test_text_of_big_endian_utf_16() -> None:
    assert decode_text(b"\xfe\xff" + ACCENTED.encode("utf-16-be")) == ACCENTED


@pytest.mark.parametrize(
    "data",
    [
        b"PK\x03\x04" + bytes(30),
        b"\x7fELF" + bytes(60),
        b"a\x00b",
        b"\x1b[2J",
        b"caf\xe9\x81",
        b"\xff\xfe\x00",
        b"<?xml version='1.0'?><ClinicalDocument/>",
        "\ufeff  <!DOCTYPE html>".encode(),
        b"\x00\x00\x00\x18ftypavif\x00\x00\x00\x00avifmif1",
        b"\x00\x00\x00\x18ftypmif1\x00\x00\x00\x00mif1avif",
        b"\x00\x00\x00\x18ftypisom\x00\x00\x00\x00heic",
        b"RIFF\x00\x00\x00\x00WAVE",
        b"GIF89a\x01\x00\x01\x00",
    ],
)
def test_anything_else_is_unsupported(data: bytes) -> None:
    assert code_of(data) == "unsupported-type"


def test_an_empty_file_has_a_code_of_its_own() -> None:
    assert code_of(b"") == "empty-file"


@given(st.binary(max_size=300))
def test_random_bytes_raise_nothing_else(data: bytes) -> None:
    try:
        found = media_type(data)
    except UnreadableInputError as error:
        assert error.code in {"empty-file", "unsupported-type"}
    else:
        assert found in MediaType


@given(st.text(st.characters(exclude_categories=["Cc", "Cs"]), min_size=1))
def test_what_is_text_stays_that_text(text: str) -> None:
    assert decode_text(text.encode("utf-8-sig")) == text
