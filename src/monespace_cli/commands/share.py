"""`monespace share`: hand papers and the medical profile to a practitioner as a signed, encrypted bundle."""

from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Annotated

import typer

from monespace_cli.actions import standing as standing_shares
from monespace_cli.actions.choosing import Choice, is_shut_out, look, require_something
from monespace_cli.actions.exporting import require_free_names
from monespace_cli.actions.people import find_contact
from monespace_cli.actions.sharing import Terms, require_verified, share_to_file, share_to_outbox
from monespace_cli.commands import shares
from monespace_cli.commands.default_command import DEFAULT, GroupWithDefault
from monespace_cli.commands.leaving import warn_of_old_keys, way_out
from monespace_cli.commands.options import YesOption, day_typed, kind_option, practitioner_option, since_option
from monespace_cli.commands.services import Services, services
from monespace_cli.commands.share_shown import show_preview, show_result
from monespace_cli.commands.standard_input import typed
from monespace_cli.crypto.words import fingerprint_words
from monespace_cli.errors import DeclinedError, UsageError
from monespace_cli.i18n import _
from monespace_cli.record.card import RecipientType
from monespace_cli.record.codes import Kind
from monespace_cli.record.query import MAX_QUERY_LENGTH
from monespace_cli.record.sharing import Wanted
from monespace_cli.record.typed import PURPOSE_LENGTH, line_of_text, require_strong
from monespace_cli.sync.manifest import Manifest
from monespace_cli.sync.sealing import Destination, ToContact, ToPassphrase
from monespace_cli.vault.vault import Vault

app = typer.Typer(cls=GroupWithDefault, no_args_is_help=True, add_completion=False)

GENERATED_BYTES = 11
"""88 bits: eight words of a list of 2048. scrypt makes each guess slow on top."""


ToOption = Annotated[str | None, typer.Option(metavar="NAME", help=_("The contact who will be able to open it, and nobody else."))]
DocumentsOption = Annotated[list[str] | None, typer.Option(metavar="ID", help=_("A document to hand over; repeat it for several."))]
QueryOption = Annotated[
    str, typer.Option(metavar="WORDS", help=_("What `monespace search` finds by these words; - reads them from standard input."))
]
SectionsOption = Annotated[
    list[str] | None,
    typer.Option(metavar="SECTION", help=_("A section of the medical profile, such as treatments or `measures`; repeatable.")),
]
AllOption = Annotated[bool, typer.Option("--all", help=_("All that this contact may see, the medical profile included."))]
PurposeOption = Annotated[str, typer.Option(metavar="TEXT", help=_("What it is for; the recipient sees it."))]
UntilOption = Annotated[
    datetime | None,
    typer.Option("--until", "--expires", parser=day_typed, metavar="YYYY-MM-DD", help=_("The last day that it opens with monespace.")),
]
FileOption = Annotated[
    Path | None, typer.Option("--output", "-o", metavar="FILE", help=_("A file to hand over by hand; otherwise it goes to the outbox."))
]
PassphraseOption = Annotated[
    bool,
    typer.Option("--passphrase", help=_("Instead of a contact: whoever knows a passphrase, typed or made up for you, can open it.")),
]
DescriptorOption = Annotated[int | None, typer.Option(metavar="N", help=_("Read the bundle's passphrase from this file descriptor."))]
CompatOption = Annotated[
    bool, typer.Option("--compat", help=_("For a recipient who has age before 1.3: without protection from quantum computers."))
]
AcceptOption = Annotated[bool, typer.Option("--accept-unverified", help=_("Share although nobody compared the contact's words."))]
StandingOption = Annotated[
    bool,
    typer.Option("--standing", help=_("Repeat it for what is new: `monespace share update` sends that, until --until or `share stop`.")),
]
DryRunOption = Annotated[bool, typer.Option("--dry-run", help=_("Make nothing: show what would be handed over, and what not and why."))]


@dataclass(frozen=True, slots=True)
class Way:
    """How a bundle leaves."""

    output: Path | None
    """None is the outbox."""
    by_passphrase: bool
    descriptor: int | None
    compat: bool


OUTBOX = Way(None, by_passphrase=False, descriptor=None, compat=False)


