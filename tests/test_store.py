"""The store's methods one by one, its migrations, and what is said when SQLite fails."""

import asyncio
import re
import sqlite3
from collections.abc import AsyncIterator, Awaitable, Callable, Coroutine
from datetime import UTC, datetime, timedelta
from pathlib import Path
from types import CoroutineType

import pytest

from bot.database import StoreError
from bot.migrations import MIGRATIONS
from bot.store import Answer, Offer, Store, StoredQuote, StoredUpdate
from bot.store.answers import Answers
from bot.store.chats import Chats
from bot.store.ledger import Known, Ledger
from bot.store.updates import Updates
from tests.builders import corpus

NOW = datetime(2026, 11, 22, 14, 5, tzinfo=UTC)
LATER = NOW + timedelta(hours=1)
DAY = timedelta(days=1)
QUOTE = StoredQuote("a.txt", "d1", 3, 7, "уран")
UPDATE = StoredUpdate("k1", 1, '{"update_id": 1}')


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "state" / "bot.sqlite3"


Opening = Callable[[], Awaitable[Store]]


@pytest.fixture
async def opening(path: Path) -> AsyncIterator[Opening]:
    """Opens the file, as often as a test needs; what it opened is closed whatever happens."""
    stores: list[Store] = []

    async def opened() -> Store:
        stores.append(await Store.open(path))
        return stores[-1]

    yield opened
    for store in stores:
        await store.close()


@pytest.fixture
async def store(opening: Opening) -> Store:
    return await opening()


def rows(path: Path, query: str) -> list[tuple[object, ...]]:
    """What another program sees in the file."""
    connection = sqlite3.connect(path)
    try:
        return connection.execute(query).fetchall()
    finally:
        connection.close()


# Opening, migrations, files that are no database


async def test_a_fresh_file_gets_every_migration(store: Store, path: Path) -> None:
    assert rows(path, "PRAGMA user_version") == [(len(MIGRATIONS),)]
    assert rows(path, "PRAGMA journal_mode") == [("wal",)]
    assert await store.standing_digests() == {}


async def test_opening_again_changes_nothing_and_keeps_everything(
    opening: Opening, path: Path
) -> None:
    first = await opening()
    answer = await first.open_answer(1, 2, "Где уран?", NOW)
    (quote_id,) = await first.add_quotes(answer.id, [QUOTE])
    (example_id,) = await first.example_ids(["Где уран?"])
    await first.record_articles({"a.txt": Known("d1")}, [], NOW)
    await first.add_updates([UPDATE], NOW, DAY)
    await first.close()
    schema = rows(path, "SELECT sql FROM sqlite_schema ORDER BY name")

    second = await opening()
    assert await second.answer(answer.id) == answer
    assert await second.quote(quote_id, 1) == QUOTE
    assert await second.example(example_id) == "Где уран?"
    assert await second.first_seen(["a.txt"]) == {"a.txt": NOW.isoformat()}
    assert await second.left_over(NOW, 1) == [UPDATE]
    assert rows(path, "SELECT sql FROM sqlite_schema ORDER BY name") == schema


async def test_a_file_in_use_is_opened_again_without_migrating(
    opening: Opening, path: Path
) -> None:
    first = await opening()
    schema = rows(path, "SELECT sql FROM sqlite_schema ORDER BY name")
    second = await opening()
    assert rows(path, "SELECT sql FROM sqlite_schema ORDER BY name") == schema
    assert await first.example_ids(["Где уран?"]) == await second.example_ids(["Где уран?"])


