"""The schema as the first vaults had it (docs/formats/vault-v1.md §4): the step that `vault.migrations` begins with, never changed."""

FIRST = (
    "CREATE TABLE meta (key TEXT PRIMARY KEY, value TEXT NOT NULL) STRICT, WITHOUT ROWID",
    """CREATE TABLE key_slot (
        id TEXT PRIMARY KEY,
        label TEXT NOT NULL
    ) STRICT, WITHOUT ROWID""",
    """CREATE TABLE space (
        id INTEGER PRIMARY KEY,
        owner TEXT NOT NULL,
        signer TEXT,
        created_at TEXT NOT NULL
    ) STRICT""",
    """CREATE TABLE identity (
        id INTEGER PRIMARY KEY CHECK (id = 1),
        signing_seed BLOB NOT NULL,
        created_at TEXT NOT NULL
    ) STRICT""",
    """CREATE TABLE decryption_key (
        id INTEGER PRIMARY KEY,
        type TEXT NOT NULL,
        seed BLOB NOT NULL,
        created_at TEXT NOT NULL
    ) STRICT""",
    """CREATE TABLE retired_key (
        id INTEGER PRIMARY KEY,
        label TEXT NOT NULL,
        key BLOB NOT NULL,
        retired_at TEXT NOT NULL
    ) STRICT""",
    """CREATE TABLE blob (
        id TEXT PRIMARY KEY,
        key BLOB NOT NULL,
        size INTEGER NOT NULL,
        sha256 TEXT NOT NULL
    ) STRICT, WITHOUT ROWID""",
    """CREATE TABLE document (
        number INTEGER PRIMARY KEY,
        id TEXT NOT NULL UNIQUE,
        space INTEGER NOT NULL REFERENCES space (id),
        blob TEXT NOT NULL REFERENCES blob (id),
        sha256 TEXT NOT NULL,
        size INTEGER NOT NULL,
        media_type TEXT NOT NULL,
        title TEXT NOT NULL,
        type_code TEXT NOT NULL,
        kind TEXT NOT NULL,
        date TEXT,
        practitioner TEXT NOT NULL,
        tags TEXT NOT NULL,
        confidentiality TEXT NOT NULL,
        page_count INTEGER NOT NULL,
        confidence REAL NOT NULL,
        provenance TEXT NOT NULL,
        imported_at TEXT NOT NULL,
        deleted_at TEXT,
        UNIQUE (space, sha256)
    ) STRICT""",
    "CREATE INDEX document_date ON document (date)",
    "CREATE INDEX document_trash ON document (number) WHERE deleted_at IS NOT NULL",
    """CREATE TABLE page (
        document INTEGER NOT NULL REFERENCES document (number) ON DELETE CASCADE,
        number INTEGER NOT NULL,
        text TEXT NOT NULL,
        confidence REAL NOT NULL,
        source TEXT NOT NULL,
        hard_to_read INTEGER NOT NULL,
        steps TEXT NOT NULL,
        PRIMARY KEY (document, number)
    ) STRICT, WITHOUT ROWID""",
    "CREATE INDEX page_hard_to_read ON page (document, number) WHERE hard_to_read",
    """CREATE VIRTUAL TABLE search USING fts5 (
        title, practitioner, tags, text, content = '', tokenize = 'ascii'
    )""",
    "INSERT INTO search (search, rank) VALUES ('secure-delete', 1)",
    """CREATE TABLE quarantine (
        id TEXT PRIMARY KEY,
        blob TEXT NOT NULL REFERENCES blob (id),
        space INTEGER NOT NULL REFERENCES space (id),
        provenance TEXT NOT NULL,
        name TEXT AS (provenance ->> 'source_name'),
        code TEXT NOT NULL,
        attempts INTEGER NOT NULL,
        at TEXT NOT NULL
    ) STRICT, WITHOUT ROWID""",
    """CREATE TABLE entry (
        number INTEGER PRIMARY KEY,
        entry TEXT NOT NULL,
        version INTEGER NOT NULL,
        space INTEGER NOT NULL REFERENCES space (id),
        section TEXT NOT NULL,
        content TEXT NOT NULL,
        change TEXT NOT NULL,
        restores INTEGER,
        at TEXT NOT NULL,
        is_current INTEGER NOT NULL,
        UNIQUE (entry, version)
    ) STRICT""",
    "CREATE UNIQUE INDEX entry_current ON entry (entry) WHERE is_current",
    "CREATE INDEX entry_section ON entry (space, section) WHERE is_current",
    """CREATE TABLE measure (
        number INTEGER PRIMARY KEY,
        id TEXT NOT NULL UNIQUE,
        space INTEGER NOT NULL REFERENCES space (id),
        kind TEXT NOT NULL,
        value TEXT NOT NULL,
        typed TEXT NOT NULL,
        day TEXT NOT NULL,
        time TEXT,
        comment TEXT NOT NULL,
        origin TEXT NOT NULL,
        added_at TEXT NOT NULL,
        removed_at TEXT
    ) STRICT""",
    "CREATE INDEX measure_day ON measure (space, kind, day)",
    """CREATE TABLE contact (
        fingerprint TEXT PRIMARY KEY,
        card BLOB NOT NULL,
        added_at TEXT NOT NULL,
        checked_by TEXT NOT NULL,
        verified_at TEXT
    ) STRICT, WITHOUT ROWID""",
    """CREATE TABLE bundle (
        id TEXT NOT NULL,
        direction TEXT NOT NULL CHECK (direction IN ('sent', 'received')),
        kind TEXT NOT NULL,
        peer TEXT NOT NULL,
        stream TEXT NOT NULL,
        counter INTEGER NOT NULL,
        at TEXT NOT NULL,
        imported INTEGER NOT NULL,
        stream_ended INTEGER NOT NULL DEFAULT 0,
        PRIMARY KEY (id, direction)
    ) STRICT, WITHOUT ROWID""",
    "CREATE INDEX bundle_stream ON bundle (direction, peer, stream, counter)",
    """CREATE TABLE backup (
        id TEXT PRIMARY KEY,
        place TEXT NOT NULL,
        path TEXT NOT NULL,
        created_at TEXT NOT NULL,
        sequence INTEGER NOT NULL
    ) STRICT, WITHOUT ROWID""",
    """CREATE TABLE journal (
        sequence INTEGER PRIMARY KEY,
        at TEXT NOT NULL,
        actor TEXT NOT NULL,
        event TEXT NOT NULL,
        subject TEXT NOT NULL,
        details TEXT NOT NULL,
        hash BLOB NOT NULL
    ) STRICT""",
)
"""A vault is made by this step and all that follow it."""
