"""`monespace status`: what is in the vault, and what needs the person."""

from datetime import datetime, timedelta
from typing import Any

import typer

from monespace_cli.commands.services import services
from monespace_cli.i18n import _, ngettext
from monespace_cli.ingest.problems import Code
from monespace_cli.record.codes import Kind
from monespace_cli.record.document import DocumentId
from monespace_cli.record.exchange import SentState
from monespace_cli.record.identity import Identity
from monespace_cli.record.journal import JournalEntry
from monespace_cli.ui.output import Output
from monespace_cli.ui.views import KIND_LABELS, duration, journal_json, moment, other_patient_words
from monespace_cli.vault.documents import Filter
from monespace_cli.vault.header import SlotKind
from monespace_cli.vault.sealed import waiting
from monespace_cli.vault.shares import StandingShare
from monespace_cli.vault.vault import Vault

app = typer.Typer(add_completion=False)

SHOWN_PAGES = 5

TOLD_FOR = timedelta(days=30)
"""How long openings in an emergency are told of; the journal keeps them for good."""


@app.command()
def status(context: typer.Context) -> None:
    """Say whose vault it is, what is in it, and what needs a person."""
    tools = services(context)
    with tools.open_vault() as vault:
        owner = vault.owner
        kinds = {kind: vault.documents.count(Filter(kind)) for kind in Kind}
        hard = vault.documents.hard_to_read()
        backups = vault.backups.all()
        emergencies = vault.journal.emergencies(tools.clock() - TOLD_FOR)
        session = tools.sessions(vault.header.vault).read()
        vault_patients = list(vault.patients.values())
        to_update = [each.id for each in _shares_to_update(vault, tools.clock())]
        data = {
            "type": "status",
            "vault": str(tools.settings.vault),
            "owner": owner.display_name,
            "role": "holder" if isinstance(owner, Identity) else "practitioner",
            "spaces": len(vault.spaces.all()),
            "patients": vault_patients,
            "documents": sum(kinds.values()),
            "by_kind": {str(kind): count for kind, count in kinds.items() if count},
            "trash": vault.documents.count(Filter(in_trash=True)),
            "quarantine": len(vault.quarantine.all()),
            "sealed": len(waiting(tools.settings.vault)),
            "hard_to_read": [{"document": document, "page": page} for document, page in hard],
            "to_review": vault.documents.count(Filter(unconfirmed=True)),
            "other_patient": vault.documents.count(Filter(notice=Code.OTHER_PATIENT)),
            "contacts": len(vault.contacts.all()),
            "last_backup": backups[-1].created_at.isoformat() if backups else None,
            "unlocked_seconds": session.remaining if session else None,
            "emergency_openings": [journal_json(line) for line in emergencies],
            "shares_to_update": to_update,
            **_travelling(vault),
            "key_slots": [str(slot.kind) for slot in vault.header.slots],
        }
    if tools.output.is_json:
        tools.output.object(data)
        return
    by_kind = ", ".join(f"{KIND_LABELS[kind]} {count}" for kind, count in kinds.items() if count)
    tools.output.fields(
        [
            (_("Vault"), str(data["vault"])),
            (_("Belongs to"), owner.display_name),
            (_("Documents"), f"{data['documents']}" + (f" ({by_kind})" if by_kind else "")),
            (_("Papers of"), ", ".join(vault_patients)),
            (_("In the trash"), str(data["trash"] or "")),
            (_("Contacts"), str(data["contacts"] or "")),
            (_("Last backup"), moment(backups[-1].created_at) if backups else _("none")),
            (_("Unlocked for"), duration(session.remaining) if session else ""),
            (_("Opens with"), ", ".join(str(slot.kind).replace("-", " ") for slot in vault.header.slots)),
        ]
    )
    has_kit = any(slot.kind is SlotKind.RECOVERY_KIT for slot in vault.header.slots)
    _say_what_needs_a_person(tools.output, data, emergencies, hard, has_kit=has_kit)


