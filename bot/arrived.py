"""What arrived lately, read once for many readers, and what of it concerns each of them."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import NamedTuple, Self

from bot.store import Store
from bot.store.digests import News
from bot.store.outbox import Entry
from bot.store.subscriptions import Subscription

NAMED = 3
"""Topics that are named for one article; a reader may have hundreds that match."""


class Choices(NamedTuple):
    """What readers chose, by chat: topics in the order they were added, and sources."""

    topics: Mapping[int, Sequence[int]]
    sources: Mapping[int, set[str]]


@dataclass(frozen=True, slots=True)
class Arrived:
    """What arrived after number `start` up to number `stop`."""

    start: int
    stop: int
    news: Sequence[News]
    matches: Mapping[int, int]
    """By topic the news that it matches: bit n stands for number `start` + 1 + n."""
    texts: Mapping[int, str]
    """What these topics say."""

    @classmethod
    async def read(cls, store: Store, start: int, stop: int, chat_id: int | None = None) -> Self:
        """From the database, with the topics of one chat or of all. Raises StoreError."""
        matches: dict[int, int] = {}
        for topic, number in await store.matches(start, stop, chat_id):
            matches[topic] = matches.get(topic, 0) | 1 << (number - start - 1)
        return cls(
            start, stop, await store.news(start, stop), matches, await store.topic_texts(matches)
        )

    def entries(
        self, subscription: Subscription, cursor: int, chosen: Choices
    ) -> tuple[Entry, ...]:
        """What of it concerns a reader who has had all up to the cursor."""
        wanted = [
            each
            for each in self.news
            if each.number > cursor and (each.kind == "new" or subscription.updates)
        ]
        chat_id = subscription.chat_id
        if subscription.scope == "topics":
            matches = self._matches(chosen.topics.get(chat_id, ()), cursor)
            matched = {number for number, _ in matches}
            return folded([each for each in wanted if each.number in matched], matches)
        if subscription.scope == "sources":
            sources = chosen.sources.get(chat_id, set())
            return folded([each for each in wanted if each.source in sources])
        return folded(wanted)

    def _matches(self, topics: Iterable[int], cursor: int) -> list[tuple[int, str]]:
        """Numbers of news with the first topics that they match, in the order of the topics.

        `full[n]` has the news with more than n topics so far: of each only a few are looked at.
        """
        found = []
        full = [0] * NAMED
        after = -1 << max(cursor - self.start, 0)
        for topic in topics:
            bits = self.matches.get(topic, 0) & after
            fresh = bits & ~full[-1]
            for level in range(NAMED - 1, 0, -1):
                full[level] |= full[level - 1] & bits
            full[0] |= bits
            while fresh:
                low = fresh & -fresh
                found.append((self.start + low.bit_length(), self.texts[topic]))
                fresh ^= low
        return found


def folded(news: Sequence[News], matches: Iterable[tuple[int, str]] = ()) -> tuple[Entry, ...]:
    """An entry a story, in the order they arrived; those of one topic stand together.

    `matches` are numbers of news with the topics they match, in the order of the topics.
    """
    new = {each.article_id for each in news if each.kind == "new"}
    stories: dict[tuple[str, int], list[News]] = {}
    for each in {(each.kind, each.article_id): each for each in news}.values():
        if each.kind == "new" or each.article_id not in new:
            stories.setdefault((each.kind, each.story), []).append(each)
    of_news: dict[int, list[str]] = {}
    order: dict[str, int] = {}
    for number, text in matches:
        of_news.setdefault(number, []).append(text)
        order.setdefault(text, len(order))
    entries = []
    for first, *others in stories.values():
        found = {text for each in (first, *others) for text in of_news.get(each.number, ())}
        topics = tuple(sorted(found, key=order.__getitem__)[:NAMED])
        editions = tuple(each.article_id for each in others)
        entries.append(Entry(first.article_id, first.kind == "updated", topics, editions))
    return tuple(sorted(entries, key=lambda entry: order[entry.topics[0]] if entry.topics else 0))