async def test_a_migration_that_fails_leaves_the_file_as_it_was(
    opening: Opening, path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    await (await opening()).close()
    before = rows(path, "SELECT sql FROM sqlite_schema")
    broken = (*MIGRATIONS, ("CREATE TABLE half (id INTEGER) STRICT", "CREATE NONSENSE"))
    monkeypatch.setattr("bot.database.MIGRATIONS", broken)
    with pytest.raises(StoreError, match="syntax error"):
        await opening()
    assert rows(path, "SELECT sql FROM sqlite_schema") == before
    assert rows(path, "PRAGMA user_version") == [(len(MIGRATIONS),)]


async def test_a_new_migration_is_applied_to_what_is_there(
    opening: Opening, path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    first = await opening()
    await first.record_articles({"a.txt": Known("d1")}, [], NOW)
    await first.close()
    added = (*MIGRATIONS, ("ALTER TABLE articles ADD COLUMN notes TEXT",))
    monkeypatch.setattr("bot.database.MIGRATIONS", added)
    await opening()
    assert rows(path, "SELECT article_id, notes FROM articles") == [("a.txt", None)]


async def test_the_file_of_a_newer_release_is_refused_and_untouched(
    opening: Opening, path: Path
) -> None:
    await (await opening()).close()
    newer = sqlite3.connect(path)
    newer.execute("PRAGMA user_version = 999")
    newer.close()
    with pytest.raises(StoreError, match=r"bot\.sqlite3: made by a newer release \(schema 999\)"):
        await opening()
    assert rows(path, "PRAGMA user_version") == [(999,)]


async def refusal(opening: Opening) -> str:
    """What is said when the file cannot be opened."""
    with pytest.raises(StoreError) as caught:
        await opening()
    return str(caught.value)


async def test_a_file_that_is_no_database_is_refused_and_untouched(
    opening: Opening, tmp_path: Path
) -> None:
    content = "Это не база данных. " * 100
    file = corpus(tmp_path / "state", {"bot.sqlite3": content}) / "bot.sqlite3"
    said = await refusal(opening)
    assert re.search(r"bot\.sqlite3: .*not a database; .*backup", said)
    assert file.read_bytes().decode() == content


async def test_a_folder_in_the_place_of_the_file_is_said(opening: Opening, tmp_path: Path) -> None:
    corpus(tmp_path / "state/bot.sqlite3", {})
    assert re.search(r"bot\.sqlite3: cannot be opened: .*; .*", await refusal(opening))


async def test_a_file_in_the_place_of_the_folder_is_said(opening: Opening, tmp_path: Path) -> None:
    corpus(tmp_path, {"state": ""})
    assert re.search(r"bot\.sqlite3: cannot be opened: .*; .*", await refusal(opening))


async def test_every_method_of_a_closed_store_raises_store_error(store: Store) -> None:
    await store.close()
    calls: list[Coroutine[object, object, object]] = [
        store.saw(1, "private", "Анна", (1, "Анна"), NOW),
        store.reopen(1),
        store.add_updates([UPDATE], NOW, DAY),
        store.update_done(1),
        store.left_over(NOW, 1),
        store.open_answer(1, 2, "Где уран?", NOW),
        store.close_answer(1, 1, 3),
        store.drop_answer(1),
        store.answer_to(1, 2),
        store.answer(1),
        store.take_offer(Answer(1, 1, 2, "Где уран?", NOW, 3), Offer(1, 1, "уран", literal=True)),
        store.add_quotes(1, [QUOTE]),
        store.drop_quotes([1]),
        store.quote(1, 1),
        store.quoted(1),
        store.add_offers(1, [("Где уран?", True)]),
        store.offer(1),
        store.example_ids(["Где уран?"]),
        store.example(1),
        store.record_articles({"a.txt": Known("d1")}, [], NOW),
        store.standing_digests(),
        store.known_articles(["a.txt"]),
        store.known_digests(["d1"]),
        store.gone_articles([], 1),
        store.moved_to("a.txt"),
        store.recent_news(NOW),
        store.forget_news(NOW),
        store.article_numbers(["a.txt"]),
        store.article_id(1),
        store.first_seen(["a.txt"]),
    ]
    parts = (Chats, Updates, Answers, Ledger)
    methods = {name for part in parts for name in vars(part) if name[0] != "_"}
    assert {call.cr_code.co_name for call in calls if isinstance(call, CoroutineType)} == methods
    outcomes = await asyncio.gather(*calls, return_exceptions=True)
    assert [type(outcome) for outcome in outcomes] == [StoreError] * len(calls)


async def test_closing_twice_is_harmless(store: Store) -> None:
    await store.close()
    await store.close()


# Writing side by side


async def test_many_writers_at_once_lose_nothing(store: Store, path: Path) -> None:
    async def write(number: int) -> list[int]:
        answer = await store.open_answer(1, number, f"вопрос {number}", NOW)
        return await store.add_quotes(answer.id, [QUOTE, QUOTE])

    ids = await asyncio.gather(*(write(number) for number in range(40)))
    assert len({quote for pair in ids for quote in pair}) == 80
    assert rows(path, "SELECT count(DISTINCT message_id) FROM answers") == [(40,)]


async def test_two_connections_write_to_one_file(
    store: Store, opening: Opening, path: Path
) -> None:
    other = await opening()
    await asyncio.gather(
        *(store.open_answer(1, number, "?", NOW) for number in range(20)),
        *(other.open_answer(2, number, "?", NOW) for number in range(20)),
    )
    assert rows(path, "SELECT chat_id, count(*) FROM answers GROUP BY 1") == [(1, 20), (2, 20)]


async def test_a_failed_transaction_leaves_no_half(store: Store) -> None:
    with pytest.raises(StoreError, match="FOREIGN KEY"):
        await store.add_quotes(12345, [QUOTE, QUOTE])
    answer = await store.open_answer(1, 2, "Где уран?", NOW)
    assert await store.quoted(answer.id) == []


@pytest.mark.parametrize("steps", range(9))
async def test_a_write_cancelled_at_any_step_leaves_the_store_usable(
    store: Store, steps: int
) -> None:
    """A task may be dropped at any await: at BEGIN, at a statement, at COMMIT."""
    writing = asyncio.ensure_future(store.open_answer(1, 1, "прервано", NOW))
    for _ in range(steps):
        await asyncio.sleep(0)
    writing.cancel()
    await asyncio.gather(writing, return_exceptions=True)
    assert await store.open_answer(1, 2, "Где уран?", NOW)


# Chats and users


async def test_a_chat_and_its_user_are_noted_and_kept_up_to_date(store: Store, path: Path) -> None:
    await store.saw(1, "private", "Анна", (1, "Анна"), NOW)
    await store.saw(-5, "group", "Редакция", (1, "Анна К."), LATER)
    await store.saw(-5, "supergroup", "Редакция «Дня»", None, LATER)
    assert rows(path, "SELECT * FROM chats ORDER BY id") == [
        (-5, "supergroup", "Редакция «Дня»", 1, LATER.isoformat(), LATER.isoformat()),
        (1, "private", "Анна", 1, NOW.isoformat(), NOW.isoformat()),
    ]
    assert rows(path, "SELECT * FROM users") == [(1, "Анна К.", NOW.isoformat(), LATER.isoformat())]


async def test_a_chat_that_blocked_the_bot_sleeps_till_it_is_seen_again(
    store: Store, path: Path
) -> None:
    await store.saw(1, "private", "Анна", None, NOW)
    await store.closed(1)
    assert rows(path, "SELECT active FROM chats") == [(0,)]
    await store.saw(1, "private", "Анна", None, LATER)
    assert rows(path, "SELECT active FROM chats") == [(1,)]


async def test_an_unknown_chat_cannot_be_marked(store: Store, path: Path) -> None:
    await store.closed(1)
    assert rows(path, "SELECT * FROM chats") == []


# Updates


def update(number: int, key: str | None = None) -> StoredUpdate:
    return StoredUpdate(key or f"k{number}", number, f'{{"update_id": {number}}}')


async def test_an_update_is_new_once(store: Store) -> None:
    assert await store.add_updates([update(1), update(2)], NOW, DAY) == {"k1", "k2"}
    assert await store.add_updates([update(2), update(3), update(3)], NOW, DAY) == {"k3"}
    assert await store.add_updates([update(1, "другой бот")], NOW, DAY) == {"другой бот"}
    assert await store.add_updates([], NOW, DAY) == set()


async def test_what_is_not_done_with_is_left_over_oldest_first(store: Store) -> None:
    await store.add_updates([update(5)], NOW, DAY)
    await store.add_updates([update(4), update(3), update(2)], LATER, DAY)
    await store.update_done(4)
    assert await store.left_over(NOW, 3) == [update(5), update(2), update(3)]


async def test_what_is_done_with_keeps_no_text_and_is_still_known(store: Store, path: Path) -> None:
    await store.add_updates([update(1)], NOW, DAY)
    await store.update_done(1)
    assert rows(path, "SELECT key, payload FROM updates") == [("k1", "")]
    assert await store.add_updates([update(1)], NOW, DAY) == set()
    assert await store.left_over(NOW, 3) == []


async def test_an_update_is_given_out_so_many_times_only(store: Store) -> None:
    await store.add_updates([update(1)], NOW, DAY)
    assert await store.left_over(NOW, 2) == [update(1)]
    await store.add_updates([update(2)], NOW, DAY)
    assert await store.left_over(NOW, 2) == [update(1), update(2)]
    assert await store.left_over(NOW, 2) == [update(2)]
    assert await store.left_over(NOW, 2) == []


async def test_old_updates_are_not_worth_handling_and_forgotten(store: Store, path: Path) -> None:
    second = timedelta(seconds=1)
    for number, at in enumerate((NOW - second, NOW, NOW + second / 2)):
        await store.add_updates([update(number)], at, DAY)
    assert await store.left_over(NOW, 3) == [update(1), update(2)]
    await store.add_updates([update(3)], NOW + DAY, DAY)
    assert rows(path, "SELECT update_id FROM updates ORDER BY 1") == [(1,), (2,), (3,)]


# Questions and answers


async def test_an_answer_counts_once_it_is_closed(store: Store) -> None:
    answer = await store.open_answer(1, 2, "Где уран?", NOW)
    assert answer == Answer(answer.id, 1, 2, "Где уран?", NOW, None)
    assert await store.answer(answer.id) == answer
    assert await store.answer_to(1, 2) is None
    await store.close_answer(answer.id, 1, 3)
    assert await store.answer_to(1, 2) == Answer(answer.id, 1, 2, "Где уран?", NOW, 3)
    assert await store.answer(answer.id) == Answer(answer.id, 1, 2, "Где уран?", NOW, 3)


async def test_an_edited_question_keeps_its_answer_till_the_next_one_is_out(store: Store) -> None:
    answer = await store.open_answer(1, 2, "Где уран?", NOW)
    await store.close_answer(answer.id, 1, 3)
    edited = await store.open_answer(1, 2, "Где нефть?", LATER)
    assert edited.id != answer.id
    assert await store.answer_to(1, 2) == Answer(answer.id, 1, 2, "Где уран?", NOW, 3)
    await store.close_answer(edited.id, 1, 3)
    assert await store.answer_to(1, 2) == Answer(edited.id, 1, 2, "Где нефть?", LATER, 3)


async def test_a_dropped_answer_leaves_the_one_before_it(store: Store) -> None:
    answer = await store.open_answer(1, 2, "Где уран?", NOW)
    await store.close_answer(answer.id, 1, 3)
    edited = await store.open_answer(1, 2, "Где нефть?", LATER)
    await store.close_answer(edited.id, 1, 3)
    await store.drop_answer(edited.id)
    assert await store.answer_to(1, 2) == Answer(answer.id, 1, 2, "Где уран?", NOW, 3)


async def test_messages_of_different_chats_are_different_questions(store: Store) -> None:
    for chat in (1, -1):
        answer = await store.open_answer(chat, 2, "Где уран?", NOW)
        await store.close_answer(answer.id, chat, chat + 10)
    found = [await store.answer_to(chat, 2) for chat in (1, -1)]
    assert [answer.reply_id for answer in found if answer] == [11, 9]
    assert await store.answer_to(1, 3) is None
    assert await store.answer(answer.id + 1) is None


async def test_a_dropped_answer_takes_its_quotes_with_it(store: Store) -> None:
    answer = await store.open_answer(1, 2, "Где уран?", NOW)
    (quote_id,) = await store.add_quotes(answer.id, [QUOTE])
    await store.drop_answer(answer.id)
    assert await store.answer(answer.id) is None
    assert await store.quote(quote_id, 1) is None


async def test_ids_of_what_was_dropped_are_not_given_again(store: Store) -> None:
    """A button of a dropped answer must not come to mean another one."""
    answer = await store.open_answer(1, 2, "Где уран?", NOW)
    (quote_id,) = await store.add_quotes(answer.id, [QUOTE])
    await store.drop_answer(answer.id)
    again = await store.open_answer(1, 3, "Где нефть?", NOW)
    (quote_again,) = await store.add_quotes(again.id, [QUOTE])
    assert again.id > answer.id
    assert quote_again > quote_id


async def test_quotes_come_back_as_they_were_in_the_order_given(store: Store) -> None:
    answer = await store.open_answer(1, 2, "Где уран?", NOW)
    other = StoredQuote("b.jsonl#2", "d2", 0, 12, "«Ёлка» 😀\n\x00")
    ids = await store.add_quotes(answer.id, [QUOTE, other])
    assert [await store.quote(number, 1) for number in ids] == [QUOTE, other]
    assert await store.quoted(answer.id) == [QUOTE, other]
    assert await store.quote(max(ids) + 1, 1) is None
    assert await store.add_quotes(answer.id, []) == []


async def test_a_quote_is_its_own_chats_and_goes_where_its_group_goes(store: Store) -> None:
    answer = await store.open_answer(-5, 2, "Где уран?", NOW)
    (quote_id,) = await store.add_quotes(answer.id, [QUOTE])
    assert [await store.quote(quote_id, chat) for chat in (-5, -1005, 7)] == [QUOTE, None, None]
    await store.migrated(-5, -1005)
    assert [await store.quote(quote_id, chat) for chat in (-5, -1005, 7)] == [None, QUOTE, None]


async def test_quotes_that_did_not_arrive_are_forgotten_and_no_others(store: Store) -> None:
    answer = await store.open_answer(1, 2, "Где уран?", NOW)
    kept, *lost = await store.add_quotes(answer.id, [QUOTE, QUOTE, QUOTE])
    await store.drop_quotes(lost)
    assert [await store.quote(number, 1) for number in (kept, *lost)] == [QUOTE, None, None]
    assert await store.quoted(answer.id) == [QUOTE]
    await store.drop_quotes([])
    assert await store.quoted(answer.id) == [QUOTE]


# Other ways to ask


async def test_an_offer_is_kept_with_its_answer(store: Store) -> None:
    answer = await store.open_answer(1, 2, "Где урн?", NOW)
    literal, other = await store.add_offers(answer.id, [("Где урн?", True), ("Где?", False)])
    assert await store.offer(literal) == Offer(literal, answer.id, "Где урн?", literal=True)
    assert await store.offer(other) == Offer(other, answer.id, "Где?", literal=False)
    await store.drop_answer(answer.id)
    assert await store.offer(literal) is None
    again = await store.open_answer(1, 3, "Где урн?", NOW)
    assert min(await store.add_offers(again.id, [("Где урн?", True)])) > other


@pytest.mark.parametrize("literal", [True, False])
async def test_an_offer_is_answered_as_the_question_was_asked(store: Store, literal: bool) -> None:
    """Its answer is for the same message, but not what an edit of that message changes."""
    day = (NOW - DAY).date()
    answer = await store.open_answer(1, 2, "Где урн?", NOW, day)
    await store.close_answer(answer.id, 1, 3)
    (number,) = await store.add_offers(answer.id, [("Где уран?", literal)])
    offer = Offer(number, answer.id, "Где уран?", literal)
    taken = await store.take_offer(answer, offer)
    assert taken
    assert taken == Answer(taken.id, 1, 2, "Где уран?", NOW, None, day, literal)
    await store.close_answer(taken.id, 1, 4)
    kept = await store.answer(taken.id)
    assert kept == Answer(taken.id, 1, 2, "Где уран?", NOW, 4, day, literal)
    assert await store.answer_to(1, 2) == Answer(answer.id, 1, 2, "Где урн?", NOW, 3, day)


async def test_an_offer_is_taken_once_unless_its_answer_did_not_arrive(store: Store) -> None:
    answer = await store.open_answer(1, 2, "Где урн?", NOW)
    (number,) = await store.add_offers(answer.id, [("Где урн?", True)])
    offer = Offer(number, answer.id, "Где урн?", literal=True)
    lost = await store.take_offer(answer, offer)
    assert lost
    await store.drop_answer(lost.id)
    taken = await store.take_offer(answer, offer)
    assert taken
    await store.close_answer(taken.id, 1, 4)
    assert await store.take_offer(answer, offer) is None


async def test_answers_of_the_release_before_keep_their_buttons(
    path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("bot.database.MIGRATIONS", MIGRATIONS[:2])
    older = await Store.open(path)
    number = await older.write(
        "INSERT INTO answers (chat_id, message_id, question, asked, reply_id)"
        f" VALUES (1, 2, 'Где уран?', '{NOW.isoformat()}', 3)"
    )
    (quote_id,) = await older.add_quotes(number, [QUOTE])
    await older.close()
    monkeypatch.setattr("bot.database.MIGRATIONS", MIGRATIONS)
    newer = await Store.open(path)
    assert await newer.answer_to(1, 2) == Answer(number, 1, 2, "Где уран?", NOW, 3)
    assert await newer.quote(quote_id, 1) == QUOTE
    await newer.close()


# Examples


async def test_an_example_keeps_its_id(store: Store) -> None:
    first = await store.example_ids(["Где уран?", "Где нефть?"])
    again = await store.example_ids(["Где нефть?", "Где газ?", "Где уран?"])
    assert [again[2], again[0]] == first
    assert len({*first, *again}) == 3
    assert await store.example(again[1]) == "Где газ?"
    assert await store.example(max(again) + 1) is None
    assert await store.example_ids([]) == []
