"""A topic matches the articles that a person who typed it would want, and shows why."""

from collections.abc import Iterable
from functools import cache
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from bot.texts import topics as texts
from retrieval.assembling import build
from retrieval.generation import Generation
from retrieval.models import Hit
from retrieval.topics import (
    LONGEST,
    Fault,
    Topic,
    TopicError,
    find_topic,
    match,
    parse_topic,
    percolate,
    words_of,
)
from tests.builders import corpus, shipped_archive

ANALYZER = shipped_archive().analyzer


def topic(text: str) -> Topic:
    return parse_topic(text, ANALYZER)


@cache
def archive(*texts: str) -> Generation:
    """Articles with these texts, a title before «|» in each, named 0.md, 1.md…"""
    files = {}
    for number, text in enumerate(texts):
        title, _, body = text.rpartition("|")
        files[f"{number}.md"] = f"---\ntitle: {title or 'Новости дня'}\n---\n\n{body}\n"
    with TemporaryDirectory() as folder:
        return build(corpus(Path(folder), files))


def bold(hit: Hit) -> str:
    """The words that matched, as they stand in the article."""
    return " ".join(hit.passage.article.text[span.start : span.stop] for span in hit.spans)


def matched(text: str, *articles: str) -> list[list[str]] | None:
    """The bold words of each hit of the first article, None where it does not match."""
    generation = archive(*articles)
    found = match(topic(text), words_of(generation, "0.md"))
    return [bold(hit).split() for hit in found.hits] if found else None


def ids(generation: Generation, text: str) -> set[str]:
    """The articles that match by each of the three ways to ask, which must agree."""
    everything = [article.id for article in generation.articles]
    wanted = topic(text)
    one_by_one = {each for each in everything if match(wanted, words_of(generation, each))}
    assert {each for _, each in percolate({7: wanted}, generation, everything)} == one_by_one
    found = find_topic(wanted, generation, len(everything))
    assert {article.id for article, _ in found.articles} == one_by_one
    assert found.total == len(one_by_one)
    assert [each for _, each in found.articles] == [
        match(wanted, words_of(generation, article.id)) for article, _ in found.articles
    ]
    return one_by_one


# What matches


