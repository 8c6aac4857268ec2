"""What strangers type, as a search takes it: names, days, sources, phrases, and where it errs."""

from collections.abc import Sequence
from datetime import UTC, date, datetime
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.render.answers import refusal
from bot.searcher import look_up
from retrieval.assembling import build
from retrieval.conditions import admitted
from retrieval.found import Found
from retrieval.generation import Generation
from retrieval.query import parse
from retrieval.search import search
from retrieval.understanding import understand
from tests.builders import in_segments

TODAY = date(2026, 11, 22)
NOON = datetime(2026, 11, 22, 12, tzinfo=UTC)
NEWS = {
    "port": (
        "Порт Решт принят в эксплуатацию",
        "2026-10-05",
        "Trend",
        "Первая очередь порта Решт на Каспии принята в эксплуатацию.\n\n"
        "Директор ассоциации Ильгар Гасанов сообщил Trend, что перевозки с января выросли.",
    ),
    "depot": (
        "В Караганде открыли трамвайное депо",
        "2026-11-14",
        "Новый Вестник",
        "В Караганде открыли новое депо, сообщил аким города Мейрам Кожухов.\n\n"
        "Вагоны собирают в Усть-Каменогорске. Каждый вагон вмещает 180 пассажиров.",
    ),
    "cars": (
        "Nissan закрывает завод в Оппаме",
        "2025-07-15",
        "Nikkei",
        "Nissan прекратит выпуск автомобилей на заводе Оппама в 2026 году. Об объединении пишет "
        "Honda.\n\nБывший глава Nissan Макото Утида ушёл в отставку 1 апреля. "
        "Сократят 900 рабочих мест.",
    ),
    "flood": (
        "Паводок в Актюбинской области",
        "2026-04-02",
        "Kazinform",
        "Из-за паводка эвакуировали 1200 человек. Вода размыла мост через реку Илек.\n\n"
        "Погибших нет, два человека пропали без вести.",
    ),
    "wheat": (
        "Цены на пшеницу упали",
        "2026-08-30",
        "Eldala",
        "Тонна пшеницы стоит 68 тысяч тенге — это минимум за пять лет.\n\n"
        "Прокуратура проверит закупки за последние пять лет.",
    ),
    "pipe": (
        "Вучич и Орбан договорились о трубе",
        "2025-09-18",
        "РИА Новости",
        "Президент Сербии Александр Вучич подписал соглашение о нефтепроводе Сегед — Нови-Сад. "
        "В обход хорватского JANAF.\n\nЭкономист Карстен Бжески не верит в окупаемость.",
    ),
    "sumo": (
        "Хосёрю выиграл турнир по сумо",
        "2025-11-23",
        "Mainichi",
        "Ёкодзуна Хосёрю выиграл турнир по сумо в Фукуоке.\n\nКубок вручил Хаккаку.",
    ),
    "court": (
        "Суд в Алматы огласил приговор",
        "2026-11-21",
        "Власть",
        "Суд приговорил блогера к трём годам ограничения свободы.\n\n"
        "Прокурор просил пять лет колонии.",
    ),
}


@pytest.fixture(scope="module")
def news(tmp_path_factory: pytest.TempPathFactory) -> Generation:
    return _built(tmp_path_factory.mktemp("news"))


def _built(folder: Path) -> Generation:
    for name, (title, day, source, text) in NEWS.items():
        head = f"---\ntitle: {title}\ndate: {day}\nsource: {source}\n---\n\n"
        (folder / f"{name}.md").write_text(head + text, encoding="utf-8")
    return build(folder)


def ask(news: Generation, question: str, k: int = 3) -> Found:
    return search(news, parse(question, news.analyzer, TODAY), k)


def sources(found: Found) -> list[str | None]:
    return [hit.passage.article.source for hit in found.hits]


def used(found: Found) -> list[str]:
    return [correction.used for correction in found.corrections]


def underlined(found: Found) -> list[list[str]]:
    return [[hit.passage.article.text[slice(*span)] for span in hit.answer] for hit in found.hits]


# Names and words


