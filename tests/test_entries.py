"""What is read out of feeds as they are found: encodings, dates, markup, damage, bombs."""

from datetime import UTC, datetime, timedelta, timezone
from pathlib import Path
from time import perf_counter

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot import fragments
from bot.entries import Entry, Feed, linked_feed, newest, read_feed
from bot.fetch import Fetched, Refused
from tests.feed_server import atom, item, rss

TEXT = "«Уран» подорожал — на 5 %. "
MSK = timezone(timedelta(hours=3))


def fetched(
    content: bytes | str, charset: str | None = None, url: str = "https://vestnik.kz/rss"
) -> Fetched:
    body = content.encode() if isinstance(content, str) else content
    return Fetched(200, url, body, "text/xml", charset, None, None)


def feed_of(content: bytes | str, charset: str | None = None) -> Feed:
    return read_feed(fetched(content, charset))


def entry_of(content: bytes | str, charset: str | None = None) -> Entry:
    (entry,) = feed_of(content, charset).entries
    return entry


def text_of(entry: Entry) -> str:
    return fragments.plain(entry.text)


def test_an_item_of_rss_is_read() -> None:
    more = (
        '<guid isPermaLink="false">77</guid><dc:creator>Иван Иванов</dc:creator>'
        '<source url="https://trend.az/rss">Тренд</source>'
    )
    at = datetime(2025, 12, 19, 14, 5, tzinfo=timezone(timedelta(hours=5)))
    entry = entry_of(rss(item("Уран", "https://vestnik.kz/1", f"<p>{TEXT}</p>", at, more)))
    assert (entry.title, entry.url, entry.guid) == ("Уран", "https://vestnik.kz/1", "77")
    assert (entry.author, entry.source, entry.published) == ("Иван Иванов", "Тренд", at)
    assert (text_of(entry), entry.is_lead) == (TEXT.strip(), True)


def test_an_entry_of_atom_is_read() -> None:
    feed = feed_of(
        atom(
            '<entry><id>urn:1</id><title type="xhtml"><div xmlns="http://www.w3.org/1999/xhtml">'
            'За <b>уран</b></div></title><link rel="enclosure" href="a.mp3"/>'
            '<link rel="alternate" href="news/1"/><updated>2025-12-20T01:00:00+05:00</updated>'
            "<published>2025-12-19T23:05:00+05:00</published><author><name>Анна</name></author>"
            '<content type="xhtml"><div xmlns="http://www.w3.org/1999/xhtml"><h2>Глава</h2>'
            "<p>Первый &lt;абзац&gt;</p></div></content></entry>"
        )
    )
    (entry,) = feed.entries
    assert (feed.title, entry.title, entry.guid) == ("Вестник", "За уран", "urn:1")
    assert (entry.url, entry.author) == ("https://vestnik.kz/news/1", "Анна")
    assert str(entry.published) == "2025-12-19 23:05:00+05:00"
    assert [tuple(block) for block in entry.text] == [("Глава", True), ("Первый <абзац>", False)]


def test_plain_text_in_atom_is_not_taken_for_markup() -> None:
    content = '<content type="text">Если a &lt;b&gt; c, то &amp;amp; нет.\n\nИ всё.</content>'
    entry = entry_of(atom(f"<entry><id>1</id><title>А</title>{content}</entry>"))
    assert text_of(entry) == "Если a <b> c, то &amp; нет.\n\nИ всё."


# Encodings


CYRILLIC = item("Уран и нефть", "https://vestnik.kz/1", TEXT * 3)


@pytest.mark.parametrize(
    ("content", "charset"),
    [
        (rss(CYRILLIC).encode(), None),
        (rss(CYRILLIC).encode(), "windows-1251"),
        (rss(CYRILLIC).encode("utf-8-sig"), None),
        (rss(CYRILLIC, encoding="windows-1251").encode("cp1251"), None),
        (rss(CYRILLIC, encoding="windows-1251").encode("cp1251"), "iso-8859-1"),
        (rss(CYRILLIC, encoding="windows-1251").encode("cp1251"), "utf-8"),
        (rss(CYRILLIC, encoding="windows-1251").encode(), None),
        (rss(CYRILLIC, encoding=None).encode("cp1251"), None),
        (rss(CYRILLIC, encoding=None).encode("cp1251"), "windows-1251"),
        (rss(CYRILLIC, encoding="utf-8").encode("cp1251"), None),
        (
            rss(CYRILLIC, encoding="koi8-r")
            .replace("«", "")
            .replace("»", "")
            .replace("—", "-")
            .encode("koi8-r"),
            None,
        ),
        (rss(CYRILLIC, encoding="UTF-16").encode("utf-16"), None),
        (rss(CYRILLIC, encoding="no-such-encoding").encode(), None),
    ],
)
def test_russian_is_read_however_it_is_encoded(content: bytes, charset: str | None) -> None:
    entry = entry_of(content, charset)
    assert entry.title == "Уран и нефть"
    assert "подорожал" in text_of(entry)