@pytest.mark.parametrize(
    ("text", "article", "words"),
    [
        # word forms and case
        ("уран", "Казахстан добыл больше урана, чем все.", "урана"),
        ("урана", "Торговля ураном растёт.", "ураном"),
        ("УРАН", "Уран подорожал.", "Уран"),
        ("токаев", "О встрече с Токаевым сообщила Акорда.", "Токаевым"),
        ("Токаев", "ТОКАЕВА встретили в порту.", "ТОКАЕВА"),
        ("такаити", "Переговоры с Такаити прошли успешно.", "Такаити"),
        ("подъем", "Начался подъём экономики.", "подъём"),
        ("mitsubishi", "Завод Mitsubishi закрыт.", "Mitsubishi"),
        # several words: all of them in one passage
        ("нефть газ", "Газ дешевеет, нефть дорожает.", "Газ нефть"),
        ("нефть газ", "Нефть дорожает.", None),
        ("нефть газ", "Нефть дорожает.\n\nГаз дешевеет.", None),
        ("о визите в Японию", "Итоги визита президента Японии.", "визита Японии"),
        # parts: all of them in one article
        ("нефть + газ", "Нефть дорожает, а газ нет.", "Нефть газ"),
        ("нефть+газ", "Нефть дорожает, а газ нет.", "Нефть газ"),
        ("нефть + уголь", "Нефть дорожает, а газ нет.", None),
        ("Центральная Азия + Япония", "Япония и Центральная Азия.", "Япония Центральная Азия"),
        ("C5+1", "Саммит «С5+1» прошёл в Астане.", "С5+1"),
        ("C5+1", "Новый самолёт C5 взлетел.", None),
        # minus words
        ("визит -Китай", "Визит в Японию завершён.", "Визит"),
        ("визит -Китай", "Визит в Китай завершён.", None),
        ("визит -китай", "Визит завершён.\n\nО Китае не говорили.", None),
        ("визит –Китай", "Визит в Китай завершён.", None),
        ("визит —Китай", "Визит в Китай завершён.", None),
        ("-Китай визит", "Визит в Китай завершён.", None),
        ("визит, -Китай", "Визит в Японию завершён.", "Визит"),
        ("визит,-Китай", "Визит в Китай завершён.", None),
        ("маршрут -«Средний коридор»", "Маршрут, или Средний коридор.", None),
        ("маршрут -«Средний коридор»", "Маршрут и коридор средней ширины.", "Маршрут"),
        # phrases, in quotes of any kind
        ('"Средний коридор"', "О развитии Среднего коридора.", "Среднего коридора"),
        ("«Средний коридор»", "СРЕДНИМ КОРИДОРОМ доволен каждый.", "СРЕДНИМ КОРИДОРОМ"),
        ("“Средний коридор”", "Средний коридор", "Средний коридор"),
        ("„Средний коридор“", "Средний коридор", "Средний коридор"),
        ("„Средний коридор”", "Средний коридор", "Средний коридор"),
        ('"Средний коридор"', "Коридор средний, длинный.", None),
        ('"Средний коридор"', "Средний и Южный коридор.", None),
        ('"Центральная Азия + Япония"', "«ЦЕНТРАЛЬНАЯ АЗИЯ + ЯПОНИЯ».", "ЦЕНТРАЛЬНАЯ АЗИЯ ЯПОНИЯ"),
        ('"Центральная Азия" Япония', "Япония и Центральная Азия.", "Япония Центральная Азия"),
        ('"уран"', "Цена урана", "урана"),
        ("«визит - Китай»", "Визит — Китай.", "Визит Китай"),
        ("«нефть, газ или уголь»", "Нефть, газ или уголь?", "Нефть газ или уголь"),
        # words of grammar in a phrase: as they stand, or declined
        ('"война и мир"', "Роман «Война и мир» переиздан.", "Война и мир"),
        ('"война и мир"', "Война или мир, вот в чём вопрос.", None),
        ('"наш дом"', "Жители нашего дома довольны.", "нашего дома"),
        ('"в Японии"', "Поездка по Японии.", None),
        # quotes without a pair: words
        ('"Средний коридор', "Коридор средней ширины.", "Коридор средней"),
        ("коридор»", "Коридор открыт.", "Коридор"),
        ('визит -"Китай', "Визит в Китай завершён.", None),
        ('"" уран', "Цена урана", "урана"),
        # compounds: whole, or all parts side by side
        ("премьер-министр", "Переговоры с премьер-министром.", "премьер-министром"),
        ("премьер-министр", "Премьер министр прибыл.", "Премьер министр"),
        ("премьер-министр", "Министр прибыл.", None),
        ("премьер-министр", "Министра заменил премьер.", None),
        ("премьер-министр", "Вице-премьер — министр экономики.", None),
        ("премьер-министр", "Премьер — министр экономики.", None),
        ("премьер-министр", "Премьер, министр и посол.", None),
        ("премьер-министр", "Вице-премьер министр прибыл.", None),
        ("премьер-министр", "Экс-премьер-министр прибыл.", "Экс-премьер-министр"),
        ("«премьер-министр прибыл»", "Экс-премьер-министр прибыл.", "Экс-премьер-министр прибыл"),
        ("казахстанско-японский", "Японско-казахстанские отношения.", "Японско-казахстанские"),
        ("казахстанско-японский", "Казахстанские и японские фирмы.", "Казахстанские и японские"),
        ("казахстанско-японский", "Казахстанские фирмы.", None),
        ("министр", "Переговоры с премьер-министром.", "премьер-министром"),
        ("Тау Кен", "Компания «Тау-Кен Самрук».", "Тау-Кен"),
        ('"Касым Жомарт Токаев"', "Речь Касым-Жомарта Токаева.", "Касым-Жомарта Токаева"),
        ('"Касым-Жомарт Токаев"', "Речь Касым Жомарта Токаева.", "Касым Жомарта Токаева"),
        ('"Нур-Султан"', "Нурсултан прибыл.", None),
        # a name is not another word of which it is a form
        ("Песков", "Добыча песка в карьере.", None),
        ("Песков", "Об этом сказал Песков.", "Песков"),
        ("Ростов", "Ожидается рост цен.", None),
        ("ии", "Развитие ИИ ускорилось.", "ИИ"),
        # numbers
        ("18,6", "Снижение на 18,6%.", "18,6"),
        ("2026", "К 2026 году.", "2026"),
    ],
)  # fmt: skip
def test_what_a_topic_matches(text: str, article: str, words: str | None) -> None:
    found = matched(text, article)
    assert (" ".join(found[0]) if found else None) == words
    assert ids(archive(article), text) == ({"0.md"} if words else set())


