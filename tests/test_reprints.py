"""A story printed again is one story; two that only look alike are two, and no news is hidden."""

import random
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from retrieval.assembling import build
from retrieval.models import Article, Passage
from retrieval.reprints import (
    LONGEST,
    Text,
    changed_share,
    fingerprint,
    is_big_change,
    is_reprint,
    stories,
    words,
)
from tests.builders import article, corpus, shipped_archive

ANALYZER = shipped_archive().analyzer

STORY = """Президент Казахстана прибыл в Токио с официальным визитом. В аэропорту Ханэда его \
встретили министр иностранных дел и посол. Стороны подпишут более 40 документов на сумму 3,7 млрд \
долларов. Переговоры с премьер-министром пройдут 19 декабря. Вечером состоится обед в \
Императорском дворце, где обсудят водные ресурсы и обмеление Каспийского моря."""

OTHER_AUTHOR = """Токио принимает высокого гостя: глава Казахстана начал в четверг свою поездку по \
Японии. Как ожидается, в ходе визита будет заключено свыше сорока соглашений, а их общая стоимость \
приблизится к четырём миллиардам. Эксперты видят в этом интерес японских компаний к урану и \
редкоземельным металлам. В пятницу лидера ждёт встреча с главой правительства."""

BY = "Об этом пишет наше издание со ссылкой на пресс-службу главы государства. "
ADDED = """

Ранее сообщалось, что между Алматы и Токио в следующем году откроют прямой авиарейс. Японские \
компании вложили в экономику страны более 9 миллиардов долларов."""

RATES = """Национальный банк установил официальные курсы валют на {} ноября 2025 года. Доллар США \
стоит {} тенге, евро — {} тенге, российский рубль — {} тенге, китайский юань — {} тенге. В \
обменных пунктах Астаны и Алматы доллар продают по {} тенге за 1 доллар."""

WEATHER = """По данным Казгидромета, {} ноября на большей части территории Казахстана ожидается \
погода без осадков. В Астане ночью {} градусов мороза, днём {}. В Алматы ночью {}, днём {}. На \
дорогах местами туман и гололёд. Ветер юго-западный, порывы до {} метров в секунду."""


PHONE_CALL = """Президент провёл телефонный разговор с {}. Главы государств обсудили перспективы \
укрепления двустороннего сотрудничества, рассмотрели график предстоящих контактов на высшем уровне \
и обменялись мнениями по региональной повестке."""


ROAD = """Участок трассы Астана — Караганда закрыли для всех видов транспорта из-за метели и \
нулевой видимости, сообщили в компании «КазАвтоЖол». Водителей просят не выезжать до {}."""

VERDICT = """Суд огласил решение по делу бывшего акима Ержана Бабакумарова. {} Его обвиняли в \
получении взятки в особо крупном размере. Адвокаты намерены обратиться в Верховный суд."""

FIRE = """Напомним, в июне в области произошёл пожар на складе горючего. Огонь охватил площадь в \
две тысячи квадратных метров, на месте работали 120 спасателей. Прокуратура начала расследование \
по статье о нарушении требований безопасности. Жители посёлка жаловались на запах гари."""

GAME = """{} в матче регулярного чемпионата лиги. Зрители заполнили арену задолго до начала \
встречи, а билеты раскупили за два дня. Следующую игру команды проведут на выезде."""


def text(content: str, title: str = "", source: str = "", article_id: str = "a") -> Text:
    paragraphs = tuple(filter(None, content.split("\n")))
    return Text(article_id, tuple(ANALYZER.lemmas(content)), paragraphs, title, source)


def folded(earlier: str, later: str) -> bool:
    return is_reprint(text(earlier), text(later), ANALYZER)


def test_words_are_those_of_the_passages_and_of_nothing_above_them() -> None:
    archive = shipped_archive()
    for found in words(archive, [each.id for each in archive.articles]):
        passages = archive.passages_of(found.article_id)
        own = [lemma for each in passages for lemma in archive.analyzer.lemmas(each.text)]
        assert list(found.lemmas) == own
        assert [each.text for each in passages[1:]] == list(found.paragraphs[1:])
    assert words(archive, ["gone.txt"]) == [Text("gone.txt", (), ())]


def test_words_come_with_title_and_source(tmp_path: Path) -> None:
    files = {"a.md": f"---\ntitle: Визит\nsource: Акорда\n---\n{STORY}", "b.md": STORY}
    one, other = words(build(corpus(tmp_path, files)), list(files))
    assert (one.title, one.source, other.source) == ("Визит", "Акорда", "")


