"""Media types: names, format codes, and how their files begin."""

import pytest

from monespace_cli.interop.media import MEDIA_TYPES

HEADS = {
    "application/pdf": b"%PDF-1.7",
    "image/jpeg": b"\xff\xd8\xff\xe0",
    "image/png": b"\x89PNG\r\n\x1a\n",
    "image/tiff": b"II*\x00",
    "image/webp": b"RIFF\x24\x00\x00\x00WEBPVP8 ",
    "image/heic": b"\x00\x00\x00\x18ftypheic\x00\x00\x00\x00mif1heic",
    "application/zip": b"PK\x03\x04\x0a\x00",
    "application/dicom": bytes(128) + b"DICM\x02\x00",
    "text/rtf": b"{\\rtf1\\ansi",
    "application/fhir+json": b'{\n "resourceType": "Bundle",',
    "text/plain": b"Compte rendu",
}


@pytest.mark.parametrize("name", MEDIA_TYPES)
def test_a_head_fits_its_own_type_only(name: str) -> None:
    also = ["application/fhir+json"] if name == "text/plain" else []  # text for who does not know it
    assert [other for other, head in HEADS.items() if MEDIA_TYPES[name].fits(head)] == [*also, name]


def test_a_pdf_may_begin_late() -> None:
    assert MEDIA_TYPES["application/pdf"].fits(b"junk\n" * 100 + b"%PDF-1.4")
    assert not MEDIA_TYPES["application/pdf"].fits(b"x" * 1025 + b"%PDF-1.4")


@pytest.mark.parametrize("head", [b"MZ\x90\x00", b"a\x00b"])
def test_text_has_no_zero_byte(head: bytes) -> None:
    assert not MEDIA_TYPES["text/plain"].fits(head)


@pytest.mark.parametrize("head", [b"WEBP is a format", b"ftypheic stands here", b"x" * 129 + b"DICM", b"a {\\rtf group"])
def test_a_word_at_another_place_is_text(head: bytes) -> None:
    assert [name for name, media in MEDIA_TYPES.items() if media.fits(head)] == ["text/plain"]


def test_extensions_are_different_in_names_of_8_3_too() -> None:
    short = {media.extension_8_3 for media in MEDIA_TYPES.values()}
    assert len(short) == len(MEDIA_TYPES)
    assert all(len(extension) == 3 and extension.isupper() for extension in short)


def test_a_type_has_a_format_code_of_its_own_or_says_that_it_has_none() -> None:
    codes = [media.format_code for media in MEDIA_TYPES.values() if not media.format_code.endswith("mimeTypeSufficient")]
    assert len(set(codes)) == len(codes) == 6
    assert all(code.startswith("urn:ihe:") for code in codes)