@pytest.mark.parametrize(
    ("text", "article"),
    [
        ("уран", "Цены на уран|Рынок вырос."),
        ("уран + рынок цена", "Цены на рынке|Урана больше."),
        ("«цены на уран»", "Цены на уран|Рынок вырос."),
    ],
)
def test_the_title_counts(text: str, article: str) -> None:
    assert ids(archive(article), text) == {"0.md"}


@pytest.mark.parametrize("text", ["рынок -уран", "рынок -«цены на уран»"])
def test_a_minus_word_in_the_title_counts(text: str) -> None:
    assert ids(archive("Цены на уран|Рынок вырос."), text) == set()


def test_a_part_is_not_divided_between_title_and_text() -> None:
    assert ids(archive("Цены на уран|Рынок вырос."), "уран рынок") == set()


def test_where_only_the_title_matches_the_first_passage_is_shown_without_bold() -> None:
    generation = archive("Цены на уран|Рынок вырос.\n\nСпрос упал.")
    found = match(topic("уран"), words_of(generation, "0.md"))
    assert found
    (hit,) = found.hits
    assert (hit.passage.text, hit.spans) == ("Рынок вырос.", ())


def test_where_only_a_section_head_matches_what_stands_below_it_is_shown() -> None:
    generation = archive("Новости|Рынок вырос на треть.\n\n## Дела урановые\n\nСпрос упал вдвое.")
    found = match(topic("урановый"), words_of(generation, "0.md"))
    assert found
    assert [(hit.passage.text, hit.spans) for hit in found.hits] == [("Спрос упал вдвое.", ())]
    assert ids(generation, "урановый") == {"0.md"}


NESTED = """Новости|Рынок вырос на треть.

## Дела урановые

### Добыча

Спрос упал вдвое.

## Читайте также

### Хоккей

## Теннис"""
PLAIN = """Итоги недели

Редакция собрала главное за неделю и рассказывает о нём.

Дела урановые

Новые планы компании

Компания сократит производство на десять процентов, сообщил министр."""


@pytest.mark.parametrize("text", ["урановый", "добыча", "урановый + добыча", "урановый + спрос"])
def test_the_upper_one_of_two_heads_counts(text: str) -> None:
    assert ids(archive(NESTED), text) == {"0.md"}


@pytest.mark.parametrize(
    "text", ["хоккей", "теннис", "спрос -урановый", "урановый добыча", "урановый спрос"]
)
def test_links_to_other_articles_are_no_heads_and_heads_are_not_joined(text: str) -> None:
    assert ids(archive(NESTED), text) == set()


def test_a_last_head_with_nothing_below_counts_and_has_nothing_to_show() -> None:
    generation = archive("Новости|Рынок вырос на треть.\n\n## Дела урановые")
    assert ids(generation, "урановый") == {"0.md"}
    assert ids(generation, "рынок -урановый") == set()
    found = match(topic("урановый"), words_of(generation, "0.md"))
    assert found
    assert found.hits == ()


def test_heads_in_a_row_count_in_plain_text_as_well(tmp_path: Path) -> None:
    generation = build(corpus(tmp_path, {"0.txt": PLAIN}))
    assert ids(generation, "урановый") == {"0.txt"}
    found = match(topic("урановый"), words_of(generation, "0.txt"))
    assert found
    assert [hit.passage.text[:8] for hit in found.hits] == ["Компания"]


@pytest.mark.parametrize(
    ("text", "article", "hits"),
    [
        ("нефть + газ", "Нефть есть.\n\nГаз и нефть есть.\n\nГаз и нефть.", ["Газ нефть"]),
        ("нефть + газ", "Спрос.\n\nГаз.\n\nНефть.", ["Газ", "Нефть"]),
        ("нефть + газ + уголь", "Нефть.\n\nГаз.\n\nУголь и газ.", ["Уголь газ", "Нефть"]),
        ("нефть + газ", "Рынок газа|Спрос.\n\nНефть есть.", ["Нефть"]),
        ("нефть", "Спрос.\n\nНефть.\n\nНефть, нефть.", ["Нефть"]),
    ],
)
def test_the_passages_that_show_why(text: str, article: str, hits: list[str]) -> None:
    found = matched(text, article)
    assert found is not None
    assert [" ".join(words) for words in found] == hits


