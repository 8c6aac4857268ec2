"""Search answers from the archive, best first, and says nothing where it has nothing."""

from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from retrieval.assembling import build
from retrieval.generation import Generation
from retrieval.models import Article, Hit, Passage
from retrieval.query import parse
from retrieval.search import key, search
from retrieval.selection import spread
from tests.builders import Archive

SHIPPED = build(Path(__file__).parents[1] / "data" / "articles")


def ask(generation: Generation, question: str, k: int = 3) -> tuple[Hit, ...]:
    return search(generation, parse(question, generation.analyzer), k).hits


def bold(hit: Hit) -> list[str]:
    return [hit.passage.article.text[span.start : span.stop] for span in hit.spans]


@pytest.mark.parametrize(
    ("question", "answer"),
    [
        ("уран", "крупнейший в мире производитель урана"),
        ("УРАНА", "крупнейший в мире производитель урана"),
        ("прямой авиарейс алматы токио", "запуск в 2026 году прямого авиарейса"),
        ("авиарейсы из алмате", "запуск в 2026 году прямого авиарейса"),
        ("На сколько процентов сократился товарооборот?", "на 18,6%"),
        ("18.6%", "на 18,6%"),
        ("самолет Казахстана в Ханэда", "самолёта Казахстана в аэропорт Ханэда"),
        ("обмеление Каспия", "обмеления Каспийского моря"),
        ("с5+1", "формат «С5+1»"),
        ("ИИ", "искусственного интеллекта"),
        ("Неравное ли это партнёрство?", "Партнёрство нельзя назвать равным"),
        ("подписали", "подписан"),
        ("Что думает Нуржума о торговом балансе?", "Торговый баланс откровенно перекошен"),
        ("Сколько денег Япония дала пострадавшим от полигона в Семее?", "пострадавшим"),
        ("сколько денег Япония дала на защиту от паводков", "противопаводк"),
    ],
)
def test_the_archive_answers(question: str, answer: str) -> None:
    assert any(answer in hit.passage.text for hit in ask(SHIPPED, question))


@pytest.mark.parametrize("question", ["Токаев", "токаев", "Токаеву", "о Токаеве", "ТОКАЕВЫМ"])
def test_any_form_of_a_name_finds_all_its_forms(question: str) -> None:
    words = {word for hit in ask(SHIPPED, question, 50) for word in bold(hit)}
    assert {"Токаев", "Токаева", "Токаеву", "Токаевым"} <= words


@pytest.mark.parametrize(
    "question",
    [
        "рецепт борща",
        "погода в Париже",
        "привет",
        "Привет! Как дела?",
        "как дела",
        "спасибо, пока",
        "что нового",
        "кто ты",
        "кто выиграл чемпионат мира по футболу",
        "сколько стоит билет в Токио",
        "курс биткоина",
        "население Японии",
        "столица Франции",
        "кто написал Войну и мир",
        "землетрясения в Японии",
        "жена Токаева",
        "цена урана на бирже",
        "курс тенге к иене",
        "сколько лет Токаеву",
        "кто премьер-министр Казахстана",
        "как похудеть к лету",
        "сколько будет дважды два",
        "2+2",
        "hello world",
        "👍",
        "…",
        "",
        "и",
    ],
)
def test_what_the_archive_does_not_hold_is_refused(question: str) -> None:
    assert ask(SHIPPED, question) == ()


def test_an_empty_archive_answers_nothing(archive: Archive) -> None:
    assert ask(archive({}), "уран") == ()


def test_an_archive_of_one_passage_answers(archive: Archive) -> None:
    (hit,) = ask(archive({"а": "Казахстан добывает уран."}), "уран")
    assert hit.passage.text == "Казахстан добывает уран."


def test_a_word_of_every_passage_still_finds(archive: Archive) -> None:
    texts = {
        name: f"Уран добывают {place}." for name, place in zip("абв", "югсевзап", strict=False)
    }
    assert len(ask(archive(texts), "уран")) == 3


def test_words_that_match_are_marked_whole(archive: Archive) -> None:
    text = "Премьер-министра Токае\u0301ва встретили: 18,6% «за», а уранов\u00adый вопрос отложен."
    (hit,) = ask(archive({"а": text}), "министр токаев 18.6 урановый")
    assert bold(hit) == ["Премьер-министра", "Токае\u0301ва", "18,6", "уранов\u00adый"]


def test_an_answer_is_found_by_the_question_it_was_given_to(archive: Archive) -> None:
    text = (
        "Интервью прошло в субботу.\n\n- Каковы запасы урана в стране?\n\n"
        "- Они велики и растут.\n\n- А что с дорогами?\n\n- Их ремонтируют каждое лето."
    )
    assert ask(archive({"а": text}), "запасы урана")[0].passage.text == "Они велики и растут."


