"""Uploads: from the bytes that an admin sent to articles, and from there into the archive."""

import asyncio
import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import cached_property
from itertools import pairwise

from bot import overview
from bot.addresses import canonical, host, site
from bot.clippings import Clipping, address_keys, document
from bot.fetch import Fetched
from bot.filing import remove, safe_name, save
from bot.gleaning import Page, read_page
from bot.rebuilding import NOT_REBUILT
from bot.services import Services
from bot.store.uploads import Upload
from retrieval import passages
from retrieval.corpus import SIDECAR, read_content
from retrieval.fields import Fields
from retrieval.generation import Generation
from retrieval.models import Article, Passage, Refusal

ADDING = (0, 0)
"""Whose turn it is to add: one at a time, so that names and repeats are seen; no chat has id 0."""


@dataclass(frozen=True, slots=True)
class Understood:
    """What a document holds: articles, those of the archive that it repeats, refused lines."""

    articles: tuple[Article, ...]
    known: tuple[Article, ...] = ()
    """As the archive has them."""
    refused: tuple[Refusal, ...] = ()
    passages: tuple[Passage, ...] = ()
    """Of the first article."""
    repeated: frozenset[int] = frozenset()
    """The lines of a .jsonl that repeat an article."""

    @property
    def paragraphs(self) -> int:
        """How many paragraphs the passages are: long ones are cut into several passages."""
        text = self.articles[0].text if self.articles else ""
        breaks = ("\n" in text[one.stop : two.start] for one, two in pairwise(self.passages))
        return sum(breaks) + bool(self.passages)


class Archive:
    """What is looked up to tell whether an article is in the archive: ids, addresses, texts.

    Of the articles of other sites no address is read, and of those of other lengths no text.
    """

    def __init__(self, current: Generation) -> None:
        self._current = current
        self._hosts: dict[str | None, dict[str, str]] = {}

    def twin(self, article: Article) -> Article | None:
        """The article of the archive that this one is: by its address, its own id or its text."""
        found = self._at(article.url) if article.url else None
        if found is None and _names_itself(article):
            found = self._current.article(article.id)
        return found or self._texts.article(article.text)

    @cached_property
    def _texts(self) -> overview.Texts:
        return overview.Texts(self._current)

    def _at(self, url: str) -> Article | None:
        address = canonical(url)
        found = self._by_address(host(url)).get(address) if address else None
        return self._current.article(found) if found else None

    def _by_address(self, name: str | None) -> dict[str, str]:
        """The ids of the articles that are from a host, by their addresses."""
        if name not in self._hosts:
            outlines = overview.from_sites(self._current, lambda at: host(f"https:{at}") == name)
            found = ((canonical(each.url), each.id) for each in outlines if each.url)
            self._hosts[name] = {address: id_ for address, id_ in found if address}
        return self._hosts[name]


def _names_itself(article: Article) -> bool:
    """Whether the id is its own and not its path: where it will be stored, the path differs."""
    place = article.path if article.line is None else f"{article.path}#{article.line}"
    return article.id != place


def understand(upload: Upload, current: Generation) -> Understood:
    """Read a document as it would be read in the corpus folder, with what the admin fixed."""
    archive = Archive(current)
    articles, known, refused, repeated = [], [], [], set()
    for found in read_content(upload.content, upload.name, _fixed(upload)):
        if isinstance(found, Refusal):
            refused.append(found)
        elif twin := archive.twin(found):
            known.append(twin)
            repeated.add(found.line or 0)
        else:
            articles.append(found)
    parts = passages.split(articles[0], current.analyzer) if articles else ()
    return Understood(tuple(articles), tuple(known), tuple(refused), parts, frozenset(repeated))


def _fixed(upload: Upload) -> Fields:
    return Fields(source=upload.source, date=upload.date)


def clipping(fetched: Fetched) -> tuple[str, bytes] | None:
    """The article of a page as a Markdown document and a name for it; None where there is none."""
    page = read_page(fetched)
    if page is None or not page.text:
        return None
    fields = page.fields
    found = Clipping(
        feed=page.url,
        url=_address(page),
        title=fields.title or "",
        source=fields.source or "",
        date=fields.date,
        author=fields.author,
        text=page.text,
    )
    name = re.sub(r"[/\\]", " ", fields.title or site(page.url))
    return safe_name(f"{name}.md"), document(found).encode()


def _address(page: Page) -> str:
    """The address that the page has for itself, if it is one of the same site."""
    own = page.fields.url
    is_own = own and canonical(own) and site(own) == site(page.url)
    return own if own and is_own else page.url


# Adding


@dataclass(frozen=True, slots=True)
class Added:
    """What came of adding a document: articles of the archive, known ones, refusals."""

    articles: tuple[Article, ...]
    known: tuple[Article, ...]
    refused: tuple[Refusal, ...]


async def add(services: Services, upload_id: int, chat_id: int) -> Added | None:
    """Save a document and take it into the archive; of one that is refused nothing stays.

    None if it is not waiting any more. Raises OSError where it cannot be saved, one of NOT_REBUILT
    where it cannot be taken in: it goes on waiting then.
    """
    async with services.turns(*ADDING):
        upload = await services.store.upload(upload_id, chat_id)
        if upload is None:
            return None
        added = await _add(services, upload)
        await services.store.drop_upload(upload_id)
        return added


async def _add(services: Services, upload: Upload) -> Added:
    found = await asyncio.to_thread(understand, upload, services.searcher.current)
    if not found.articles:
        return Added((), found.known, found.refused)
    folder = services.settings.corpus_dir
    path = await asyncio.to_thread(save, folder, upload, found.repeated)
    try:
        report = await services.intake.refresh()
    except NOT_REBUILT:
        await asyncio.to_thread(remove, path)
        raise
    name = path.relative_to(folder).as_posix()
    articles = await asyncio.to_thread(_of_file, services.searcher.current, name, report.added)
    if not articles:
        await asyncio.to_thread(remove, path)
    await services.store.note_clippings(_keys(articles), name, services.clock())
    refused = tuple(each for each in report.refused if each.path in {name, name + SIDECAR})
    return Added(articles, found.known, refused)


def _of_file(current: Generation, path: str, added: Sequence[str]) -> tuple[Article, ...]:
    """The articles of a file that has just been saved."""
    found = tuple(each for each in map(current.article, added) if each and each.path == path)
    if found:
        return found
    # Another reload was quicker to take it in.
    ids = [each.id for each in current.outlines() if each.path == path]
    return tuple(filter(None, map(current.article, ids)))


def _keys(articles: Iterable[Article]) -> list[str]:
    """What feeds know the articles by, so that none is stored again."""
    return [key for each in articles if each.url for key in address_keys("", each.url, None)]