def test_a_damaged_character_costs_no_more_than_itself() -> None:
    content = rss(CYRILLIC).encode().replace("нефть".encode(), b"\xd0" + "нефть".encode(), 1)
    assert entry_of(content).title == "Уран и \ufffdнефть"


# Titles


@pytest.mark.parametrize(
    ("title", "expected"),
    [
        ("Уран &amp;laquo;растёт&amp;raquo;", "Уран «растёт»"),
        ("Уран &laquo;растёт&raquo;&nbsp;снова", "Уран «растёт» снова"),
        ("<![CDATA[Уран <b>растёт</b> &mdash; снова]]>", "Уран растёт — снова"),
        ("&lt;i&gt;Уран&lt;/i&gt; &amp;amp; нефть", "Уран & нефть"),
        ("Цена &lt; 5 &gt; 3", "Цена < 5 > 3"),
        ("  Уран\n\t растёт  ", "Уран растёт"),
        ("Уран&#8212;нефть", "Уран—нефть"),
        ("Уран\u2028\u202eнефть\x0b", "Уран нефть"),
        ("<![CDATA[<script>1</script>Уран]]>", "1Уран"),
    ],
)
def test_a_title_is_one_line_without_markup(title: str, expected: str) -> None:
    entry = entry_of(rss(f"<item><title>{title}</title><link>https://a.kz/1</link></item>"))
    assert entry.title == expected


# Dates


@pytest.mark.parametrize(
    ("said", "expected"),
    [
        ("Fri, 19 Dec 2025 14:05:00 +0300", datetime(2025, 12, 19, 14, 5, tzinfo=MSK)),
        ("19 Dec 2025 14:05 GMT", datetime(2025, 12, 19, 14, 5, tzinfo=UTC)),
        ("Fri, 19 Dec 2025 14:05:00", datetime(2025, 12, 19, 14, 5, tzinfo=UTC)),
        ("2025-12-19T14:05:00+03:00", datetime(2025, 12, 19, 14, 5, tzinfo=MSK)),
        ("2025-12-19T14:05:00Z", datetime(2025, 12, 19, 14, 5, tzinfo=UTC)),
        ("2025-12-19", datetime(2025, 12, 19, tzinfo=UTC)),
        ("19.12.2025 14:05", datetime(2025, 12, 19, tzinfo=UTC)),
        ("19 декабря 2025 г., 14:05", datetime(2025, 12, 19, tzinfo=UTC)),
        ("Пт, 19 дек 2025 14:05:00 +0300", datetime(2025, 12, 19, tzinfo=UTC)),
        ("декабрь 2025", None),
        ("Thu, 01 Jan 1970 00:00:00 +0000", None),
        ("0001-01-01T00:00:00Z", None),
        ("вчера", None),
        ("31.02.2025", None),
        ("Fri, 99 Dec 2025 14:05:00 +0300", None),
        ("Fri, 19 Dec 2025 14:05:00 +9999", None),
        ("", None),
    ],
)
def test_a_date_is_read_as_the_feed_writes_it(said: str, expected: datetime | None) -> None:
    entry = entry_of(rss(item("Уран", "https://a.kz/1", published=said)))
    assert entry.published == expected
    if expected and entry.published:
        assert entry.published.date() == expected.date()


def test_the_newest_come_first_and_those_without_a_date_keep_their_place() -> None:
    days = {"а": "2025-12-01", "б": None, "в": "2025-12-19", "г": None, "д": "2025-12-10"}
    feed = feed_of(rss(*(item(title, published=day) for title, day in days.items())))
    assert [entry.title for entry in newest(feed.entries)] == ["в", "г", "д", "а", "б"]


# Addresses