def _say_what_needs_a_person(
    output: Output, data: dict[str, Any], emergencies: list[JournalEntry], hard: list[tuple[DocumentId, int]], *, has_kit: bool
) -> None:
    for line in emergencies:
        output.warn(_emergency_words(line))
    if data["quarantine"]:
        output.warn(_("{count} in quarantine: see `monespace quarantine list`").format(count=data["quarantine"]))
    if data["sealed"]:
        output.say(_("{count} sealed items wait: `monespace sealed take` takes them in").format(count=data["sealed"]))
    if data["to_review"]:
        output.say(
            ngettext(
                "{count} paper waits for a look: `monespace document review` goes through it",
                "{count} papers wait for a look: `monespace document review` goes through them",
                data["to_review"],
            ).format(count=data["to_review"])
        )
    if data["shares_to_update"]:
        output.say(
            ngettext(
                "there is something new for {count} standing share: `monespace share update` sends it",
                "there is something new for {count} standing shares: `monespace share update` sends it",
                len(data["shares_to_update"]),
            ).format(count=len(data["shares_to_update"]))
        )
    if data["waiting_for_receipt"]:
        output.say(
            ngettext(
                "{count} bundle waits for its receipt, since {day}: `monespace outbox list --waiting` shows it",
                "{count} bundles wait for their receipts, the first since {day}: `monespace outbox list --waiting` shows them",
                data["waiting_for_receipt"],
            ).format(count=data["waiting_for_receipt"], day=moment(datetime.fromisoformat(data["waiting_since"]))[:10])
        )
    _say_what_travels(output, data["inbox"], data["to_hand_over"])
    if data["other_patient"]:
        output.warn(other_patient_words(data["other_patient"]))
    if hard:
        output.warn(
            ngettext(
                "{count} page is hard to read: {places}; see `monespace document list --hard-to-read`",
                "{count} pages are hard to read: {places}; see `monespace document list --hard-to-read`",
                len(hard),
            ).format(count=len(hard), places=_places(hard))
        )
    if not has_kit:
        output.say(_("There is no recovery kit: without the passphrase nobody can open this vault."))


def _say_what_travels(output: Output, waiting: int, to_hand_over: int) -> None:
    if waiting:
        output.say(
            ngettext(
                "{count} bundle waits for you: `monespace inbox list` shows it",
                "{count} bundles wait for you: `monespace inbox list` shows them",
                waiting,
            ).format(count=waiting)
        )
    if to_hand_over:
        output.say(
            ngettext(
                "{count} bundle is not handed over yet: `monespace sync` or `monespace outbox write` does it",
                "{count} bundles are not handed over yet: `monespace sync` or `monespace outbox write` does it",
                to_hand_over,
            ).format(count=to_hand_over)
        )


def _travelling(vault: Vault) -> dict[str, Any]:
    """Return what came and what goes, which is the vault owner's alone to know."""
    if not vault.is_owner:
        return {"inbox": 0, "to_hand_over": 0, "waiting_for_receipt": 0, "waiting_since": None}
    count, since = vault.outbox.waiting_since()
    return {
        "inbox": len(vault.inbox.waiting()),
        "to_hand_over": len(vault.inbox.unanswered()) + sum(each.state is SentState.MADE for each in vault.outbox.unanswered()),
        "waiting_for_receipt": count,
        "waiting_since": since.isoformat() if since else None,
    }


def _shares_to_update(vault: Vault, now: datetime) -> list[StandingShare]:
    """Return the standing shares with something new; nothing more is loaded where nothing changed."""
    if not vault.standing_shares.to_look_through(now, vault.space):
        return []
    from monespace_cli.actions.standing import due

    return due(vault, now)


def _places(hard: list[tuple[DocumentId, int]]) -> str:
    places = [_("{id} page {page}").format(id=document, page=page) for document, page in hard[:SHOWN_PAGES]]
    return ", ".join([*places, *(["…"] if len(hard) > SHOWN_PAGES else [])])


def _emergency_words(line: JournalEntry) -> str:
    text = (
        _("opened in an emergency on {when}: {reason}; tell your attending physician, if you have one")
        if line.details["opened"] == "yes"
        else _("somebody tried to open it as in an emergency on {when}: {reason}")
    )
    return text.format(when=moment(line.at), reason=line.details["reason"])
