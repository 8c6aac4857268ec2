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
    (
        "ALTER TABLE articles ADD COLUMN fingerprint BLOB NOT NULL DEFAULT x''",
        "CREATE INDEX articles_by_digest ON articles (digest)",
        # What arrived, in order; a reader's cursor is the last of these that is dealt with.
        """CREATE TABLE news (
            id INTEGER PRIMARY KEY AUTOINCREMENT,
            article_id TEXT NOT NULL,
            kind TEXT NOT NULL CHECK (kind IN ('new', 'updated')),
            source TEXT NOT NULL DEFAULT '',
            story INTEGER,
            arrived TEXT NOT NULL
        ) STRICT""",
        """CREATE TABLE topics (
            id INTEGER PRIMARY KEY AUTOINCREMENT,
            text TEXT NOT NULL UNIQUE
        ) STRICT""",
        """CREATE TABLE matches (
            topic_id INTEGER NOT NULL REFERENCES topics (id) ON DELETE CASCADE,
            news_id INTEGER NOT NULL REFERENCES news (id) ON DELETE CASCADE,
            PRIMARY KEY (topic_id, news_id)
        ) STRICT, WITHOUT ROWID""",
        "CREATE INDEX matches_of_news ON matches (news_id)",
        # Settings outlive a block, a pause and /unsubscribe; `due` is when to look for news next;
        # `unasked`: it is back, and has not been asked yet whether to send what was held.
        """CREATE TABLE subscriptions (
            chat_id INTEGER PRIMARY KEY,
            subscribed INTEGER NOT NULL DEFAULT 1,
            paused INTEGER NOT NULL DEFAULT 0,
            frequency TEXT NOT NULL DEFAULT 'daily' CHECK (frequency IN ('now', 'daily', 'weekly')),
            minute INTEGER NOT NULL DEFAULT 540 CHECK (minute BETWEEN 0 AND 1439),
            weekday INTEGER NOT NULL DEFAULT 0 CHECK (weekday BETWEEN 0 AND 6),
            scope TEXT NOT NULL DEFAULT 'all' CHECK (scope IN ('all', 'topics', 'sources')),
            quiet_from INTEGER CHECK (quiet_from BETWEEN 0 AND 1439),
            quiet_to INTEGER CHECK (quiet_to BETWEEN 0 AND 1439),
            timezone TEXT,
            updates INTEGER NOT NULL DEFAULT 0,
            cursor INTEGER NOT NULL,
            since TEXT NOT NULL,
            due TEXT,
            unasked INTEGER NOT NULL DEFAULT 0
        ) STRICT""",
        "CREATE INDEX subscriptions_by_due ON subscriptions (due)",
        """CREATE TABLE chat_topics (
            chat_id INTEGER NOT NULL,
            topic_id INTEGER NOT NULL REFERENCES topics (id),
            added TEXT NOT NULL,
            PRIMARY KEY (chat_id, topic_id)
        ) STRICT, WITHOUT ROWID""",
        "CREATE INDEX chats_of_topic ON chat_topics (topic_id)",
        """CREATE TABLE chat_sources (
            chat_id INTEGER NOT NULL,
            source TEXT NOT NULL,
            PRIMARY KEY (chat_id, source)
        ) STRICT, WITHOUT ROWID""",
        # Digests on their way: `articles` is a JSON list of entries, of which `sent` have arrived.
        """CREATE TABLE outbox (
            id INTEGER PRIMARY KEY AUTOINCREMENT,
            chat_id INTEGER NOT NULL,
            articles TEXT NOT NULL,
            since TEXT NOT NULL,
            until TEXT NOT NULL,
            asked INTEGER NOT NULL DEFAULT 0,
            sent INTEGER NOT NULL DEFAULT 0,
            state TEXT NOT NULL DEFAULT 'pending'
                CHECK (state IN ('pending', 'held', 'sent', 'parked', 'dropped')),
            attempts INTEGER NOT NULL DEFAULT 0,
            next_try TEXT NOT NULL,
            error TEXT NOT NULL DEFAULT '',
            finished TEXT
        ) STRICT""",
        "CREATE INDEX outbox_by_time ON outbox (state, asked, next_try)",
        "CREATE INDEX outbox_of_chat ON outbox (chat_id, state)",
        "CREATE INDEX outbox_by_end ON outbox (finished)",
        # What admins are to be told once: `key` tells one cause from another.
        """CREATE TABLE notices (
            key TEXT PRIMARY KEY,
            text TEXT NOT NULL,
            made TEXT NOT NULL,
            told INTEGER NOT NULL DEFAULT 0,
            reached TEXT NOT NULL DEFAULT '[]'
        ) STRICT""",
        """CREATE TABLE feeds (
            id INTEGER PRIMARY KEY AUTOINCREMENT,
            url TEXT NOT NULL UNIQUE,
            title TEXT NOT NULL DEFAULT '',
            etag TEXT,
            modified TEXT,
            paused INTEGER NOT NULL DEFAULT 0,
            removed INTEGER NOT NULL DEFAULT 0,
            articles INTEGER NOT NULL DEFAULT 0,
            failures INTEGER NOT NULL DEFAULT 0,
            error TEXT NOT NULL DEFAULT '',
            added TEXT NOT NULL,
            last_success TEXT,
            failing_since TEXT,
            next_poll TEXT NOT NULL
        ) STRICT""",
        # What is known of fetched articles, so that none is stored twice: addresses and texts.
        """CREATE TABLE clippings (
            key TEXT PRIMARY KEY,
            path TEXT NOT NULL,
            added TEXT NOT NULL
        ) STRICT""",
        """CREATE TABLE uploads (
            id INTEGER PRIMARY KEY AUTOINCREMENT,
            chat_id INTEGER NOT NULL,
            name TEXT NOT NULL,
            content BLOB NOT NULL,
            source TEXT,
            date TEXT,
            made TEXT NOT NULL
        ) STRICT""",
        # What the next message of a person is taken for, instead of a question.
        """CREATE TABLE prompts (
            chat_id INTEGER NOT NULL,
            user_id INTEGER NOT NULL,
            kind TEXT NOT NULL,
            number INTEGER NOT NULL,
            made TEXT NOT NULL,
            PRIMARY KEY (chat_id, user_id)
        ) STRICT, WITHOUT ROWID""",
    ),
    (
        # How a question was read: «Ещё» goes on reading it so. `offer`: what button asked it.
        "ALTER TABLE answers ADD COLUMN day TEXT",
        "ALTER TABLE answers ADD COLUMN literal INTEGER NOT NULL DEFAULT 0",
        "ALTER TABLE answers ADD COLUMN offer INTEGER",
        "CREATE INDEX answers_to_offer ON answers (offer)",
        """CREATE TABLE offers (
            id INTEGER PRIMARY KEY AUTOINCREMENT,
            answer_id INTEGER NOT NULL REFERENCES answers (id) ON DELETE CASCADE,
            question TEXT NOT NULL,
            literal INTEGER NOT NULL
        ) STRICT""",
        "CREATE INDEX offers_of_answer ON offers (answer_id)",
    ),
)
