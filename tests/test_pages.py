"""Saved web pages: the article in them, their metadata, their tricks."""

import pytest

from retrieval.corpus import read_content
from retrieval.models import Article, Reason
from tests.reading import article

TEXT = "Токио принял президента. Встреча прошла во дворце."

PAGE = """<!DOCTYPE html><html><head><meta charset="{charset}"><title>Саммит в Токио</title>
<meta property="og:site_name" content="Zakon.kz">
<meta property="og:url" content="https://zakon.kz/1">
{meta}</head><body><nav><a href="/">Меню</a></nav><article><h1>Саммит в Токио</h1>
<p>В Токио прошёл первый саммит глав государств Центральной Азии и Японии, на котором лидеры
 подписали <b>декларацию</b> и <a href="/x">план</a> совместных действий.<br>
Вторая строка абзаца.</p>
<h2>Итоги встречи</h2><p>Второй абзац&nbsp;статьи. Он тоже длинный, и в нём говорится о торговле и
инвестициях двух стран региона в ближайшие годы, до 20 декабря 2031 года.</p>
<ul><li>первый пункт списка решений</li><li>второй пункт списка решений</li></ul></article>
<div class="comments"><p>Комментарий читателя</p></div>
<footer>© 2025 Zakon.kz</footer></body></html>"""


def page(meta: str = "", charset: str = "utf-8") -> bytes:
    return PAGE.format(meta=meta, charset=charset).encode(charset)


@pytest.mark.parametrize("charset", ["utf-8", "windows-1251", "koi8-r"])
def test_a_saved_page(charset: str) -> None:
    found = article("a.html", page(charset=charset).replace(b"\xc2\xa0", b" "))
    assert (found.title, found.source) == ("Саммит в Токио", "Zakon.kz")
    assert (found.url, found.date) == ("https://zakon.kz/1", None)
    assert found.text.split("\n\n") == [
        "Саммит в Токио",
        "В Токио прошёл первый саммит глав государств Центральной Азии и Японии, на котором лидеры"
        " подписали декларацию и план совместных действий.\nВторая строка абзаца.",
        "Итоги встречи",
        "Второй абзац статьи. Он тоже длинный, и в нём говорится о торговле и инвестициях двух"
        " стран региона в ближайшие годы, до 20 декабря 2031 года.",
        "первый пункт списка решений",
        "второй пункт списка решений",
    ]
    assert [found.text[head.start : head.stop] for head in found.headings] == [
        *("Саммит в Токио", "Итоги встречи"),
    ]
    assert found.text[found.body :].startswith("В Токио прошёл")


def test_a_page_saved_again_in_utf8_may_declare_another_encoding() -> None:
    content = page().replace(b'charset="utf-8"', b'charset="windows-1251"')
    assert article("a.html", content).title == "Саммит в Токио"


@pytest.mark.parametrize(
    ("meta", "date"),
    [
        (
            '<meta property="article:published_time" content="2025-12-20T10:00:00+05:00">',
            "2025-12-20",
        ),
        ('<meta name="DC.date" content="2025-12-20">', "2025-12-20"),
        ('<meta itemprop="datePublished" content="2025-12-20">', "2025-12-20"),
        (
            '<script type="application/ld+json">{"@graph": [{"@type": "NewsArticle",'
            ' "datePublished": "2025-12-20T10:00:00Z", "dateModified": "2026-01-01"}]}</script>',
            "2025-12-20",
        ),
        ('<script type="application/ld+json">{bad</script>', "None"),
        ('<meta property="article:modified_time" content="2026-01-01">', "None"),
        ('<meta property="article:published_time" content="вчера">', "None"),
        ('<meta http-equiv="last-modified" content="2026-01-01">', "None"),
        ("<!-- saved 2026-01-01 -->", "None"),
        ("", "None"),
    ],
)
def test_a_page_s_date_is_what_it_says(meta: str, date: str) -> None:
    assert str(article("a.html", page(meta)).date) == date


@pytest.mark.parametrize(
    "content",
    [
        "<html>",
        "<",
        "текст",
        "<html><body>" + "<div>" * 50_000 + "текст",
        "<p>" * 20_000,
        "<html><body>" + "&amp;" * 50_000,
        "<!DOCTYPE html [<!ENTITY a 'aa'><!ENTITY b '&a;&a;'>]><html><p>&b;</p></html>",
        '<html><head><meta charset="nonsense"></head><body><p>Токио.</p></body></html>',
        "<html><head><title>\x0b</title></head><body><p>" + TEXT * 9 + "</p></body></html>",
    ],
)
def test_hostile_pages_do_no_harm(content: str) -> None:
    for found in read_content(content.encode(), "a.html"):
        assert isinstance(found, Article) or found.reason in {Reason.EMPTY, Reason.NOT_TEXT}
