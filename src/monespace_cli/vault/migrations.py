"""The schema, as numbered steps that are only ever appended (docs/formats/vault-v1.md §4).

A released step is never changed: a vault written by any release opens in every later one.
"""

from monespace_cli.errors import NewerFormatError
from monespace_cli.i18n import _
from monespace_cli.vault.connection import Database
from monespace_cli.vault.first_schema import FIRST

_EXCHANGES = (
    "ALTER TABLE bundle ADD COLUMN manifest TEXT",
    "ALTER TABLE contact ADD COLUMN auto_accept INTEGER NOT NULL DEFAULT 0",
    """CREATE TABLE patient (
        fingerprint TEXT PRIMARY KEY REFERENCES contact (fingerprint) ON DELETE CASCADE,
        identity TEXT NOT NULL,
        birth_date TEXT NOT NULL,
        ins TEXT,
        source TEXT NOT NULL,
        at TEXT NOT NULL
    ) STRICT, WITHOUT ROWID""",
    "CREATE INDEX patient_born ON patient (birth_date)",
    """CREATE TABLE outbox (
        bundle TEXT PRIMARY KEY,
        kind TEXT NOT NULL,
        peer TEXT NOT NULL,
        manifest TEXT NOT NULL,
        header TEXT NOT NULL UNIQUE,
        blob TEXT REFERENCES blob (id),
        state TEXT NOT NULL,
        code TEXT,
        documents TEXT NOT NULL,
        answered_at TEXT,
        at TEXT NOT NULL
    ) STRICT, WITHOUT ROWID""",
    """CREATE TABLE inbox (
        bundle TEXT PRIMARY KEY,
        kind TEXT NOT NULL,
        sender TEXT NOT NULL,
        manifest TEXT NOT NULL,
        blob TEXT REFERENCES blob (id),
        state TEXT NOT NULL,
        code TEXT,
        match TEXT,
        space INTEGER REFERENCES space (id),
        documents TEXT NOT NULL,
        answer_due INTEGER NOT NULL,
        at TEXT NOT NULL
    ) STRICT, WITHOUT ROWID""",
    "CREATE INDEX inbox_waiting ON inbox (state) WHERE state = 'waiting'",
    "CREATE INDEX inbox_answer_due ON inbox (bundle) WHERE answer_due",
    """CREATE TABLE withdrawal (
        bundle TEXT NOT NULL,
        sender TEXT NOT NULL,
        by TEXT NOT NULL,
        kind TEXT NOT NULL,
        reason TEXT NOT NULL,
        at TEXT NOT NULL,
        PRIMARY KEY (bundle, by)
    ) STRICT, WITHOUT ROWID""",
    """CREATE TABLE superseded (
        document INTEGER PRIMARY KEY REFERENCES document (number) ON DELETE CASCADE,
        successor INTEGER REFERENCES document (number) ON DELETE SET NULL,
        by TEXT NOT NULL,
        at TEXT NOT NULL
    ) STRICT""",
    "CREATE INDEX superseded_by ON superseded (successor)",
)
"""An inbox and an outbox, what is known of a contact's traits, and documents that a later one took the place of."""

_ACCESS = (
    """CREATE TABLE access_grant (
        space INTEGER NOT NULL REFERENCES space (id),
        basis TEXT NOT NULL,
        contact TEXT NOT NULL,
        start_at TEXT,
        end_at TEXT,
        sees_masked INTEGER NOT NULL,
        since TEXT,
        PRIMARY KEY (space, basis, contact)
    ) STRICT, WITHOUT ROWID""",
    """CREATE TABLE access_block (
        space INTEGER NOT NULL REFERENCES space (id),
        contact TEXT NOT NULL,
        at TEXT NOT NULL,
        PRIMARY KEY (space, contact)
    ) STRICT, WITHOUT ROWID""",
    """CREATE TABLE access_emergency (
        space INTEGER PRIMARY KEY REFERENCES space (id),
        samu INTEGER NOT NULL,
        others INTEGER NOT NULL,
        masked INTEGER NOT NULL
    ) STRICT""",
    """CREATE TABLE access_mask (
        space INTEGER NOT NULL REFERENCES space (id),
        item TEXT NOT NULL,
        named TEXT NOT NULL,
        PRIMARY KEY (space, item)
    ) STRICT, WITHOUT ROWID""",
    """CREATE TABLE habilitation (
        profession TEXT NOT NULL,
        code TEXT NOT NULL,
        may_read INTEGER NOT NULL,
        PRIMARY KEY (profession, code)
    ) STRICT, WITHOUT ROWID""",
)
"""What each space's holder decided about who may see what."""

