"""The list of medicines says where it comes from, and is made from the public database's files where somebody has them."""

import json
from importlib.resources import files
from pathlib import Path

import pytest

from monespace_cli.ingest.medicines import DATA
from scripts import medicines_from_romedi as romedi
from scripts.medicines_from_bdpm import brand, main

MARKETED = "\tcomprimé\torale\tAutorisation active\tnationale\tCommercialisée\t01/01/2000\t\t\t "
NAMES = f"""\
60000001\tDOLIPRANE 500 mg, comprimé{MARKETED}OPELLA\tNon
60000002\tABACAVIR ARROW 300 mg, comprimé{MARKETED}ARROW GENERIQUES\tNon
60000003\tAUGMENTIN 1 g/125 mg ADULTES, poudre{MARKETED}GSK\tNon
"""
SUBSTANCES = """\
60000001\tcomprimé\t02202\tPARACÉTAMOL\t500 mg\tun comprimé\tSA\t1
60000002\tcomprimé\t00001\tSULFATE D'ABACAVIR\t\tun comprimé\tFT\t1
60000002\tcomprimé\t00002\tABACAVIR\t300 mg\tun comprimé\tSA\t1
60000003\tpoudre\t00003\tAMOXICILLINE ANHYDRE (SOUS FORME DE TRIHYDRATÉE)\t1 g\tun sachet\tSA\t1
60000003\tpoudre\t00004\tACIDE CLAVULANIQUE\t125 mg\tun sachet\tSA\t2
"""


@pytest.mark.parametrize("encoding", ["cp1252", "utf-8"])
def test_the_list_is_made_from_the_databases_files(tmp_path: Path, capsys: pytest.CaptureFixture[str], encoding: str) -> None:
    for name, text in (("names", NAMES), ("substances", SUBSTANCES)):
        (tmp_path / name).write_bytes(text.encode(encoding))
    (tmp_path / "old").write_text("# old\nvaccin: STAMARIL\nparacétamol: PANADOL\n", "utf-8")
    paths = [str(tmp_path / name) for name in ("names", "substances")]
    assert main([*paths, "--date", "2026-11-26", "--keep", str(tmp_path / "old")]) == 0
    comments, lines = (list(group) for group in _split(capsys.readouterr().out.splitlines()))
    assert "2026-11-26" in comments[1]
    assert lines == [
        "abacavir:",
        "acide clavulanique et amoxicilline anhydre: AUGMENTIN",
        "paracétamol: DOLIPRANE, PANADOL",
        "vaccin: STAMARIL",
    ]


def test_other_files_are_refused(tmp_path: Path) -> None:
    other = tmp_path / "other"
    other.write_text("nothing\n")
    assert main([str(other), str(other), "--date", "2026-11-26"]) == 1


@pytest.mark.parametrize(
    ("name", "expected"),
    [
        ("SERETIDE DISKUS 250 microgrammes/50 microgrammes/dose, poudre", "SERETIDE DISKUS"),
        ("PARACETAMOL ZENTIVA 500 mg, gélule", "PARACETAMOL"),
        ("UVEDOSE 100 000 UI, solution buvable", "UVEDOSE"),
        ("SKENAN LP 10 mg, microgranules", "SKENAN"),
        ("ZENTIVA 5 %, crème", "ZENTIVA"),
    ],
)
def test_a_brand_is_a_name_without_strength_form_and_holder(name: str, expected: str) -> None:
    assert brand(name, {"ZENTIVA"}) == expected


ROMEDI = {
    "N02BE01": ["DAFALGAN", "DOLIPRANE", "PARACETAMOL", "GEL", "opioidesetamol"],
    "A05AA02": ["URSOLVAN", "ursodesoxycholique acide"],
    "C09AA05": ["RAMIPRIL ARROW GENERIQUES", "TRIATEC", "ramipril"],
    "C09BA05": ["COTRIATEC", "RAMIPRIL HYDROCHLOROTHIAZIDE", "TRIATEC", "ramipril et diuretiques"],
    "C03AA03": ["ESIDREX", "hydrochlorothiazide"],
    "A12AX": ["NATECAL VITAMINE D3, 600 MG 400 UI", "calcium en association avec la vitamine d et/ou d'autres substances"],
    "J07AH07": ["NIMENRIX", "meningocoque, tetravalent"],
    "V07AB": ["EAU PREPARATIONS INJECTABLES"],
    "R05X": ["A 313", "DOLIRHUME", "SIROP", "SOLUTION BUVABLE POUR ENFANTS"],
}


def test_a_list_is_made_from_romedi(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (tmp_path / "drugs.json").write_text(json.dumps(ROMEDI), "utf-8")
    assert romedi.main([str(tmp_path / "drugs.json")]) == 0
    comments, lines = _split(capsys.readouterr().out.splitlines())
    assert "Licence Ouverte" in comments[1]
    assert "BSD-3-Clause" in comments[2]
    assert lines == [
        "acide ursodesoxycholique: URSOLVAN",
        "hydrochlorothiazide: ESIDREX",
        "ramipril: TRIATEC",
        "vaccin: NIMENRIX",
        ": COTRIATEC, DAFALGAN, DOLIPRANE, DOLIRHUME, NATECAL VITAMINE D3, PARACETAMOL, RAMIPRIL HYDROCHLOROTHIAZIDE",
    ]


def test_another_file_is_not_taken_for_romedi(tmp_path: Path) -> None:
    (tmp_path / "other.json").write_text("[]", "utf-8")
    assert romedi.main([str(tmp_path / "other.json")]) == 1


@pytest.mark.parametrize("name", DATA)
def test_a_shipped_list_has_its_date_and_says_its_origin(name: str) -> None:
    folder = files("monespace_cli.ingest").joinpath("data")
    head = folder.joinpath(name).read_text("utf-8").splitlines()[:3]
    assert all(line.startswith("#") for line in head)
    if "Source:" in head[1]:
        assert "as given to EDS-NLP on 2022-04-23" in head[1]
        assert "Redistributions" in folder.joinpath("LICENSE-EDS-NLP").read_text("utf-8")
    else:
        assert "version 2026-" in head[0]
        assert "from memory" in head[1]


def _split(lines: list[str]) -> tuple[list[str], list[str]]:
    return [line for line in lines if line.startswith("#")], [line for line in lines if not line.startswith("#")]
