"""What of an archive that has changed is news, whose story it is, and whom it concerns."""

import logging
from collections.abc import Collection, Mapping, Sequence
from typing import NamedTuple

from bot import overview
from bot.store.ledger import Arrival, Kind, Known
from retrieval import reprints
from retrieval.generation import Generation
from retrieval.models import Article, Passage
from retrieval.percolation import percolate
from retrieval.topics import Topic, TopicError, parse_topic

log = logging.getLogger(__name__)

ANOTHER = 0.9
"""The share of a text that is new where another article stands at the place of the former one."""


class Difference(NamedTuple):
    """Articles by which the archive and the ledger differ, as ids."""

    present: Sequence[str]
    """New, changed, or back again."""
    removed: Sequence[str]


class Found(NamedTuple):
    """What the archive has that the ledger does not."""

    articles: dict[str, Known]
    news: dict[str, Kind]
    changed: list[str]
    """Ids of what is otherwise than it was, but no news."""


def differing(current: Generation, standing: Mapping[str, str]) -> Difference:
    """The whole archive compared with the digests of the whole ledger."""
    digests = overview.digests(current)
    return Difference(
        [name for name, digest in digests.items() if standing.get(name) != digest],
        [name for name in standing if name not in digests],
    )


def digests_of(current: Generation, article_ids: Sequence[str]) -> dict[str, str]:
    """The digests of some articles by their ids, without those that have gone."""
    return {each.id: each.digest for each in map(current.article, article_ids) if each}


def compare(
    current: Generation,
    digests: Mapping[str, str],
    known: Mapping[str, Known],
    seen: Collection[str],
    gone: Mapping[str, bytes],
) -> Found:
    """What becomes of articles that are not in the ledger, or otherwise.

    `seen` are the digests of articles that were in the archive at some time, and `gone` the
    fingerprints of those that are in it no more.
    """
    former = [fingerprint for name, fingerprint in gone.items() if name not in digests]
    met, found = set(seen), Found({}, {}, [])
    for name, digest in digests.items():
        before, article = known.get(name), current.article(name)
        if before and before.digest == digest and before.fingerprint:
            found.articles[name] = before
        elif article:
            passages = current.passages_of(name)
            found.articles[name] = Known(digest, reprints.fingerprint(passages))
            kind = None if digest in met else _kind(article, before, passages)
            if kind == "new" and before is None and _stood_elsewhere(former, passages):
                kind = None
            if kind:
                found.news[name] = kind
            elif before:
                found.changed.append(name)
            met.add(digest)
    return found


def _stood_elsewhere(gone: Sequence[bytes], passages: Sequence[Passage]) -> bool:
    """Whether an article that has gone had this text, but for a small change: it was moved."""
    return any(old and reprints.changed_share(old, passages) < reprints.BIG_CHANGE for old in gone)


def _kind(article: Article, before: Known | None, passages: Sequence[Passage]) -> Kind | None:
    """How an article that the ledger has not seen is news; None if a small change made it so.

    Where a line of a .jsonl is put in, each line below it stands at the place of another one.
    """
    if before is None:
        return "new"
    if article.id == f"{article.path}#{article.line}" and before.fingerprint:
        share = reprints.changed_share(before.fingerprint, passages)
        if share >= ANOTHER:
            return "new"
    return "updated" if reprints.is_big_change(before.fingerprint, passages) else None


def described(
    current: Generation,
    kinds: Mapping[str, Kind],
    topics: Mapping[int, str],
    recent: Sequence[str],
) -> list[Arrival]:
    """The news with the stories they belong to and the topics they match, earliest first."""
    found = filter(None, map(current.article, kinds))
    new = sorted(found, key=lambda article: str(article.date or "~"))
    known = [name for name in recent if name not in kinds and current.article(name)]
    stories = reprints.stories(
        reprints.words(current, [article.id for article in new]),
        reprints.words(current, known),
        current.analyzer,
    )
    matched = percolated(current, topics, list(kinds))
    return [
        Arrival(
            article.id,
            kinds[article.id],
            article.source or "",
            stories[article.id],
            tuple(matched.get(article.id, ())),
        )
        for article in new
    ]


def percolated(
    current: Generation, topics: Mapping[int, str], article_ids: Sequence[str]
) -> dict[str, list[int]]:
    """The topics that each article matches."""
    matched: dict[str, list[int]] = {}
    for topic, article_id in percolate(_parsed(topics, current), current, article_ids):
        matched.setdefault(article_id, []).append(topic)
    return matched


def _parsed(topics: Mapping[int, str], current: Generation) -> dict[int, Topic]:
    parsed = {}
    for number, text in topics.items():
        try:
            parsed[number] = parse_topic(text, current.analyzer)
        except TopicError as error:  # of another release, with other rules
            log.error("topic %r matches nothing any more: %s", text, error)
    return parsed