_PRACTITIONERS = (
    """CREATE TABLE practitioner (
        id TEXT PRIMARY KEY,
        fingerprint TEXT UNIQUE,
        family_name TEXT NOT NULL,
        given_name TEXT NOT NULL,
        profession TEXT NOT NULL,
        specialty TEXT NOT NULL,
        rpps TEXT,
        adeli TEXT,
        finess TEXT,
        phone TEXT NOT NULL,
        address TEXT NOT NULL,
        added_at TEXT NOT NULL
    ) STRICT, WITHOUT ROWID""",
    "CREATE INDEX practitioner_rpps ON practitioner (rpps) WHERE rpps IS NOT NULL",
    """CREATE TABLE care_role (
        space INTEGER NOT NULL REFERENCES space (id),
        role TEXT NOT NULL,
        person TEXT NOT NULL,
        PRIMARY KEY (space, role, person)
    ) STRICT, WITHOUT ROWID""",
    """CREATE TABLE person_word (
        word TEXT NOT NULL,
        person TEXT NOT NULL,
        PRIMARY KEY (word, person)
    ) STRICT, WITHOUT ROWID""",
    "CREATE INDEX person_word_person ON person_word (person)",
    "ALTER TABLE contact ADD COLUMN rpps TEXT",
    "ALTER TABLE contact ADD COLUMN is_indexed INTEGER NOT NULL DEFAULT 0",
    "CREATE INDEX contact_rpps ON contact (rpps) WHERE rpps IS NOT NULL",
    "CREATE INDEX contact_to_index ON contact (fingerprint) WHERE NOT is_indexed",
)
"""A directory of practitioners, with a card or without; and people are found by their names without reading their cards."""

_EMERGENCIES = ("CREATE INDEX journal_emergency ON journal (sequence) WHERE event = 'emergency-opened'",)
"""Openings in an emergency are told at each look at the vault's state."""

_CANDIDATES = (
    "ALTER TABLE document ADD COLUMN proposed TEXT NOT NULL DEFAULT ''",
    "ALTER TABLE document ADD COLUMN notices TEXT NOT NULL DEFAULT ''",
    "CREATE INDEX document_unconfirmed ON document (number) WHERE proposed <> ''",
    "CREATE INDEX document_noticed ON document (number) WHERE notices <> ''",
    """CREATE TABLE candidate (
        document INTEGER NOT NULL REFERENCES document (number) ON DELETE CASCADE,
        number INTEGER NOT NULL,
        field TEXT NOT NULL,
        value TEXT NOT NULL,
        confidence REAL NOT NULL,
        page INTEGER NOT NULL,
        line INTEGER NOT NULL,
        details TEXT NOT NULL,
        state TEXT NOT NULL,
        PRIMARY KEY (document, number)
    ) STRICT, WITHOUT ROWID""",
)
"""What a machine understood of a document, and what of that a person has settled."""

_SPOKEN_OF = (
    "CREATE INDEX withdrawal_by ON withdrawal (by)",
    "ALTER TABLE outbox ADD COLUMN about TEXT",
    "CREATE INDEX outbox_about ON outbox (about) WHERE about IS NOT NULL",
)
"""Which earlier bundle a receipt, a revocation or a correction speaks of is found from both sides."""

_REMOTES = (
    """CREATE TABLE remote (
        name TEXT PRIMARY KEY,
        location TEXT NOT NULL,
        store TEXT NOT NULL UNIQUE,
        added_at TEXT NOT NULL
    ) STRICT, WITHOUT ROWID""",
    """CREATE TABLE store_object (
        store TEXT NOT NULL,
        name TEXT NOT NULL,
        stamp TEXT NOT NULL,
        part TEXT NOT NULL,
        bundle TEXT,
        at TEXT NOT NULL,
        PRIMARY KEY (store, name)
    ) STRICT, WITHOUT ROWID""",
    "CREATE INDEX store_object_bundle ON store_object (bundle) WHERE bundle IS NOT NULL",
    "CREATE INDEX outbox_header ON outbox (header)",
    "CREATE INDEX outbox_kept ON outbox (at) WHERE blob IS NOT NULL",
)
"""Stores that bundles travel through, and what is known of each object in them."""


