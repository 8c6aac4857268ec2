"""Articles as files that are read back as they were, and what tells one article from another."""

import os
import re
from dataclasses import replace
from pathlib import Path, PurePosixPath

import httpx
import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot import fragments
from bot.addresses import canonical, folder, site
from bot.clippings import Clipping, address_keys, document, path_of, text_keys, write
from bot.fragments import Block
from retrieval.corpus import read, read_content
from retrieval.models import Article, PartialDate
from tests.builders import DATE

FEED = "https://vestnik.kz/rss"
LONG = Block("Казахстан и Япония договорились о поставках урана. " * 4)
CLIPPING = Clipping(
    feed=FEED,
    url="https://www.vestnik.kz/1",
    title="Уран: «да» & нет",
    source="Вестник",
    date=DATE,
    author="Иван Иванов",
    text=(Block("Глава", heading=True), LONG, Block("— Да.\n- Нет.")),
)
TODAY = PartialDate(2025, 12, 20)


def read_back(clipping: Clipping) -> Article:
    (found,) = read_content(document(clipping).encode(), "a.md")
    assert isinstance(found, Article)
    return found


def test_a_clipping_is_read_back_whole() -> None:
    text = (*CLIPPING.text[:1], Block(LONG.text.strip()), *CLIPPING.text[2:])
    article = read_back(replace(CLIPPING, text=text))
    assert article.text == fragments.plain(text)
    assert (article.title, article.source, article.date) == ("Уран: «да» & нет", "Вестник", DATE)
    assert (article.url, article.author) == ("https://www.vestnik.kz/1", "Иван Иванов")
    assert [article.text[start:stop] for start, stop in article.headings] == ["Глава"]


names = st.text(min_size=1, max_size=60).map(fragments.line).filter(bool)
tricky = st.sampled_from(
    ["null", "yes", "2025-12-19", "1.5", "---", "- а", "а: б", "# а", "'а", '"а"', "&а", "*а", "|"]
)


@given(names | tricky, names | tricky, names | tricky)
def test_any_title_source_and_author_are_read_back(title: str, source: str, author: str) -> None:
    article = read_back(replace(CLIPPING, title=title, source=source, author=author))
    assert (article.title, article.source, article.author) == (title, source, author)


@given(st.text(max_size=300))
def test_any_plain_text_is_read_back(text: str) -> None:
    blocks = fragments.of_text(text)
    if blocks:
        assert read_back(replace(CLIPPING, text=blocks)).text == fragments.plain(blocks)


@given(st.text(max_size=200) | st.text(st.sampled_from("<>/apb &;lt\n"), max_size=200))
def test_any_markup_is_read_back(html: str) -> None:
    blocks = fragments.of_html(html)
    if blocks:
        assert read_back(replace(CLIPPING, text=blocks)).text == fragments.plain(blocks)


# Files


def test_a_path_tells_site_and_day_and_is_always_the_same() -> None:
    path = path_of(CLIPPING, TODAY)
    assert re.fullmatch(r"feeds/www\.vestnik\.kz/2025-12-19-[0-9a-f]{16}\.md", str(path))
    assert path_of(replace(CLIPPING, title="Иначе", text=()), TODAY) == path
    assert path_of(replace(CLIPPING, url="https://vestnik.kz/2"), TODAY).name != path.name
    for date in (None, PartialDate(2025), PartialDate(2025, 12)):
        assert path_of(replace(CLIPPING, date=date), TODAY).name.startswith("2025-12-20-")


@pytest.mark.parametrize(
    ("url", "expected"),
    [
        ("https://Vestnik.KZ/1", "vestnik.kz"),
        ("https://vestnik.kz:8000/1", "vestnik.kz-8000"),
        ("http://127.0.0.1:8000/1", "127.0.0.1-8000"),
        ("http://[::1]:8000/1", "1-8000"),
        ("https://пример.рф/1", "xn--e1afmkfd.xn--p1ai"),
        ("https://../../etc/1", "host"),
        ("https://.hidden/1", "hidden"),
        ("https://a..b/1", "a..b"),
        ("https://a%2f..%2fb/1", "a-2f..-2fb"),
        (f"https://{'a' * 300}/1", "a" * 120),
    ],
)
def test_a_sites_name_is_safe_for_a_folder(url: str, expected: str) -> None:
    assert folder(url) == expected


@given(st.text(min_size=1, max_size=60))
def test_no_site_leads_out_of_the_folder(host: str) -> None:
    try:
        name = folder(f"http://{host}/")
    except httpx.InvalidURL:
        return
    assert name == os.path.basename(name) not in {"", ".", ".."}  # noqa: PTH119
    assert not name.startswith(".")


