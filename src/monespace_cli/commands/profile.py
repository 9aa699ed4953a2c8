"""`monespace profile`: the medical profile, section by section."""

from collections.abc import Mapping
from typing import Annotated, Any

import typer
from typer.core import TyperCommand, TyperOption

from monespace_cli.actions.profile import Said, add_entry, edit_entry
from monespace_cli.commands import hiding, profile_summary
from monespace_cli.commands.services import Services, services
from monespace_cli.commands.standard_input import typed
from monespace_cli.i18n import _
from monespace_cli.record.journal import Event
from monespace_cli.record.partial_date import parse_partial_date
from monespace_cli.record.profile import COMMENT_LENGTH, TEXT_LENGTH, Entry
from monespace_cli.record.sections import FIELD_NAMES, Section, choices
from monespace_cli.ui.profile import (
    HISTORY_COLUMNS,
    PROFILE_COLUMNS,
    entry_fields,
    entry_json,
    section_json,
    section_rows,
    version_json,
    version_row,
)

app = typer.Typer(no_args_is_help=True, add_completion=False)

_DETAILS = "monespace.details"
"""Where the options of an entry's fields are kept while a command runs."""

SectionArgument = Annotated[Section, typer.Argument(metavar="SECTION", help=_("Which part of the profile."))]
EntryArgument = Annotated[str, typer.Argument(metavar="ENTRY", help=_("The entry's id, or the beginning of it."))]
StartOption = Annotated[
    str | None, typer.Option("--start", metavar="DATE", help=_("When it began or happened: 2019, 2019-05 or 2019-05-17."))
]
EndOption = Annotated[str | None, typer.Option("--end", metavar="DATE", help=_("When it was over."))]
CommentOption = Annotated[str | None, typer.Option("--comment", metavar="TEXT", help=_("More words."))]
DocumentsOption = Annotated[list[str] | None, typer.Option("--document", metavar="ID", help=_("A document that goes with it; repeatable."))]
RelatedOption = Annotated[
    list[str] | None, typer.Option("--related", metavar="ENTRY", help=_("Another entry that goes with it; repeatable."))
]
CodeOption = Annotated[
    list[str] | None, typer.Option("--code", metavar="SYSTEM=CODE", help=_("A code for it, such as atc=J07BB02; repeatable."))
]
SourceOption = Annotated[str | None, typer.Option("--from-document", metavar="ID", help=_("The document that this was taken from."))]


class EntryCommand(TyperCommand):
    """A command that takes an option for each field that an entry of some section has (`record/sections.py`)."""

    def __init__(self, **attributes: Any) -> None:
        """Add them to the command's own."""
        super().__init__(**attributes)
        self.params.extend(_field_option(name) for name in FIELD_NAMES)


@app.command()
def show(
    context: typer.Context,
    what: Annotated[str | None, typer.Argument(metavar="[SECTION-OR-ENTRY]", help=_("Only this section, or all of one entry."))] = None,
    removed: Annotated[bool, typer.Option("--removed", help=_("What was removed or replaced instead."))] = False,
) -> None:
    """Show the profile. A section of which nothing was said is not one of which nothing is known: both are shown as what they are."""
    tools = services(context)
    if what is not None and what not in set(Section):
        _show_entry(tools, what)
        return
    chosen = [Section(what)] if what else list(Section)
    with tools.open_vault() as vault:
        entries = vault.profile.entries(removed=removed)
        today = vault.profile.today
        vault.journal.write(Event.PROFILE_READ)
    by_section = {section: [entry for entry in entries if entry.section is section] for section in chosen}
    if tools.output.is_json:
        shown = [section_json(section, found, today) for section, found in by_section.items()]
        tools.output.object({"type": "profile", "sections": shown})
    else:
        rows = (row for section, found in by_section.items() if found or not removed for row in section_rows(section, found))
        tools.output.table(PROFILE_COLUMNS, rows)


@app.command(cls=EntryCommand)
def add(
    context: typer.Context,
    section: SectionArgument,
    text: Annotated[
        str,
        typer.Argument(
            metavar="TEXT", help=_("What there is, in your own words; - reads it, and a comment below it, from standard input.")
        ),
    ],
    start: StartOption = None,
    end: EndOption = None,
    comment: CommentOption = None,
    document: DocumentsOption = None,
    related: RelatedOption = None,
    code: CodeOption = None,
    source: SourceOption = None,
) -> None:
    """Add an entry, in free words.

    A new advance directive takes the place of the former. One trusted person, one blood group and one organ donation note stand at a time.
    """
    tools = services(context)
    first, _line, rest = typed(text, TEXT_LENGTH + COMMENT_LENGTH).partition("\n")
    said = Said(first, start, end, comment or rest or None, _details(context), document or (), related or (), code or (), source=source)
    with tools.open_vault() as vault:
        _print(tools, add_entry(vault, section, said))


