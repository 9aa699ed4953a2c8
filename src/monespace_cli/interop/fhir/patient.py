"""Who a summary is about, as a FHIR Patient with the people around them.

Source: HL7 IPS 2.0, Patient-uv-ips; FR Core, FRCorePatientINS (identifier); HL7 v2 table 0131 (contact role).
"""

from monespace_cli.interop.fhir.resources import relation_concept
from monespace_cli.interop.fhir.values import PROFILE, TERMINOLOGY, Json, coding, concept, reference, stable_uuid
from monespace_cli.record.identity import INS_OIDS, RPPS_OID, Identity
from monespace_cli.record.profile import Entry
from monespace_cli.record.sections import Section, choices
from monespace_cli.record.summary import Caregiver, Summary

FR_IDENTIFIER_TYPE = "https://hl7.fr/ig/fhir/core/CodeSystem/fr-core-cs-v2-0203"
EMERGENCY_CONTACT = coding(f"{TERMINOLOGY}/v2-0131", "C", "Emergency Contact")
INS_TYPES = dict(zip(INS_OIDS, ("INS-NIR", "INS-NIA", "INS-NIR-TEST", "INS-NIR-DEMO"), strict=True))
"""What sort of INS a number is, by who gave it (FR Core, FRCorePatientINSProfile)."""
RPPS_PREFIX = "8"
"""In a PS_IdNat, what stands before an RPPS number."""
HELPED = "helped"
"""Somebody whom the patient helps: nobody to turn to for the patient."""


def patient_of(summary: Summary) -> Json:
    """Return the patient, and whom to turn to for them."""
    subject = summary.subject
    persons = summary.section(Section.PERSON)
    contacts = [_contact(entry) for entry in (persons.current if persons else ()) if entry.details["role"] != HELPED]
    caregivers = caregivers_of(summary)
    return {
        "resourceType": "Patient",
        "id": stable_uuid("Patient", subject.family_name, *subject.given_names, subject.birth_date.isoformat(), subject.ins or ""),
        "meta": {"profile": [f"{PROFILE}/Patient-uv-ips"]},
        **({"identifier": [_ins(subject.ins, subject.ins_oid)]} if subject.ins else {}),
        "name": _names(subject),
        "gender": str(subject.sex),
        "birthDate": subject.birth_date.isoformat(),
        **({"contact": contacts} if contacts else {}),
        **({"generalPractitioner": [reference(each) for each in caregivers]} if caregivers else {}),
    }


def caregivers_of(summary: Summary) -> list[Json]:
    """Return who looks after the patient as Practitioner resources, the attending physician first."""
    return [_practitioner(each) for each in summary.caregivers]


def _practitioner(caregiver: Caregiver) -> Json:
    rpps = [{"system": f"urn:oid:{RPPS_OID}", "value": f"{RPPS_PREFIX}{caregiver.rpps}"}] if caregiver.rpps else []
    return {
        "resourceType": "Practitioner",
        "id": stable_uuid("Practitioner", caregiver.id),
        "meta": {"profile": [f"{PROFILE}/Practitioner-uv-ips"]},
        **({"identifier": rpps} if rpps else {}),
        "name": [{"text": caregiver.name, "family": caregiver.family_name, "given": [caregiver.given_name]}],
        **({"telecom": [{"system": "phone", "value": caregiver.phone}]} if caregiver.phone else {}),
    }


def _names(subject: Identity) -> list[Json]:
    """Return the birth name, and the name the person goes by where it is another one (FR Core, FRCorePatientProfile)."""
    official = f"{subject.given_names[0]} {subject.family_name}"
    names: list[Json] = [{"use": "official", "text": official, "family": subject.family_name, "given": list(subject.given_names)}]
    if subject.display_name != official:
        used = {"family": subject.used_family_name or subject.family_name, "given": [subject.used_given_name or subject.given_names[0]]}
        names.append({"use": "usual", "text": subject.display_name, **used})
    return names


def _ins(matricule: str, oid: str) -> Json:
    """Return the INS, as the patient typed it: whoever takes it in has to have it qualified (ANS, référentiel INS)."""
    return {
        "use": "official",
        "type": concept("", coding(FR_IDENTIFIER_TYPE, INS_TYPES[oid])),
        "system": f"urn:oid:{oid}",
        "value": matricule,
    }


def _contact(entry: Entry) -> Json:
    role = entry.details["role"]
    relations = [concept(choices("role")[role], *([EMERGENCY_CONTACT] if role == "emergency" else []))]
    if "relation" in entry.details:
        relations.append(relation_concept(entry.details["relation"]))
    phone = entry.details.get("phone")
    return {
        "relationship": relations,
        "name": {"text": entry.text},
        **({"telecom": [{"system": "phone", "value": phone}]} if phone else {}),
    }
