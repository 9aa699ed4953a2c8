"""Several files as the pages of one document."""

import io
import zipfile

import pytest

from monespace_cli.errors import UnreadableInputError
from monespace_cli.ingest.decode import open_document
from monespace_cli.ingest.detect import MediaType, is_archive, media_type
from monespace_cli.ingest.problems import Notice
from monespace_cli.ingest.reader import IngestOptions, Reader
from monespace_cli.interop.stored_zip import Part, archive_chunks
from monespace_cli.record.document import TextSource
from tests.ingest.papers import encoded, page, pdf_with_text

LAYER = "Laboratoire de biologie, resultats de Madame Zoe MARTIN"


def pages_of(*files: bytes, first: str = "0001.bin") -> bytes:
    names = [first, *(f"{number:04}.bin" for number in range(2, len(files) + 1))]
    return b"".join(archive_chunks([Part.of(name, data) for name, data in zip(names, files, strict=True)]))


def test_pages_follow_each_other_whatever_file_they_are_in(reader: Reader) -> None:
    data = pages_of(encoded(page(), "PNG"), pdf_with_text(LAYER, "Page deux: " + LAYER), encoded(page(), "JPEG"))
    read = reader.read(data, IngestOptions())
    assert (read.media_type, len(read.pages)) == ("application/zip", 4)
    assert [each.source for each in read.pages] == [TextSource.OCR, TextSource.TEXT_LAYER, TextSource.TEXT_LAYER, TextSource.OCR]
    assert [each.number for each in read.pages] == [1, 2, 3, 4]
    assert read.pages[2].text.startswith("Page deux")
    assert read.pages[0].text == reader.read(encoded(page(), "PNG"), IngestOptions()).pages[0].text


def test_only_a_set_of_pages_is_one_document() -> None:
    a_set, archive = pages_of(b"x"), pages_of(b"x", first="a.jpg")
    assert (is_archive(a_set), is_archive(archive)) == (False, True)
    assert media_type(a_set) is MediaType.PAGES
    with pytest.raises(UnreadableInputError):
        media_type(archive)


def packed(data: bytes) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as archive:
        archive.writestr("0001.jpg", encoded(page(), "JPEG"))
        archive.writestr("0002.jpg", data, compress_type=zipfile.ZIP_DEFLATED)
    return out.getvalue()


@pytest.mark.parametrize(
    ("data", "code"),
    [
        (pages_of(encoded(page(), "JPEG"), b"just text"), "unsupported-type"),
        (pages_of(encoded(page(), "JPEG"), pages_of(encoded(page(), "JPEG"))), "unsupported-type"),
        (pages_of(encoded(page(), "JPEG"), b""), "empty-file"),
        (pages_of(encoded(page(), "JPEG"))[:-10], "damaged-file"),
        (pages_of(encoded(page(), "JPEG"), encoded(page(), "PNG")[:500]), "damaged-file"),
        (packed(bytes(100_000_000)), "damaged-file"),
        (pages_of(pdf_with_text(LAYER, password="sesame")), "encrypted-pdf"),
    ],
)
def test_what_is_no_set_of_pages_is_refused(data: bytes, code: str) -> None:
    with pytest.raises(UnreadableInputError) as refusal:
        document = open_document(data)
        for number in range(1, document.page_count + 1):
            document.image(number)
    assert refusal.value.code == code


def test_a_password_opens_the_files_of_a_set() -> None:
    document = open_document(pages_of(encoded(page(), "JPEG"), pdf_with_text(LAYER, password="sesame")), "sesame")
    assert document.notices == (Notice.NEEDS_PASSWORD,)
    assert document.text(2) == LAYER
