"""The data types that FHIR resources are made of, as JSON-ready data.

Source: HL7 FHIR R4 (4.0.1), data types; data-absent-reason: http://hl7.org/fhir/extension-data-absent-reason.html
"""

from typing import Any
from uuid import UUID, uuid5

from monespace_cli.record.profile import Code, Entry

Json = dict[str, Any]

LOINC, UCUM = "http://loinc.org", "http://unitsofmeasure.org"
TERMINOLOGY = "http://terminology.hl7.org/CodeSystem"
ABSENT_UNKNOWN = "http://hl7.org/fhir/uv/ips/CodeSystem/absent-unknown-uv-ips"
DATA_ABSENT_REASON = "http://hl7.org/fhir/StructureDefinition/data-absent-reason"
PROFILE = "http://hl7.org/fhir/uv/ips/StructureDefinition"

_NAMESPACE = UUID("6f2a6c0e-58b1-5d0f-9a53-3c1f6a7f1d5e")
"""Ours, random: ids follow from what they are of, so that the same record gives the same file."""


def stable_uuid(*parts: str) -> str:
    """Return the UUID (RFC 9562, version 5) of something that these words name."""
    return str(uuid5(_NAMESPACE, "\x1f".join(parts)))


def reference(resource: Json) -> Json:
    """Return a Reference to a resource of the same bundle."""
    return {"reference": f"urn:uuid:{resource['id']}"}


def coding(system: str, code: str, display: str = "") -> Json:
    """Return a Coding."""
    return {"system": system, "code": code, **({"display": display} if display else {})}


def concept(text: str, *codings: Json) -> Json:
    """Return a CodeableConcept: in the person's words, and in codes where there are some."""
    return {**({"coding": list(codings)} if codings else {}), **({"text": text} if text else {})}


def entry_concept(entry: Entry) -> Json:
    """Return what an entry says as a CodeableConcept."""
    return concept(entry.text, *map(_coding_of, entry.codes))


def status(system: str, code: str) -> Json:
    """Return a status that FHIR gives as a CodeableConcept; `system` is its name at terminology.hl7.org."""
    return concept("", coding(f"{TERMINOLOGY}/{system}", code))


def when(element: str, entry: Entry) -> Json:
    """Return when something happened, as `<element>Period` or `<element>DateTime`, or why there is no date."""
    if entry.start and entry.end and entry.start != entry.end:
        return {f"{element}Period": {"start": str(entry.start), "end": str(entry.end)}}
    if entry.end and not entry.start:
        return {f"{element}Period": {"end": str(entry.end)}}
    return {f"{element}DateTime": str(entry.start)} if entry.start else absent(f"{element}DateTime")


def since(element: str, entry: Entry) -> Json:
    """Return when something that lasts began and ended, as `<element>Period`, or why there is no date."""
    period = {name: str(value) for name, value in (("start", entry.start), ("end", entry.end)) if value}
    return {f"{element}Period": period} if period else absent(f"{element}DateTime")


def absent(element: str, reason: str = "unknown") -> Json:
    """Return an element that has no value, and why."""
    return {f"_{element}": {"extension": [{"url": DATA_ABSENT_REASON, "valueCode": reason}]}}


def notes(*texts: str) -> Json:
    """Return comments, or nothing where there are none."""
    said = [{"text": text} for text in texts if text]
    return {"note": said} if said else {}


def quantity(value: float | int, unit: str, code: str) -> Json:
    """Return a Quantity in a UCUM unit."""
    return {"value": value, "unit": unit, "system": UCUM, "code": code}


def _coding_of(code: Code) -> Json:
    return coding(code.system, code.code)
