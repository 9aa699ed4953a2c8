"""`monespace search`: find documents by the words in them."""

import sys
from collections.abc import Mapping
from dataclasses import replace
from datetime import datetime
from typing import Annotated

import typer

from monespace_cli.commands.options import all_spaces_option, kind_option, patient_option, practitioner_option, since_option, until_option
from monespace_cli.commands.services import services
from monespace_cli.errors import UsageError
from monespace_cli.i18n import _, ngettext
from monespace_cli.record.codes import Kind
from monespace_cli.ui.output import Output, one_line
from monespace_cli.ui.views import KIND_LABELS, day
from monespace_cli.vault.documents import Filter
from monespace_cli.vault.search import Hit, SearchResult

app = typer.Typer(add_completion=False)


@app.command()
def search(
    context: typer.Context,
    words: Annotated[
        list[str], typer.Argument(metavar="WORDS...", help=_('Words, "a phrase", beginn*, AND, OR, NOT; - reads them from standard input.'))
    ],
    kind: Annotated[Kind | None, kind_option] = None,
    since: Annotated[datetime | None, since_option] = None,
    until: Annotated[datetime | None, until_option] = None,
    practitioner: Annotated[str, practitioner_option] = "",
    patient: Annotated[str, patient_option] = "",
    all_spaces: Annotated[bool, all_spaces_option] = False,
    limit: Annotated[int, typer.Option("--limit", "-n", min=1, max=10_000, help=_("How many hits to show."))] = 20,
) -> None:
    """Find documents by the words in them, best first.

    Accents, case and ligatures do not matter: `hemoglobine` finds Hémoglobine, `oedeme` finds Œdème. Words side by side must all be there.
    After those that hold the words come papers on which a hardly read word differs from them by one letter, marked as similar.
    Search words given as arguments can be seen by other users of this machine while the command runs; `-` takes them from standard input.
    """
    tools = services(context)
    text = sys.stdin.readline() if words == ["-"] else " ".join(words)
    if since and until and since > until:
        raise UsageError(_("--from is later than --to"))
    wanted = Filter(kind, since.date() if since else None, until.date() if until else None, practitioner)
    with tools.open_vault() as vault:
        if all_spaces:
            vault.sight.look_everywhere()
        if patient:
            from monespace_cli.actions.people import spaces_of

            wanted = replace(wanted, spaces=spaces_of(vault, patient))
        found, patients = vault.search(text, wanted, limit), vault.patients
    if tools.output.is_json:
        _print_json(tools.output, found, patients)
    else:
        _print(tools.output, found, patients)


def _print_json(output: Output, found: SearchResult, patients: Mapping[int, str]) -> None:
    for hit in found.hits:
        output.object(
            {
                "type": "hit",
                "document": hit.document.id,
                "title": hit.document.title,
                "page": hit.page,
                "snippet": hit.snippet,
                "score": round(hit.score, 6),
                "marks": hit.marks,
                "kind": str(hit.document.kind),
                "date": hit.document.date,
                "practitioner": hit.document.practitioner,
                "patient": patients.get(hit.document.space),
                "similar": hit.similar,
            }
        )
    output.object({"type": "summary", "hits": len(found.hits), "total": found.total, "more": found.more})


def _print(output: Output, found: SearchResult, patients: Mapping[int, str]) -> None:
    for hit in found.hits:
        if output.is_terminal:
            _print_hit(output, hit, patients.get(hit.document.space, ""))
        else:
            cells = [hit.document.id, day(hit.document.date), hit.document.title, str(hit.page or ""), hit.snippet]
            cells += [patients[hit.document.space]] if patients else []
            cells += [_similar(hit)] if hit.similar else []
            output.text("\t".join(map(one_line, cells)))
    output.say(_summary(found))


def _print_hit(output: Output, hit: Hit, patient: str) -> None:
    document = hit.document
    page = _("p. {number}/{count}").format(number=hit.page, count=document.page_count) if hit.page else ""
    about = " · ".join(filter(None, (patient, day(document.date), KIND_LABELS[document.kind], document.practitioner, page)))
    output.styled((document.id, "cyan"), ("  ", ""), (document.title, "bold"), (f"  {about}", "dim"))
    if hit.similar:
        output.styled((_similar(hit), "magenta"), indent=12)
    output.styled(*_highlighted(hit), ("\n", ""), indent=12)


def _similar(hit: Hit) -> str:
    """Return which words of a paper that is hard to read stand for those that were searched."""
    return _("similar: {words}").format(words=", ".join(f"«{word}»" for word in hit.similar))


def _highlighted(hit: Hit) -> list[tuple[str, str]]:
    """Return the snippet as (text, style) pieces, the found words marked."""
    pieces, position = [], 0
    for start, end in hit.marks:
        if start >= position:
            pieces += [(hit.snippet[position:start], ""), (hit.snippet[start:end], "bold yellow")]
            position = end
    return [*pieces, (hit.snippet[position:], "")]


def _summary(found: SearchResult) -> str:
    if found.more:
        return _("{shown} of more than {total} documents, the newest first; another word narrows it down").format(
            shown=len(found.hits), total=found.total
        )
    if found.total > len(found.hits):
        return _("{shown} of {total} documents; --limit shows more").format(shown=len(found.hits), total=found.total)
    return ngettext("{count} document", "{count} documents", found.total).format(count=found.total)
