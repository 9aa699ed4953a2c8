"""Entries of the medical profile as FHIR resources, after the profiles of the International Patient Summary.

What is declared is `unconfirmed` and its source is the patient; what a practitioner confirmed is `confirmed`. "None known" is a resource
with a code of the IPS for it. What the person wrote in words stays in words: codes are only those that the entry carries.

Source: HL7 FHIR R4 (4.0.1); HL7 IPS 2.0 profiles (http://hl7.org/fhir/uv/ips).
"""

from collections.abc import Callable

from monespace_cli.interop.fhir.values import (
    ABSENT_UNKNOWN,
    LOINC,
    PROFILE,
    TERMINOLOGY,
    Json,
    absent,
    coding,
    concept,
    entry_concept,
    notes,
    reference,
    since,
    stable_uuid,
    status,
    when,
)
from monespace_cli.record.profile import Entry, Source
from monespace_cli.record.sections import Section, choices
from monespace_cli.record.summary_words import none_row
from monespace_cli.record.tables import table

ROLE_CODE = f"{TERMINOLOGY}/v3-RoleCode"
_ONLY_FRENCH = frozenset({"GRNDSO", "TUTEUR", "CURATEUR"})
"""Codes of the French list of relations that HL7's RoleCode does not have."""
_HABIT_CODES = {"tobacco": ("72166-2", "Tobacco smoking status"), "alcohol": ("11331-6", "History of Alcohol use")}
_NOT_A_DATE = "not-applicable"


def resources_of(entry: Entry, patient: Json, *, is_past: bool) -> tuple[Json, ...]:
    """Return an entry as resources: first the one that its section refers to, then what that one needs."""
    return _MAKERS[entry.section](entry, patient, is_past)


def _allergy(entry: Entry, patient: Json, is_past: bool) -> tuple[Json, ...]:
    found = _resource("AllergyIntolerance", entry) | {
        "clinicalStatus": status("allergyintolerance-clinical", "resolved" if is_past else "active"),
        **({} if entry.is_none else {"verificationStatus": status("allergyintolerance-verification", _verification(entry))}),
        "code": _what(entry),
        "patient": reference(patient),
        **({"onsetDateTime": str(entry.start)} if entry.start and not entry.is_none else {}),
        **_asserted("asserter", entry, patient),
        **notes(entry.comment),
    }
    return (found,)


def _treatment(entry: Entry, patient: Json, is_past: bool) -> tuple[Json, ...]:
    found = _resource("MedicationStatement", entry) | {
        "status": "completed" if is_past else "active",
        "medicationCodeableConcept": _what(entry),
        "subject": reference(patient),
        **(absent("effectiveDateTime", _NOT_A_DATE) if entry.is_none else since("effective", entry)),
        **_asserted("informationSource", entry, patient),
        **({"dosage": [{"text": entry.details["dosage"]}]} if "dosage" in entry.details else {}),
        **notes(entry.comment),
    }
    return (found,)


def _illness(entry: Entry, patient: Json, is_past: bool) -> tuple[Json, ...]:
    found = _resource("Condition", entry) | {
        "clinicalStatus": status("condition-clinical", "resolved" if is_past else "active"),
        **({} if entry.is_none else {"verificationStatus": status("condition-ver-status", _verification(entry))}),
        "category": [status("condition-category", "problem-list-item")],
        "code": _what(entry),
        "subject": reference(patient),
        **({"onsetDateTime": str(entry.start)} if entry.start and not entry.is_none else {}),
        **({"abatementDateTime": str(entry.end)} if entry.end and is_past else {}),
        **_asserted("asserter", entry, patient),
        **notes(_disability_words(entry), entry.comment),
    }
    return (found,)


def _hospitalisation(entry: Entry, patient: Json, _is_past: bool) -> tuple[Json, ...]:
    found = _resource("Procedure", entry) | {
        "status": "not-done" if entry.is_none else "completed",
        "code": _what(entry),
        "subject": reference(patient),
        **(absent("performedDateTime", _NOT_A_DATE) if entry.is_none else when("performed", entry)),
        **_asserted("asserter", entry, patient),
        **notes(entry.comment),
    }
    return (found,)


def _vaccination(entry: Entry, patient: Json, _is_past: bool) -> tuple[Json, ...]:
    details = entry.details
    is_confirmed = entry.origin.source is Source.CONFIRMED
    undated = "sans objet" if entry.is_none else "date non précisée"
    moment = {"occurrenceString": undated} if entry.is_none or not entry.start else {"occurrenceDateTime": str(entry.start)}
    found = _resource("Immunization", entry) | {
        "status": "not-done" if entry.is_none else "completed",
        "vaccineCode": _what(entry),
        "patient": reference(patient),
        **moment,
        "primarySource": is_confirmed,
        **({} if is_confirmed else {"reportOrigin": status("immunization-origin", "recall")}),
        **({"lotNumber": details["lot"]} if "lot" in details else {}),
        **({"performer": [{"actor": {"display": details["performer"]}}]} if "performer" in details else {}),
        **notes(entry.comment),
        **_protocol(details),
    }
    return (found,)


def _protocol(details: dict[str, str]) -> Json:
    """Return what a vaccination was against, and which dose it was, where the entry says so."""
    if not {"act", "diseases"} & details.keys():
        return {}
    dose = {"doseNumberString": choices("act")[details["act"]] if "act" in details else "non précisée"}
    diseases = {"targetDisease": [concept(details["diseases"])]} if "diseases" in details else {}
    return {"protocolApplied": [{**diseases, **dose}]}


