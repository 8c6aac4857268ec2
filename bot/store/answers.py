"""Questions, their answers, and what the buttons under these refer to."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime
from typing import Any

from bot.database import Database, inserted, marks


@dataclass(frozen=True, slots=True)
class Answer:
    """A question, and the message that answers it (None while it is under way)."""

    id: int
    chat_id: int
    message_id: int
    question: str
    asked: datetime
    reply_id: int | None
    day: date | None = None
    """What «вчера» in the question is counted from, in the reader's zone; None: not known."""
    literal: bool = False
    """Whether no word of the question was corrected."""


@dataclass(frozen=True, slots=True)
class StoredQuote:
    """What a quote's buttons refer to: a span of an article as it was when quoted."""

    article_id: str
    digest: str
    start: int
    stop: int
    text: str


@dataclass(frozen=True, slots=True)
class Offer:
    """Another way to ask, offered by a button under an answer."""

    id: int
    answer_id: int
    question: str
    literal: bool


ANSWER = "SELECT id, chat_id, message_id, question, asked, reply_id, day, literal FROM answers"


class Answers(Database):
    """The tables `answers`, `quotes`, `offers` and `examples`."""

    async def open_answer(
        self,
        chat_id: int,
        message_id: int,
        question: str,
        asked: datetime,
        day: date | None = None,
    ) -> Answer:
        """Begin an answer; it counts once it is closed, as a message's earlier one did."""
        number = await self.write(
            "INSERT INTO answers (chat_id, message_id, question, asked, day)"
            " VALUES (?, ?, ?, ?, ?)",
            *(chat_id, message_id, question, asked.isoformat(), day and day.isoformat()),
        )
        return Answer(number, chat_id, message_id, question, asked, None, day)

    async def take_offer(self, answer: Answer, offer: Offer) -> Answer | None:
        """Begin the answer to what a button offered; None if the chat has it already.

        It answers the same message as the one before it, whose place it does not take.
        """
        async with self.transaction() as db:
            taken = await self.row(
                "SELECT 1 FROM answers WHERE offer = ? AND reply_id IS NOT NULL", offer.id
            )
            if taken:
                return None
            cursor = await db.execute(
                "INSERT INTO answers"
                " (chat_id, message_id, question, asked, day, literal, offer)"
                " SELECT chat_id, message_id, ?, asked, day, ?, ? FROM answers WHERE id = ?",
                (offer.question, offer.literal, offer.id, answer.id),
            )
            number = cursor.lastrowid or 0
        return replace(
            answer, id=number, question=offer.question, reply_id=None, literal=offer.literal
        )

    async def close_answer(self, answer_id: int, chat_id: int, reply_id: int) -> None:
        """Note the message in which a question was answered; a group's id may have changed."""
        await self.write(
            "UPDATE answers SET chat_id = ?, reply_id = ? WHERE id = ?",
            chat_id,
            reply_id,
            answer_id,
        )

    async def drop_answer(self, answer_id: int) -> None:
        """Forget an answer that did not reach its chat."""
        await self.write("DELETE FROM answers WHERE id = ?", answer_id)

    async def answer_to(self, chat_id: int, message_id: int) -> Answer | None:
        """The answer that a message has now; those that buttons asked for are not it."""
        row = await self.row(
            f"{ANSWER} WHERE chat_id = ? AND message_id = ? AND reply_id IS NOT NULL"
            " AND offer IS NULL ORDER BY id DESC LIMIT 1",
            chat_id,
            message_id,
        )
        return _answer(row)

    async def answer(self, answer_id: int) -> Answer | None:
        return _answer(await self.row(f"{ANSWER} WHERE id = ?", answer_id))

    async def add_quotes(self, answer_id: int, quotes: Iterable[StoredQuote]) -> list[int]:
        """Keep what the buttons under the quotes will refer to; returns an id each."""
        rows = [
            (answer_id, each.article_id, each.digest, each.start, each.stop, each.text)
            for each in quotes
        ]
        return await self.written(
            lambda db: inserted(
                db,
                "INSERT INTO quotes (answer_id, article_id, digest, start, stop, text)"
                " VALUES (?, ?, ?, ?, ?, ?)",
                rows,
            )
        )

    async def drop_quotes(self, quote_ids: Sequence[int]) -> None:
        """Forget quotes that did not reach their chat: they count as not shown."""
        async with self.transaction() as db:
            await db.executemany("DELETE FROM quotes WHERE id = ?", [(each,) for each in quote_ids])

    async def quote(self, quote_id: int, chat_id: int) -> StoredQuote | None:
        """A quote that a chat was shown; None if there is none, or it was another chat's."""
        row = await self.row(
            "SELECT article_id, digest, start, stop, text FROM quotes"
            " JOIN answers ON answers.id = quotes.answer_id AND answers.chat_id = ?"
            " WHERE quotes.id = ?",
            chat_id,
            quote_id,
        )
        return StoredQuote(*row) if row else None

    async def quoted(self, answer_id: int) -> list[StoredQuote]:
        """What an answer has quoted so far."""
        rows = await self.rows(
            "SELECT article_id, digest, start, stop, text FROM quotes WHERE answer_id = ?",
            answer_id,
        )
        return [StoredQuote(*row) for row in rows]

    # Other ways to ask

    async def add_offers(self, answer_id: int, questions: Iterable[tuple[str, bool]]) -> list[int]:
        """Keep questions that buttons will ask, each with whether it is literal; an id each."""
        rows = [(answer_id, question, literal) for question, literal in questions]
        return await self.written(
            lambda db: inserted(
                db, "INSERT INTO offers (answer_id, question, literal) VALUES (?, ?, ?)", rows
            )
        )

    async def offer(self, offer_id: int) -> Offer | None:
        row = await self.row(
            "SELECT id, answer_id, question, literal FROM offers WHERE id = ?", offer_id
        )
        if row is None:
            return None
        id_, answer_id, question, literal = row
        return Offer(id_, answer_id, question, bool(literal))

    # Example questions

    async def example_ids(self, questions: Sequence[str]) -> list[int]:
        """An id for each question, the same one whenever it is asked for."""
        async with self.transaction() as db:
            for question in questions:
                await db.execute(
                    "INSERT OR IGNORE INTO examples (question) VALUES (?)", (question,)
                )
        rows = await self.rows(
            f"SELECT question, id FROM examples WHERE question IN ({marks(questions)})",  # noqa: S608
            *questions,
        )
        ids: dict[str, int] = dict(rows)
        return [ids[question] for question in questions]

    async def example(self, example_id: int) -> str | None:
        row = await self.row("SELECT question FROM examples WHERE id = ?", example_id)
        return row[0] if row else None


def _answer(row: tuple[Any, ...] | None) -> Answer | None:
    if row is None:
        return None
    id_, chat_id, message_id, question, asked, reply_id, day, literal = row
    return Answer(
        *(id_, chat_id, message_id, question, datetime.fromisoformat(asked), reply_id),
        date.fromisoformat(day) if day else None,
        bool(literal),
    )