def test_a_file_is_there_whole_or_not_at_all(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = PurePosixPath("feeds/vestnik.kz/a.md")
    seen: list[int] = []

    def full(_: int) -> None:
        seen.append(len(read(tmp_path).articles))
        raise OSError(28, "No space left on device")

    with monkeypatch.context() as patch:
        patch.setattr(os, "fsync", full)
        with pytest.raises(OSError, match="No space"):
            write(tmp_path, path, document(CLIPPING))
    assert seen == [0]
    assert list((tmp_path / path).parent.iterdir()) == []
    write(tmp_path, path, document(CLIPPING))
    assert [article.path for article in read(tmp_path).articles] == [str(path)]


# Keys


@pytest.mark.parametrize(
    "url",
    [
        *(
            "https://vestnik.kz/news/1",
            "http://vestnik.kz/news/1/",
            "https://www.vestnik.kz/news/1",
        ),
        *(
            "https://m.vestnik.kz/news/1#comments",
            "https://amp.vestnik.kz/news/1",
            "HTTPS://VESTNIK.KZ/news/1",
        ),
        *(
            "https://vestnik.kz/news/1?utm_source=rss&utm_medium=x",
            "https://vestnik.kz/news/1?from=rss",
        ),
        *(
            "https://vestnik.kz/news/1?fbclid=a&yclid=b&gclid=c&_openstat=d",
            "https://vestnik.kz/news/1/amp/",
        ),
        *(
            "https://vestnik.kz/news/1?source=yandex_news&ref=feed",
            "https://vestnik.kz:443/news/1?amp",
        ),
        *("https://vestnik.kz/n%65ws/1", "https://vestnik.kz./news/1"),
    ],
)
def test_addresses_of_one_article_are_one(url: str) -> None:
    assert canonical(url) == "vestnik.kz/news/1"


@pytest.mark.parametrize(
    ("url", "expected"),
    [
        ("https://a.kz/?id=1&utm_campaign=x", "a.kz?id=1"),
        ("https://a.kz/n?b=2&a=1", "a.kz/n?a=1&b=2"),
        ("https://a.kz/n?from=2025-12-19", "a.kz/n?from=2025-12-19"),
        ("https://a.kz/n?source=trend", "a.kz/n?source=trend"),
        ("https://a.kz/новости/Уран", "a.kz/новости/Уран"),
        ("https://a.kz:8443/n", "a.kz:8443/n"),
        ("https://www.kz/n", "www.kz/n"),
        ("https://a.kz/amplituda", "a.kz/amplituda"),
        ("https://a.kz/", None),
        ("https://a.kz", None),
        ("https://a.kz/?utm_source=rss", None),
        ("http://[", None),
    ],
)
def test_what_tells_articles_apart_is_kept(url: str, expected: str | None) -> None:
    assert canonical(url) == expected


@pytest.mark.parametrize(
    ("url", "expected"),
    [("https://www.a.kz/1", "a.kz"), ("http://m.a.kz:8000/", "a.kz:8000"), ("http://m.kz", "m.kz")],
)
def test_mirrors_are_one_site(url: str, expected: str) -> None:
    assert site(url) == expected


def test_an_id_counts_within_its_feed_only() -> None:
    first = address_keys(FEED, None, "1")
    assert first == address_keys(FEED, "https://vestnik.kz/", "1")
    assert not set(first) & set(address_keys("https://trend.az/rss", None, "1"))
    assert address_keys(FEED, None, None) == []


@pytest.mark.parametrize(
    ("changes", "same"),
    [
        ({"url": "https://vestnik.kz/economy/1"}, True),
        ({"url": None}, True),
        ({"title": "УРАН — да, нет!"}, True),
        ({"text": (Block(LONG.text.upper()), Block("Глава. Да; нет"))}, False),
        ({"url": "https://trend.az/1"}, True),
        ({"source": "Тренд"}, True),
        ({"url": "https://trend.az/1", "source": "Тренд"}, False),
        ({"title": "Нефть"}, False),
        ({"text": (LONG,)}, False),
        ({"date": TODAY}, True),
    ],
)
def test_the_same_text_of_one_site_or_source_is_one_article(
    changes: dict[str, object], *, same: bool
) -> None:
    other = replace(CLIPPING, **changes)  # type: ignore[arg-type]
    keys = set(text_keys(CLIPPING, CLIPPING.text))
    assert bool(keys & set(text_keys(other, other.text))) is same


def test_a_short_text_may_come_again_another_day() -> None:
    short = (Block("Смотрите в эфире."),)
    today = text_keys(CLIPPING, short)
    assert today == text_keys(CLIPPING, short)
    assert not set(today) & set(text_keys(replace(CLIPPING, date=TODAY), short))
