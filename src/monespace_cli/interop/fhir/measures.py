"""Measurements as FHIR observations: LOINC codes, UCUM units.

The day is told and not the time: FHIR asks for a time zone with every time, and a measurement keeps the clock on the wall alone.

Source: HL7 FHIR R4, profile vitalsigns (http://hl7.org/fhir/StructureDefinition/vitalsigns); HL7 IPS 2.0.
"""

from decimal import Decimal

from monespace_cli.interop.fhir.values import LOINC, PROFILE, Json, coding, concept, quantity, reference, stable_uuid, status
from monespace_cli.record.measures import PRESSURE, PRESSURE_CODES, Measure, MeasureKind
from monespace_cli.record.profile import Source

ANS_OBSERVATIONS = "urn:oid:1.2.250.1.213.1.1.4.322"
VITAL_SIGNS = "http://hl7.org/fhir/StructureDefinition/vitalsigns"
_RESULTS = frozenset({"glucose", "interstitial-glucose", "hba1c", "gmi"})
_CATEGORIES = {"steps": "activity", "pain": "survey"}
"""What is neither a vital sign nor a result of a laboratory."""
_PRESSURE_LABELS = ("Pression artérielle systolique", "Pression artérielle diastolique")


def result_kinds() -> frozenset[str]:
    """Return the kinds of measurement that IPS tells among the results, and not among the vital signs."""
    return _RESULTS


def observation(measure: Measure, patient: Json) -> Json:
    """Return a measurement as an Observation."""
    kind = measure.kind
    category = "laboratory" if kind.name in _RESULTS else _CATEGORIES.get(kind.name, "vital-signs")
    is_declared = measure.origin.source is not Source.CONFIRMED
    return {
        "resourceType": "Observation",
        "id": stable_uuid("Observation", str(measure.space), measure.id, kind.name),
        **_profile(category),
        "status": "final",
        "category": [status("observation-category", category)],
        "code": concept(kind.label, _coding(kind)),
        "subject": reference(patient),
        "effectiveDateTime": measure.day.isoformat(),
        "performer": [reference(patient) if is_declared else {"display": "Professionnel de santé"}],
        **_value(measure),
        **({"note": [{"text": measure.comment}]} if measure.comment else {}),
    }


def _value(measure: Measure) -> Json:
    kind = measure.kind
    if kind.name != PRESSURE:
        return {"valueQuantity": _quantity(measure.values[0], kind)}
    parts = zip(PRESSURE_CODES, _PRESSURE_LABELS, measure.values, strict=True)
    return {
        "component": [
            {"code": concept(label, coding(LOINC, code)), "valueQuantity": _quantity(value, kind)} for code, label, value in parts
        ]
    }


def _quantity(value: Decimal, kind: MeasureKind) -> Json:
    """Return a value as finely as it is shown: an amount that was converted has no more digits than were measured."""
    shown = round(value, kind.decimals)
    return quantity(float(shown) if kind.decimals else int(shown), kind.unit, kind.ucum)


def _coding(kind: MeasureKind) -> Json:
    return coding(ANS_OBSERVATIONS if kind.code.startswith("MED-") else LOINC, kind.code)


def _profile(category: str) -> Json:
    profiles = {"vital-signs": VITAL_SIGNS, "laboratory": f"{PROFILE}/Observation-results-laboratory-pathology-uv-ips"}
    return {"meta": {"profile": [profiles[category]]}} if category in profiles else {}
