"""The XDM package: METADATA.XML has what IHE ITI TF-3 §4.2 asks for, with codes of the French value sets, and hashes that are right."""

import hashlib
import re
from dataclasses import replace
from datetime import UTC, date, datetime
from typing import Any
from xml.etree import ElementTree as ET

import pytest

from monespace_cli.interop import ebrim, xdm
from monespace_cli.interop.ebrim import Depositor, DocumentEntry, Submission, metadata_xml, oid_of
from monespace_cli.interop.facilities import OWN_PRACTICE
from monespace_cli.interop.media import MEDIA_TYPES
from monespace_cli.interop.professions import PROFESSIONS, specialties_called
from monespace_cli.interop.stored_zip import Part
from monespace_cli.record.card import Card, Role
from monespace_cli.record.codes import Kind, type_codes
from monespace_cli.record.document import Document, DocumentId
from monespace_cli.record.identity import Identity, Institution, Profession, Sex
from monespace_cli.record.practitioner import CareRole

NS = {"rim": ebrim.RIM, "lcm": ebrim.LCM}
NOW = datetime(2026, 11, 23, 10, 0, tzinfo=UTC)
ZOE = Identity("MARTIN", ("Zoé", "Anne"), date(1980, 5, 17), Sex.FEMALE, "280057511122220")
SUBMISSION = Submission("ab" * 16, "cd" * 32, ZOE, NOW)
CONTENT = b"%PDF-1.7 test"

# IHE ITI TF-3 Tables 4.2.3.2-1 and 4.2.3.3-1: what is required (R) of a DocumentEntry and of a SubmissionSet
REQUIRED_SLOTS = {"creationTime", "hash", "languageCode", "size", "sourcePatientId", "sourcePatientInfo", "URI"}
REQUIRED_CODES = {
    "41a5887f-8865-4c09-adf7-e362475b143a": "1.2.250.1.213.1.1.4.1",  # classCode, TRE_A03
    "f4f85eac-e6cb-4883-b524-f2705394840f": "2.16.840.1.113883.5.25",  # confidentialityCode
    "a09d5840-386c-46f2-b5ad-9c3699a4309d": "1.3.6.1.4.1.19376.1.2.3",  # formatCode
    "f33fb8ac-18af-42cc-ae0e-ed0b0bdb91e1": "1.2.250.1.213.1.1.4.6",  # healthcareFacilityTypeCode, TRE_A00
    "cccf5598-8b07-4b77-a05e-ae952c785ead": "1.2.250.1.213.1.1.4.6",  # practiceSettingCode, TRE_A00
    "f0306f51-975f-434e-a61c-c59651d33983": "1.2.250.1.213.1.1.4.12",  # typeCode, TRE_A05
}


def document(**changes: Any) -> Document:
    plain = Document(
        id=DocumentId("0123456789"),
        title="Ordonnance",
        type_code="DOCPAT02",
        media_type="application/pdf",
        size=len(CONTENT),
        sha256=hashlib.sha256(CONTENT).hexdigest(),
        page_count=1,
        confidence=1.0,
        imported_at=NOW,
        date=date(2026, 3, 2),
        practitioner="Dr Luc DURAND",
    )
    return replace(plain, **changes)


def metadata(*documents: Document, submission: Submission = SUBMISSION) -> ET.Element:
    sha1 = hashlib.sha1(CONTENT).hexdigest()
    entries = [DocumentEntry(d, sha1, f"DOC{n:05}.PDF") for n, d in enumerate(documents or (document(),), start=1)]
    return ET.fromstring(metadata_xml(submission, entries))


def slots(node: ET.Element) -> dict[str, list[str]]:
    return {
        slot.attrib["name"]: [v.text or "" for v in slot.iterfind("rim:ValueList/rim:Value", NS)] for slot in node.iterfind("rim:Slot", NS)
    }


def codes(node: ET.Element) -> dict[str, list[tuple[str, str]]]:
    found: dict[str, list[tuple[str, str]]] = {}
    for item in node.iterfind("rim:Classification", NS):
        scheme = item.attrib["classificationScheme"].removeprefix("urn:uuid:")
        found.setdefault(scheme, []).append((item.attrib["nodeRepresentation"], slots(item).get("codingScheme", [""])[0]))
        assert item.attrib["classifiedObject"] == node.attrib["id"]
    return found


def identifiers(node: ET.Element) -> dict[str, str]:
    return {
        item.attrib["identificationScheme"].removeprefix("urn:uuid:"): item.attrib["value"]
        for item in node.iterfind("rim:ExternalIdentifier", NS)
    }


def one(root: ET.Element, tag: str) -> ET.Element:
    found = root.find(f"rim:RegistryObjectList/rim:{tag}", NS)
    assert found is not None
    return found


