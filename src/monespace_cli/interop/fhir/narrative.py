"""The narrative of a section: what a person reads who has no program for the rest. XHTML, every text escaped, nothing active.

Source: HL7 FHIR R4, Narrative (txt-1, txt-2).
"""

from collections.abc import Iterable, Sequence
from html import escape

from monespace_cli.interop.fhir.values import Json
from monespace_cli.record.measures import Measure
from monespace_cli.record.summary import Summary, SummarySection
from monespace_cli.record.summary_words import EMPTY, PAST, Line, line, measure_moment, measure_value, none_line


def section_lines(section: SummarySection, summary: Summary) -> list[str]:
    """Return a section's entries, or that nothing is known, each as one line of words."""
    if section.none:
        return [_words(none_line(section.none))]
    current = [_words(line(entry, summary)) for entry in section.current]
    return current + [_words(line(entry, summary), PAST) for entry in section.past]


def measure_lines(measures: Iterable[Measure]) -> list[str]:
    """Return measurements, each as one line of words."""
    return [f"{measure.kind.label} : {measure_value(measure)} ({measure_moment(measure)})" for measure in measures]


def narrative(lines: Sequence[str]) -> Json:
    """Return lines as a FHIR Narrative; no line says that there is no information."""
    items = "".join(f"<li>{escape(text)}</li>" for text in lines)
    body = f"<ul>{items}</ul>" if lines else f"<p>{escape(EMPTY)}</p>"
    return {"status": "generated", "div": f'<div xmlns="http://www.w3.org/1999/xhtml" lang="fr" xml:lang="fr">{body}</div>'}


def _words(said: Line, over: str = "") -> str:
    what = f"{said.before} : {said.text}" if said.before else said.text
    facts = [f"{label} : {value}" for label, value in said.facts]
    return " · ".join(filter(None, (what, over, said.when, *facts, said.comment, said.source)))
