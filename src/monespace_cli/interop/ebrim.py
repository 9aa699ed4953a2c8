"""XDS metadata as ebRIM 3.0: the SubmitObjectsRequest that describes a set of documents.

Source: IHE ITI TF-3 §4.2 (attributes, Tables 4.2.3.2-1 and 4.2.3.3-1; scheme UUIDs, Table 4.2.5-1); codes of CI-SIS (ANS, jeux de
valeurs JDV_J02 to J08 and J60). Written with `xml.etree`, which escapes; text must be free of control characters, which XML cannot hold.
"""

import hashlib
import uuid
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from xml.etree import ElementTree as ET

from monespace_cli.interop.facilities import FACILITIES, FACILITY_OID, INSTITUTION_OID, SETTING_OID, SETTINGS
from monespace_cli.interop.media import FORMAT_CODE_OID, MEDIA_TYPES
from monespace_cli.interop.professions import specialty_value
from monespace_cli.record.card import Card
from monespace_cli.record.codes import CLASS_CODE_OID, CLASS_LABELS, TypeCode, type_codes
from monespace_cli.record.document import Document
from monespace_cli.record.identity import RPPS_OID, Identity, Institution, Sex
from monespace_cli.record.practitioner import CareRole

LCM = "urn:oasis:names:tc:ebxml-regrep:xsd:lcm:3.0"
RIM = "urn:oasis:names:tc:ebxml-regrep:xsd:rim:3.0"
RS = "urn:oasis:names:tc:ebxml-regrep:ObjectType:RegistryObject:"
APPROVED = "urn:oasis:names:tc:ebxml-regrep:StatusType:Approved"
HAS_MEMBER = "urn:oasis:names:tc:ebxml-regrep:AssociationType:HasMember"

# IHE ITI TF-3 Table 4.2.5-1
DOCUMENT_ENTRY = "urn:uuid:7edca82f-054d-47f2-a032-9b2a5b5186c1"
ENTRY_AUTHOR = "urn:uuid:93606bcf-9494-43ec-9b4e-a7748d1a838d"
ENTRY_CLASS = "urn:uuid:41a5887f-8865-4c09-adf7-e362475b143a"
ENTRY_TYPE = "urn:uuid:f0306f51-975f-434e-a61c-c59651d33983"
ENTRY_FORMAT = "urn:uuid:a09d5840-386c-46f2-b5ad-9c3699a4309d"
ENTRY_CONFIDENTIALITY = "urn:uuid:f4f85eac-e6cb-4883-b524-f2705394840f"
ENTRY_FACILITY = "urn:uuid:f33fb8ac-18af-42cc-ae0e-ed0b0bdb91e1"
ENTRY_PRACTICE = "urn:uuid:cccf5598-8b07-4b77-a05e-ae952c785ead"
ENTRY_PATIENT_ID = "urn:uuid:58a6f841-87b3-4a3e-92fd-a8ffeff98427"
ENTRY_UNIQUE_ID = "urn:uuid:2e82c1f6-a085-4c72-9da3-8640a32e42ab"
SUBMISSION_SET = "urn:uuid:a54d6aa5-d40d-43f9-88c5-b4633d873bdd"
SET_AUTHOR = "urn:uuid:a7058bb9-b4e4-4307-ba5b-e3f0ab85e12d"
SET_CONTENT_TYPE = "urn:uuid:aa543740-bdda-424e-8c96-df4873be8500"
SET_UNIQUE_ID = "urn:uuid:96fdda7c-d067-4183-912e-bf5ee74998a8"
SET_SOURCE_ID = "urn:uuid:554ac39e-e3fe-47fe-b233-965d2a147832"
SET_PATIENT_ID = "urn:uuid:6b5aea1a-874d-4603-a4bc-96a0a7b38446"

# TRE_A00-ProducteurDocNonPS: what the patient puts in has this one code for practice setting (J04), facility (J02) and content type (J03).
PATIENT_CODE = "EXP_PATIENT"
PATIENT_LABEL = "Expression personnelle du patient"
PATIENT_OID = "1.2.250.1.213.1.1.4.6"

# JDV_J08: N, R and V are HL7's, the masks are of ANS's TRE_A07.
CONFIDENTIALITY_OID = "2.16.840.1.113883.5.25"
MASK_OID = "1.2.250.1.213.1.1.4.13"
CONFIDENTIALITY_LABELS = {
    "N": "Normal",
    "R": "Restreint",
    "V": "Très restreint",
    "INVISIBLE_PATIENT": "Non visible par le patient",
    "INVISIBLE_REPRESENTANTS_LEGAUX": "Non visible par les représentants légaux du patient",
    "MASQUE_PS": "Masqué aux professionnels de santé",
}

