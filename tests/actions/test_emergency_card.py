"""A printed card is scanned back and opened with what is printed on it, by other people's programs."""

import io
import os
import shutil
import subprocess
from pathlib import Path

import pypdfium2
import pyrage
import pytest
import zxingcpp
from PIL import Image

from monespace_cli.actions.emergency_card import MadeCard, card_bytes, emergency_card, new_code, seal_card
from monespace_cli.crypto.age.armor import armored, armored_size
from monespace_cli.record.emergency_card import OPEN_BY_DEFAULT, sealed_text
from monespace_cli.record.sections import Section
from monespace_cli.record.summary import Record
from tests.record.records import NOW, ZOE, entry, full_record

WIDE = Record(ZOE, tuple(entry(Section.TREATMENT, f"Médicament numéro {number} à prendre") for number in range(60)))


@pytest.fixture(scope="module", params=[full_record(), WIDE], ids=["usual", "full to the brim"])
def made(request: pytest.FixtureRequest) -> MadeCard:
    record: Record = request.param
    return seal_card(emergency_card(record, record, OPEN_BY_DEFAULT, NOW), os.urandom)


def page_of(made: MadeCard) -> pypdfium2.PdfPage:
    return pypdfium2.PdfDocument(card_bytes(made, Path("card.pdf")))[0]


def scanned(picture: Image.Image) -> str:
    (code,) = zxingcpp.read_barcodes(picture)
    assert code.format == zxingcpp.BarcodeFormat.QRCode
    return str(code.text)


def printed_code(page: pypdfium2.PdfPage) -> str:
    """Return the code as it stands on the paper."""
    text = page.get_textpage().get_text_bounded()
    return str(next(line.strip() for line in text.splitlines() if line.count("-") == 2 and line.strip().isupper()))


def test_the_page_is_scanned_back_and_opened_with_the_printed_code(made: MadeCard) -> None:
    page = page_of(made)
    opened = pyrage.passphrase.decrypt(scanned(page.render(scale=150 / 72).to_pil()).encode(), printed_code(page))
    assert made.card.sealed
    assert opened.decode() == sealed_text(ZOE, NOW, made.card.sealed)


def test_the_picture_is_scanned_back_at_what_a_phone_sees_of_it(made: MadeCard) -> None:
    picture = Image.open(io.BytesIO(card_bytes(made, Path("card.png"))))
    assert picture.info["dpi"] == pytest.approx((600, 600), abs=0.1)
    assert scanned(picture) == made.sealed
    small = picture.convert("L").resize((picture.width // 4, picture.height // 4))
    assert scanned(small.rotate(7, expand=True, fillcolor=255)) == made.sealed


def test_the_text_opens_with_the_age_program_alone(made: MadeCard, tmp_path: Path) -> None:
    age, script = shutil.which("age"), shutil.which("script")
    assert age, "age is needed: scripts/install-system.sh"
    assert script, "script is needed: Debian's bsdutils, which every system has"
    (tmp_path / "carte.age").write_text(scanned(page_of(made).render(scale=3).to_pil()))
    command = f"{age} --decrypt -o carte.txt carte.age"  # it asks on a terminal and nowhere else
    done = subprocess.run([script, "-qec", command, "/dev/null"], input=f"{made.code}\n", cwd=tmp_path, capture_output=True, text=True)
    assert done.returncode == 0, done.stdout
    assert "Pénicilline" in (tmp_path / "carte.txt").read_text() or "Médicament numéro 0" in (tmp_path / "carte.txt").read_text()


def test_the_front_and_the_back_have_the_size_of_a_bank_card(made: MadeCard) -> None:
    picture = Image.open(io.BytesIO(card_bytes(made, Path("card.png"))))
    assert picture.width / 600 * 25.4 == pytest.approx(85.6, abs=0.2)
    assert picture.height / 600 * 25.4 == pytest.approx(54 * 2 + 26, abs=0.2)


def test_the_open_part_shows_what_was_chosen_and_nothing_of_the_sealed_one() -> None:
    record = full_record()
    made = seal_card(emergency_card(record, record, [Section.ALLERGY], NOW), os.urandom)
    text = " ".join(page_of(made).get_textpage().get_text_bounded().split())
    assert "Zoé MARTIN" in text
    assert "Pénicilline" in text
    assert not [word for word in ("Lévothyroxine", "Hypothyroïdie", "Ana", str(ZOE.ins)) if word in text]


def test_where_emergency_access_is_off_there_is_the_front_alone() -> None:
    made = seal_card(emergency_card(full_record(), None, OPEN_BY_DEFAULT, NOW), os.urandom)
    page = page_of(made)
    assert made.sealed == made.code == ""
    assert zxingcpp.read_barcodes(page.render(scale=3).to_pil()) == []
    assert "Pénicilline" in page.get_textpage().get_text_bounded()


def test_every_card_has_its_own_code() -> None:
    assert len({new_code(os.urandom) for _time in range(20)}) == 20
    assert len(new_code(bytes)) == 14


@pytest.mark.parametrize("size", [0, 1, 47, 48, 49, 500, 800])
def test_the_size_of_armor_is_known_beforehand(size: int) -> None:
    assert len(armored(bytes(size))) == armored_size(size)