def _family_history(entry: Entry, patient: Json, _is_past: bool) -> tuple[Json, ...]:
    found = _resource("FamilyMemberHistory", entry, profile="") | {
        "status": "completed",
        "patient": reference(patient),
        "relationship": relation_concept(entry.details["relation"]),
        "condition": [{"code": entry_concept(entry)}],
        **notes(entry.comment),
    }
    return (found,)


def _device(entry: Entry, patient: Json, is_past: bool) -> tuple[Json, ...]:
    device = {
        "resourceType": "Device",
        "id": stable_uuid("Device", str(entry.space), entry.id),
        **_profiled("Device"),
        **({"lotNumber": entry.details["lot"]} if "lot" in entry.details else {}),
        "type": _what(entry),
        "patient": reference(patient),
    }
    use = _resource("DeviceUseStatement", entry) | {
        "status": "completed" if is_past else "active",
        "subject": reference(patient),
        **(absent("timingDateTime", _NOT_A_DATE) if entry.is_none else since("timing", entry)),
        **_asserted("source", entry, patient),
        "device": reference(device),
        **notes(entry.comment),
    }
    return (use, device)


def _habit(entry: Entry, patient: Json, _is_past: bool) -> tuple[Json, ...]:
    kind = entry.details["kind"]
    code = [coding(LOINC, *_HABIT_CODES[kind])] if kind in _HABIT_CODES else []
    value = {"valueCodeableConcept": entry_concept(entry)} if kind == "tobacco" else {"valueString": entry.text}
    found = _resource("Observation", entry, profile="Observation-tobaccouse" if kind == "tobacco" else "") | {
        "status": "final",
        "category": [status("observation-category", "social-history")],
        "code": concept(choices("habit")[kind], *code),
        "subject": reference(patient),
        **({"effectiveDateTime": str(entry.start)} if entry.start else absent("effectiveDateTime")),
        **_asserted("performer", entry, patient, several=True),
        **value,
        **notes(entry.comment),
    }
    return (found,)


def _blood_group(entry: Entry, patient: Json, _is_past: bool) -> tuple[Json, ...]:
    found = _resource("Observation", entry, profile="Observation-results-laboratory-pathology") | {
        "status": "final",
        "category": [status("observation-category", "laboratory")],
        "code": concept("Groupe sanguin", coding(LOINC, "882-1", "ABO and Rh group [Type] in Blood")),
        "subject": reference(patient),
        **({"effectiveDateTime": str(entry.start)} if entry.start else absent("effectiveDateTime")),
        **(_asserted("performer", entry, patient, several=True) or {"performer": [{"display": "Professionnel de santé"}]}),
        "valueCodeableConcept": entry_concept(entry),
        **notes(entry.comment),
    }
    return (found,)


def _directive(entry: Entry, patient: Json, is_past: bool) -> tuple[Json, ...]:
    found = _resource("Consent", entry, profile="") | {
        "status": "inactive" if is_past else "active",
        "scope": status("consentscope", "adr"),
        "category": [concept("", coding(LOINC, "42348-3", "Advance healthcare directives"))],
        "patient": reference(patient),
        **({"dateTime": str(entry.start)} if entry.start else {}),
        "sourceAttachment": {"title": entry.text},
        "policyRule": concept("Code de la santé publique, article L1111-11"),
    }
    return (found,)


_Maker = Callable[[Entry, Json, bool], tuple[Json, ...]]
_MAKERS: dict[Section, _Maker] = {
    Section.ALLERGY: _allergy,
    Section.TREATMENT: _treatment,
    Section.ILLNESS: _illness,
    Section.DISABILITY: _illness,
    Section.HOSPITALISATION: _hospitalisation,
    Section.VACCINATION: _vaccination,
    Section.FAMILY_HISTORY: _family_history,
    Section.DEVICE: _device,
    Section.HABIT: _habit,
    Section.BLOOD_GROUP: _blood_group,
    Section.DIRECTIVE: _directive,
}


def relation_concept(relation: str) -> Json:
    """Return a relation to the patient: in HL7's code, where it has one for it."""
    row = next(row for row in table("profile_values") if row["list"] == "relation" and row["value"] == relation)
    return concept(row["label"], *([] if row["code"] in _ONLY_FRENCH else [coding(ROLE_CODE, row["code"])]))


def _resource(kind: str, entry: Entry, *, profile: str | None = None) -> Json:
    """Return the beginning of a resource; `profile` names the IPS profile where it is not the resource's own, empty where there is none."""
    name = kind if profile is None else profile
    return {"resourceType": kind, "id": stable_uuid(kind, str(entry.space), entry.id), **(_profiled(name) if name else {})}


def _profiled(name: str) -> Json:
    return {"meta": {"profile": [f"{PROFILE}/{name}-uv-ips"]}}


def _what(entry: Entry) -> Json:
    """Return what an entry says, or that nothing is known of its section."""
    if not entry.is_none:
        return entry_concept(entry)
    row = none_row(entry.section)
    return concept(row["text"], *([coding(ABSENT_UNKNOWN, row["code"])] if row["code"] else []))


def _verification(entry: Entry) -> str:
    return "confirmed" if entry.origin.source is Source.CONFIRMED else "unconfirmed"


def _asserted(element: str, entry: Entry, patient: Json, *, several: bool = False) -> Json:
    """Return that the patient says so, unless a practitioner does."""
    if entry.origin.source is Source.CONFIRMED:
        return {}
    return {element: [reference(patient)] if several else reference(patient)}


def _disability_words(entry: Entry) -> str:
    """Return the kind, rate and help of a disability in words; nothing for an illness."""
    labels = {field.name: choices(field.choices) for field in entry.section.rules.fields}
    return ", ".join(labels[name].get(value, value) for name, value in entry.details.items())
