"""The medical summary as an International Patient Summary: a FHIR R4 document bundle that other programs take in.

The three required sections are always there: with entries, with "none known", or with an `emptyReason` where nothing was said. Ids follow
from what they are of: the same summary, made at the same moment, gives the same bytes.

Source: HL7 IPS 2.0 (http://hl7.org/fhir/uv/ips), Bundle-uv-ips, Composition-uv-ips, Patient-uv-ips; FR Core, FRCorePatientINS; LOINC.
"""

import json
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from monespace_cli.interop.fhir.measures import observation, result_kinds
from monespace_cli.interop.fhir.narrative import measure_lines, narrative, section_lines
from monespace_cli.interop.fhir.patient import caregivers_of, patient_of
from monespace_cli.interop.fhir.resources import resources_of
from monespace_cli.interop.fhir.values import LOINC, PROFILE, TERMINOLOGY, Json, coding, concept, reference, stable_uuid
from monespace_cli.record.sections import Section
from monespace_cli.record.summary import REQUIRED, Status, Summary, SummarySection
from monespace_cli.record.summary_words import TITLE, none_row

PATIENT_SUMMARY = coding(LOINC, "60591-5", "Patient summary Document")

_SECTIONS = {
    Section.ALLERGY: ("48765-2", "Allergies and adverse reactions Document"),
    Section.TREATMENT: ("10160-0", "History of Medication use Narrative"),
    Section.ILLNESS: ("11450-4", "Problem list - Reported"),
    Section.DEVICE: ("46264-8", "History of medical device use"),
    Section.HOSPITALISATION: ("47519-4", "History of Procedures Document"),
    Section.VACCINATION: ("11369-6", "History of Immunization Narrative"),
    Section.FAMILY_HISTORY: ("10157-6", "History of family member diseases Narrative"),
    Section.DISABILITY: ("47420-5", "Functional status assessment note"),
    Section.HABIT: ("29762-2", "Social history Narrative"),
    Section.DIRECTIVE: ("42348-3", "Advance directives"),
}
_PAST_ILLNESS = ("11348-0", "History of Past illness Narrative")
_RESULTS = ("30954-2", "Relevant diagnostic tests/laboratory data Narrative")
_VITAL_SIGNS = ("8716-3", "Vital signs")


@dataclass(frozen=True, slots=True)
class _Part:
    """A section of the composition, and the resources that it brings into the bundle."""

    title: str
    code: tuple[str, str]
    """LOINC, with its display."""
    lines: Sequence[str]
    entries: Sequence[tuple[Json, ...]]
    """Each with the resource that the section refers to first."""
    is_none: bool = False

    @property
    def section(self) -> Json:
        said: Json = {"entry": [reference(entry[0]) for entry in self.entries]} if self.entries else self._empty()
        return {"title": self.title, "code": concept("", coding(LOINC, *self.code)), "text": narrative(self.lines), **said}

    def _empty(self) -> Json:
        if self.lines and not self.is_none:
            return {}
        reason = ("nilknown", "Nil Known") if self.is_none else ("unavailable", "Unavailable")
        return {"emptyReason": concept("", coding(f"{TERMINOLOGY}/list-empty-reason", *reason))}


def ips_json(summary: Summary) -> bytes:
    """Return the bundle as UTF-8."""
    return json.dumps(ips_bundle(summary), ensure_ascii=False, indent=1).encode() + b"\n"


def ips_bundle(summary: Summary) -> Json:
    """Return the bundle as JSON-ready data: composition first, then the patient, then what the sections refer to."""
    patient = patient_of(summary)
    parts = list(_parts(summary, patient))
    composition = _composition(summary, patient, parts)
    resources = [
        composition,
        patient,
        *caregivers_of(summary),
        *(resource for part in parts for entry in part.entries for resource in entry),
    ]
    moment = summary.made.isoformat(timespec="seconds")
    return {
        "resourceType": "Bundle",
        "id": stable_uuid("Bundle", composition["id"]),
        "meta": {"profile": [f"{PROFILE}/Bundle-uv-ips"]},
        "language": "fr-FR",
        "identifier": {"system": "urn:ietf:rfc:3986", "value": f"urn:uuid:{stable_uuid('document', composition['id'])}"},
        "type": "document",
        "timestamp": moment,
        "entry": [{"fullUrl": f"urn:uuid:{resource['id']}", "resource": resource} for resource in resources],
    }


