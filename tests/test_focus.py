"""Which sentence answers, and what in it is the answer: found where it is clear, else none."""

import re
import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from retrieval.analyzer import Analyzer
from retrieval.asking.asks import Asks
from retrieval.focusing.countries import countries
from retrieval.focusing.focus import focus
from retrieval.focusing.namings import dates, full_names, places
from retrieval.focusing.numbers import numbers
from retrieval.focusing.sentences import leans, sentences
from retrieval.models import Passage, Span
from tests.builders import article

ANALYZER = Analyzer()
WHEN, HOW_MANY, WHERE, WHO = Asks.WHEN, Asks.HOW_MANY, Asks.WHERE, Asks.WHO
ASKING = re.compile(r"^(?:когда|сколько|во сколько|где|кто|в какой|в каком|через сколько) ")


def weights(question: str) -> tuple[dict[str, float], float]:
    """The lemmas of a question with what their words weigh, and the weight of them all."""
    words = ANALYZER.tokens(ASKING.sub("", question), any_case=True)
    return {lemma: word.weight for word in words for lemma in word.lemmas}, sum(
        word.weight for word in words
    )


def asked(question: str, text: str, asks: Asks | None) -> tuple[str | None, list[str]]:
    """The sentence and the answers that a text gives, as texts."""
    head = "Шапка 😀\n\n"
    passage = Passage(article(f"{head}{text}\n\nХвост"), len(head), len(head) + len(text))
    of_words, whole = weights(question)
    sentence, answer = focus(passage, ANALYZER.tokens(text), of_words, asks, ANALYZER, whole)
    whole_text = passage.article.text
    return whole_text[slice(*sentence)] if sentence else None, [
        whole_text[slice(*one)] for one in answer
    ]


BRIDGE = (
    "Мост через Урал давно ждали. Его открыли 12 мая 2023 года в Атырау. Строительство моста"
    " обошлось в 4,5 млрд тенге. Проект моста разработал инженер Ерлан Досов."
)


@pytest.mark.parametrize(
    ("question", "asks", "sentence"),
    [
        ("мост через урал", None, 0),
        ("когда открыли мост", WHEN, 1),
        ("сколько стоило строительство моста", HOW_MANY, 2),
        ("кто разработал проект моста", WHO, 3),
        ("инженер досов", None, 3),
        ("цены на хлеб", None, None),
    ],
)
def test_the_sentence_that_answers(question: str, asks: Asks | None, sentence: int | None) -> None:
    found = [BRIDGE[slice(*span)] for span in sentences(BRIDGE)]
    assert asked(question, BRIDGE, asks)[0] == (None if sentence is None else found[sentence])


