"""One file per noun: parse, call, show.

The table below is all that `--help` and shell completion of the first word need: a command's module is loaded only when it runs.
"""

from dataclasses import dataclass

from monespace_cli.i18n import _


@dataclass(frozen=True, slots=True)
class CommandEntry:
    """A command or group of the first level."""

    module: str
    """Where its Typer `app` is."""
    panel: str
    """The heading it stands under in `--help`."""
    help: str


_RECORD, _EXCHANGE, _VAULT = _("Your record"), _("Passing it on"), _("The vault")

COMMANDS: dict[str, CommandEntry] = {
    "import": CommandEntry("import_", _RECORD, _("Take papers in: photos, scans, PDF and text files, folders of them.")),
    "sealed": CommandEntry("sealed", _RECORD, _("What was put in while the vault was locked.")),
    "search": CommandEntry("search", _RECORD, _("Find documents by the words in them.")),
    "document": CommandEntry("document", _RECORD, _("List, show, edit, export, delete and restore documents.")),
    "profile": CommandEntry("profile", _RECORD, _("Your medical profile: illnesses, allergies, treatments, vaccinations, persons …")),
    "measure": CommandEntry("measure", _RECORD, _("Weight, blood pressure, glucose and other measurements: add, list, plot.")),
    "emergency": CommandEntry("emergency", _RECORD, _("The card for your wallet, for the day when you cannot speak for yourself.")),
    "space": CommandEntry("space", _RECORD, _("Your own space, your children's, those of people you help.")),
    "delegate": CommandEntry("delegate", _RECORD, _("Who helps somebody that cannot do it alone.")),
    "quarantine": CommandEntry("quarantine", _RECORD, _("See to files that could not be taken in.")),
    "share": CommandEntry("share", _EXCHANGE, _("Hand papers to a practitioner, signed and encrypted; list, repeat, take back.")),
    "deposit": CommandEntry("deposit", _EXCHANGE, _("Hand documents to the patient they are about, put them right, take them back.")),
    "inbox": CommandEntry("inbox", _EXCHANGE, _("Bundles that came: take them in, see what waits, decide.")),
    "outbox": CommandEntry("outbox", _EXCHANGE, _("Bundles made here: write them out, and see what became of them.")),
    "remote": CommandEntry("remote", _EXCHANGE, _("Where bundles travel: a stick, a synchronised folder, a network share.")),
    "sync": CommandEntry("sync", _EXCHANGE, _("Fetch what came for you by your remotes, and put there what you send.")),
    "bundle": CommandEntry("bundle", _EXCHANGE, _("Check, show, open or take in a bundle that you received.")),
    "access": CommandEntry("access", _RECORD, _("Who may see what of your record, and by which rule.")),
    "contact": CommandEntry("contact", _EXCHANGE, _("The people you exchange with, and how far each is trusted.")),
    "card": CommandEntry("card", _EXCHANGE, _("Your public identity, to hand out.")),
    "identity": CommandEntry(
        "identity", _EXCHANGE, _("Your own keys: the words that others compare, how old they are, and when they change.")
    ),
    "init": CommandEntry("init", _VAULT, _("Make a vault.")),
    "key": CommandEntry("key", _VAULT, _("What opens the vault: passphrases, the recovery kit, this system's keyring.")),
    "unlock": CommandEntry("unlock", _VAULT, _("Keep the vault unlocked for a while.")),
    "lock": CommandEntry("lock", _VAULT, _("Lock it again.")),
    "status": CommandEntry("status", _VAULT, _("What is in the vault, and what needs you.")),
    "check": CommandEntry("check", _VAULT, _("See that everything in the vault is as it was written.")),
    "repair": CommandEntry("repair", _VAULT, _("Mend what can be mended; no document is removed.")),
    "prune": CommandEntry("prune", _VAULT, _("Remove files that interrupted work left.")),
    "backup": CommandEntry("backup", _VAULT, _("Keep encrypted copies of the vault elsewhere, and bring one back.")),
    "export": CommandEntry("export", _VAULT, _("Write everything out in plain, in formats that any program reads.")),
    "journal": CommandEntry("journal", _VAULT, _("Who did what, when.")),
    "doctor": CommandEntry("doctor", _VAULT, _("Check this installation and the vault's encryption.")),
}