def test_a_document_entry_has_what_is_required() -> None:
    entry = one(metadata(), "ExtrinsicObject")
    assert slots(entry).keys() == REQUIRED_SLOTS | {"serviceStartTime"}
    assert {scheme: system for scheme, [(_code, system)] in codes(entry).items() if system} == REQUIRED_CODES
    assert "93606bcf-9494-43ec-9b4e-a7748d1a838d" in codes(entry)
    assert entry.attrib["mimeType"] == "application/pdf"
    assert entry.attrib["objectType"] == "urn:uuid:7edca82f-054d-47f2-a032-9b2a5b5186c1"
    assert identifiers(entry).keys() == {"58a6f841-87b3-4a3e-92fd-a8ffeff98427", "2e82c1f6-a085-4c72-9da3-8640a32e42ab"}


def test_a_submission_set_has_what_is_required() -> None:
    root = metadata()
    package = one(root, "RegistryPackage")
    assert slots(package) == {"submissionTime": ["20261123100000"]}
    assert codes(package)["aa543740-bdda-424e-8c96-df4873be8500"] == [("EXP_PATIENT", "1.2.250.1.213.1.1.4.6")]
    assert "a7058bb9-b4e4-4307-ba5b-e3f0ab85e12d" in codes(package)
    assert identifiers(package)["96fdda7c-d067-4183-912e-bf5ee74998a8"] == oid_of("ab" * 16)
    assert identifiers(package)["554ac39e-e3fe-47fe-b233-965d2a147832"] == oid_of("cd" * 32)
    assert identifiers(package)["6b5aea1a-874d-4603-a4bc-96a0a7b38446"].startswith("280057511122220^^^")
    node = one(root, "Classification")
    assert node.attrib["classificationNode"] == "urn:uuid:a54d6aa5-d40d-43f9-88c5-b4633d873bdd"
    assert node.attrib["classifiedObject"] == package.attrib["id"]


def test_every_document_is_a_member_of_the_set() -> None:
    root = metadata(document(), document(title="2"))
    entries = [entry.attrib["id"] for entry in root.iterfind("*/rim:ExtrinsicObject", NS)]
    members = [item.attrib for item in root.iterfind("*/rim:Association", NS)]
    assert [member["targetObject"] for member in members] == entries
    assert {member["sourceObject"] for member in members} == {one(root, "RegistryPackage").attrib["id"]}
    assert all(member["associationType"].endswith(":HasMember") for member in members)


def test_ids_are_unique() -> None:
    ids = [node.attrib["id"] for node in metadata(document(), document(), document()).iter() if "id" in node.attrib]
    assert len(set(ids)) == len(ids) == 40


def test_elements_stand_in_the_order_of_the_schema() -> None:
    """ebRIM 3.0 rim.xsd, RegistryObjectType: a sequence."""
    order = ["Slot", "Name", "Description", "VersionInfo", "Classification", "ExternalIdentifier"]
    for tag in ("ExtrinsicObject", "RegistryPackage"):
        places = [order.index(child.tag.partition("}")[2]) for child in one(metadata(), tag)]
        assert places == sorted(places)


def test_values_are_those_of_the_document() -> None:
    found = slots(one(metadata(), "ExtrinsicObject"))
    assert found["hash"] == [hashlib.sha1(CONTENT).hexdigest()]
    assert found["size"] == [str(len(CONTENT))]
    assert found["serviceStartTime"] == ["20260302"]
    assert found["URI"] == ["DOC00001.PDF"]
    assert found["sourcePatientId"] == ["280057511122220^^^&1.2.250.1.213.1.4.8&ISO^NH"]
    assert found["sourcePatientInfo"] == [
        "PID-3|280057511122220^^^&1.2.250.1.213.1.4.8&ISO^NH",
        "PID-5|MARTIN^Zoé^Anne^^^^L",
        "PID-7|19800517",
        "PID-8|F",
    ]


def test_without_a_date_only_the_import_is_known() -> None:
    found = slots(one(metadata(document(date=None)), "ExtrinsicObject"))
    assert found["creationTime"] == ["20261123100000"]
    assert "serviceStartTime" not in found


def test_without_an_ins_the_identifier_is_local_and_stable() -> None:
    def identifier(patient: Identity) -> str:
        return slots(one(metadata(submission=replace(SUBMISSION, patient=patient)), "ExtrinsicObject"))["sourcePatientId"][0]

    zoe = replace(ZOE, ins=None)
    assert re.fullmatch(r"[0-9a-f]{32}\^\^\^&2\.25\.\d+&ISO\^PI", identifier(zoe))
    assert identifier(zoe) == identifier(replace(zoe))
    assert identifier(zoe) != identifier(replace(zoe, birth_date=date(1980, 5, 18)))