@pytest.mark.parametrize(
    ("question", "asks", "text", "answer"),
    [
        ("когда построили плотину", WHEN, "Плотину построили в мае 1961 года.", "мае 1961 года"),
        ("когда построили плотину", WHEN, "Плотину построили 3–5 мая.", "3–5 мая"),
        ("когда построят плотину", WHEN, "Плотину построят через три года.", "через три года"),
        ("когда построили плотину", WHEN, "Плотину построили с 1960 по 1964 год.",
         "с 1960 по 1964 год"),
        ("когда построили плотину", WHEN, "Плотину строили в 1961 году, чинили в 1964 году.",
         None),
        ("когда построили плотину в 1961 году", WHEN, "Плотину построили в 1961 году.", None),
        ("когда построили плотину", WHEN, "Плотину построил Лев Ильин (1901 — 1970).", None),
        ("сколько школ построили", HOW_MANY, "За год построили 14 школ и 3 больницы.", "14 школ"),
        ("сколько школ построили", HOW_MANY, "За год построили двадцать две новые школы.",
         "двадцать две"),
        ("сколько школ построили", HOW_MANY, "Школы построили за 14 месяцев.", None),
        ("сколько школ построили", HOW_MANY, "Построили 14 школ, из них 9 школ в сёлах.", None),
        ("сколько денег стоила школа", HOW_MANY, "Школа стоила более 2,1 млрд. тенге за 3 года.",
         "более 2,1 млрд. тенге"),
        ("на сколько подорожала пшеница", HOW_MANY, "Пшеница подорожала на 18,6% за 3 месяца.",
         "18,6%"),
        ("во сколько раз выросла пошлина", HOW_MANY, "Пошлина выросла в 2,5 раза, на 40 тенге.",
         "2,5 раза"),
        ("какова площадь озера", HOW_MANY, "Площадь озера 1 200 км², глубина 30 м.", "1 200 км²"),
        ("сколько школ построили", HOW_MANY, "Школы построили в 2021 году по форме 9-Б.", None),
        ("где прошёл форум", WHERE, "Форум прошёл в Таразе 5 мая.", "Таразе"),
        ("где прошёл форум", WHERE, "Форум прошёл в Кремлёвском дворце.", "Кремлёвском дворце"),
        ("где прошёл форум", WHERE, "Форум прошёл в Таразе, а выставка на Тайване.", None),
        ("где прошёл форум в таразе", WHERE, "Форум прошёл в Таразе.", None),
        ("в какой стране прошёл форум", WHERE, "Форум прошёл в Лионе, во Франции.", "Франции"),
        ("в какой стране прошёл форум", WHERE, "Форум прошёл в Лионе.", None),
        ("в каком городе прошёл форум", WHERE, "Форум прошёл в Лионе (Франция).", "Лионе"),
        ("в каком городе прошёл форум", WHERE, "Форум прошёл во Франции.", None),
        ("кто построил плотину", WHO, "Плотину построил инженер Лев Ильин.", "Лев Ильин"),
        ("кто построил плотину", WHO, "Плотину построил Л. Н. Ильин.", "Л. Н. Ильин"),
        ("кто построил плотину", WHO, "Министр Лев Ильин открыл плотину, её строил Отар Гия.",
         None),
        ("кто построил плотину", WHO, "Плотину построила Южная Корея.", None),
        ("кто построил плотину", WHO, "Плотину назвали «Лев Ильин».", None),
        ("кто такой лев ильин", WHO, "Плотину построил Лев Ильин.", None),
        ("в каком году построили плотину", WHEN, "Плотину построили в 1961 году.", "1961 году"),
        ("когда чинили плотину", WHEN, "После пожара в 1961 году плотину чинили.", None),
        ("кто строил плотину", WHO, "Плотину строили Отар и Лев Ильин.", None),
        ("где строили плотину", WHERE, "Плотину строили в Таразе и Шу.", None),
        ("плотина", None, "Плотину построили в 1961 году.", None),
    ],
)  # fmt: skip
def test_an_answer_is_found_where_it_is_clear(
    question: str, asks: Asks | None, text: str, answer: str | None
) -> None:
    assert asked(question, text, asks)[1] == ([answer] if answer else [])


def test_nothing_is_the_answer_in_a_sentence_with_little_of_the_question() -> None:
    text = "Совещание провели 5 мая 2021 года."
    assert asked("когда построили плотину на реке иртыш после совещания", text, WHEN)[1] == []


def test_nothing_is_the_answer_where_two_sentences_may_give_it() -> None:
    text = "Плотину чинили в 1961 году. Плотину чинили в 1975 году."
    assert asked("когда чинили плотину", text, WHEN) == ("Плотину чинили в 1961 году.", [])


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("К. Досов приехал. Он устал.", ["К. Досов приехал.", "Он устал."]),
        ("В 2020 г. дали 3 млрд. тенге. Мало.", ["В 2020 г. дали 3 млрд. тенге.", "Мало."]),
        ("Он сказал: «Еду. Ждите». Уехал.", ["Он сказал: «Еду. Ждите».", "Уехал."]),
        ('Он сказал: "Еду. Ждите". Уехал.', ['Он сказал: "Еду. Ждите".', "Уехал."]),
        ("Он сказал: „Еду. Ждите“. Уехал.", ["Он сказал: „Еду. Ждите“.", "Уехал."]),
        ("«Еду. Ждите», — сказал он.", ["«Еду.", "Ждите», — сказал он."]),
        ("(Это шутка. Точно.) Конец.", ["(Это шутка. Точно.)", "Конец."]),
        ("Планы:\n1. Школа.\n2. Сад.", ["Планы:\n1. Школа.", "2. Сад."]),
        ("Он сказал: «Еду. Ждите. Уехал.", ["Он сказал: «Еду.", "Ждите.", "Уехал."]),
        ("В 90-х гг. XX в. было так. Да.", ["В 90-х гг. XX в. было так.", "Да."]),
        (" \n ", []),
    ],
)
def test_sentences(text: str, found: list[str]) -> None:
    assert [text[slice(*span)] for span in sentences(text)] == found