_KEY_CHANGES = (
    """CREATE TABLE earlier_identity (
        fingerprint TEXT PRIMARY KEY,
        ended_at TEXT NOT NULL
    ) STRICT, WITHOUT ROWID""",
    """CREATE TABLE succession (
        earlier TEXT PRIMARY KEY,
        later TEXT NOT NULL,
        at TEXT NOT NULL
    ) STRICT, WITHOUT ROWID""",
    """CREATE TABLE key_change (
        fingerprint TEXT PRIMARY KEY REFERENCES contact (fingerprint) ON DELETE CASCADE,
        card BLOB NOT NULL,
        later TEXT NOT NULL,
        at TEXT NOT NULL
    ) STRICT, WITHOUT ROWID""",
    """CREATE TABLE revoked_identity (
        fingerprint TEXT PRIMARY KEY,
        reason TEXT NOT NULL,
        at TEXT NOT NULL
    ) STRICT, WITHOUT ROWID""",
)
"""Keys that take the place of others, that nobody decided about yet, and that count no more."""
_WORD_BOXES = (
    """CREATE TABLE word_box (
        document INTEGER NOT NULL,
        page INTEGER NOT NULL,
        boxes BLOB NOT NULL,
        PRIMARY KEY (document, page),
        FOREIGN KEY (document, page) REFERENCES page (document, number) ON DELETE CASCADE
    ) STRICT, WITHOUT ROWID""",
    """CREATE TABLE unsure_word (
        word TEXT NOT NULL,
        document INTEGER NOT NULL,
        PRIMARY KEY (word, document)
    ) STRICT, WITHOUT ROWID""",
)
"""Where the words of a page stand; and words that were hardly read are found although a letter is wrong."""

_IMPORT_RUNS = (
    """CREATE TABLE import_run (
        number INTEGER PRIMARY KEY,
        space INTEGER NOT NULL REFERENCES space (id),
        options TEXT NOT NULL,
        started_at TEXT NOT NULL,
        ended_at TEXT,
        found INTEGER NOT NULL DEFAULT 0,
        counts TEXT NOT NULL DEFAULT '{}'
    ) STRICT""",
    """CREATE TABLE import_file (
        run INTEGER NOT NULL REFERENCES import_run (number) ON DELETE CASCADE,
        number INTEGER NOT NULL,
        path BLOB NOT NULL,
        named INTEGER NOT NULL,
        stated TEXT NOT NULL,
        state TEXT NOT NULL,
        code TEXT NOT NULL,
        attempts INTEGER NOT NULL,
        PRIMARY KEY (run, number)
    ) STRICT, WITHOUT ROWID""",
    "CREATE INDEX import_file_path ON import_file (path)",
    "ALTER TABLE quarantine ADD COLUMN stated TEXT NOT NULL DEFAULT '{}'",
)
"""What each run of the import has still to do, and what was said of a paper that waits in quarantine."""

_STANDING_SHARES = (
    """CREATE TABLE standing_share (
        id TEXT PRIMARY KEY,
        space INTEGER NOT NULL REFERENCES space (id),
        contact TEXT NOT NULL,
        wanted TEXT NOT NULL,
        purpose TEXT NOT NULL,
        until_at TEXT,
        mark TEXT NOT NULL,
        told TEXT NOT NULL,
        created_at TEXT NOT NULL,
        ended_at TEXT
    ) STRICT, WITHOUT ROWID""",
    "ALTER TABLE outbox ADD COLUMN standing TEXT",
    "CREATE INDEX outbox_standing ON outbox (standing) WHERE standing IS NOT NULL",
)
"""Shares that are repeated for what is new."""

_HANDOVER = (
    """CREATE TABLE former_journal (
        number INTEGER PRIMARY KEY,
        at TEXT NOT NULL,
        actor TEXT NOT NULL,
        event TEXT NOT NULL,
        subject TEXT NOT NULL,
        details TEXT NOT NULL
    ) STRICT""",
)
"""What the journal of the vault that a record came from said of it."""