# JDV_J47 (functionCode): PCP, and 353 for those who have no code of their own.
ROLE_LABELS = {
    CareRole.ATTENDING: "Médecin traitant",
    CareRole.MIDWIFE: "Membre de l'équipe de soins",
    CareRole.PHARMACIST: "Membre de l'équipe de soins",
}

_SET_ID = "SubmissionSet01"
_SEX = {Sex.FEMALE: "F", Sex.MALE: "M", Sex.OTHER: "O", Sex.UNKNOWN: "U"}  # HL7 table 0001, PID-8
_HL7_ESCAPES = str.maketrans({"\\": "\\E\\", "|": "\\F\\", "^": "\\S\\", "&": "\\T\\", "~": "\\R\\"})  # HL7 v2 §2.7.1


@dataclass(frozen=True, slots=True)
class Depositor:
    """Who puts documents into somebody else's record."""

    card: Card
    institution: Institution | None
    """None where it is not known."""
    specialty: str = ""
    """Code of `professions.SPECIALTIES`; empty where it is not known."""
    role: CareRole | None = None
    """What they are to the patient, where that is known."""


@dataclass(frozen=True, slots=True)
class Code:
    """A code with its system and label."""

    code: str
    system: str
    label: str


@dataclass(frozen=True, slots=True)
class Submission:
    """A SubmissionSet: what is said of all documents together."""

    id: str
    """Random, 32 hexadecimal digits."""
    source: str
    """Fingerprint of who sends it, 64 hexadecimal digits."""
    patient: Identity
    created: datetime
    depositor: Depositor | None = None
    """None where the patient is the author, as of their own documents."""

    @property
    def facility(self) -> Code:
        """The healthcareFacilityTypeCode, which is the contentTypeCode too."""
        if self.depositor is None or self.depositor.institution is None:
            return Code(PATIENT_CODE, PATIENT_OID, PATIENT_LABEL)
        code = self.depositor.institution.facility
        return Code(code, FACILITY_OID, FACILITIES[code].label)

    @property
    def setting(self) -> Code:
        """The practiceSettingCode."""
        if self.depositor is None or self.depositor.institution is None:
            return Code(PATIENT_CODE, PATIENT_OID, PATIENT_LABEL)
        code = FACILITIES[self.depositor.institution.facility].setting
        return Code(code, SETTING_OID, SETTINGS[code])


@dataclass(frozen=True, slots=True)
class DocumentEntry:
    """A document of the record, and what XDS wants to know besides."""

    document: Document
    sha1: str
    """Of the original bytes, lower-case hex: XDS's `hash`."""
    uri: str
    """Its file name beside `METADATA.XML`."""
    author: Depositor | None = None
    """Who deposited it with the sender; None where that is the submission's author, or nobody known."""


def metadata_xml(submission: Submission, entries: Sequence[DocumentEntry]) -> bytes:
    """Return `METADATA.XML`: one SubmissionSet with its DocumentEntries, UTF-8 with an XML declaration."""
    ET.register_namespace("lcm", LCM)
    ET.register_namespace("rim", RIM)
    root = ET.Element(f"{{{LCM}}}SubmitObjectsRequest")
    objects = _add(root, "RegistryObjectList")
    _submission_set(objects, submission)
    for number, entry in enumerate(entries, start=1):
        _document_entry(objects, f"Document{number:05}", entry, submission)
        _has_member(objects, f"Document{number:05}")
    ET.indent(root, " ")
    text: bytes = ET.tostring(root, encoding="utf-8", xml_declaration=True)
    return text + b"\n"


def oid_of(hexadecimal: str) -> str:
    """Return an OID for 128 bits or more of hexadecimal digits: 2.25 and a UUID as a number (ITU-T X.667 §7; RFC 9562 §5.8, version 8)."""
    bits = bytearray.fromhex(hexadecimal[:32])
    bits[6] = bits[6] & 0x0F | 0x80
    bits[8] = bits[8] & 0x3F | 0x80
    return f"2.25.{uuid.UUID(bytes=bytes(bits)).int}"


