"""PDF: codes on drawn pages, and text layers that do not say what is drawn."""

from io import BytesIO

import pytest
from PIL import Image
from reportlab.lib.utils import ImageReader
from reportlab.pdfgen.canvas import Canvas

from monespace_cli.errors import UnreadableInputError
from monespace_cli.ingest.decode import open_document
from monespace_cli.ingest.formats import pdf
from monespace_cli.ingest.reader import IngestOptions, Reader
from monespace_cli.record.document import TextSource
from tests.ingest.papers import PRESCRIPTION, encoded, page, pdf_with_text
from tests.ingest.samples import code, page_with, raw_pdf, stream

GIBBERISH = "Epdufvs Uijfssz DMFSNPOU 31000 UPVMPVTF mf 10 kvjo 2019 Nbebnf DIFWBMJFS Boof PSEPOOBODF"

DRAWN = b"BT /F 34 Tf 40 700 Td 60 TL (Docteur Thierry CLERMONT) Tj T* (Toulouse, le 10 juin 2019) Tj T* (ORDONNANCE de medicaments) Tj ET"


def drawn_with(image: Image.Image, text: str = "") -> bytes:
    """Return a PDF of one page: an image all over it, and text that cannot be seen."""
    out = BytesIO()
    canvas = Canvas(out, pagesize=(595, 842))
    canvas.drawImage(ImageReader(image), 0, 0, 595, 842)
    hidden = canvas.beginText(60, 700)
    hidden.setTextRenderMode(3)
    hidden.textLine(text)
    canvas.drawText(hidden)
    canvas.save()
    return out.getvalue()


def shifting_font() -> bytes:
    """Return a page that draws Helvetica and says of each letter that it is the next one."""
    table = b"".join(b"<%02x> <00%02x>\n" % (letter, letter + 1) for letter in range(65, 122))
    cmap = (
        b"/CIDInit /ProcSet findresource begin 12 dict begin begincmap /CMapType 2 def 1 begincodespacerange <00> <ff> endcodespacerange\n"
        b"57 beginbfchar\n" + table + b"endbfchar endcmap end end"
    )
    font = b"<</Font<</F<</Type/Font/Subtype/Type1/BaseFont/Helvetica/ToUnicode 5 0 R>>>>>>"
    return raw_pdf(stream(DRAWN), font, stream(cmap))


def test_a_code_in_a_picture_is_found() -> None:
    scanned = encoded(page_with(code("DC04FR0000011E3B1E3BB201FRF0GU")), "PDF", resolution=150)
    assert [found.value for found in open_document(scanned).candidates(1)] == ["2D-Doc DC04FR0000011E3B1E3BB201FRF0GU"]


@pytest.mark.parametrize("one_path", [True, False])
def test_a_code_drawn_as_shapes_is_found(one_path: bool) -> None:
    modules = code("shapes", scale=1)
    squares = [
        b"%d %d 4 4 re " % (100 + 4 * x, 500 - 4 * y) + (b"" if one_path else b"f ")
        for y in range(modules.height)
        for x in range(modules.width)
        if not modules.getpixel((x, y))
    ]
    document = open_document(raw_pdf(stream(b"".join(squares) + b"f"), b"<<>>"))
    assert [found.value for found in document.candidates(1)] == ["DataMatrix shapes"]