def _composition(summary: Summary, patient: Json, parts: Iterable[_Part]) -> Json:
    moment = summary.made.isoformat(timespec="seconds")
    return {
        "resourceType": "Composition",
        "id": stable_uuid("Composition", patient["id"], moment),
        "meta": {"profile": [f"{PROFILE}/Composition-uv-ips"]},
        "language": "fr-FR",
        "status": "final",
        "type": concept("", PATIENT_SUMMARY),
        "subject": reference(patient),
        "date": moment,
        "author": [reference(patient)],
        "title": f"{TITLE} – {summary.subject.display_name}",
        "confidentiality": "N",
        "section": [part.section for part in parts],
    }


def _parts(summary: Summary, patient: Json) -> Iterable[_Part]:
    told = {section.section: section for section in summary.sections}
    for section, code in _SECTIONS.items():
        said = told.get(section, SummarySection(section))
        if section is Section.ILLNESS:
            yield from _illnesses(said, summary, patient)
        elif section is Section.DIRECTIVE:
            yield from _wishes(said, told.get(Section.ORGAN_DONATION), summary, patient)
        elif said.status is not Status.EMPTY or section in REQUIRED:
            yield _part(said, code, summary, patient)
    yield from _measured(summary, told.get(Section.BLOOD_GROUP), patient)


def _part(section: SummarySection, code: tuple[str, str], summary: Summary, patient: Json) -> _Part:
    label, lines = section.section.rules.label, section_lines(section, summary)
    if section.none:
        has_code = bool(none_row(section.section)["code"])
        return _Part(label, code, lines, [resources_of(section.none, patient, is_past=False)] if has_code else [], is_none=True)
    current = [resources_of(entry, patient, is_past=False) for entry in section.current]
    past = [resources_of(entry, patient, is_past=True) for entry in section.past]
    return _Part(label, code, lines, [*current, *past])


def _illnesses(section: SummarySection, summary: Summary, patient: Json) -> Iterable[_Part]:
    """Yield the problems of today, which are always told, and those that are over, which IPS tells in a section of their own."""
    yield _part(SummarySection(section.section, section.current, (), section.none), _SECTIONS[section.section], summary, patient)
    if section.past:
        past = SummarySection(section.section, (), section.past)
        part = _part(past, _PAST_ILLNESS, summary, patient)
        yield _Part("Antécédents", part.code, part.lines, part.entries)


def _wishes(section: SummarySection, donation: SummarySection | None, summary: Summary, patient: Json) -> Iterable[_Part]:
    """Yield the advance directives, with what was noted about organ donation, which has no resource of its own."""
    noted = section_lines(donation, summary) if donation else []
    if section.status is not Status.EMPTY or noted:
        part = _part(section, _SECTIONS[section.section], summary, patient)
        lines = [*part.lines, *(f"{Section.ORGAN_DONATION.rules.label} : {text}" for text in noted)]
        yield _Part(part.title, part.code, lines, part.entries, part.is_none)


def _measured(summary: Summary, blood_group: SummarySection | None, patient: Json) -> Iterable[_Part]:
    """Yield the vital signs, and apart from them what a laboratory finds, the blood group among it."""
    results = [measure for measure in summary.measures or () if measure.kind.name in result_kinds()]
    signs = [measure for measure in summary.measures or () if measure.kind.name not in result_kinds()]
    if signs:
        yield _Part("Constantes", _VITAL_SIGNS, measure_lines(signs), [(observation(measure, patient),) for measure in signs])
    groups = blood_group.current if blood_group else ()
    if results or groups:
        lines = [f"{Section.BLOOD_GROUP.rules.label} : {entry.text}" for entry in groups] + measure_lines(results)
        entries = [resources_of(entry, patient, is_past=False) for entry in groups]
        yield _Part("Résultats", _RESULTS, lines, entries + [(observation(measure, patient),) for measure in results])
