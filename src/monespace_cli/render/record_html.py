"""`index.html` of a whole record written out in plain: every document with a link to it, for a person with a browser and nothing else.

One static page in French and English: no script, nothing fetched, every text escaped, and a content security policy that says the same to
the browser.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from html import escape

from monespace_cli.record.codes import Kind
from monespace_cli.render.page import KIND_LABELS, day, html_page, size_text


@dataclass(frozen=True, slots=True)
class RecordRow:
    """A document on the page."""

    title: str
    kind: Kind
    date: "date | None"
    practitioner: str
    page_count: int
    size: int
    """Bytes."""
    href: str | None
    """Relative link to the original, made by us; None where it is damaged and could not be written."""
    text_href: str


@dataclass(frozen=True, slots=True)
class Section:
    """The documents of one person, newest first."""

    name: str
    documents: Sequence[RecordRow]
    trash: Sequence[RecordRow]
    """What was in the trash."""
    summary_href: str | None = None
    """Relative link to their medical summary, made by us."""


def record_html(sections: Sequence[Section], created: datetime) -> bytes:
    """Return the page as UTF-8."""
    return html_page(
        "Dossier de santé · Health record",
        f"""{"".join(map(_section, sections))}<footer>
<p>Écrit par monespace le {day(created)}. Ces documents sont confidentiels et ne sont plus chiffrés.
Les mêmes données : documents.json, documents.csv, profile.json, journal.jsonl ; summaries/*.json est du FHIR.</p>
<p lang="en">Written by monespace on {created:%Y-%m-%d}. These documents are confidential and no longer encrypted.
The same data: documents.json, documents.csv, profile.json, journal.jsonl; summaries/*.json is FHIR.</p>
</footer>
""",
    )


def _section(section: Section) -> str:
    head = f'<h1>{escape(section.name)}</h1>\n<p>Dossier de santé · <span lang="en">Health record</span></p>\n'
    if section.summary_href:
        link = f'<a href="{escape(section.summary_href)}">Synthèse médicale · <span lang="en">Medical summary</span></a>'
        head += f"<p>{link}</p>\n"
    trash = f'<h2>Corbeille · <span lang="en">Trash</span></h2>\n{_table(section.trash)}' if section.trash else ""
    return head + _table(section.documents) + trash


def _table(rows: Sequence[RecordRow]) -> str:
    heads = "".join(f'<th scope="col">{head}</th>' for head in ("Date", "Document", "Auteur indiqué · Author", "Taille · Size"))
    return f"<table>\n<thead><tr>{heads}</tr></thead>\n<tbody>\n{''.join(map(_row, rows))}</tbody>\n</table>\n"


def _row(row: RecordRow) -> str:
    title = escape(row.title)
    link = (
        f'<a href="{escape(row.href)}">{title}</a>' if row.href else f"{title} (original abîmé · <span lang='en'>original damaged</span>)"
    )
    cells = (
        f'<td class="n">{day(row.date) if row.date else "–"}</td>',
        f'<td>{link}<br/>{escape(KIND_LABELS[row.kind])} · <a href="{escape(row.text_href)}">texte</a></td>',
        f"<td>{escape(row.practitioner)}</td>",
        f'<td class="n">{row.page_count} p., {size_text(row.size)}</td>',
    )
    return f"<tr>{''.join(cells)}</tr>\n"
