"""The summary as an International Patient Summary is what FHIR and IPS define.

Checked by two libraries that are not ours: npm `fhir` holds each bundle against the published R4 definitions (elements, cardinalities,
types, the value sets of required bindings), `fhirpathpy` evaluates the R4 invariants and the constraints of the IPS profiles (`rules.csv`).
"""

import json
import shutil
import subprocess
import xml.etree.ElementTree as ET
from collections.abc import Iterator
from copy import deepcopy
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from fhirpathpy import evaluate
from fhirpathpy.models import models
from hypothesis import given
from hypothesis import strategies as st

from monespace_cli.interop.fhir.ips import ips_bundle, ips_json
from monespace_cli.interop.fhir.patient import patient_of
from monespace_cli.interop.fhir.values import ABSENT_UNKNOWN
from monespace_cli.record.identity import INS_OIDS
from monespace_cli.record.profile import EntryId
from monespace_cli.record.sections import Section
from monespace_cli.record.summary import Record, Summary, seen_through, summary_of
from tests.record.records import NOW, ZOE, empty_record, entry, full_record, none_record

HERE = Path(__file__).parent
VALIDATOR = HERE.parent / "interop" / "fhir.mjs"
RECORDS = {"full": full_record(), "empty": empty_record(), "none": none_record()}
BUNDLES: dict[str, Any] = {name: json.loads(ips_json(summary_of(record, NOW))) for name, record in RECORDS.items()}
SECTION_TYPES = {
    "48765-2": {"AllergyIntolerance"},
    "10160-0": {"MedicationStatement"},
    "11450-4": {"Condition"},
    "11348-0": {"Condition"},
    "47420-5": {"Condition"},
    "47519-4": {"Procedure"},
    "11369-6": {"Immunization"},
    "46264-8": {"DeviceUseStatement"},
    "30954-2": {"Observation"},
    "8716-3": {"Observation"},
    "29762-2": {"Observation"},
    "42348-3": {"Consent"},
    "10157-6": {"FamilyMemberHistory"},
}
"""What each section may refer to: Composition-uv-ips, `section.entry only Reference(…)`; the last is not of the IPS."""

each_bundle = pytest.mark.parametrize("bundle", BUNDLES.values(), ids=BUNDLES.keys())


def rules() -> list[tuple[str, str, str]]:
    lines = [line for line in (HERE / "rules.csv").read_text("utf-8").splitlines() if not line.startswith(("#", "type;"))]
    return [(kind, name, expression) for kind, name, expression in (line.split(";", 2) for line in lines)]


def validated(bundle: Any) -> list[dict[str, str]]:
    """Return the errors that npm `fhir` finds."""
    node = shutil.which("node")
    assert node, "node is needed: scripts/install-system.sh"
    done = subprocess.run([node, VALIDATOR], input=json.dumps(bundle), capture_output=True, text=True, check=True)
    return [message for message in json.loads(done.stdout) if message["severity"] in ("error", "fatal")]


def broken_rules(bundle: Any) -> Iterator[str]:
    for resource in [bundle, *(each["resource"] for each in bundle["entry"])]:
        for kind, name, expression in rules():
            if kind == resource["resourceType"] and evaluate(resource, expression, {"resource": resource}, models["r4"]) != [True]:
                yield f"{kind} {name}"


def composition(bundle: Any) -> Any:
    return bundle["entry"][0]["resource"]


def section(bundle: Any, code: str) -> Any:
    return next(each for each in composition(bundle)["section"] if each["code"]["coding"][0]["code"] == code)


def referred(bundle: Any, code: str) -> list[Any]:
    by_url = {each["fullUrl"]: each["resource"] for each in bundle["entry"]}
    return [by_url[each["reference"]] for each in section(bundle, code).get("entry", [])]


@each_bundle
def test_it_is_what_the_published_definitions_say(bundle: Any) -> None:
    assert validated(bundle) == []


@each_bundle
def test_it_keeps_the_invariants_and_the_constraints_of_the_profiles(bundle: Any) -> None:
    assert list(broken_rules(bundle)) == []


def test_the_definitions_are_really_asked() -> None:
    wrong = deepcopy(BUNDLES["full"])
    del composition(wrong)["author"]
    wrong["entry"][1]["resource"]["gender"] = "f"
    allergy = referred(wrong, "48765-2")[0]
    allergy["clinicalStatus"]["coding"][0]["code"] = "gone"
    allergy["colour"] = "red"
    places = {message["location"] for message in validated(wrong)}
    assert {"Composition.author", "Patient.gender", "AllergyIntolerance.clinicalStatus", "AllergyIntolerance.colour"} <= places


def test_the_rules_are_really_asked() -> None:
    wrong = deepcopy(BUNDLES["full"])
    del section(wrong, "48765-2")["entry"]
    del section(wrong, "10160-0")["text"]
    del wrong["entry"][1]["resource"]["birthDate"]
    wrong["entry"].append(wrong["entry"][0])
    assert {
        "Composition ips-comp-1 allergies",
        "Composition IPS section.text 1..1",
        "Patient IPS birthDate 1..1",
        "Bundle bdl-7",
        "Bundle bdl-ips-1",
    } <= set(broken_rules(wrong))


def test_every_type_of_resource_has_rules() -> None:
    kinds = {each["resource"]["resourceType"] for bundle in BUNDLES.values() for each in bundle["entry"]}
    assert kinds - {kind for kind, _name, _expression in rules()} == set()