_PEOPLE = (
    "ALTER TABLE space ADD COLUMN kind TEXT NOT NULL DEFAULT 'received'",
    "UPDATE space SET kind = 'own' WHERE id = 1",
    """CREATE TABLE space_step (
        number INTEGER PRIMARY KEY,
        space INTEGER NOT NULL REFERENCES space (id),
        event TEXT NOT NULL,
        at TEXT NOT NULL
    ) STRICT""",
    "CREATE INDEX space_step_space ON space_step (space)",
    """CREATE TABLE person (
        id TEXT PRIMARY KEY,
        name TEXT NOT NULL,
        space INTEGER REFERENCES space (id),
        added_at TEXT NOT NULL
    ) STRICT, WITHOUT ROWID""",
    """CREATE TABLE tie (
        number INTEGER PRIMARY KEY,
        space INTEGER NOT NULL REFERENCES space (id),
        person TEXT NOT NULL,
        relation TEXT NOT NULL,
        start_on TEXT,
        end_on TEXT,
        mandate TEXT NOT NULL
    ) STRICT""",
    "CREATE INDEX tie_space ON tie (space)",
    "ALTER TABLE key_slot ADD COLUMN person TEXT NOT NULL DEFAULT 'holder'",
)
"""Spaces of children and of helped people, their lives, and the people who act for them or hold a key."""

_LIKENESSES = (
    """CREATE TABLE likeness (
        band INTEGER NOT NULL,
        document INTEGER NOT NULL,
        PRIMARY KEY (band, document)
    ) STRICT, WITHOUT ROWID""",
    """CREATE TABLE near_duplicate (
        document INTEGER PRIMARY KEY REFERENCES document (number) ON DELETE CASCADE,
        twin INTEGER NOT NULL REFERENCES document (number) ON DELETE CASCADE
    ) STRICT""",
    "CREATE INDEX near_duplicate_twin ON near_duplicate (twin)",
)
"""Documents that seem to be another scan of one that was there before."""

_ROUTES = (
    """CREATE TABLE remote_contact (
        store TEXT NOT NULL,
        contact TEXT NOT NULL,
        PRIMARY KEY (store, contact)
    ) STRICT, WITHOUT ROWID""",
    "ALTER TABLE outbox ADD COLUMN sent_at TEXT",
    "UPDATE outbox SET sent_at = at WHERE state <> 'made'",
    """CREATE INDEX outbox_waiting ON outbox (sent_at)
        WHERE state = 'sent' AND kind NOT IN ('receipt', 'renewal', 'identity-revocation')""",
)
"""Who is reached by which remote, and since when a bundle waits for its receipt."""

_REPRESENTED = (
    "ALTER TABLE patient RENAME TO patient_before",
    """CREATE TABLE patient (
        number INTEGER PRIMARY KEY,
        fingerprint TEXT NOT NULL REFERENCES contact (fingerprint) ON DELETE CASCADE,
        is_represented INTEGER NOT NULL,
        identity TEXT NOT NULL,
        birth_date TEXT NOT NULL,
        source TEXT NOT NULL,
        at TEXT NOT NULL
    ) STRICT""",
    """INSERT INTO patient (fingerprint, is_represented, identity, birth_date, source, at)
        SELECT fingerprint, 0, identity, birth_date, source, at FROM patient_before ORDER BY at""",
    "DROP TABLE patient_before",
    "CREATE INDEX patient_born ON patient (birth_date)",
    "CREATE INDEX patient_card ON patient (fingerprint)",
)
"""A card that stands for other persons too, such as a parent's for their children."""

MIGRATIONS: tuple[tuple[str, ...], ...] = (
    FIRST,
    _EXCHANGES,
    _ACCESS,
    _PRACTITIONERS,
    _EMERGENCIES,
    _CANDIDATES,
    _SPOKEN_OF,
    _REMOTES,
    _KEY_CHANGES,
    _IMPORT_RUNS,
    _WORD_BOXES,
    _STANDING_SHARES,
    _HANDOVER,
    _PEOPLE,
    _LIKENESSES,
    _ROUTES,
    _REPRESENTED,
)
"""Step n brings a database from `user_version` n to n + 1."""


def pending(database: Database) -> int:
    """Return how many steps a database lacks.

    Raises:
        NewerFormatError: it was written by a release that knows more steps.
    """
    row = database.one("PRAGMA user_version")
    version = int(row[0]) if row else 0
    if version > len(MIGRATIONS):
        raise NewerFormatError(_("this vault was written by a newer monespace"), hint=_("upgrade monespace and try again"))
    return len(MIGRATIONS) - version


def migrate(database: Database) -> None:
    """Bring a database up to date: each step and its number in one transaction.

    Raises:
        NewerFormatError: it was written by a release that knows more steps.
    """
    while pending(database):
        with database.transaction():
            step = len(MIGRATIONS) - pending(database)  # asked again: another process may have been faster
            for statement in MIGRATIONS[step] if step < len(MIGRATIONS) else ():
                database.execute(statement)
            database.execute(f"PRAGMA user_version = {min(step + 1, len(MIGRATIONS))}")
