"""Files to articles and refusals, analysing only what was not known before."""

import os
from hashlib import blake2b
from pathlib import Path
from typing import NamedTuple

from retrieval import corpus, folder
from retrieval.analyzer import Analyzer
from retrieval.arrays import Ids
from retrieval.building.base import Base
from retrieval.building.files import UNKNOWN
from retrieval.encoding import Analysed, analysed
from retrieval.fields import RefusedError
from retrieval.folder import SIDECAR, Kind, Listed
from retrieval.models import Article, Refusal


class Claim(NamedTuple):
    """An article of a file, under an id that others may claim as well."""

    id: str
    place: int
    """Its number among those analysed; of one that the generation before has, -1 and less."""

    @property
    def kept_as(self) -> int:
        """Its number in the generation before; below 0 if it is not from there."""
        return -1 - self.place


class Read(NamedTuple):
    """What a file gave."""

    listed: Listed
    hash: bytes
    """Of its content and its sidecar's."""
    claims: tuple[Claim, ...] = ()
    refused: tuple[Refusal, ...] = ()


class Reader:
    """Reads files one after another; what it had to analyse is to be taken from it."""

    def __init__(
        self, corpus_dir: Path, analyzer: Analyzer, base: Base | None, leaving: Ids
    ) -> None:
        """`leaving` has the articles of the generation before whose files have changed or gone."""
        self._analysed: list[Analysed] = []
        self._folder = corpus_dir
        self._analyzer = analyzer
        self._base = base
        digest = base.generation.digest if base else None
        self._leaving = {digest(number): number for number in leaving.tolist()} if digest else {}

    def read(self, listed: Listed) -> Read:
        """Read a file."""
        found = hash_of(listed, self._folder)
        claims, refused = list[Claim](), list[Refusal]()
        for each in corpus.read_listed(listed, self._folder):
            if isinstance(each, Refusal):
                refused.append(each)
            else:
                claims.append(Claim(each.id, self._place(each)))
        return Read(listed, found, tuple(claims), tuple(refused))

    def taken(self) -> list[Analysed]:
        """What was analysed since it was last taken; numbers begin at 0 again."""
        found, self._analysed = self._analysed, []
        return found

    def _place(self, article: Article) -> int:
        kept = self._kept(article)
        if kept is not None:
            return -1 - kept
        self._analysed.append(self._recalled(article) or analysed(article, self._analyzer))
        return len(self._analysed) - 1

    def _kept(self, article: Article) -> int | None:
        """The number of the same article in the generation before."""
        before = self._base.generation if self._base else None
        number = before.number(article.id) if before else None
        if before is None or number is None:
            return None
        same = before.digest(number).hex() == article.digest
        return number if same and before.article_at(number) == article else None

    def _recalled(self, article: Article) -> Analysed | None:
        """What was made of an article that only has another id, path or line now."""
        number = self._leaving.get(bytes.fromhex(article.digest)) if self._leaving else None
        if self._base is None or number is None:
            return None
        return self._base.recalled(number, article)


def hash_of(listed: Listed, corpus_dir: Path) -> bytes:
    """Of the content of a plain file of a known format and its sidecar; UNKNOWN for all else."""
    if listed.kind is not Kind.FILE or not listed.name.lower().endswith(corpus.FORMATS):
        return UNKNOWN
    path = corpus_dir / listed.name
    try:
        contents = [folder.content(path, corpus.MAX_BYTES)]
        beside = path.with_name(path.name + SIDECAR)
        if os.path.lexists(beside):
            contents.append(folder.content(beside, corpus.MAX_BYTES))
    except RefusedError:
        return UNKNOWN
    found = blake2b(digest_size=16)
    for content in contents:
        found.update(len(content).to_bytes(8, "little"))
        found.update(content)
    return found.digest()