@pytest.mark.parametrize(
    "reprint",
    [
        pytest.param(STORY, id="word for word"),
        pytest.param(STORY.upper().replace(".", " ."), id="capitals and spaces"),
        pytest.param(STORY.replace("ё", "е"), id="without ё"),
        pytest.param(STORY.partition("Вечером")[0], id="shortened"),
        pytest.param(f"{STORY[:300]}… Читать полностью на сайте издания.", id="cut, with a link"),
        pytest.param("\n".join(STORY.replace(". ", ".\n").split("\n")[::-1]), id="other order"),
        pytest.param(BY + STORY, id="who reports it comes first"),
        pytest.param(f"{STORY}\n{BY}", id="who reports it comes last"),
        pytest.param(
            STORY.replace("визитом.", "визитом, сообщает Zakon.kz."),
            id="who reports it in the lead",
        ),
        pytest.param(
            STORY.replace("визитом.", "визитом, сообщили в пресс-службе Акорды."), id="so does it"
        ),
        pytest.param("АЛМАТЫ, 20 декабря. /Zakon.kz/. " + STORY, id="a dateline"),
        pytest.param("АСТАНА. 21 ноября. КАЗИНФОРМ — " + STORY, id="another dateline"),
        pytest.param(STORY.replace("3,7 млрд", "3,7 миллиарда"), id="a number in other words"),
        pytest.param(STORY.replace("встретили", "встретилии"), id="a typing error"),
        pytest.param(STORY.replace("иностранных", "инностранных"), id="another typing error"),
    ],
)
def test_a_reprint(reprint: str, tmp_path: Path) -> None:
    files = {"0.md": f"---\ntitle: Визит\n---\n{STORY}", "1.md": f"---\ntitle: Т\n---\n{reprint}"}
    one, other = words(build(corpus(tmp_path, files)), list(files))
    assert is_reprint(one, other, ANALYZER)


@pytest.mark.parametrize(
    ("earlier", "later", "expected"),
    [
        ("АСТАНА. 20 ноября. КАЗИНФОРМ — ", "Астана, 21 ноября. ", True),
        ("Zakon.kz – ", "АСТАНА, 21 ноября. /ТАСС/. ", True),
        ("Костанай, 20 ноября. ", "Рудный, 20 ноября. ", False),
    ],
)
def test_a_dateline_may_change_but_not_its_place(
    earlier: str, later: str, expected: bool, tmp_path: Path
) -> None:
    closed = "В городе из-за аварии отключили отопление в школах и детских садах. "
    closed += "Занятия перевели в дистанционный формат до особого распоряжения акимата."
    files = {"0.txt": f"Новость\n\n{earlier}{closed}", "1.txt": f"Новость\n\n{later}{closed}"}
    one, other = words(build(corpus(tmp_path, files)), list(files))
    assert is_reprint(one, other, ANALYZER) is expected


def test_typing_errors_that_were_mended_are_no_news() -> None:
    assert folded(STORY.replace("иностранных", "инностранных"), STORY)


def test_an_editor_may_polish_a_long_text_but_not_its_lead() -> None:
    long = "\n".join([STORY, FIRE])
    assert folded(long, long.replace("жаловались на запах", "жаловались на вонь"))
    assert not folded(long, long.replace("официальным", "дружеским"))
    assert not folded(long, long.replace("начала расследование", "прекратила расследование"))
    assert not folded(STORY, STORY.replace("водные", "земельные"))


