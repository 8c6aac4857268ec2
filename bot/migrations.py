"""The schema of the database, as numbered steps; a released step is never edited."""

MIGRATIONS: tuple[tuple[str, ...], ...] = (
    (
        """CREATE TABLE chats (
            id INTEGER PRIMARY KEY,
            type TEXT NOT NULL,
            title TEXT NOT NULL,
            active INTEGER NOT NULL DEFAULT 1,
            first_seen TEXT NOT NULL,
            last_seen TEXT NOT NULL
        ) STRICT""",
        """CREATE TABLE users (
            id INTEGER PRIMARY KEY,
            name TEXT NOT NULL,
            first_seen TEXT NOT NULL,
            last_seen TEXT NOT NULL
        ) STRICT""",
        """CREATE TABLE answers (
            id INTEGER PRIMARY KEY AUTOINCREMENT,
            chat_id INTEGER NOT NULL,
            message_id INTEGER NOT NULL,
            question TEXT NOT NULL,
            asked TEXT NOT NULL,
            reply_id INTEGER
        ) STRICT""",
        "CREATE INDEX answers_by_message ON answers (chat_id, message_id)",
        """CREATE TABLE updates (
            key TEXT PRIMARY KEY,
            update_id INTEGER NOT NULL,
            payload TEXT NOT NULL,
            received TEXT NOT NULL,
            attempts INTEGER NOT NULL DEFAULT 0,
            done INTEGER NOT NULL DEFAULT 0
        ) STRICT""",
        "CREATE INDEX updates_by_id ON updates (update_id)",
        "CREATE INDEX updates_by_time ON updates (received)",
        """CREATE TABLE quotes (
            id INTEGER PRIMARY KEY AUTOINCREMENT,
            answer_id INTEGER NOT NULL REFERENCES answers (id) ON DELETE CASCADE,
            article_id TEXT NOT NULL,
            digest TEXT NOT NULL,
            start INTEGER NOT NULL,
            stop INTEGER NOT NULL,
            text TEXT NOT NULL
        ) STRICT""",
        "CREATE INDEX quotes_of_answer ON quotes (answer_id)",
        "CREATE TABLE examples (id INTEGER PRIMARY KEY, question TEXT NOT NULL UNIQUE) STRICT",
        """CREATE TABLE articles (
            id INTEGER PRIMARY KEY AUTOINCREMENT,
            article_id TEXT NOT NULL UNIQUE,
            digest TEXT NOT NULL,
            first_seen TEXT NOT NULL,
            removed TEXT
        ) STRICT""",
    ),
)
