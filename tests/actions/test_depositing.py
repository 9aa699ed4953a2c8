"""What a deposit's metadata say of who made it: what is kept of them, unless they say otherwise now."""

from pathlib import Path
from xml.etree import ElementTree as ET

from monespace_cli.actions.depositing import Depositor, institution_of, require_depositor
from monespace_cli.actions.identity import keep_practice
from monespace_cli.actions.people import own_keys
from monespace_cli.interop.ebrim import RIM
from monespace_cli.record.identity import Institution
from tests.actions.exchange import Party, paper, to, zoe_and_lea
from tests.sync.people import decrypted, unzipped

LABORATORY = Institution("Laboratoire de l'Odéon", "SA25", "750712184")


def metadata(zoe: Party, lea: Party, institution: Institution | None) -> str:
    """The metadata of a deposit of Léa's, as Zoé's programs read them."""
    bundle = Depositor(lea.vault, lea.now, lea.random, institution).deposit(to(lea), [paper("Sodium 140")]).bundle
    (path,) = [path for path in lea.write() if lea.vault.outbox.get(bundle)]
    files = unzipped(unzipped(decrypted(path.read_bytes(), own_keys(zoe.vault).identities))["IHE_XDM.ZIP"])
    return files["IHE_XDM/SUBSET01/METADATA.XML"].decode()


def said(text: str) -> set[str]:
    """Every author's institution and specialty."""
    slots = (slot for slot in ET.fromstring(text).iter(f"{{{RIM}}}Slot") if slot.attrib["name"] in ("authorInstitution", "authorSpecialty"))
    return {value.text or "" for slot in slots for value in slot.iter(f"{{{RIM}}}Value")}


def test_where_a_depositor_works_is_kept_and_overridden(tmp_path: Path) -> None:
    with zoe_and_lea(tmp_path) as (zoe, lea):
        keep_practice(lea.vault, LABORATORY, "Biologie médicale")
        owner = require_depositor(lea.vault)
        number = "^^^^^&1.2.250.1.71.4.2.2&ISO^IDNST^^^1750712184"
        specialty = "G15_10/SM03^Médecin - Biologie médicale (SM)^1.2.250.1.213.1.1.4.5"
        assert said(metadata(zoe, lea, institution_of(owner, None, None, None))) == {LABORATORY.name + number, specialty}


def test_what_is_said_now_comes_first(tmp_path: Path) -> None:
    with zoe_and_lea(tmp_path) as (_zoe, lea):
        keep_practice(lea.vault, LABORATORY, None)
        owner = require_depositor(lea.vault)
        assert institution_of(owner, "Centre de santé", None, "SA05") == Institution("Centre de santé", "SA05")
        assert institution_of(owner, None, "630000404", None) == Institution(LABORATORY.name, "SA25", "630000404")
        assert institution_of(owner, "Cabinet", None, None) == Institution("Cabinet", "SA07")


def test_a_practitioner_of_whom_nothing_is_kept_works_in_their_own_practice(tmp_path: Path) -> None:
    with zoe_and_lea(tmp_path) as (zoe, lea):
        assert said(metadata(zoe, lea, None)) == {"Léa PETIT", "G15_10^Médecin^1.2.250.1.213.1.1.4.5"}