def test_bold_are_the_words_of_a_phrase_only_where_they_stand_as_one() -> None:
    assert matched("«Средний коридор»", "Коридор средний. Средний коридор.") == [
        ["Средний", "коридор"]
    ]


@pytest.mark.parametrize(
    ("text", "articles"),
    [
        ("уран", {"002", "003", "004"}),
        ("Центральная Азия + Япония", {"000", "001", "002", "003", "004"}),
        ("визит -Китай", {"000", "002"}),
        ('"Средний коридор"', {"002"}),
        ("верховенство права", {"000", "003"}),
        ("редкоземельные металлы", {"000", "001", "002"}),
        ("АЭС + Россия", {"003"}),
        ("нефть", set()),
    ],
)
def test_topics_on_the_articles_that_ship(text: str, articles: set[str]) -> None:
    assert {each[:3] for each in ids(shipped_archive(), text)} == articles


TYPED = """
Япония японский Токаев визит Китай премьер-министр казахстанско-японский уран и в C5+1 Астана год
«Центральная_Азия» «министр_иностранных_дел» + -Китай -уран -«Средний_коридор»
"""
WORDS = st.sampled_from([word.replace("_", " ") for word in TYPED.split()])


@settings(max_examples=60, deadline=None)
@given(st.lists(WORDS, min_size=1, max_size=5).map(" ".join))
def test_the_three_ways_to_ask_agree(text: str) -> None:
    try:
        topic(text)
    except TopicError:
        return
    ids(shipped_archive(), text)


# What is a topic


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ("", Fault.EMPTY),
        (" \n\t ", Fault.EMPTY),
        ("+ - «»", Fault.EMPTY),
        ("🙂", Fault.EMPTY),
        ("\u200b\u0000", Fault.EMPTY),
        ("и в на", Fault.GRAMMAR),
        ("«и не»", Fault.GRAMMAR),
        ("-и", Fault.GRAMMAR),
        ("-Китай", Fault.WITHOUT),
        ("-Китай + -«Средний коридор» и", Fault.WITHOUT),
        ("уран, торий", Fault.SEVERAL),
        ("уран,торий", Fault.SEVERAL),
        ("уран; торий", Fault.SEVERAL),
        ("уран | торий", Fault.SEVERAL),
        ("уран или торий", Fault.SEVERAL),
        ("уран, ИЛИ торий", Fault.SEVERAL),
        ("уран OR торий", Fault.SEVERAL),
        ("«уран», «торий»", Fault.SEVERAL),
        ("уран -Китай, торий", Fault.SEVERAL),
        ("визит - Китай", Fault.DASH),
        ("визит — Китай", Fault.DASH),
        ("визит + - Китай", Fault.DASH),
        ("визит, - Китай", Fault.DASH),
        ("уран " * 41, Fault.LONG),
        ("у" * 201, Fault.LONG),
        ("\u0958" * 101, Fault.LONG),  # its composed form is two characters
    ],
)
def test_what_means_nothing_is_refused_with_the_reason(text: str, reason: Fault) -> None:
    with pytest.raises(TopicError) as raised:
        topic(text)
    assert raised.value.reason is reason


@pytest.mark.parametrize("text", ["уран,", "— уран", "уран | ", "или уран", "илистый уран"])
def test_a_mark_that_nothing_stands_behind_is_no_mark(text: str) -> None:
    assert topic(text).parts[0][-1] == topic("уран").parts[0][0]


def test_every_fault_is_said_in_one_line() -> None:
    for reason in Fault:
        said = texts.fault(reason, LONGEST + 1, LONGEST)
        assert said.endswith(("уран", "-Китай", "."))
        assert "\n" not in said


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("уран", "«уран»"),
        ("«Средний коридор» -Китай", "«„Средний коридор“ -Китай»"),
        ("„Средний коридор“", "«„Средний коридор“»"),
    ],
)
def test_guillemets_in_a_topic_are_not_doubled(text: str, shown: str) -> None:
    for say in (texts.added, texts.known, texts.removed):
        assert say(text).startswith(f"Тема {shown} ")


