"""Words of one root, by their spelling: «Каспий» and «каспийский», «изменить» and «изменение»."""

import math
import re
from bisect import bisect_left
from collections.abc import Iterator, Sequence

_VERB = re.compile("(?:[аеиоуыя]ть|ти|чь)(?:ся|сь)?$")
_SUFFIX = re.compile("(?:(?:ы?ва|ива)?[аеиоуя]?ть(?:ся)?|ец)$")
"""What a verb, or one from a country, has behind a root."""
_LAST = chr(0x10FFFF)


def kindred(term: str, vocabulary: Sequence[str]) -> list[str]:
    """The terms of a sorted vocabulary that begin as `term` does, and so are of its root as a rule.

    What they share is the root of four letters or more that an ending shows («японец»: «японский»),
    or three quarters of `term` and five letters, or all of a word of four; and half of the other
    one. A verb is kin to another word only where that begins with all of `term` or with its root:
    «перекос» to «перекосить», but not «привет» to «привести».
    """
    found = _beginning(vocabulary, term[: max(5, math.ceil(0.75 * len(term)))])
    same_kind = [other for other in found if other.startswith(term) or _verb(other) == _verb(term)]
    root = _SUFFIX.sub("", term)
    if root == term:
        return same_kind
    by_root = (other for other in _beginning(vocabulary, root) if _verb(term) or not _verb(other))
    return list(dict.fromkeys((*same_kind, *by_root)))


def _beginning(vocabulary: Sequence[str], common: str) -> Iterator[str]:
    """Terms that begin with `common`, and are at most twice as long."""
    if len(common) >= 4:
        first, last = (bisect_left(vocabulary, edge) for edge in (common, common + _LAST))
        yield from (other for other in vocabulary[first:last] if len(other) <= 2 * len(common))


def _verb(term: str) -> bool:
    return bool(_VERB.search(term))