@pytest.mark.parametrize(
    ("link", "expected"),
    [
        ("https://a.kz/1?b=c&d#e", "https://a.kz/1?b=c&d"),
        ("/news/1", "https://vestnik.kz/news/1"),
        ("//m.vestnik.kz/1", "https://m.vestnik.kz/1"),
        ("  https://a.kz/1\n", "https://a.kz/1"),
        ("https://пример.рф/уран", "https://xn--e1afmkfd.xn--p1ai/%D1%83%D1%80%D0%B0%D0%BD"),
        ("javascript:alert(1)", None),
        ("mailto:a@b.kz", None),
        ("https://user:secret@a.kz/", None),
        ("http://[::1", None),
        (None, None),
    ],
)
def test_a_link_is_a_web_address_or_none(link: str | None, expected: str | None) -> None:
    assert entry_of(rss(item("Уран", link))).url == expected


# Texts


@pytest.mark.parametrize(
    ("html", "expected"),
    [
        ("<p>Один</p><p>два</p>", "Один\n\nдва"),
        ("Один<br>два<br/><br/>три", "Один\nдва\nтри"),
        ("Один\n\nдва\nтри", "Один\n\nдва\nтри"),
        ("<p>Один\nдва</p>", "Один два"),
        ("<ul><li>а</li><li>б <b>в</b></li></ul>конец", "а\n\nб в\n\nконец"),
        ("<p>а</p>хвост<p>б</p>", "а\n\nхвост\n\nб"),
        ("<blockquote><p>Цитата</p></blockquote>", "Цитата"),
        ("<p>а<!-- нет --> б</p><style>p{}</style><noscript><p>нет</p></noscript>в", "а б\n\nв"),
        ("<p>&laquo;а&raquo; &lt;b&gt; &amp;amp;</p>", "«а» <b> &amp;"),
        ("2 &lt; 3 &amp; 5", "2 < 3 & 5"),
        ("<img src='a.jpg'><p>а</p>", "а"),
        ("<table><tr><td>а</td><td>б</td></tr></table>", "а\n\nб"),
        ("<p>а.</p><p>Читать далее</p>", "а."),
        ("<p>а. <a href='/1'>Читать далее →</a></p>", "а."),
        ("<p>а… <a href='/1'>Подробнее на сайте</a></p>", "а…"),
        ("<p>Он просил читать далее</p>", "Он просил читать далее"),
        ("<p>Конец. Далее будет больше.</p>", "Конец. Далее будет больше."),
        ("<h1>Глава</h1><p>а</p>", "Глава\n\nа"),
        ("", ""),
        ("<p> </p><br>", ""),
    ],
)
def test_markup_becomes_paragraphs(html: str, expected: str) -> None:
    assert text_of(entry_of(rss(item("Уран", "https://a.kz/1", html)))) == expected


WHOLE = TEXT * 30


@pytest.mark.parametrize(
    ("description", "more", "is_lead"),
    [
        (TEXT, "", True),
        (WHOLE, "", False),
        (WHOLE + "…", "", True),
        (WHOLE + "[...]", "", True),
        (WHOLE + "<a href='/'>Читать далее</a>", "", True),
        (TEXT, f"<content:encoded><![CDATA[<p>{WHOLE}</p>]]></content:encoded>", False),
        (WHOLE, f"<content:encoded><![CDATA[{WHOLE}]]></content:encoded>", True),
        (TEXT, f"<yandex:full-text>{WHOLE}</yandex:full-text>", False),
        ("", f"<content:encoded><![CDATA[<p>{WHOLE}</p>]]></content:encoded>", False),
        ("", "", True),
    ],
)
def test_a_lead_is_told_from_a_whole_text(description: str, more: str, *, is_lead: bool) -> None:
    entry = entry_of(rss(item("Уран", "https://a.kz/1", description, more=more)))
    assert entry.is_lead is is_lead
    if not is_lead:
        assert text_of(entry) == WHOLE.strip()


# Damage and malice


@pytest.mark.parametrize(
    "damage",
    [
        lambda text: text[: text.index("</channel>")],
        lambda text: text.replace("</title>", "</titel>", 1),
        lambda text: text.replace("<language>", "<language"),
        lambda text: text.replace("<channel>", "<channel>&nosuch; & \x0b"),
        lambda text: "\n\n" + text,
        lambda text: text.replace("Уран", "Уран & Ко"),
        lambda text: text.replace("<item>", "<item><a:b>x</a:b>"),
    ],
)
def test_of_a_broken_feed_is_taken_what_can_be_read(damage) -> None:  # type: ignore[no-untyped-def]
    entries = feed_of(damage(rss(item("Уран", "https://a.kz/1", TEXT)))).entries
    assert entries[0].title.startswith("Уран")
    assert "подорожал" in text_of(entries[0])