@pytest.mark.parametrize(
    ("typed", "meant"),
    [
        *(("хонда", "Honda"), ("Ниссаном", "Nissan"), ("янаф", "JANAF")),
        *(("Vucic", "Вучич"), ("Vučić", "Вучич"), ("Brzeski", "Бжески"), ("Hoshoryu", "Хосёрю")),
        *(("Кожухав", "Кожухов"), ("Утита", "Утида"), ("Uchida", "Утида")),
    ],
)
def test_a_name_is_found_however_it_is_spelt_and_that_is_said(
    news: Generation, typed: str, meant: str
) -> None:
    found = ask(news, typed)
    assert found.hits
    assert [word.replace("ё", "е") for word in used(found)] == [meant.replace("ё", "е")]


def test_what_is_mended_twice_is_said_once(news: Generation) -> None:
    assert ask(news, "[jylf").corrections == (("[jylf", "Honda"),)


@pytest.mark.parametrize(
    "typed",
    [
        *("Сато", "Дамм", "трактор", "Шанин", "форт", "мостик", "судно", "ребус", "Алжир"),
        *(
            "Кабаев",
            "Рустамов-Оглу",
            "порча",
            "вагонетка",
            "Честер",
            "пшик",
            "тенькать",
            "портной",
            "тендер",
        ),
    ],
)
def test_another_word_is_not_taken_for_one_of_the_archive(news: Generation, typed: str) -> None:
    assert ask(news, typed).corrections == ()


# Days


@pytest.mark.parametrize(
    ("question", "expected"),
    [
        ("20-22 ноября 2026", ["Власть"]),
        ("в ноябре", ["Власть", "Новый Вестник"]),
        ("в ноябре 2026 года", ["Власть", "Новый Вестник"]),
        ("вчера", ["Власть"]),
        ("дата:2026-11-21", ["Власть"]),
        ("новости за неделю", ["Власть"]),
        ("новости за вчера", ["Власть"]),
        ("события ноября 2026", ["Власть", "Новый Вестник"]),
        ("что произошло 21 ноября 2026", ["Власть"]),
        ("что случилось в августе", ["Eldala"]),
        ("новости дата:2026-08", ["Eldala"]),
        ("главные новости с 1 по 5 апреля 2026", ["Kazinform"]),
    ],
)
def test_where_only_days_are_asked_for_their_articles_are_the_answer(
    news: Generation, question: str, expected: Sequence[str]
) -> None:
    assert sources(ask(news, question)) == expected


def test_what_names_a_year_is_not_of_every_day_of_it(news: Generation) -> None:
    assert sources(ask(news, "дата:2026-02")) == []
    assert "Nikkei" in sources(ask(news, "завод дата:2026"))


@pytest.mark.parametrize(
    ("question", "expected"),
    [
        ("мост с 1 по 5 апреля", "Kazinform"),
        ("отставка 1 апреля 2025", "Nikkei"),
        ("турнир в 2025 году", "Mainichi"),
        ("депо на прошлой неделе", "Новый Вестник"),
    ],
)
def test_the_numbers_of_a_date_are_no_words_of_the_question(
    news: Generation, question: str, expected: str
) -> None:
    assert sources(ask(news, question))[:1] == [expected]


# Sources


@pytest.mark.parametrize(
    ("question", "expected"),
    [
        ("что пишет Trend", "Trend"),
        ("что сообщает Казинформ", "Kazinform"),
        ("новости Trend", "Trend"),
        ("по данным Казинформа", "Kazinform"),
        ("Nikkei о заводе", "Nikkei"),
        ("по сообщению Трэнда о порте", "Trend"),
    ],
)
def test_a_source_is_heard_whatever_else_is_asked(
    news: Generation, question: str, expected: str
) -> None:
    assert sources(ask(news, question))[:1] == [expected]


# Phrases