@pytest.mark.parametrize(
    ("earlier", "later"),
    [
        pytest.param(STORY, OTHER_AUTHOR, id="the same event by another author"),
        pytest.param(
            RATES.format(20, "521,4", "601,3", "6,4", "73,2", "523"),
            RATES.format(21, "519,8", "599,9", "6,5", "73,0", "522"),
            id="rates of another day",
        ),
        pytest.param(
            WEATHER.format(20, 7, 2, 0, 6, 15),
            WEATHER.format(21, 7, 2, 0, 6, 15),
            id="weather of another day, and all but the day is the same",
        ),
        pytest.param(
            PHONE_CALL.format("Шавкатом Мирзиёевым"),
            PHONE_CALL.format("Реджепом Эрдоганом"),
            id="a call to someone else",
        ),
        pytest.param(ROAD.format("утра"), ROAD.format("вечера"), id="another end"),
        pytest.param(
            ROAD.format("утра"),
            ROAD.format("утра").replace("Караганда", "Петропавловск"),
            id="another road",
        ),
        pytest.param(
            ROAD.format("утра"), ROAD.format("утра").replace("закрыли", "открыли"), id="open again"
        ),
        pytest.param(
            ROAD.format("утра"),
            ROAD.format("утра").replace("закрыли", "закроют"),
            id="another time",
        ),
        pytest.param(
            ROAD.format("утра"),
            ROAD.format("утра").replace("не выезжать", "выезжать"),
            id="no «не»",
        ),
        pytest.param(
            ROAD.format("утра"), ROAD.format("утра").replace("закрыли", "не закрыли"), id="a «не»"
        ),
        pytest.param(
            ROAD.format("утра"),
            ROAD.format("утра").replace(" до ", " после "),
            id="after, not till",
        ),
        pytest.param(
            VERDICT.format("Его оправдали."), VERDICT.format("Его осудили."), id="another verdict"
        ),
        pytest.param(
            VERDICT.format(""),
            VERDICT.format("").replace("Ержана Бабакумарова", "Кайрата Темирханова"),
            id="another person",
        ),
        pytest.param(
            GAME.format("Хоккеисты «Барыса» обыграли соперников из «Сибири»"),
            GAME.format("Хоккеисты «Сибири» обыграли соперников из «Барыса»"),
            id="who beat whom",
        ),
        pytest.param(STORY, STORY.replace("40", "45"), id="another number"),
        pytest.param(
            f"Суд арестовал директора склада. {FIRE}",
            f"Экспертиза назвала причину пожара: замыкание в насосной. {FIRE}",
            id="the next news with the same background",
        ),
        pytest.param(FIRE, f"Водитель бензовоза скончался. {FIRE}", id="a new lead"),
        pytest.param(FIRE, f"{FIRE}\nСуд начнётся в декабре.", id="a new last paragraph"),
        pytest.param(STORY, STORY + ADDED, id="a paragraph more"),
        pytest.param(STORY.partition("Вечером")[0], STORY, id="the full text of a brief"),
        pytest.param(STORY, STORY.partition(". ")[0], id="a headline is too short to be a reprint"),
        pytest.param(STORY, ADDED.strip(), id="another story of the same visit"),
        pytest.param("", "", id="no words at all"),
    ],
)
def test_not_a_reprint(earlier: str, later: str) -> None:
    assert not folded(earlier, later)


@pytest.mark.parametrize(
    ("title", "other", "expected"),
    [
        ("Визит в Токио", "Президент прибыл в Японию", True),
        ("Президент прибыл в Токио", "Президент прибыл в Токио: подробности", True),
        ("Министр сообщил о визите", "Министр рассказал о визите", True),
        ("Минэнерго подтвердило повышение цен", "Минэнерго опровергло повышение цен", False),
        ("Трасса закрыта", "Трасса открыта", False),
        ("Цены на бензин повысят", "Цены на бензин не повысят", False),
        ("Курс доллара на 20 ноября", "Курс доллара на 21 ноября", False),
    ],
)
def test_titles_that_say_the_opposite_are_two_stories(
    title: str, other: str, expected: bool
) -> None:
    assert is_reprint(text(STORY, title), text(STORY, other), ANALYZER) is expected


def test_of_one_source_only_an_equal_text_is_a_reprint() -> None:
    shorter = STORY.partition("Вечером")[0]
    assert is_reprint(text(STORY, source="Акорда"), text(STORY, source="АКОРДА"), ANALYZER)
    assert is_reprint(text(STORY, source="Акорда"), text(shorter, source="Trend"), ANALYZER)
    assert not is_reprint(text(STORY, source="Акорда"), text(shorter, source="Акорда"), ANALYZER)


def test_a_short_text_is_a_reprint_of_an_equal_one_only() -> None:
    brief = "Токаев прибыл в Токио."
    assert folded(brief, "ТОКАЕВ прибыл в Токио")
    assert not folded(f"{brief} Визит продлится два дня.", brief)