def test_a_page_of_text_is_not_drawn_for_codes(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(pdf, "_drawn", None)
    assert open_document(pdf_with_text("\n".join(PRESCRIPTION))).candidates(1) == ()


def test_a_font_that_says_other_letters_than_it_draws_is_recognised(reader: Reader) -> None:
    data = shifting_font()
    assert "Epdufvs" in open_document(data).text(1)
    [first] = reader.read(data, IngestOptions()).pages
    assert first.source is TextSource.OCR
    assert first.text.splitlines() == ["Docteur Thierry CLERMONT", "Toulouse, le 10 juin 2019", "ORDONNANCE de medicaments"]


def test_a_hidden_layer_of_gibberish_does_not_count(reader: Reader) -> None:
    [first] = reader.read(drawn_with(page(size=(1240, 1754)), GIBBERISH), IngestOptions()).pages
    assert first.source is TextSource.OCR
    assert first.text.splitlines() == list(PRESCRIPTION)


STAMP = "Document certifie conforme, numerise le 12 mars 2026 par le secretariat"


def test_a_stamp_on_a_scan_is_not_its_text(reader: Reader) -> None:
    scan = page([*PRESCRIPTION, *PRESCRIPTION], size=(1240, 1754))
    [first] = reader.read(drawn_with(scan, STAMP), IngestOptions()).pages
    assert first.source is TextSource.OCR
    assert first.text.splitlines() == [*PRESCRIPTION, *PRESCRIPTION]


def test_a_caption_under_a_picture_is(reader: Reader) -> None:
    [first] = reader.read(drawn_with(page(["seen"], size=(1240, 1754)), STAMP), IngestOptions()).pages
    assert (first.source, first.text) == (TextSource.TEXT_LAYER, STAMP)


@pytest.mark.parametrize(("width", "is_picture"), [(595, True), (300, True), (290, False)])
def test_a_page_is_a_picture_where_most_of_it_is(width: int, is_picture: bool) -> None:
    out = BytesIO()
    canvas = Canvas(out, pagesize=(595, 842))
    for strip in range(2):
        canvas.drawImage(ImageReader(page(size=(100, 100))), 0, 421 * strip, width, 421)
    canvas.save()
    assert open_document(out.getvalue()).is_picture(1) is is_picture


def test_a_hidden_layer_of_words_counts(reader: Reader) -> None:
    words = "Docteur Thierry CLERMONT, Toulouse, le 10 juin 2019, ordonnance pour Madame CHEVALIER. " * 7
    words = words.strip()
    [first] = reader.read(drawn_with(page(size=(1240, 1754)), words), IngestOptions()).pages
    assert (first.source, first.text) == (TextSource.TEXT_LAYER, words)


def test_without_ocr_a_gibberish_layer_is_better_than_nothing(reader: Reader) -> None:
    document = reader.read(shifting_font(), IngestOptions(ocr=False))
    assert document.pages[0].source is TextSource.TEXT_LAYER
    assert document.notices == ("ocr-off",)


@pytest.mark.parametrize("password", ["secret", "é"])
def test_a_password_has_a_code_and_says_what_to_do(reader: Reader, password: str) -> None:
    with pytest.raises(UnreadableInputError) as caught:
        reader.read(pdf_with_text("text", password=password), IngestOptions())
    assert caught.value.code == "encrypted-pdf"
    assert caught.value.exit_code == 20
    assert caught.value.hint


@pytest.mark.parametrize("turned", [b"", b"/Rotate 90", b"/Rotate 180", b"/CropBox[30 300 500 800]"])
def test_the_words_of_a_text_layer_stand_where_they_are_drawn(turned: bytes) -> None:
    font = b"<</Font<</F<</Type/Font/Subtype/Type1/BaseFont/Helvetica/Encoding/WinAnsiEncoding>>>>>>"
    document = open_document(raw_pdf(stream(DRAWN), font, page=b"/MediaBox[0 0 595 842]" + turned))
    words, size = document.words(1)
    assert [word.text for word in words] == document.text(1).split()
    drawn = document.image(1)
    assert size == drawn.size
    inside = drawn.copy()
    for word in words:
        box = (word.left, word.top, word.left + word.width, word.top + word.height)
        assert min(drawn.crop(box).tobytes()) < 50, "there is ink in the box"
        inside.paste(255, box)
    assert min(inside.tobytes()) > 120, "and none but grey edges outside of all boxes"


def test_controls_part_words_of_a_text_layer_or_are_no_part_of_them() -> None:
    assert pdf._cleaned("un\r\ndeux\rtrois\x0bquatre\x00cinq\ufffe\tsix") == "un\ndeux trois quatrecinq-\tsix"