def _submission_set(parent: ET.Element, submission: Submission) -> None:
    node = _add(parent, "RegistryPackage", id=_SET_ID, objectType=f"{RS}RegistryPackage", status=APPROVED)
    _slot(node, "submissionTime", _moment(submission.created))
    _name(node, "Documents déposés pour le patient" if submission.depositor else "Documents partagés par le patient")
    _author(node, SET_AUTHOR, submission.depositor, submission)
    _classify(node, SET_CONTENT_TYPE, "contentTypeCode", submission.facility)
    _identify(node, SET_UNIQUE_ID, "XDSSubmissionSet.uniqueId", oid_of(submission.id))
    _identify(node, SET_SOURCE_ID, "XDSSubmissionSet.sourceId", oid_of(submission.source))
    _identify(node, SET_PATIENT_ID, "XDSSubmissionSet.patientId", _patient_id(submission))
    attributes = {"classifiedObject": _SET_ID, "classificationNode": SUBMISSION_SET, "id": f"{_SET_ID}.node"}
    _add(parent, "Classification", objectType=f"{RS}Classification", **attributes)


def _document_entry(parent: ET.Element, symbol: str, entry: DocumentEntry, submission: Submission) -> None:
    document = entry.document
    attributes = {"id": symbol, "mimeType": document.media_type, "objectType": DOCUMENT_ENTRY, "status": APPROVED}
    node = _add(parent, "ExtrinsicObject", **attributes)
    for name, *values in _entry_slots(entry, submission):
        _slot(node, name, *values)
    _name(node, document.title)
    if document.practitioner:
        _localized(_add(node, "Description"), f"Auteur indiqué sur le document : {document.practitioner}")
    _author(node, ENTRY_AUTHOR, entry.author or submission.depositor, submission)
    _entry_codes(node, document, submission)
    _identify(node, ENTRY_PATIENT_ID, "XDSDocumentEntry.patientId", _patient_id(submission))
    # The same bytes have the same uniqueId wherever they are sent from: that is what it is compared for.
    _identify(node, ENTRY_UNIQUE_ID, "XDSDocumentEntry.uniqueId", oid_of(document.sha256))


def _entry_slots(entry: DocumentEntry, submission: Submission) -> Iterable[tuple[str, ...]]:
    """Yield the slots of a DocumentEntry, each a name and its values (IHE ITI TF-3 Table 4.2.3.2-1)."""
    document, patient = entry.document, submission.patient
    yield "creationTime", f"{document.date:%Y%m%d}" if document.date else _moment(document.imported_at)
    yield "hash", entry.sha1
    yield "languageCode", "fr-FR"
    if document.date:
        yield "serviceStartTime", f"{document.date:%Y%m%d}"
    yield "size", str(document.size)
    yield "sourcePatientId", _patient_id(submission)
    name = f"{_hl7(patient.family_name)}^{_hl7(patient.given_names[0])}^{_hl7(' '.join(patient.given_names[1:]))}^^^^L"
    traits = (f"PID-5|{name}", f"PID-7|{patient.birth_date:%Y%m%d}", f"PID-8|{_SEX[patient.sex]}")
    yield "sourcePatientInfo", f"PID-3|{_patient_id(submission)}", *traits
    yield "URI", entry.uri


def _entry_codes(node: ET.Element, document: Document, submission: Submission) -> None:
    kind = type_codes().get(document.type_code) or TypeCode(document.type_code, "90", document.type_code)
    media = MEDIA_TYPES[document.media_type]
    _classify(node, ENTRY_CLASS, "classCode", Code(kind.class_code, CLASS_CODE_OID, CLASS_LABELS[kind.class_code]))
    for code in document.confidentiality:
        system = CONFIDENTIALITY_OID if code in ("N", "R", "V") else MASK_OID
        _classify(node, ENTRY_CONFIDENTIALITY, f"confidentialityCode.{code}", Code(code, system, CONFIDENTIALITY_LABELS[code]))
    _classify(node, ENTRY_FORMAT, "formatCode", Code(media.format_code, FORMAT_CODE_OID, media.format_label))
    _classify(node, ENTRY_FACILITY, "healthcareFacilityTypeCode", submission.facility)
    _classify(node, ENTRY_PRACTICE, "practiceSettingCode", submission.setting)
    _classify(node, ENTRY_TYPE, "typeCode", Code(kind.code, kind.system, kind.label))


def _has_member(parent: ET.Element, symbol: str) -> None:
    attributes = {"id": f"{symbol}.member", "associationType": HAS_MEMBER, "sourceObject": _SET_ID, "targetObject": symbol}
    node = _add(parent, "Association", objectType=f"{RS}Association", **attributes)
    _slot(node, "SubmissionSetStatus", "Original")