def test_where_only_a_title_matches_its_article_opens_the_answer_once(archive: Archive) -> None:
    smog = "Жители Караганды жалуются на смог\n\nЭкологи измерили воздух.\n\nОкна лучше закрыть."
    generation = archive({"a": smog, "b": "Урожай собран. Зерно продано.", "c": "Мост открыт."})
    (hit,) = ask(generation, "смог в Караганде")
    assert hit.passage.text == "Экологи измерили воздух."
    asked = parse("смог в Караганде", generation.analyzer)
    assert not search(generation, asked, 3, {key(hit.passage)}).hits


def test_a_passage_with_no_word_of_the_question_is_not_shown_for_its_title(
    archive: Archive,
) -> None:
    text = "Казахстан увеличил добычу урана.\n\nПогода стояла ясная, и ветер был слабым."
    found = ask(archive({"а": text}), "добыча урана")
    assert [hit.passage.text for hit in found] == ["Казахстан увеличил добычу урана."]


def test_weak_tails_are_dropped(archive: Archive) -> None:
    texts = {
        "а": "Япония закупает уран у Казахстана по долгосрочным контрактам.",
        "б": "Япония отправила спасателей на остров.",
        "в": "Лето выдалось жарким, и урожай убрали рано.",
    }
    (hit,) = ask(archive(texts), "закупает ли Япония уран у Казахстана")
    assert "закупает" in hit.passage.text


def test_a_reprint_is_shown_once(archive: Archive) -> None:
    text = "Казахстан и Япония подписали договор о поставках урана."
    found = ask(archive({"а": text, "б": text, "в": "Уран подорожал на бирже."}), "уран")
    assert [hit.passage.text for hit in found].count(text) == 1
    assert len(found) == 2


def test_at_most_two_are_of_one_article_while_another_has_a_hit(archive: Archive) -> None:
    texts = {
        "а": "\n\n".join(
            f"Уран добывают на руднике номер {n}, это {n}0 тонн." for n in range(1, 6)
        ),
        "б": "Запасы, которые разведали недавно, невелики, но уран там тоже есть.",
    }
    found = ask(archive(texts), "уран")
    assert sorted(hit.passage.article.path for hit in found) == ["а.txt", "а.txt", "б.txt"]


def test_one_article_answers_alone_where_no_other_does(archive: Archive) -> None:
    text = "\n\n".join(f"Уран добывают на руднике номер {n}, это {n}0 тонн." for n in range(1, 6))
    assert len(ask(archive({"а": text}), "уран")) == 3


def test_pieces_of_one_cut_paragraph_are_not_shown_together() -> None:
    text = "Уран есть на юге. Уран нашли и на севере.\nУран ищут всюду."
    article = Article("а", "а.txt", text, "Уран")
    places = [(0, 17), (18, 41), (42, 58)]
    hits = [Hit(Passage(article, *place), 1.0, ()) for place in places]
    assert [hit.passage.start for hit in spread(hits)] == [0, 42]


def test_more_hits_follow_those_already_shown() -> None:
    query = parse("визит Токаева в Японию", SHIPPED.analyzer)
    shown: list[str] = []
    while page := search(SHIPPED, query, 3, shown).hits:
        shown += [key(hit.passage) for hit in page]
    assert len(shown) == len(set(shown)) > 9
    assert search(SHIPPED, query, 1, shown[:1]).hits == search(SHIPPED, query, 2).hits[1:]


def test_a_reprint_of_what_was_shown_does_not_follow(archive: Archive) -> None:
    text = "Казахстан и Япония подписали договор о поставках урана."
    built = archive({"а": text, "б": text})
    query = parse("уран", built.analyzer)
    (first,) = search(built, query, 1).hits
    assert search(built, query, 1, [key(first.passage)]).hits == ()


@given(st.sampled_from(SHIPPED.passages), st.data())
@settings(max_examples=60, deadline=None)
def test_hits_are_sorted_slices_with_words_of_the_question(
    passage: Passage, data: st.DataObject
) -> None:
    words = passage.text.split()
    asked = data.draw(st.lists(st.sampled_from(words), min_size=1, max_size=6, unique=True))
    query = parse(" ".join(asked), SHIPPED.analyzer)
    hits = search(SHIPPED, query, 5).hits
    assert hits == search(SHIPPED, query, 5).hits
    assert len({key(hit.passage) for hit in hits}) == len(hits) <= 5
    for hit in hits:
        assert hit.passage in SHIPPED.passages
        edges = [edge for span in hit.spans for edge in span]
        assert edges == sorted(edges)
        assert all(hit.passage.start <= edge <= hit.passage.stop for edge in edges)


@given(st.text(max_size=80))
@settings(deadline=None)
def test_no_question_makes_it_fail(text: str) -> None:
    assert len(ask(SHIPPED, text)) <= 3