@app.command(cls=EntryCommand)
def edit(
    context: typer.Context,
    entry: EntryArgument,
    text: Annotated[str | None, typer.Option("--text", metavar="TEXT", help=_("Other words; - reads them from standard input."))] = None,
    start: StartOption = None,
    end: EndOption = None,
    comment: CommentOption = None,
    document: DocumentsOption = None,
    related: RelatedOption = None,
    code: CodeOption = None,
    source: SourceOption = None,
    unlink: Annotated[list[str] | None, typer.Option("--unlink", metavar="ID", help=_("A document, entry or code to take away."))] = None,
) -> None:
    """Change an entry. An empty value, as in `--end ""`, takes something back; what it said before stays in its history."""
    tools = services(context)
    words_typed = None if text is None else typed(text, TEXT_LENGTH)
    said = Said(words_typed, start, end, comment, _details(context), document or (), related or (), code or (), unlink or (), source)
    with tools.open_vault() as vault:
        _print(tools, edit_entry(vault, vault.profile.find(entry), said))


@app.command()
def end(
    context: typer.Context,
    entry: EntryArgument,
    on: Annotated[str | None, typer.Option("--on", metavar="DATE", help=_("When it was over; today without this."))] = None,
) -> None:
    """Say that something is over: it stays in the profile, with its end."""
    tools = services(context)
    day = parse_partial_date(on) if on else None
    with tools.open_vault() as vault:
        _print(tools, vault.profile.end(vault.profile.find(entry).id, day))


@app.command()
def remove(context: typer.Context, entry: EntryArgument) -> None:
    """Take an entry out of the profile, as one that should not have been there. Its history stays, and `undo` brings it back."""
    tools = services(context)
    with tools.open_vault() as vault:
        _print(tools, vault.profile.remove(vault.profile.find(entry).id))


@app.command()
def none(context: typer.Context, section: SectionArgument) -> None:
    """Say that nothing of a section is known, as of today. This is more than leaving it empty."""
    tools = services(context)
    with tools.open_vault() as vault:
        _print(tools, vault.profile.declare_none(section))


@app.command()
def history(context: typer.Context, entry: EntryArgument) -> None:
    """Show everything that an entry ever said, oldest first."""
    tools = services(context)
    with tools.open_vault() as vault:
        found = vault.profile.find(entry)
        versions = vault.profile.history(found.id)
        vault.journal.write(Event.PROFILE_READ, found.id)
    if tools.output.is_json:
        tools.output.object({"type": "history", "entry": found.id, "versions": [version_json(version) for version in versions]})
    else:
        tools.output.table(HISTORY_COLUMNS, map(version_row, versions))


@app.command()
def undo(context: typer.Context, entry: EntryArgument) -> None:
    """Bring back what an entry said before its last change, or an entry that was removed or replaced."""
    tools = services(context)
    with tools.open_vault() as vault:
        _print(tools, vault.profile.undo(vault.profile.find(entry).id))


app.command("summary")(profile_summary.summary)
app.command("hide")(hiding.hide_item)
app.command("unhide")(hiding.unhide_entry)


def _show_entry(tools: Services, entry: str) -> None:
    with tools.open_vault() as vault:
        found = vault.profile.find(entry)
        vault.journal.write(Event.PROFILE_READ, found.id)
    _print(tools, found)


def _print(tools: Services, entry: Entry) -> None:
    if tools.output.is_json:
        tools.output.object({"type": "entry", **entry_json(entry)})
    else:
        tools.output.fields(entry_fields(entry))


def _details(context: typer.Context) -> Mapping[str, str]:
    """Return what the options of :class:`EntryCommand` said."""
    found: dict[str, str] = context.meta.get(_DETAILS, {})
    return found


def _field_option(name: str) -> TyperOption:
    fields = {section: field for section in Section for field in section.rules.fields if field.name == name}
    values = [value for field in fields.values() for value in choices(field.choices)]
    text = _("In {sections}.").format(sections=", ".join(fields))
    if values:
        text += " " + _("For example {values}.").format(values=", ".join(dict.fromkeys(values[:4])))
    return TyperOption(param_decls=[f"--{name}"], help=text, type=str, metavar="TEXT", expose_value=False, callback=_keep_detail)


def _keep_detail(ctx: typer.Context, param: Any, value: str | None) -> None:
    if value is not None:
        ctx.meta.setdefault(_DETAILS, {})[param.name] = value.strip()