def _author(node: ET.Element, scheme: str, depositor: Depositor | None, submission: Submission) -> None:
    """Add who put the documents in: the depositor, or else the patient."""
    author = _classification(node, scheme, "author", "")
    if depositor is None:
        _slot(author, "authorPerson", _patient(submission))
        return
    if depositor.institution:
        _slot(author, "authorInstitution", _institution(depositor.institution))
    _slot(author, "authorPerson", _practitioner(depositor.card, submission))
    if depositor.role:
        _slot(author, "authorRole", ROLE_LABELS[depositor.role])
    specialty = specialty_value(depositor.card.profession, depositor.specialty)
    if specialty:
        _slot(author, "authorSpecialty", specialty)


def _institution(institution: Institution) -> str:
    """Return an institution as XON (HL7 v2 §2.A.89; CI-SIS): its name, and where it is known the FINESS number."""
    number = f"^^^^^&{INSTITUTION_OID}&ISO^IDNST^^^1{institution.finess}" if institution.finess else ""
    return _hl7(institution.name) + number


def _practitioner(card: Card, submission: Submission) -> str:
    """Return a practitioner as XCN (CI-SIS: PS_IdNat, 8 and the RPPS number, type D); without an RPPS number a local identifier."""
    name = f"{_hl7(card.family_name)}^{_hl7(card.given_name)}"
    if card.rpps:
        return f"8{card.rpps}^{name}^^^^^^&{RPPS_OID}&ISO^D^^^IDNPS"
    return f"{card.fingerprint[:32]}^{name}^^^^^^&{oid_of(submission.source)}&ISO^D^^^EI"


def _patient(submission: Submission) -> str:
    """Return the patient as XCN (CI-SIS: type L for a person's civil name)."""
    patient = submission.patient
    identifier, authority, kind = _patient_identifier(submission)
    return f"{identifier}^{_hl7(patient.family_name)}^{_hl7(patient.given_names[0])}^^^^^^&{authority}&ISO^L^^^{kind}"


def _patient_id(submission: Submission) -> str:
    """Return the patient's identifier as CX: `matricule^^^&OID&ISO^NH` (CI-SIS)."""
    identifier, authority, kind = _patient_identifier(submission)
    return f"{identifier}^^^&{authority}&ISO^{kind}"


def _patient_identifier(submission: Submission) -> tuple[str, str, str]:
    """Return identifier, OID of who assigned it, and type: the INS, or without one a local identifier from the identity traits."""
    patient = submission.patient
    if patient.ins:
        return patient.ins, patient.ins_oid, "NH"
    traits = "\x00".join((patient.family_name, *patient.given_names, patient.birth_date.isoformat(), patient.sex))
    return hashlib.sha256(b"monespace.local-patient.v1\x00" + traits.encode()).hexdigest()[:32], oid_of(submission.source), "PI"


def _moment(moment: datetime) -> str:
    """Return a moment as DTM in UTC, `YYYYMMDDhhmmss` (IHE ITI TF-3 Table 4.2.3.1.7-2)."""
    return f"{moment.astimezone(UTC):%Y%m%d%H%M%S}"


def _hl7(text: str) -> str:
    return text.translate(_HL7_ESCAPES)


def _add(parent: ET.Element, tag: str, **attributes: str) -> ET.Element:
    return ET.SubElement(parent, f"{{{RIM}}}{tag}", attributes)


def _slot(node: ET.Element, name: str, *values: str) -> None:
    value_list = _add(_add(node, "Slot", name=name), "ValueList")
    for value in values:
        _add(value_list, "Value").text = value


def _name(node: ET.Element, text: str) -> None:
    _localized(_add(node, "Name"), text)


def _localized(node: ET.Element, text: str) -> None:
    _add(node, "LocalizedString", value=text)


def _classification(node: ET.Element, scheme: str, name: str, code: str) -> ET.Element:
    owner = node.attrib["id"]
    attributes = {"classificationScheme": scheme, "classifiedObject": owner, "nodeRepresentation": code, "id": f"{owner}.{name}"}
    return _add(node, "Classification", objectType=f"{RS}Classification", **attributes)


def _classify(node: ET.Element, scheme: str, name: str, value: Code) -> None:
    classification = _classification(node, scheme, name, value.code)
    _slot(classification, "codingScheme", value.system)
    _name(classification, value.label)


def _identify(node: ET.Element, scheme: str, name: str, value: str) -> None:
    owner = node.attrib["id"]
    attributes = {"identificationScheme": scheme, "registryObject": owner, "value": value, "id": f"{owner}.{name}"}
    identifier = _add(node, "ExternalIdentifier", objectType=f"{RS}ExternalIdentifier", **attributes)
    _name(identifier, name)