def test_names_cannot_break_out_of_their_field() -> None:
    odd = replace(ZOE, family_name="O^B&R|~\\", given_names=("A",))
    found = slots(one(metadata(submission=replace(SUBMISSION, patient=odd)), "ExtrinsicObject"))["sourcePatientInfo"]
    assert found[1] == "PID-5|O\\S\\B\\T\\R\\F\\\\R\\\\E\\^A^^^^^L"


def test_text_is_escaped() -> None:
    title = "<!ENTITY x> & \"'é\u00a0🙂 ]]>"
    entry = one(metadata(document(title=title, practitioner="<b>")), "ExtrinsicObject")
    name, description = (entry.find(f"rim:{tag}/rim:LocalizedString", NS) for tag in ("Name", "Description"))
    assert name is not None
    assert description is not None
    assert name.attrib["value"] == title
    assert description.attrib["value"].endswith("<b>")
    assert entry.find("rim:Description", NS) is not None
    assert one(metadata(document(practitioner="")), "ExtrinsicObject").find("rim:Description", NS) is None


@pytest.mark.parametrize("kind", Kind)
def test_the_type_and_class_are_of_the_value_sets(kind: Kind) -> None:
    found = codes(one(metadata(document(type_code=kind.type_code)), "ExtrinsicObject"))
    known = type_codes()[kind.type_code]
    assert found["f0306f51-975f-434e-a61c-c59651d33983"] == [(kind.type_code, known.system)]
    assert found["41a5887f-8865-4c09-adf7-e362475b143a"] == [(known.class_code, "1.2.250.1.213.1.1.4.1")]


def test_every_known_type_code_can_be_described() -> None:
    metadata(*(document(type_code=code) for code in type_codes()))


def test_masks_are_of_their_own_system() -> None:
    entry = one(metadata(document(confidentiality=("R", "MASQUE_PS"))), "ExtrinsicObject")
    found = codes(entry)["f4f85eac-e6cb-4883-b524-f2705394840f"]
    assert found == [("R", "2.16.840.1.113883.5.25"), ("MASQUE_PS", "1.2.250.1.213.1.1.4.13")]


@pytest.mark.parametrize("media", MEDIA_TYPES)
def test_the_format_follows_from_the_media_type(media: str) -> None:
    found = codes(one(metadata(document(media_type=media)), "ExtrinsicObject"))
    assert found["a09d5840-386c-46f2-b5ad-9c3699a4309d"][0][0] == MEDIA_TYPES[media].format_code


def test_an_oid_is_a_uuid_in_numbers() -> None:
    """RFC 9562 §4: version 8, variant 10; ITU-T X.667 §7: 2.25 and the number."""
    assert oid_of("f" * 32) == f"2.25.{int('ffffffff-ffff-8fff-bfff-ffffffffffff'.replace('-', ''), 16)}"
    assert oid_of("123456789abcdef0" * 2) == f"2.25.{0x123456789ABC8EF0923456789ABCDEF0:d}"
    assert len(oid_of("f" * 64)) <= 64


def test_the_same_document_has_the_same_id_in_every_submission() -> None:
    unique = "2e82c1f6-a085-4c72-9da3-8640a32e42ab"
    first = identifiers(one(metadata(), "ExtrinsicObject"))[unique]
    assert identifiers(one(metadata(submission=replace(SUBMISSION, id="ef" * 16)), "ExtrinsicObject"))[unique] == first
    assert identifiers(one(metadata(document(sha256="0" * 64)), "ExtrinsicObject"))[unique] != first


def test_the_package_has_its_files_in_order_under_dos_names() -> None:
    media = list(MEDIA_TYPES)
    paths = xdm.package_paths(media)
    assert paths[:3] == ["INDEX.HTM", "README.TXT", "IHE_XDM/SUBSET01/METADATA.XML"]
    assert all(re.fullmatch(r"[A-Z0-9_]{1,8}(\.[A-Z]{3})?", piece) for path in paths for piece in path.split("/"))
    assert [path[-3:] for path in paths[3:]] == ["PDF", "JPG", "PNG", "TIF", "WEB", "HEI", "ZIP", "DCM", "RTF", "JSO", "TXT"]
    entry = DocumentEntry(document(), "0" * 40, "DOC00001.PDF")
    files = xdm.package(SUBMISSION, [xdm.PackagedDocument(entry, Part.of(paths[3], CONTENT))], b"<html/>")
    assert [part.name for part in files] == paths[:4]
    assert b"".join(files[0].chunks()) == b"<html/>"
    readme = b"".join(files[1].chunks())
    assert readme.isascii()
    assert readme.count(b"\r\n") == readme.count(b"\n") > 3