def test_a_long_speech_is_parted() -> None:
    speech = "Мы построили большую школу. " * 20
    assert len(sentences(f"Он сказал: «{speech}Конец».")) == 21


@pytest.mark.parametrize(
    ("sentence", "does"),
    [("Они ушли.", True), ("— Однако нет.", True), ("Этого мало.", True), ("Тамара ушла.", False),
     ("Об этом сообщил аким.", True), ("В нём участвуют десять стран.", True),
     ("О ней писали.", True), ("С ним приехали врачи.", True), ("К этому привыкли.", True),
     ("На этом всё.", True), ("У них есть школа.", True), ("После этого ушли.", True),
     ("Среди них дети.", True), ("«Без неё нельзя».", True), ("Вместе с ними шёл он.", True),
     ("В этом году открыли завод.", False), ("В Немане тихо.", False), ("На Нимбе.", False),
     ("Итак-то.", False), ("Президент сказал, что он рад.", False)],
)  # fmt: skip
def test_leaning(sentence: str, does: bool) -> None:
    assert leans(sentence) == does


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("18–20 декабря и 5 мая 2021 г.", ["18–20 декабря", "5 мая 2021 г."]),
        ("с 1990-х годов, в 90-х", ["1990-х годов", "90-х"]),
        ("в первом квартале 2023 года", ["первом квартале 2023 года"]),
        ("периоды (2004-2007 гг.) и (2010 — 2012)", ["2004-2007 гг."]),
        ("31.12.2020, 2021-01-05", ["31.12.2020", "2021-01-05"]),
        ("в V в. до н. э. и в XIX веке", ["V в. до н. э.", "XIX веке"]),
        ("22 000 лет назад", ["22 000 лет назад"]),
        ("в 1861, в 2004 странах, 2004 тонны", ["1861"]),
        ("Мая Плисецкая и Август Бебель", []),
        ("Досов (1830, Уральск — 1895) в 1861 году", ["1861 году"]),
        ("Досов (5 мая 1830 г. – 7 июня 1895 г.)", []),
        ("война (в 1830 году, затем в 1895 году)", ["1830 году", "1895 году"]),
        ("план (1830 — 1895 гг.) и (1861 год)", ["1830 — 1895 гг.", "1861 год"]),
        ("скобка (5 мая 1830 — 7 июня 1895", ["5 мая 1830", "7 июня 1895"]),
    ],
)
def test_dates(text: str, found: list[str]) -> None:
    assert [text[slice(*span)] for span in dates(text)] == found


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("на 18,6%, до 1,6 млрд долларов США",
         [("18,6%", "share"), ("1,6 млрд долларов США", "money")]),
        ("C5+1, Ту-154, 9-й, №5, статья 7.1", [("7.1", "")]),
        ("не менее 20 тысяч жителей", [("не менее 20 тысяч жителей", "people")]),
        ("от 30 до 50 тысяч человек", [("от 30 до 50 тысяч человек", "people")]),
        ("двадцать один год, в семье трое", [("двадцать один год", "time")]),
        ("52 компании, 115,9 м", [("52", ""), ("115,9 м", "length")]),
        ("сталь, стали, сто три", [("сто три", "")]),
    ],
)  # fmt: skip
def test_numbers(text: str, found: list[tuple[str, str]]) -> None:
    assert [(text[slice(*one.span)], one.measure) for one in numbers(text)] == found


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("учился в Университете ООН в Токио", ["Университете ООН в Токио"]),
        ("в селе Ивановка Московской области", ["селе Ивановка Московской области"]),
        ("в Нью-Йорке, США, и в Ростове-на-Дону", ["Нью-Йорке, США", "Ростове-на-Дону"]),
        ("в г. Тараз (Казахстан) и в лесу", ["г. Тараз (Казахстан)"]),
        ("слово на Токио", ["Токио"]),
        ("кров Токио", []),
    ],
)
def test_places(text: str, found: list[str]) -> None:
    assert [text[slice(*span)] for span in places(text)] == found


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("премьер Лев Ильин и К. К. Досов", ["Лев Ильин", "К. К. Досов"]),
        ("Людвиг ван Бетховен", ["Людвиг ван Бетховен"]),
        ("роман «Анна Каренина», завод США Лев", []),
    ],
)
def test_full_names(text: str, found: list[str]) -> None:
    assert [text[slice(*span)] for span in full_names(text)] == found


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("столица Франции и Саудовской Аравии", ["Франции", "Саудовской Аравии"]),
        ("из США в Соединённые Штаты", ["США", "Соединённые Штаты"]),
        ("французский чад над городом", []),
    ],
)
def test_countries(text: str, found: list[str]) -> None:
    spans = countries(text, ANALYZER.tokens(text), ANALYZER)
    assert [text[slice(*span)] for span in spans] == found


