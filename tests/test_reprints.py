"""One story printed twice is one story; two that only look alike are two."""

import random
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from retrieval.generation import build
from retrieval.models import Article, Passage
from retrieval.reprints import (
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

LEAD = "Об этом пишет наше издание со ссылкой на пресс-службу главы государства. "
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


def texts(folder: Path, *contents: str) -> list[Text]:
    """The words of articles with these texts, in order."""
    files = {
        f"{number}.md": f"---\ntitle: Т{number}\n---\n{one}" for number, one in enumerate(contents)
    }
    return words(build(corpus(folder, files)), list(files))


def test_words_are_those_of_the_passages_and_of_nothing_above_them() -> None:
    archive = shipped_archive()
    for text in words(archive, [each.id for each in archive.articles]):
        passages = archive.passages_of(text.article_id)
        own = [lemma for each in passages for lemma in archive.analyzer.lemmas(each.text)]
        assert list(text.lemmas) == own
    assert words(archive, ["gone.txt"]) == [Text("gone.txt", ())]


@pytest.mark.parametrize(
    "reprint",
    [
        pytest.param(STORY, id="word for word"),
        pytest.param(STORY.upper().replace(".", " ."), id="capitals and spaces"),
        pytest.param(STORY.partition("Вечером")[0], id="shortened"),
        pytest.param(LEAD + STORY, id="another lead sentence"),
        pytest.param(
            LEAD + STORY.partition(". ")[2], id="another lead sentence in place of the first"
        ),
        pytest.param(STORY + ADDED, id="one paragraph more"),
        pytest.param("АЛМАТЫ, 20 декабря. /Zakon.kz/. " + STORY, id="a dateline"),
        pytest.param(STORY.replace("3,7 млрд", "3,7 миллиарда"), id="a number in other words"),
        pytest.param(STORY.replace("40", "45"), id="one number corrected"),
        pytest.param(
            STORY.replace("прибыл", "приехал").replace("обсудят", "обсуждали"), id="edited"
        ),
    ],
)
def test_a_reprint(reprint: str, tmp_path: Path) -> None:
    one, other = texts(tmp_path, STORY, reprint)
    assert is_reprint(one, other, ANALYZER)
    assert is_reprint(other, one, ANALYZER)


@pytest.mark.parametrize(
    ("one", "other"),
    [
        pytest.param(STORY, OTHER_AUTHOR, id="the same event by another author"),
        pytest.param(
            RATES.format(20, "521,4", "601,3", "6,4", "73,2", "523"),
            RATES.format(21, "519,8", "599,9", "6,5", "73,0", "522"),
            id="rates of another day",
        ),
        pytest.param(
            WEATHER.format(20, 7, 2, 0, 6, 15),
            WEATHER.format(21, 11, 5, 2, 8, 18),
            id="weather of another day",
        ),
        pytest.param(
            PHONE_CALL.format("Шавкатом Мирзиёевым"),
            PHONE_CALL.format("Реджепом Эрдоганом"),
            id="a call to someone else",
        ),
        pytest.param(STORY, STORY.partition(". ")[0], id="a headline is too short to be a reprint"),
        pytest.param(STORY, ADDED.strip(), id="another story of the same visit"),
        pytest.param("", "", id="no words at all"),
    ],
)
def test_not_a_reprint(one: str, other: str) -> None:
    lemmas = ANALYZER.lemmas
    first, second = Text("a", tuple(lemmas(one))), Text("b", tuple(lemmas(other)))
    assert not is_reprint(first, second, ANALYZER)
    assert not is_reprint(second, first, ANALYZER)


def test_a_short_text_is_a_reprint_of_an_equal_one_only() -> None:
    brief = Text("a", ("токаев-", "прибыть", "токио"))
    assert is_reprint(brief, brief._replace(article_id="b"), ANALYZER)
    assert not is_reprint(brief, Text("b", (*brief.lemmas, "сегодня")), ANALYZER)


def test_articles_of_different_authors_in_the_archive_are_stories_of_their_own() -> None:
    archive = shipped_archive()
    known = words(archive, [each.id for each in archive.articles])
    assert stories(known, [], ANALYZER) == {text.article_id: text.article_id for text in known}


# Stories


def said(name: str, words: str) -> Text:
    return Text(name, tuple(words.split()))


LINES = "а б в г д е ё ж з и й к л м н о п р с т у ф х ц ч ш щ ъ ы ь"
FIRST = said("first", LINES)
LONGER = said("longer", LINES + " один два три четыре пять шесть семь восемь девять десять")
LONGEST = said("longest", " ".join(LONGER.lemmas[14:]) + " январь февраль март апрель")
OTHER = said("other", "кот пёс лис волк медведь заяц рысь лось барс тигр лев слон жираф")


@pytest.mark.parametrize(
    ("new", "known", "expected"),
    [
        ([], [FIRST], {}),
        ([FIRST, OTHER], [], {"first": "first", "other": "other"}),
        ([LONGER], [OTHER, FIRST], {"longer": "first"}),
        ([FIRST, LONGER], [OTHER], {"first": "first", "longer": "first"}),
        ([LONGER, FIRST], [], {"longer": "longer", "first": "longer"}),
        ([FIRST], [FIRST], {"first": "first"}),
        ([said("empty", "")], [said("blank", "")], {"empty": "empty"}),
    ],
)
def test_a_story_is_named_after_its_first_article(
    new: list[Text], known: list[Text], expected: dict[str, str]
) -> None:
    assert stories(new, known, ANALYZER) == expected


@pytest.mark.parametrize(("new", "known"), [(1, 2), (2, 1), (3, 0)])
def test_a_reprint_of_a_reprint_belongs_to_the_story_that_began_it(new: int, known: int) -> None:
    chain = [FIRST, LONGER, LONGEST]
    assert not is_reprint(FIRST, LONGEST, ANALYZER)
    found = stories(chain[known:], chain[:known], ANALYZER)
    assert found == {text.article_id: "first" for text in chain[known:]}
    assert len(found) == new


def test_the_quick_look_misses_no_reprint() -> None:
    """Against all pairs, one by one: texts cut, mixed and lengthened at random."""
    chance = random.Random(5)  # noqa: S311
    vocabulary = [f"слово{number}" for number in range(60)]
    texts = [said(str(n), " ".join(chance.choices(vocabulary, k=40))) for n in range(10)]
    for number in range(10, 120):
        old = list(chance.choice(texts).lemmas)
        start = chance.randrange(len(old) // 2)
        del old[start : start + chance.randrange(20)]
        at = chance.randrange(len(old))
        old[at:at] = chance.choices(vocabulary, k=chance.randrange(25))
        texts.append(Text(str(number), tuple(old)))
    found = stories(texts, [], ANALYZER)
    roots: dict[str, str] = {}
    for number, text in enumerate(texts):
        first = next((each for each in texts[:number] if is_reprint(each, text, ANALYZER)), None)
        roots[text.article_id] = roots[first.article_id] if first else text.article_id
    assert found == roots
    assert 10 < len(set(roots.values())) < 100


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