@each_bundle
def test_every_reference_leads_to_a_resource_of_the_bundle_and_every_resource_is_referred_to(bundle: Any) -> None:
    urls = {each["fullUrl"] for each in bundle["entry"]}
    found = set(references(bundle))
    assert found <= urls
    assert urls - found == {bundle["entry"][0]["fullUrl"]}, "nothing refers to the composition"
    assert all(each["fullUrl"] == f"urn:uuid:{each['resource']['id']}" for each in bundle["entry"])


def references(value: Any) -> Iterator[str]:
    if isinstance(value, dict):
        if isinstance(value.get("reference"), str):
            yield value["reference"]
        for inner in value.values():
            yield from references(inner)
    elif isinstance(value, list):
        for inner in value:
            yield from references(inner)


@each_bundle
def test_sections_refer_to_what_they_may_refer_to(bundle: Any) -> None:
    for each in composition(bundle)["section"]:
        code = each["code"]["coding"][0]["code"]
        assert {resource["resourceType"] for resource in referred(bundle, code)} <= SECTION_TYPES[code]


def test_nothing_known_has_the_code_for_it() -> None:
    bundle = BUNDLES["none"]
    found = {
        code: referred(bundle, section_code)[0][element]["coding"][0]
        for code, section_code, element in (
            ("no-known-allergies", "48765-2", "code"),
            ("no-known-medications", "10160-0", "medicationCodeableConcept"),
            ("no-known-problems", "11450-4", "code"),
            ("no-known-procedures", "47519-4", "code"),
            ("no-known-immunizations", "11369-6", "vaccineCode"),
        )
    }
    assert found == {code: {"system": ABSENT_UNKNOWN, "code": code} for code in found}
    assert section(bundle, "42348-3")["emptyReason"]["coding"][0]["code"] == "nilknown"


def test_nothing_said_has_a_reason_and_no_entry() -> None:
    for code in ("48765-2", "10160-0", "11450-4"):
        said = section(BUNDLES["empty"], code)
        assert said["emptyReason"]["coding"][0]["code"] == "unavailable"
        assert "entry" not in said
    assert len(composition(BUNDLES["empty"])["section"]) == 3


def test_the_patient_carries_the_ins_under_its_oid_and_whom_to_call() -> None:
    patient = BUNDLES["full"]["entry"][1]["resource"]
    assert patient["identifier"][0]["system"] == "urn:oid:1.2.250.1.213.1.4.8"
    assert patient["identifier"][0]["value"] == ZOE.ins
    assert [each["name"]["text"] for each in patient["contact"]] == ["Ana MARTIN"], "whom the patient helps is nobody to call"


@pytest.mark.parametrize(("oid", "code"), [*zip(INS_OIDS, ("INS-NIR", "INS-NIA", "INS-NIR-TEST", "INS-NIR-DEMO"), strict=True)])
def test_an_ins_says_who_gave_it(oid: str, code: str) -> None:
    (identifier,) = patient_of(Summary(replace(ZOE, ins_oid=oid), NOW, ()))["identifier"]
    assert (identifier["system"], identifier["type"]["coding"][0]["code"]) == (f"urn:oid:{oid}", code)


def test_the_attending_physician_is_the_patients_general_practitioner() -> None:
    urls = {each["fullUrl"]: each["resource"] for each in BUNDLES["full"]["entry"]}
    first, _pharmacist = (urls[each["reference"]] for each in BUNDLES["full"]["entry"][1]["resource"]["generalPractitioner"])
    assert first["name"][0]["text"] == "Luc DURAND"
    assert first["identifier"] == [{"system": "urn:oid:1.2.250.1.71.4.2.1", "value": "810000001916"}]


def test_who_says_so_is_told() -> None:
    peanuts, penicillin = sorted(referred(BUNDLES["full"], "48765-2"), key=lambda each: str(each["code"]["text"]))
    assert peanuts["verificationStatus"]["coding"][0]["code"] == "confirmed"
    assert "asserter" not in peanuts
    assert penicillin["verificationStatus"]["coding"][0]["code"] == "unconfirmed"
    assert penicillin["asserter"] == {"reference": BUNDLES["full"]["entry"][1]["fullUrl"]}


def test_a_pressure_is_one_observation_with_two_parts() -> None:
    (pressure,) = [each for each in referred(BUNDLES["full"], "8716-3") if each["code"]["coding"][0]["code"] == "85354-9"]
    assert [(part["code"]["coding"][0]["code"], part["valueQuantity"]["value"]) for part in pressure["component"]] == [
        ("8480-6", 128),
        ("8462-4", 79),
    ]


def test_the_narrative_tells_what_the_person_wrote_as_text() -> None:
    hostile = replace(entry(Section.ALLERGY, "<script>alert(1)</script> & co"), comment="\"'")
    bundle = ips_bundle(summary_of(Record(ZOE, (hostile,)), NOW))
    div = ET.fromstring(section(bundle, "48765-2")["text"]["div"])
    assert hostile.text in "".join(div.itertext())
    assert validated(bundle) == []


def test_the_same_record_gives_the_same_bytes() -> None:
    assert ips_json(summary_of(full_record(), NOW)) == ips_json(summary_of(full_record(), NOW))


@given(hidden=st.sets(st.sampled_from([each.id for each in full_record().entries if not each.is_none])))
def test_what_may_not_be_seen_is_in_no_resource_and_no_narrative(hidden: set[EntryId]) -> None:
    seen = seen_through(full_record(), lambda item: item.id not in hidden)
    text = ips_json(summary_of(seen, NOW)).decode()
    assert not [each.text for each in full_record().entries if each.id in hidden and each.text in text]