@app.command(DEFAULT)
def share(
    context: typer.Context,
    to: ToOption = None,
    document: DocumentsOption = None,
    query: QueryOption = "",
    kind: Annotated[Kind | None, kind_option] = None,
    since: Annotated[datetime | None, since_option] = None,
    practitioner: Annotated[str, practitioner_option] = "",
    section: SectionsOption = None,
    everything: AllOption = False,
    purpose: PurposeOption = "",
    until: UntilOption = None,
    output: FileOption = None,
    passphrase: PassphraseOption = False,
    bundle_passphrase_fd: DescriptorOption = None,
    compat: CompatOption = False,
    accept_unverified: AcceptOption = False,
    standing: StandingOption = False,
    dry_run: DryRunOption = False,
    yes: YesOption = False,
) -> None:
    """Hand papers, or sections of your medical profile, to a practitioner as a signed, encrypted bundle.

    What will be revealed is shown first, and what is left out of what you asked for and why. Without -o the bundle goes to the outbox,
    which keeps it until its recipient has answered; `sync push` or `outbox write` sends it. It can travel by any way: only its recipient
    opens it, and any change to it is noticed.
    """
    tools = services(context)
    words, day = typed(query, MAX_QUERY_LENGTH), since.date() if since else None
    wanted = Wanted(tuple(document or ()), words, kind, day, practitioner, tuple(section or ()), everything)
    terms = Terms(line_of_text(purpose, PURPOSE_LENGTH, shortest=0), _end_of(until, tools.clock()))
    way = Way(output, passphrase or bundle_passphrase_fd is not None, bundle_passphrase_fd, compat)
    _check_way(way, to)
    if standing and (way != OUTBOX or not wanted.can_grow or wanted.documents):
        raise UsageError(_("a standing share is by --query, --kind, --section or --all, to a contact, and goes through the outbox"))
    with tools.open_vault() as vault:
        choice = _choice(tools, vault, wanted, to, accept_unverified=accept_unverified, may_be_empty=standing)
        show_preview(tools.output, choice, terms, dry_run=dry_run)
        warn_of_old_keys(tools.output, [choice.contact] if choice.contact else [], tools.clock())
        if dry_run:
            return
        if not yes and tools.terminal.is_present and not tools.terminal.confirm(_("Hand these over?")):
            raise DeclinedError(_("nothing was handed over"))
        if standing:
            kept, sent = standing_shares.start(vault, choice, wanted, terms, tools.clock(), tools.random)
            show_result(tools.output, choice, sent, None, None, kept, way_out(vault, [kept.contact]))
            return
        made, secret = _hand_over(tools, vault, choice, terms, way)
        goes = way_out(vault, (manifest.recipient for manifest in made))
    show_result(tools.output, choice, made, output, secret, None, goes)


def _hand_over(tools: Services, vault: Vault, choice: Choice, terms: Terms, way: Way) -> tuple[list[Manifest], str | None]:
    """Seal what was chosen; return what was made, and the passphrase where it was made up here and must be shown."""
    now, secret = tools.clock(), None
    if choice.contact:
        to: Destination = ToContact(choice.contact.card, RecipientType.X25519 if way.compat else RecipientType.HYBRID)
    else:
        passphrase, was_made_up = _bundle_passphrase(tools, way.descriptor)
        to, secret = ToPassphrase(passphrase), passphrase if was_made_up else None
    if way.output:
        return [share_to_file(vault, choice, terms, to, way.output, now, tools.random)], secret
    return share_to_outbox(vault, choice, terms, to, now, tools.random), secret


def _check_way(way: Way, to: str | None) -> None:
    if (to is None) is not way.by_passphrase:
        raise UsageError(_("give either --to NAME or --passphrase"))
    if way.output:
        require_free_names((way.output,), force=None)
    elif way.by_passphrase:
        raise UsageError(_("a bundle with a passphrase is written to a file"), hint=_("name it with -o"))


def _choice(tools: Services, vault: Vault, wanted: Wanted, to: str | None, *, accept_unverified: bool, may_be_empty: bool) -> Choice:
    contact = find_contact(vault, to) if to else None
    choice = look(vault, wanted, contact, tools.clock(), vault.space)
    if not may_be_empty or is_shut_out(choice):
        require_something(choice, wanted)
    if contact:
        require_verified(contact, accepted=accept_unverified)
    return choice


def _end_of(last: datetime | None, now: datetime) -> datetime | None:
    """Return the end of a day that somebody typed, where they are.

    Raises:
        UsageError: it is over.
    """
    end = last.replace(hour=23, minute=59, second=59).astimezone() if last else None
    if end and end <= now:
        raise UsageError(_("the last day is over already"), hint=_("give a day to come, or leave it out"))
    return end


def _bundle_passphrase(tools: Services, descriptor: int | None) -> tuple[str, bool]:
    """Return the bundle's passphrase, and whether it was made up here and must be shown."""
    if descriptor is not None:
        from monespace_cli.adapters.secrets import secret_from_descriptor

        return require_strong(secret_from_descriptor(descriptor)), False
    if tools.terminal.is_present and not tools.terminal.confirm(_("Make a passphrase up?"), default=True):
        return require_strong(tools.terminal.passphrase(_("Passphrase of the bundle"), confirm=True)), False
    return "-".join(fingerprint_words(tools.random(GENERATED_BYTES).hex())), True


app.command("list")(shares.list_shares)
app.command()(shares.show)
app.command("update")(shares.update_standing)
app.command()(shares.stop)
app.command()(shares.revoke)