FRAGMENTS = """«|»|"|(|)| |. |\n|5|2021 года|в Таразе|Лев Ильин|мая|—|Он|школа|школы|млн|%|😀|\u200b
|1 000|от|до|XX век|в начале|около|К. |(1901 — 1970)|через|назад|США"""
pieces = st.sampled_from(FRAGMENTS.split("|"))
texts = st.one_of(st.text(max_size=80), st.lists(pieces, max_size=30).map("".join))


@given(texts, st.sampled_from([None, *Asks]), st.dictionaries(st.sampled_from(
    ["школа", "5", "тараз", "2021", "", "он"]), st.floats(0, 3)))  # fmt: skip
def test_whatever_the_text_spans_lie_in_it(
    text: str, asks: Asks | None, sought: dict[str, float]
) -> None:
    whole = Passage(article(f"x{text}y"), 1, 1 + len(text))
    sentence, answer = focus(whole, ANALYZER.tokens(text), sought, asks, ANALYZER)
    if sentence is None:
        assert answer == ()
        return
    assert 1 <= sentence.start < sentence.stop <= 1 + len(text)
    assert len(answer) <= 1
    for span in answer:
        assert sentence.start <= span.start < span.stop <= sentence.stop


@given(texts)
def test_sentences_lie_in_order_and_leave_out_only_blanks(text: str) -> None:
    place, left = 0, ""
    for span in sentences(text):
        assert place <= span.start < span.stop <= len(text)
        left += text[place : span.start]
        place = span.stop
    assert not (left + text[place:]).strip()


@pytest.mark.parametrize(
    "unit", ["а", "5 ", "1", "В Т ", "Лев ", "(", "« ", "два ", "в 2021 ", "от 5 ", "К.", "5 мая "]
)
@pytest.mark.parametrize("asks", [WHEN, HOW_MANY, WHERE, WHO])
def test_a_hostile_text_takes_no_time(unit: str, asks: Asks) -> None:
    text = f"Школа {unit * (4096 // len(unit))}"
    tokens = ANALYZER.tokens(text)
    begin = time.perf_counter()
    focus(Passage(article(text), 0, len(text)), tokens, {"школа": 1.0}, asks, ANALYZER)
    assert time.perf_counter() - begin < 0.5


def test_an_unclosed_bracket_of_years_takes_no_time() -> None:
    begin = time.perf_counter()
    dates("(" + "1999 – " * 170)
    assert time.perf_counter() - begin < 0.5


def test_a_sentence_is_a_span_of_the_article() -> None:
    whole = Passage(article("Шапка. Школа открыта. Школа нова."), 7, 33)
    found, _ = focus(whole, ANALYZER.tokens(whole.text), {"новый": 1.0}, None, ANALYZER)
    assert found == Span(22, 33)
