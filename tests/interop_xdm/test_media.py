"""Media types: names, format codes, and how their files begin."""

import pytest

from monespace_cli.interop.media import MEDIA_TYPES

HEADS = {
    "application/pdf": b"%PDF-1.7",
    "image/jpeg": b"\xff\xd8\xff\xe0",
    "image/png": b"\x89PNG\r\n\x1a\n",
    "image/tiff": b"II*\x00",
    "text/plain": b"Compte rendu",
}


@pytest.mark.parametrize("name", MEDIA_TYPES)
def test_a_head_fits_its_own_type_only(name: str) -> None:
    assert [other for other, head in HEADS.items() if MEDIA_TYPES[name].fits(head)] == [name]


def test_a_pdf_may_begin_late() -> None:
    assert MEDIA_TYPES["application/pdf"].fits(b"junk\n" * 100 + b"%PDF-1.4")
    assert not MEDIA_TYPES["application/pdf"].fits(b"x" * 1025 + b"%PDF-1.4")


@pytest.mark.parametrize("head", [b"MZ\x90\x00", b"a\x00b"])
def test_text_has_no_zero_byte(head: bytes) -> None:
    assert not MEDIA_TYPES["text/plain"].fits(head)


def test_every_type_has_a_format_code_of_its_own() -> None:
    codes = [media.format_code for media in MEDIA_TYPES.values()]
    assert len(set(codes)) == len(codes)
    assert all(code.startswith("urn:ihe:iti") for code in codes)