@pytest.mark.parametrize(
    "content",
    [
        *(b"", b" ", "Просто текст".encode(), b"{}", b"\x00\x01\x02", b"<html><p>x</p></html>"),
        *(b"<rss", b"<feedback>", b"<?xml version='1.0'?>", b"/etc/passwd", b"%PDF-1.7"),
    ],
)
def test_what_is_no_feed_is_refused(content: bytes) -> None:
    with pytest.raises(Refused, match="not a feed"):
        feed_of(content)


def test_of_an_endless_feed_only_so_many_items_are_read() -> None:
    assert len(feed_of(rss(*(item(str(number)) for number in range(1_200)))).entries) == 1_000


def test_an_empty_feed_is_a_feed() -> None:
    assert feed_of(rss()) == Feed("Вестник", ())


def test_a_feed_that_is_a_path_opens_no_file(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """feedparser takes bytes for the name of a file first."""
    monkeypatch.chdir(tmp_path)
    name = "<rss>"
    (tmp_path / name).write_text(rss(item("Тайна", "https://a.kz/1")), "utf-8")
    assert feed_of(name) == Feed("", ())


def bomb(levels: int = 10) -> str:
    names = [f"<!ENTITY a{n} '{f'&a{n - 1};' * 10}'>" for n in range(1, levels)]
    doctype = f"<!DOCTYPE rss [<!ENTITY a0 'уран'>{''.join(names)}]>"
    return doctype + rss(item("&a9;"), item("Уран")).partition("?>")[2].replace("&amp;", "&")


HOSTILE = {
    "billion laughs": bomb(),
    "one long entity": (
        f"<!DOCTYPE rss [<!ENTITY a '{'x' * 100_000}'>]><rss version='2.0'><channel><title>"
        + "&a;" * 20_000
        + "</title><item><title>Уран</title></item></channel></rss>"
    ),
    "a local file": (
        "<!DOCTYPE rss [<!ENTITY a SYSTEM 'file:///etc/passwd'>]>"
        "<rss version='2.0'><channel><item><title>&a; Уран</title></item></channel></rss>"
    ),
    "deep": rss(item("Уран", text="<div>" * 20_000)),
    "many tags": rss(item("Уран", text="<a " * 20_000)),
    "many items": rss(item("Уран"), *["<item>"] * 5_000),
}


@pytest.mark.parametrize("content", HOSTILE.values(), ids=HOSTILE)
def test_a_hostile_feed_costs_little_and_gives_nothing_away(content: str) -> None:
    started = perf_counter()
    feed = feed_of(content)
    assert any("Уран" in entry.title for entry in feed.entries)
    assert max(len(entry.title) for entry in feed.entries) < 1_000
    assert "root:" not in repr(feed)
    assert perf_counter() - started < 10


@given(st.text(st.sampled_from("<>/!&;[]\"'=- aб?\n") | st.sampled_from("рssitemdv"), max_size=200))
def test_nothing_in_a_feed_raises_anything_else(text: str) -> None:
    try:
        feed = feed_of(f"<rss version='2.0'><channel><item><title>Уран</title>{text}")
    except Refused:
        return
    for entry in feed.entries:
        assert "\n" not in entry.title
        assert all(line == line.strip() != "" for line in text_of(entry).split("\n") if entry.text)


# Pages that name a feed


@pytest.mark.parametrize(
    ("head", "expected"),
    [
        ('<link rel="alternate" type="application/rss+xml" href="/rss">', "https://vestnik.kz/rss"),
        (
            "<LINK REL='Alternate' TYPE='Application/Atom+XML' HREF='a.xml'>",
            "https://vestnik.kz/n/a.xml",
        ),
        ('<link rel="alternate" type="application/rss+xml" href="javascript:x">', "javascript:x"),
        ('<link rel="alternate" hreflang="kk" href="/kk">', None),
        ('<link rel="stylesheet" type="application/rss+xml" href="/rss">', None),
        ('<link rel="alternate" type="application/rss+xml">', None),
        ("", None),
    ],
)
def test_the_feed_of_a_page_is_found(head: str, expected: str | None) -> None:
    content = f"<html><head>{head}</head><body>Вестник</body></html>"
    assert linked_feed(fetched(content, url="https://vestnik.kz/n/")) == expected


@pytest.mark.parametrize("content", [b"", b"\x00", b"<", b"<?xml version='1.0' encoding='utf-8'?>"])
def test_a_page_that_is_none_names_no_feed(content: bytes) -> None:
    assert linked_feed(fetched(content)) is None