LEA = Card("PETIT", "Léa", Role.PRACTITIONER, b"k" * 32, (), NOW, Profession.PHYSICIAN, "10001234567")
LABORATORY = Institution("Labo ^ de l'Odéon & fils", "SA25", "750712184")


def authors(root: ET.Element) -> list[dict[str, list[str]]]:
    """What is said of who put the documents in: of the set, then of each document."""
    return [
        slots(item)
        for item in root.iter(f"{{{ebrim.RIM}}}Classification")
        if item.attrib.get("classificationScheme") in (ebrim.ENTRY_AUTHOR, ebrim.SET_AUTHOR)
    ]


def test_a_depositor_is_named_with_their_institution() -> None:
    root = metadata(submission=replace(SUBMISSION, depositor=Depositor(LEA, LABORATORY)))
    # XON: name, and the FINESS number with its authority (CI-SIS, Struct_IdNat: 1 and the number); XCN: 8 and the RPPS number.
    institution = "Labo \\S\\ de l'Odéon \\T\\ fils^^^^^&1.2.250.1.71.4.2.2&ISO^IDNST^^^1750712184"
    person = "810001234567^PETIT^Léa^^^^^^&1.2.250.1.71.4.2.1&ISO^D^^^IDNPS"
    specialty = "G15_10^Médecin^1.2.250.1.213.1.1.4.5"
    assert authors(root) == [{"authorInstitution": [institution], "authorPerson": [person], "authorSpecialty": [specialty]}] * 2
    facility, setting = ebrim.ENTRY_FACILITY.removeprefix("urn:uuid:"), ebrim.ENTRY_PRACTICE.removeprefix("urn:uuid:")
    entry = codes(one(root, "ExtrinsicObject"))
    assert entry[facility] == [("SA25", "1.2.250.1.71.4.2.4")]
    assert entry[setting] == [("AMBULATOIRE", "1.2.250.1.213.1.1.4.9")]


def test_an_institution_without_a_number_is_its_name() -> None:
    root = metadata(submission=replace(SUBMISSION, depositor=Depositor(LEA, Institution("Cabinet", OWN_PRACTICE))))
    assert authors(root)[0]["authorInstitution"] == ["Cabinet"]


def test_a_patient_has_no_institution() -> None:
    assert [set(author) for author in authors(metadata())] == [{"authorPerson"}] * 2


def test_a_specialty_is_the_profession_and_what_they_are_qualified_in() -> None:
    cardiologist = Depositor(LEA, LABORATORY, "SM04")
    specialty = "G15_10/SM04^Médecin - Cardiologie et maladies vasculaires (SM)^1.2.250.1.213.1.1.4.5"
    assert authors(metadata(submission=replace(SUBMISSION, depositor=cardiologist)))[0]["authorSpecialty"] == [specialty]
    nurse = Depositor(replace(LEA, profession=Profession.NURSE), LABORATORY, "SM04")
    assert authors(metadata(submission=replace(SUBMISSION, depositor=nurse)))[0]["authorSpecialty"] == [
        "G15_60^Infirmier^1.2.250.1.213.1.1.4.5"
    ]
    insurer = Depositor(replace(LEA, profession=Profession.INSURER), LABORATORY)
    assert "authorSpecialty" not in authors(metadata(submission=replace(SUBMISSION, depositor=insurer)))[0]


def test_who_deposited_a_document_is_its_author_when_the_patient_shares_it() -> None:
    entry = DocumentEntry(document(), "0" * 40, "DOC00001.PDF", Depositor(LEA, None, role=CareRole.ATTENDING))
    of_the_set, of_the_document = authors(ET.fromstring(metadata_xml(SUBMISSION, [entry])))
    assert set(of_the_set) == {"authorPerson"}
    assert of_the_set["authorPerson"][0].startswith("280057511122220^MARTIN")
    assert of_the_document["authorPerson"][0].startswith("810001234567^PETIT")
    assert of_the_document["authorRole"] == ["Médecin traitant"]
    assert "authorInstitution" not in of_the_document


@pytest.mark.parametrize(
    ("words", "codes"),
    [
        ("SM04", ["SM04"]),
        ("cardiologie", ["SM04"]),
        ("Pédiatrie", ["SM40"]),
        ("medecine generale", ["SM54"]),
        ("hématologie", ["SM21"]),
        ("médecine", ["SM25", "SM27", "SM28", "SM29", "SM46", "SM54", "SM59", "SM60", "SM61", "SM72", "SM73"]),
        ("", []),
    ],
)
def test_a_specialty_is_found_by_its_name(words: str, codes: list[str]) -> None:
    assert specialties_called(words) == codes


def test_every_profession_of_care_has_a_label() -> None:
    assert {each for each in Profession if each.code} == set(PROFESSIONS)
