"""The BM25 index: rank-bm25's own scores, and the best passages found without scoring them all."""

from retrieval.bm25.formula import Okapi, Rarity, lucene
from retrieval.bm25.index import Bm25
from retrieval.bm25.parts import Part, Vocabulary

__all__ = ["Bm25", "Okapi", "Part", "Rarity", "Vocabulary", "lucene"]
