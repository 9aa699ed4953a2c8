"""The medical summary as one HTML file: nothing fetched, no script, readable by any browser and screen reader, made to be printed too."""

from collections.abc import Sequence
from html import escape

from monespace_cli.record.measures import Measure
from monespace_cli.record.sections import Section
from monespace_cli.record.summary import URGENT, Status, Summary, SummarySection
from monespace_cli.record.summary_words import (
    CAREGIVERS_LABEL,
    EMPTY,
    LIMITS,
    MEASURES_LABEL,
    PAST,
    SOURCES_LEGEND,
    SUBTITLE,
    TITLE,
    Line,
    caregiver_line,
    line,
    made_words,
    measure_moment,
    measure_value,
    none_line,
    traits_of,
)
from monespace_cli.render.page import html_page

STYLE = """
:root { color-scheme: light }
body { font: 1rem/1.45 system-ui, "Segoe UI", Roboto, sans-serif; color: #1a1a1a; background: #fff; max-width: 56rem; margin: 2rem auto;
  padding: 0 1rem }
header { display: flex; flex-wrap: wrap; justify-content: space-between; gap: 1rem; margin-bottom: 1rem }
h1 { font-size: 1.75rem; line-height: 1.2; margin: 0 }
header p { margin: 0 } .made { text-align: right; color: #5b6470; font-size: .875rem }
.made strong { color: #0b4f8a; font-size: 1.2rem; display: block }
section { display: grid; grid-template-columns: 11rem 1fr; gap: 0 1rem; border-top: 1px solid #d5dae0; padding: .5rem }
h2 { font-size: 1rem; color: #0b4f8a; margin: 0 }
ul { list-style: none; margin: 0; padding: 0 }
li { display: grid; grid-template-columns: minmax(0, 1fr) 11rem 7rem; gap: 0 1rem; padding: .15rem 0 }
li p { margin: 0 } .more, .when, .source { color: #5b6470; font-size: .875rem } .source { text-align: right }
.alert { background: #fdf1f0; border-left: 3px solid #b3261e; border-top: 0 } .alert h2 { color: #b3261e }
.empty { color: #5b6470; font-style: italic; margin: 0 } .past strong { font-weight: normal }
dl { display: grid; grid-template-columns: repeat(auto-fill, minmax(16rem, 1fr)); gap: .1rem 1.5rem; margin: 0 }
dl div { display: flex; gap: .5rem } dt { flex: 1; color: #5b6470 } dd { margin: 0 } dd small { color: #5b6470 }
footer { color: #5b6470; font-size: .875rem; margin-top: 1rem }
@media (max-width: 40rem) { section, li { display: block } .source, .made { text-align: left } }
@media print { html { font-size: 9pt } body { margin: 0; max-width: none } li { break-inside: avoid } h2 { break-after: avoid } }
@page { size: A4; margin: 16mm 18mm }
"""


def summary_html(summary: Summary) -> bytes:
    """Return the page as UTF-8."""
    blocks = [_section(section, summary) for section in summary.told if section.section in URGENT]
    blocks += [_measures(summary.measures)] if summary.measures else []
    blocks += [_section(section, summary) for section in summary.told if section.section not in URGENT]
    if summary.caregivers:
        people = "".join(_item(caregiver_line(each)) for each in summary.caregivers)
        blocks.append(_block(CAREGIVERS_LABEL, f"<ul>\n{people}</ul>", ""))
    foot = [f"{EMPTY} sur : {', '.join(summary.silent)}."] if summary.silent else []
    notes = "".join(f"<p>{escape(text)}</p>\n" for text in (*foot, SOURCES_LEGEND, LIMITS))
    title = f"{TITLE} – {summary.subject.display_name}"
    return html_page(title, f"{_head(summary)}<main>\n{''.join(blocks)}</main>\n<footer>\n{notes}</footer>\n", STYLE)


def _head(summary: Summary) -> str:
    traits = "".join(f"<p>{escape(text)}</p>\n" for text in traits_of(summary))
    made = "".join(f"<p>{escape(text)}</p>\n" for text in (*made_words(summary), SUBTITLE))
    name = escape(summary.subject.display_name)
    left = f"<div><h1>{name}</h1>\n{traits}</div>\n"
    return f'<header>\n{left}<div class="made"><p><strong>{TITLE}</strong></p>\n{made}</div>\n</header>\n'


def _section(section: SummarySection, summary: Summary) -> str:
    is_alert = section.section is Section.ALLERGY and section.status is Status.ENTRIES
    items = [_item(line(entry, summary)) for entry in section.current]
    items += [_item(line(entry, summary), is_past=True) for entry in section.past]
    if section.none:
        items = [_item(none_line(section.none))]
    body = f"<ul>\n{''.join(items)}</ul>" if items else f'<p class="empty">{escape(EMPTY)}</p>'
    return _block(section.section.rules.label, body, "alert" if is_alert else "")


def _item(said: Line, *, is_past: bool = False) -> str:
    before = f"{escape(said.before)} : " if said.before else ""
    over = f" ({PAST})" if is_past else ""
    details = " · ".join(f"{label} : {value}" for label, value in said.facts)
    more = "".join(f'<p class="more">{escape(text)}</p>' for text in (details, said.comment) if text)
    return (
        f"<li{_class('past' if is_past else '')}><div><p>{before}<strong>{escape(said.text)}</strong>{over}</p>{more}</div>"
        f'<span class="when">{escape(said.when)}</span><span class="source">{escape(said.source)}</span></li>\n'
    )


def _measures(measures: Sequence[Measure]) -> str:
    rows = (
        f"<div><dt>{escape(each.kind.label)}</dt><dd>{escape(measure_value(each))} <small>{measure_moment(each)}</small></dd></div>\n"
        for each in measures
    )
    return _block(MEASURES_LABEL, f"<dl>\n{''.join(rows)}</dl>", "")


def _block(heading: str, body: str, name: str) -> str:
    return f"<section{_class(name)}>\n<h2>{escape(heading)}</h2>\n<div>{body}</div>\n</section>\n"


def _class(name: str) -> str:
    return f' class="{name}"' if name else ""