def test_a_topic_may_be_as_long_as_that() -> None:
    assert topic("у" * LONGEST).text == "у" * LONGEST


@pytest.mark.parametrize(
    ("typed", "kept"),
    [
        ("  уран \n Казахстан\t", "уран Казахстан"),
        ("Уран", "Уран"),
        ("уран\u00a0-Китай", "уран -Китай"),
        ("Алексеи\u0306", "Алексей"),
        ("у\u00adран\u202e\ud800", "уран"),
        ("«Средний  коридор»", "«Средний коридор»"),
    ],
)
def test_what_looks_the_same_is_one_topic(typed: str, kept: str) -> None:
    assert topic(typed).text == kept


def test_what_is_said_twice_is_said_once() -> None:
    assert topic("уран Уран + уран -Китай -китай").parts == topic("уран").parts
    assert topic("уран -Китай -китай").without == topic("уран -Китай").without


@settings(max_examples=300, deadline=None)
@given(st.text() | st.text('уранКитй +-–—«»"“”„‟()5,.\u0306\u200b', max_size=40))
@example("уран+235 -5-10 (-«»)")
def test_any_text_is_a_topic_or_is_refused(text: str) -> None:
    try:
        found = topic(text)
    except TopicError:
        return
    assert topic(found.text) == found
    assert len(found.text) <= LONGEST
    assert found.text.encode()
    assert all(
        word.whole or word.spelling for part in found.parts for term in part for word in term
    )


# Many topics, many articles


def test_percolation_tells_topics_and_articles_apart() -> None:
    generation = archive("Уран подорожал.", "Нефть подорожала.", "Нефть и уран.")
    topics = {3: topic("уран"), 5: topic("нефть -уран"), 8: topic("газ")}
    found = percolate(topics, generation, ["0.md", "1.md", "2.md", "gone.md"])
    assert sorted(found) == [(3, "0.md"), (3, "2.md"), (5, "1.md")]


def test_percolation_looks_at_the_given_articles_only() -> None:
    generation = archive("Уран подорожал.", "Нефть подорожала.", "Нефть и уран.")
    assert list(percolate({3: topic("уран")}, generation, ["2.md"])) == [(3, "2.md")]
    assert list(percolate({}, generation, ["2.md"])) == []
    assert list(percolate({3: topic("уран")}, generation, [])) == []


def test_more_articles_than_are_looked_at_together() -> None:
    generation = archive(*(f"Уран номер {number}." for number in range(150)))
    found = percolate(
        {1: topic("уран"), 2: topic("149")}, generation, [f"{n}.md" for n in range(150)]
    )
    assert sorted(found) == sorted([*((1, f"{n}.md") for n in range(150)), (2, "149.md")])


def test_an_article_that_has_gone_has_no_words() -> None:
    with pytest.raises(LookupError, match="gone"):
        words_of(shipped_archive(), "gone.md")


def dated(folder: Path, dates: Iterable[str]) -> Generation:
    files = {
        f"{number}.md": f"---\ntitle: Т\n{date and f'date: {date}'}\n---\nУран найден, {number}."
        for number, date in enumerate(dates)
    }
    return build(corpus(folder, files))


def test_the_newest_come_first_and_those_without_a_date_last(tmp_path: Path) -> None:
    generation = dated(tmp_path, ["2025-01-02", "", "2025-12-30", "2025-01-02", "2024"])
    found = find_topic(topic("уран"), generation, 10)
    assert [article.id[0] for article, _ in found.articles] == ["2", "0", "3", "4", "1"]


@pytest.mark.parametrize("text", ["уран", "уран найти", "«уран найден»"])
def test_k_articles_are_shown_and_all_are_counted(text: str, tmp_path: Path) -> None:
    generation = dated(tmp_path, ["2025-01-02", "2025-01-03", "2025-01-04", "2025-01-05"])
    found = find_topic(topic(text), generation, 2)
    assert ([article.id for article, _ in found.articles], found.total) == (["3.md", "2.md"], 4)


def test_an_empty_archive_matches_nothing(tmp_path: Path) -> None:
    generation = dated(tmp_path, [])
    assert find_topic(topic("уран"), generation, 2) == ((), 0)
