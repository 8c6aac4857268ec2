"""How uploads are shown: within Telegram's limits, with the article's own words."""

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.message import MAX_MESSAGE, Reply
from bot.quotes import units
from bot.render.uploads import outcome, preview
from bot.store.uploads import Upload
from bot.texts import uploads as texts
from bot.uploads import Added, Understood
from retrieval.models import Article, Passage, Reason, Refusal
from tests.builders import article

UPLOAD = Upload(12, 1, "news.jsonl", b"")
LONG = "Запасы урана в стране выросли на треть за последний год. " * 60


def whole(text: str, **known: str | None) -> Understood:
    """An article of one paragraph as it was understood."""
    found = replace(article(text), **known)  # type: ignore[arg-type]
    return Understood((found,), passages=(Passage(found, 0, len(text)),))


def line(number: int, title: str) -> Article:
    return replace(article("Уран.", title=title), line=number)


def buttons(reply: Reply) -> dict[str, str]:
    return {button.label: button.data for row in reply.buttons for button in row}


def test_the_buttons_name_the_upload() -> None:
    assert buttons(preview(UPLOAD, whole("Уран."))) == {
        texts.ADD: "u:add:12",
        texts.SOURCE: "u:source:12",
        texts.DATE: "u:date:12",
        texts.CANCEL: "u:cancel:12",
    }


def test_buttons_fit_whatever_the_number() -> None:
    reply = preview(replace(UPLOAD, id=(1 << 63) - 1), whole("Уран."))
    assert max(len(data.encode()) for data in buttons(reply).values()) <= 64


@pytest.mark.parametrize(("url", "kind"), [("https://zakon.kz/1", "text_link"), (None, "bold")])
def test_the_title_leads_to_the_page(url: str | None, kind: str) -> None:
    mark = preview(UPLOAD, whole("Уран.", url=url)).marks[0]
    assert (mark.start, mark.kind, mark.url) == (0, kind, url)


def test_the_first_paragraph_is_quoted_and_cut_between_sentences() -> None:
    reply = preview(UPLOAD, whole(LONG))
    reply.check()
    ((_, quote),) = reply.quotes
    assert quote.text.endswith(".")
    assert "[…]" in reply.text


def test_an_article_without_a_paragraph_to_quote_is_shown_all_the_same() -> None:
    reply = preview(UPLOAD, Understood((article("Уран"),)))
    assert "Абзацев: 0" in reply.text
    assert not reply.quotes


@pytest.mark.parametrize(
    ("added", "text"),
    [
        (Added((), (), ()), texts.NOTHING),
        (
            Added((), (article("Уран."),), ()),
            f"{texts.KNOWN}\nО нефти\nZakon.kz · 19 декабря 2025\u00a0г.",
        ),
        (
            Added((), (line(1, "А"), line(2, "Б")), ()),
            "Все статьи этого файла (2) уже есть в архиве.",
        ),
        (
            Added((), (), (Refusal("a.txt", Reason.EMPTY),)),
            f"{texts.NOTHING}\n\nНе принято: 1\na.txt: в файле нет текста",
        ),
        (
            Added((), (line(1, "А"),), (Refusal("a.jsonl", Reason.JSON, line=2),)),
            f"{texts.NOTHING_NEW}\n\n"
            "Уже есть в архиве: 1\nА — Zakon.kz · 19 декабря 2025\u00a0г.\n\n"
            "Не принято: 1\na.jsonl, строка 2: ошибка в JSON",
        ),
    ],
)
def test_where_nothing_can_be_added_it_is_said_why(added: Added, text: str) -> None:
    assert outcome(added).text == text
    assert not outcome(added).buttons


def test_a_single_article_that_was_added_can_be_read() -> None:
    assert buttons(outcome(Added((article("Уран."),), (), ()), 7)) == {"Статья": "A7"}
    assert buttons(outcome(Added((article("Уран."),), (), ()))) == {}


TITLES = st.lists(st.text(max_size=300), min_size=1, max_size=40)


@given(titles=TITLES, known=TITLES, refused=TITLES)
def test_a_collection_fits_into_a_message(
    titles: list[str], known: list[str], refused: list[str]
) -> None:
    new = tuple(line(number, title) for number, title in enumerate(titles, start=1))
    there = tuple(line(number, title) for number, title in enumerate(known, start=1))
    wrong = tuple(Refusal(name, Reason.FIELD, line=9) for name in refused)
    upload = replace(UPLOAD, name=titles[0])
    for reply in (
        preview(upload, Understood(new, there, wrong)),
        outcome(Added((), there, wrong)),
        outcome(Added(new, there, wrong)),
    ):
        assert 0 < units(reply.text) <= MAX_MESSAGE
        assert all(mark.stop <= len(reply.text) for mark in reply.marks)


@given(title=st.text(max_size=500), source=st.none() | st.text(max_size=500))
def test_an_article_fits_into_a_message(title: str, source: str | None) -> None:
    reply = preview(UPLOAD, whole(LONG, title=title, source=source))
    assert units(reply.text) <= MAX_MESSAGE
    reply.check()