@pytest.mark.parametrize(
    ("question", "expected"),
    [
        ('"минимум за пять лет"', ["минимум за пять лет"]),
        ('"последние пять лет"', ["последние пять лет"]),
        ('"пяти лет"', ["минимум за пять лет", "просил пять лет", "последние пять лет"]),
    ],
)
def test_a_phrase_of_words_that_weigh_nothing_is_found_as_it_stands(
    news: Generation, question: str, expected: Sequence[str]
) -> None:
    flags = admitted(news, parse(question, news.analyzer, TODAY))
    assert flags is not None
    texts = [news.passages[number].text for number in flags.nonzero()[0].tolist()]
    assert len(texts) == len(expected)
    assert all(any(words in text for text in texts) for words in expected)


# What is underlined


@pytest.mark.parametrize(
    ("question", "answers"),
    [
        ("кто подписал соглашение", ["Александр Вучич"]),
        ("сколько человек эвакуировали", ["1200 человек"]),
        ("сколько пассажиров вмещает вагон", ["180 пассажиров"]),
        ("сколько рабочих мест сократят", ["900 рабочих мест"]),
    ],
)
def test_what_is_underlined_is_the_answer_and_no_more(
    news: Generation, question: str, answers: list[str]
) -> None:
    first, *others = underlined(ask(news, question))
    assert first == answers
    assert not any(others)


# What is said where there is nothing


@pytest.mark.parametrize(
    ("question", "said", "unsaid"),
    [
        ("статья:борщ", "Только статья: борщ", "Без условия"),
        ("после:2027", "Только с 1 января 2027", "Без условия"),
        ("источник:Труд", "Только источник: Труд", "нет слов"),
        ("приговор источник:Trend", "Без условия «источник:Trend» ответ есть", "нет слов"),
        ("источник:", "нет слов", "Только"),
    ],
)
def test_a_refusal_says_what_was_asked_for(
    news: Generation, question: str, said: str, unsaid: str
) -> None:
    reply = refusal(look_up(news, question, 3, today=TODAY), NOON)
    assert said in reply.text
    assert unsaid not in reply.text


def test_a_filter_that_cannot_be_read_does_not_drown_the_words(news: Generation) -> None:
    assert sources(ask(news, "паводок дата:2026-13")) == ["Kazinform"]


def test_a_literal_question_keeps_every_word_as_it_is_typed(news: Generation) -> None:
    for typed in ("хонда", "Кожухав", "Uchida", "Gfdjljr"):
        found = search(news, parse(typed, news.analyzer, TODAY, literal=True), 3)
        assert (found.hits, found.corrections) == ((), ())


# Several segments


PARTED = {
    "уран": "Казахстан добывает уран. Президент Касым-Жомарт Токаев прибыл в Токио.",
    "банк": "Национальный банк регулирования (НБРК) поднял ставку. Honda строит завод.",
    "рейс": "В декабре откроют рейс из Алматы. Его ждут туристы и Мейрам Кожухов.",
    "путь": "Открыт Транскаспийский международный транспортный маршрут.",
}


@given(
    st.lists(st.integers(1, len(PARTED) - 1), unique=True).map(sorted),
    st.sets(st.sampled_from(sorted(PARTED)), max_size=3),
    st.sampled_from(
        [
            *("Tokayev в Токио", "Кожухав", "хонда", "njrftd", "НБРК", "национальный банк"),
            *("банк регулирования", "ТМТМ", "туризм", "казахстанский уран", "рейсы в декабре"),
        ]
    ),
)
def test_an_archive_in_several_segments_understands_as_one_does(
    cuts: list[int], gone: set[str], question: str
) -> None:
    some = in_segments(PARTED, cuts, gone)
    one = in_segments({name: text for name, text in PARTED.items() if name not in gone}, [])
    ours, theirs = (understand(each, parse(question, each.analyzer, TODAY)) for each in (some, one))
    assert ours.corrections == theirs.corrections
    for own, its in zip(ours.sought, theirs.sought, strict=True):
        assert own._replace(passages=its.passages, otherwise=its.otherwise) == its
        for mine, its_own in ((own.passages, its.passages), (own.otherwise, its.otherwise)):
            texts = [some.passages[number].text for number in mine.tolist()]
            assert texts == [one.passages[number].text for number in its_own.tolist()]