def test_a_very_long_text_is_a_reprint_of_an_equal_one_only() -> None:
    long = "\n".join(f"Вопрос {number} обсудили в Токио." for number in range(LONGEST // 3))
    assert folded(long, long)
    assert not folded(long, long.rpartition("\n")[0])


def test_articles_of_different_authors_in_the_archive_are_stories_of_their_own() -> None:
    archive = shipped_archive()
    known = words(archive, [each.id for each in archive.articles])
    assert stories(known, [], ANALYZER) == {found.article_id: found.article_id for found in known}


# Stories


def said(name: str, content: str) -> Text:
    return text(content, article_id=name)


FIRST = said("first", f"{STORY}\n{FIRE}")
SHORTER = said("shorter", f"{STORY}\n{BY}")
SHORTEST = said("shortest", STORY.partition("Вечером")[0])
OTHER = said("other", ROAD.format("утра"))


@pytest.mark.parametrize(
    ("new", "known", "expected"),
    [
        ([], [FIRST], {}),
        ([FIRST, OTHER], [], {"first": "first", "other": "other"}),
        ([SHORTER], [OTHER, FIRST], {"shorter": "first"}),
        ([FIRST, SHORTER], [OTHER], {"first": "first", "shorter": "first"}),
        ([SHORTER, FIRST], [], {"shorter": "shorter", "first": "first"}),
        ([FIRST], [FIRST], {"first": "first"}),
        ([said("empty", "")], [said("blank", "")], {"empty": "empty"}),
        ([said("grammar", "И не в то.")], [said("same", "И не в то.")], {"grammar": "grammar"}),
    ],
)
def test_a_story_is_named_after_its_first_article(
    new: list[Text], known: list[Text], expected: dict[str, str]
) -> None:
    assert stories(new, known, ANALYZER) == expected


@pytest.mark.parametrize(("new", "known"), [(1, 2), (2, 1), (3, 0)])
def test_a_reprint_of_a_reprint_belongs_to_the_story_that_began_it(new: int, known: int) -> None:
    chain = [FIRST, SHORTER, SHORTEST]
    found = stories(chain[known:], chain[:known], ANALYZER)
    assert found == {each.article_id: "first" for each in chain[known:]}
    assert len(found) == new


def test_the_quick_look_misses_no_reprint() -> None:
    """Against all pairs, one by one: sentences left out, put in and put elsewhere at random."""
    chance = random.Random(5)  # noqa: S311
    sentences = STORY.replace("\n", " ").split(". ") + FIRE.split(". ") + OTHER_AUTHOR.split(". ")
    texts = [
        said(str(number), ". ".join(chance.sample(sentences, chance.randrange(2, 9))))
        for number in range(80)
    ]
    found = stories(texts, [], ANALYZER)
    roots: dict[str, str] = {}
    for number, later in enumerate(texts):
        first = next((each for each in texts[:number] if is_reprint(each, later, ANALYZER)), None)
        roots[later.article_id] = roots[first.article_id] if first else later.article_id
    assert found == roots
    assert 10 < len(set(roots.values())) < 80


@given(st.text(), st.text())
def test_any_texts_are_compared(one: str, other: str) -> None:
    assert is_reprint(text(one, one), text(one, one), ANALYZER) is bool(ANALYZER.lemmas(one))
    is_reprint(text(one, other), text(other, one), ANALYZER)


# What is new in a changed article


def passages(text: str) -> list[Passage]:
    whole: Article = article(text)
    spans = [(text.index(line), text.index(line) + len(line)) for line in text.splitlines() if line]
    return [Passage(whole, start, stop) for start, stop in spans]


OLD = "Япония поддержала проект. Средства пойдут на закупки.\nВизит завершится завтра."


@pytest.mark.parametrize(
    ("changed", "share"),
    [
        (OLD, 0.0),
        (OLD.upper().replace(" ", "  ").replace(".", " !"), 0.0),
        (OLD.replace("Визит", "— Визит"), 0.0),
        ("Визит завершится завтра.\nЯпония поддержала проект.", 0.0),
        ("Совсем другой текст.", 1.0),
        ("", 0.0),
        (f"{OLD}\n{'Новое слово. ' * 6}".strip(), 0.5),
        (OLD.replace("завтра", "в среду"), 0.3),
    ],
)
def test_how_much_of_a_changed_article_is_new(changed: str, share: float) -> None:
    assert changed_share(fingerprint(passages(OLD)), passages(changed)) == pytest.approx(
        share, abs=0.05
    )


def test_the_dots_of_a_letter_are_no_change() -> None:
    old = fingerprint(passages(STORY))
    assert changed_share(old, passages(STORY.replace("ё", "е"))) == 0
    assert changed_share(old, passages(STORY.replace("ё", "е\u0308"))) == 0


def test_a_correction_is_no_big_change_and_a_new_paragraph_is() -> None:
    old = fingerprint(passages(STORY))
    assert not is_big_change(old, passages(STORY.replace("более 40", "45")))
    assert is_big_change(old, passages(STORY + ADDED))


def test_what_is_not_known_has_not_changed() -> None:
    assert not is_big_change(b"", passages(STORY))


def test_a_fingerprint_is_the_same_in_every_run() -> None:
    assert fingerprint(passages("Япония поддержала проект.")).hex() == "e254c1cc"


@given(st.text(), st.text())
def test_any_text_has_a_fingerprint(old: str, new: str) -> None:
    before = [Passage(article(old), 0, len(old))]
    after = [Passage(article(new), 0, len(new))]
    assert 0 <= changed_share(fingerprint(before), after) <= 1
    assert changed_share(fingerprint(before), before) == 0
    assert len(fingerprint(before)) % 4 == 0
