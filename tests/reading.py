"""Reading one document in a test: an article that must be one, or a refusal that must be one."""

from retrieval.corpus import read_content
from retrieval.models import Article, Refusal


def article(name: str, content: str | bytes) -> Article:
    """The one article that this document gives."""
    (found,) = _read(name, content)
    assert isinstance(found, Article), found
    return found


def refusal(name: str, content: str | bytes) -> Refusal:
    """The one refusal that this document gives."""
    (found,) = _read(name, content)
    assert isinstance(found, Refusal), found
    return found


def _read(name: str, content: str | bytes) -> list[Article | Refusal]:
    return list(read_content(content.encode() if isinstance(content, str) else content, name))
