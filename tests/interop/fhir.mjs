// Reads a FHIR resource as JSON and prints what npm `fhir` finds when it holds it against the published R4 definitions.
import { readFileSync } from "node:fs";
import fhir from "fhir";

const { Fhir } = fhir;
const resource = JSON.parse(readFileSync(0, "utf8"));
console.log(JSON.stringify(new Fhir().validate(resource, { errorOnUnexpected: true }).messages));
