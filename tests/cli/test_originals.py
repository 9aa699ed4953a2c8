"""Whatever is taken in comes out bit for bit: a signature over a file's bytes still holds, whoever made it."""

import hashlib

import pytest

from tests.cli.script import Script
from tests.ingest.papers import encoded, page, pdf_with_text
from tests.ingest.samples import CT, RTF, heic

INIT = "$ monespace init --family-name MARTIN --given-name Zoé --birth-date 1980-05-17 --sex female --no-recovery-kit"

SMALL = page(["Ordonnance"], size=(400, 200), mode="RGB")


def signed_pdf() -> bytes:
    """Return a PDF with a signature added as programs do it: at the end, over the bytes around it (ISO 32000-1 §12.8.1)."""
    document = pdf_with_text("Compte rendu de consultation du 12 mars 2026, pour les besoins du patient")
    head = document + b"\n9 0 obj\n<</Type/Sig/Filter/Adobe.PPKLite/SubFilter/ETSI.CAdES.detached/Contents "
    tail = b"/ByteRange[0 %d %d 0]>>\nendobj\ntrailer<</Root 1 0 R/Prev 0>>\n%%%%EOF\r\n\r\n" % (len(head), len(head) + 66)
    return head + b"<" + hashlib.sha256(head + tail).hexdigest().encode() + b">" + tail


ORIGINALS = {
    "signed.pdf": signed_pdf(),
    "photo.heic": heic(SMALL),
    "photo.webp": encoded(SMALL, "WEBP"),
    "photo.jpg": encoded(SMALL, "JPEG", comment=b"a remark", dpi=(1, 1)),
    "scan.tif": encoded(SMALL, "TIFF", compression="tiff_lzw"),
    "picture.dcm": CT,
    "letter.rtf": RTF,
}


@pytest.mark.parametrize(("name", "data"), ORIGINALS.items(), ids=ORIGINALS)
def test_the_original_comes_out_as_it_went_in(script: Script, name: str, data: bytes) -> None:
    (script.work / name).write_bytes(data)
    script.play(f'{INIT}\n$ monespace import {name} --json\nkeep ID \'"document": "([0-9a-z]+)"\'\n$ monespace document export $ID -o out')
    assert (script.work / "out").read_bytes() == data
