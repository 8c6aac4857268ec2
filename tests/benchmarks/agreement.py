"""Whether engines answer the same question: their scores beside ours by the same formula."""

import math

import numpy as np

from retrieval.bm25 import Bm25, Okapi, Part, Rarity, lucene
from tests.benchmarks.engines import Engine, Kind, Queries
from tests.benchmarks.outcomes import Agreement
from tests.benchmarks.peers import FLOORED, LUCENE, B, Found

DEPTH = 10


def agreement(kind: Kind, engine: Engine, part: Part, queries: Queries) -> Agreement:
    """Compare the best passages of some questions. Raises ValueError if scores are too far off."""
    index = Bm25([part], kind.scores.k1, B, _rarity(kind.scores.idf, part))
    wanted = [index.top(terms, DEPTH) for terms in queries]
    pairs = [
        ((numbers.tolist(), scores.tolist()), found)
        for (numbers, scores), found in zip(wanted, engine.found(queries, DEPTH), strict=True)
    ]
    reached = Agreement(
        max(_difference(*pair) for pair in pairs), float(np.mean([_same(*pair) for pair in pairs]))
    )
    if reached.difference > kind.scores.nearness:
        raise ValueError(f"{kind.name} does not follow the formula: {reached}")
    return reached


def okapi(part: Part) -> Rarity:
    """The library's own idf; the terms are numbered as they first occur."""
    return Okapi(len(part.postings.lengths), np.diff(part.postings.bounds).tolist())


def _rarity(idf: str, part: Part) -> Rarity:
    if idf == LUCENE:
        return lucene
    return _floored if idf == FLOORED else okapi(part)


def _floored(size: int, count: int) -> float:
    """As FTS5 has it: 1e-6 where the logarithm is not above 0."""
    idf = math.log((size - count + 0.5) / (count + 0.5))
    return idf if idf > 0 else 1e-6


def _difference(expected: Found, found: Found) -> float:
    pairs = zip(expected[1], found[1], strict=False)
    return max((abs(ours - theirs) / abs(ours) for ours, theirs in pairs if ours), default=0.0)


def _same(expected: Found, found: Found) -> float:
    size = len(expected[0])
    return len({*expected[0]} & {*found[0][:size]}) / size if size else 1.0
