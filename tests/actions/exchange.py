"""Two people who know each other, each with a vault: Zoé, a patient, and Léa, who works in a laboratory."""

import hashlib
import io
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from pathlib import Path

from monespace_cli.actions.answers import answer_due
from monespace_cli.actions.arrivals import Arrival, Arrivals
from monespace_cli.actions.depositing import Depositor
from monespace_cli.actions.directory import contact_of
from monespace_cli.actions.dispatching import write_out
from monespace_cli.actions.outgoing import Outgoing
from monespace_cli.actions.people import add_contact, find_contact, own_card, own_keys
from monespace_cli.actions.recipients import Recipient, recipient_of
from monespace_cli.actions.taking import Taking
from monespace_cli.crypto.keys import Argon2Params
from monespace_cli.ingest.reader import IngestOptions, Reader
from monespace_cli.ports import NoProgress
from monespace_cli.record.card import Check, Role
from monespace_cli.record.document import Author, Document, DocumentId, Page, Provenance, TextSource
from monespace_cli.record.identity import Identity, Owner, PractitionerIdentity, Profession, Sex
from monespace_cli.sync.kinds import Kind
from monespace_cli.sync.manifest import Manifest
from monespace_cli.sync.sealing import Contents, SourceDocument, ToContact
from monespace_cli.vault.building import NewVault, create_vault
from monespace_cli.vault.documents import Filter
from monespace_cli.vault.header_file import read_header
from monespace_cli.vault.patients import TraitSource
from monespace_cli.vault.vault import Vault, open_vault
from tests.vault.world import NOW, Repeatable

ZOE = Identity("MARTIN", ("Zoé", "Anne"), date(1980, 5, 17), Sex.FEMALE, "280057511122220")
LEA = PractitionerIdentity("PETIT", ("Léa",), Profession.PHYSICIAN, "10001234567")
PASSPHRASE = "une phrase de passe"


@dataclass
class Party:
    """Somebody with an open vault."""

    vault: Vault
    folder: Path
    random: Repeatable
    reader: Reader
    now: datetime = NOW

    def clock(self) -> datetime:
        return self.now

    def later(self, seconds: int = 1) -> None:
        self.now += timedelta(seconds=seconds)

    def knows(self, other: "Party", *, verified: bool = True, auto_accept: bool = True) -> None:
        contact = add_contact(self.vault, own_card(other.vault, other.now)[1])
        if verified:
            self.vault.contacts.verify(contact.card.fingerprint, Check.WORDS)
        self.vault.contacts.trust(contact.card.fingerprint, auto_accept=auto_accept)

    def arrivals(self) -> Arrivals:
        """What takes bundles in."""
        taking = Taking(self.vault, self.reader, IngestOptions(ocr=False), self.clock)
        return Arrivals(self.vault, own_keys(self.vault), taking, self.clock)

    def add(self, *paths: Path) -> list[Arrival]:
        """Take bundle files in."""
        return list(self.arrivals().add(paths, NoProgress()))

    def write(self) -> list[Path]:
        """Write everything that is to be sent into files, receipts included."""
        answer_due(self.vault, self.now, self.random)
        return [path for path, _sent in write_out(self.vault, self.vault.outbox.kept(), self.folder, self.random)]

    def titles(self) -> list[str]:
        """The documents that stand, by title."""
        return sorted(document.title for document in self.vault.documents.all(Filter()))


@contextmanager
def party(folder: Path, owner: Owner) -> Iterator[Party]:
    """A vault of somebody's, open."""
    random = Repeatable(str(folder).encode())
    root = folder / "vault"
    argon2 = Argon2Params(random(16), memory_kib=32, iterations=1, lanes=1)
    create_vault(root, NewVault(owner, PASSPHRASE, argon2), lambda: NOW, random)
    clock = Clock()
    with open_vault(root, read_header(root), PASSPHRASE, clock, random) as vault, Reader(clock) as reader:
        made = Party(vault, folder / "sent", random, reader)
        clock.party = made
        yield made


class Clock:
    """A party's own clock, once there is a party."""

    party: Party | None = None

    def __call__(self) -> datetime:
        return self.party.now if self.party else NOW


@contextmanager
def zoe_and_lea(folder: Path, *, patient: Identity = ZOE) -> Iterator[tuple[Party, Party]]:
    """Both, who have compared their words; Léa knows who exactly Zoé is, and Zoé takes in what she deposits."""
    with party(folder / "zoe", patient) as zoe, party(folder / "lea", LEA) as lea:
        zoe.knows(lea)
        lea.knows(zoe)
        lea.vault.patients_known.put(own_keys(zoe.vault).fingerprint, ZOE, TraitSource.TYPED)
        yield zoe, lea


def paper(text: str, *, title: str = "", author: Author = Author.PRACTITIONER) -> SourceDocument:
    """A page of text as a document to deposit."""
    data = text.encode()
    document = Document(
        id=DocumentId(""),
        title=title or text,
        type_code="11502-2",
        media_type="text/plain",
        size=len(data),
        sha256=hashlib.sha256(data).hexdigest(),
        page_count=1,
        confidence=1.0,
        imported_at=NOW,
        provenance=Provenance(author),
    )
    return SourceDocument(document, lambda: iter((data,)))


def to(sender: Party) -> Recipient:
    """The one patient whom a depositor knows."""
    (patient,) = [contact for contact in map(contact_of, sender.vault.contacts.all()) if contact.card.role is Role.HOLDER]
    return recipient_of(sender.vault, patient, accept_unverified=True)


def deposit(lea: Party, *texts: str) -> Manifest:
    lea.later()
    return Depositor(lea.vault, lea.now, lea.random).deposit(to(lea), [paper(text) for text in texts])


def correct(lea: Party, bundle: str, *texts: str) -> Manifest:
    lea.later()
    return Depositor(lea.vault, lea.now, lea.random).correct(lea.vault.outbox.find(bundle), to(lea), [paper(text) for text in texts])


def revoke(lea: Party, bundle: str) -> Manifest:
    lea.later()
    return Depositor(lea.vault, lea.now, lea.random).revoke(lea.vault.outbox.find(bundle), "par erreur")


def own_paper(zoe: Party, text: str) -> Document:
    """A page of text that Zoé put in herself."""
    source = paper(text, author=Author.HOLDER)
    document = replace(source.document, id=zoe.vault.documents.new_id(), type_code="DOCPAT05")
    blob = zoe.vault.blobs.write(io.BytesIO(text.encode()))
    return zoe.vault.documents.add(document, [Page(1, text, 1.0, TextSource.PLAIN)], blob)


def share(zoe: Party, document: Document, name: str = "PETIT", *, about: Identity = ZOE, until: datetime | None = None) -> Manifest:
    zoe.later()
    vault = zoe.vault
    contents = Contents(Kind.SHARE, about, (SourceDocument(document, lambda: vault.documents.chunks(document)),), expires=until)
    return Outgoing(vault, zoe.now, zoe.random).to_outbox(contents, ToContact(find_contact(vault, name).card))


def statuses(arrivals: Sequence[Arrival]) -> list[tuple[str, str | None]]:
    return [(str(arrival.status), arrival.code) for arrival in arrivals]
