"""HL7 FHIR R4 (4.0.1) as JSON: what other programs read."""
