"""The list of medicines says where it comes from, and is made from the public database's files where somebody has them."""

from importlib.resources import files
from pathlib import Path

import pytest

from monespace_cli.ingest.medicines import DATA
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


def test_the_shipped_list_has_a_version_and_says_its_origin() -> None:
    head = files("monespace_cli.ingest").joinpath("data", DATA).read_text("utf-8").splitlines()[:3]
    assert all(line.startswith("#") for line in head)
    assert "version 2026-" in head[0]
    assert "from memory" in head[1] or "Source: base de données publique" in head[1]


def _split(lines: list[str]) -> tuple[list[str], list[str]]:
    return [line for line in lines if line.startswith("#")], [line for line in lines if not line.startswith("#")]
