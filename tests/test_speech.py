"""Who speaks in a passage is known from the words around a name."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from retrieval.models import Article, Span
from retrieval.speech import interviewed, opening, speaks


def spans(text: str, *words: str) -> list[Span]:
    """Every place of any of the words, in order."""
    return sorted(
        Span(at, at + len(word))
        for word in words
        for at in range(len(text))
        if text.startswith(word, at)
    )


SPEAKING = [
    ("По словам политолога Ержана Сулейменова, время дорого.", ["Ержана", "Сулейменова"]),
    ("Рост, по мнению Лебедевой, продолжится.", ["Лебедевой"]),
    ("Аманова отметила: «Мы готовы».", ["Аманова"]),
    ("Аманов рассказал о планах на год.", ["Аманов"]),
    ("«Мы готовы», — сказал Аманов.", ["Аманов"]),
    ("«Мы готовы. Ждём», — пояснил в Токио политолог Ержан Аманов.", ["Ержан", "Аманов"]),
    ("Дзюн Сато, профессор университета в Осаке, отмечает, что цены растут.", ["Дзюн", "Сато"]),
    ("Глава компании Дзюн Сато на встрече с экспертами подчеркнул важность.", ["Сато"]),
    ("Как считает Е. Аманов, цены вырастут.", ["Аманов"]),
    ("Дорога нужна, уверена Лебедева.", ["Лебедева"]),
    ("Сато: Мы приедем в мае.", ["Сато"]),
    ("Посол Дзюн Сато: «Мы приедем в мае».", ["Сато"]),
    ("— Да, — ответил Сато. — Приедем.", ["Сато"]),
    ("Вчера шёл снег. Сато заявил, что приедет.", ["Сато"]),
    ("После встречи с Амановым Лебедева заявила о сделке.", ["Лебедева"]),
    ("Аманов уехал. Позже Аманов добавил, что вернётся.", ["Аманов"]),
]


@pytest.mark.parametrize(("text", "name"), SPEAKING)
def test_a_person_speaks(text: str, name: list[str]) -> None:
    assert speaks(text, spans(text, *name))


SILENT = [
    ("Аманов прибыл в Токио.", ["Аманов"]),
    ("Министр рассказал об Аманове.", ["Аманове"]),
    ("Посол рассказал о Сато.", ["Сато"]),
    ("Министр заявил Аманову, что договора нет.", ["Аманову"]),
    ("Лебедева заявила о сделке. Аманов уехал.", ["Аманов"]),
    ("После встречи с Амановым Лебедева заявила о сделке.", ["Амановым"]),
    ("Аманов встретился с министром, который отметил рост.", ["Аманов"]),
    ("Советник Аманова сказал, что решения нет.", ["Аманова"]),
    ("«Да», — заявил Аманов на встрече с премьером Дзюном Сато.", ["Дзюном", "Сато"]),
    ("О Сато: что пишут газеты", ["Сато"]),
    ("", []),
]


@pytest.mark.parametrize(("text", "name"), SILENT)
def test_a_person_who_is_only_mentioned_does_not(text: str, name: list[str]) -> None:
    assert not speaks(text, spans(text, *name))


def test_an_answer_in_an_interview_need_not_name_who_gives_it() -> None:
    assert speaks("Мы начали десять лет назад.", [], answers=True)
    assert not speaks("Мы начали десять лет назад.", [])


INTERVIEWS = [
    ("Дзюн Сато: «Мы приедем в мае»", None, "Беседовали в Астане."),
    ("Дорога в горы", None, "О планах рассказал в интервью посол Дзюн Сато."),
    ("Дорога в горы", None, "Публикуем интервью с послом Дзюном Сато."),
    ("Дорога в горы", "Дзюн Сато", "Когда начнётся стройка?"),
]


@pytest.mark.parametrize(("title", "author", "text"), INTERVIEWS)
def test_the_opening_says_who_is_interviewed(title: str, author: str | None, text: str) -> None:
    article = Article("a", "a.txt", text, title, author=author)
    head = opening(article)
    assert interviewed(head, spans(head, "Дзюн", "Дзюном", "Сато"))
    assert not interviewed(head, spans(head, "Аманов"))


def test_whom_an_interview_is_about_is_not_interviewed() -> None:
    article = Article("a", "a.txt", "Посол рассказал о Дзюне Сато.", "Человек, который строит")
    head = opening(article)
    assert not interviewed(head, spans(head, "Дзюне", "Сато"))


@given(st.text(alphabet="Аа,. :«»—\nскзал", max_size=80), st.data())
def test_any_text_and_any_spans_give_an_answer(text: str, draw: st.DataObject) -> None:
    ends = draw.draw(st.lists(st.integers(0, len(text)), max_size=8).map(sorted))
    name = [Span(*pair) for pair in zip(ends[::2], ends[1::2], strict=False)]
    assert speaks(text, name) in {True, False}
