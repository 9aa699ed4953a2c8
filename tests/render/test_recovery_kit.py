from datetime import date

import pypdfium2
import zxingcpp

from monespace_cli.crypto.words import kit_entropy, kit_words
from monespace_cli.render.recovery_kit import recovery_kit_pdf

ENTROPY = bytes(range(100, 116))
WORDS = kit_words(ENTROPY)
PAGE = recovery_kit_pdf(WORDS, date(2026, 11, 23))


def test_the_words_stand_on_one_page_in_their_order_with_their_accents() -> None:
    pdf = pypdfium2.PdfDocument(PAGE)
    assert len(pdf) == 1
    text = pdf[0].get_textpage().get_text_bounded()
    positions = [text.index(word) for word in WORDS]
    assert positions == sorted(positions)
    assert "23/11/2026" in text


def test_the_qr_code_is_read_and_opens_what_the_words_open() -> None:
    picture = pypdfium2.PdfDocument(PAGE)[0].render(scale=3).to_pil()
    codes = zxingcpp.read_barcodes(picture)
    assert [code.format for code in codes] == [zxingcpp.BarcodeFormat.QRCode]
    assert kit_entropy(codes[0].text) == ENTROPY
    assert codes[0].text.isascii()


def test_the_page_can_be_made_again_to_the_byte_and_says_nothing_else() -> None:
    assert recovery_kit_pdf(WORDS, date(2026, 11, 23)) == PAGE
    assert recovery_kit_pdf(kit_words(bytes(16)), date(2026, 11, 23)) != PAGE
