"""One analyzer: whatever way a word is written or declined, it has a lemma in common."""

from itertools import combinations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from retrieval.analyzer import Analyzer

ANALYZER = Analyzer()

SAME = [
    # case forms of names, in the dictionary and not
    "Токаев Токаева Токаеву Токаевым Токаеве Токаевой",
    "Нуржума Нуржумы Нуржуме Нуржуму Нуржумой",
    "Добринская Добринской Добринскую",
    "Астана Астаны Астане Астану Астаной",
    "Акорда Акорды Акорде Акорду Акордой",
    "Кашаган Кашагана Кашагану Кашаганом Кашагане",
    "Рахим Рахима Рахиму Рахимом",
    "Семей Семея Семею Семее",
    "Зеленский Зеленского Зеленскому Зеленским",
    "Трамп Трампа Трампом",
    "Ковалёва Ковалевой Ковалёву Ковалёв Ковалёвым Ковалёвы",
    "Добринский Добринского Добринская Добринской Добринские Добринских",
    "Толстая Толстой Толстую",
    "Мерц Мерца Мерцу Мерцем Мерце",
    "Летов Летова Летову Летовым Летовой Летовых",
    "Бабенец Бабенца Бабенцу",
    "Меркель",
    # surnames some forms of which the dictionary takes for other words
    "Садов Садова Садову Садовым Садовой Садовых Садовыми",
    "Рублев Рублёва Рублеву Рублевой Рублевым Рублевых",
    "Маск Маска Маску Маском Маске",
    "Дубин Дубина Дубину Дубиным Дубине",
    "Груша Груши Груше Грушу Грушой",
    "Береговой Берегову Береговым Береговых",
    # ambiguous words
    "банк банка банку банком банки банков",
    "стали стать стал",
    "мир мира миру",
    # ways of writing
    "Токаев ТОКАЕВ токаева Токае\u0301ва То\u00adкае\u200bва",
    "Алексей Алексеи\u0306 алексеи\u0306 АЛЕКСЕЙ",
    "подъём подъем ПОДЪЁМ подъе\u0308м",
    "премьер-министр премьер\u2010министр премьер\u2011министра премьер–министром премьер−министру",
    "казахстанско-японские японские японским",
    "казахстанско-японские казахстанские",
    "премьер-министра министр",
    "премьер-министра премьеру",
    "18,6 18.6",
    "2000-х 2000 2000-е",
    "C5+1 С5+1 с5+1 c5+1",
    "А320 A320",
    "Казахстан Kазахстана Казахcтаном",
    "Mitsubishi MITSUBISHI mitsubishi",
    "O'Reilly O’Reilly oʼreilly",
    "635,2млн 635.2",
]


def lemmas(word: str) -> set[str]:
    found = {lemma for token in ANALYZER.tokens(word, any_case=True) for lemma in token.lemmas}
    assert found, word
    return found


@pytest.mark.parametrize("forms", SAME, ids=lambda forms: forms.split()[0])
def test_forms_of_one_word_share_a_lemma(forms: str) -> None:
    for one, other in combinations(forms.split(), 2):
        assert lemmas(one) & lemmas(other), (one, other)


@pytest.mark.parametrize(
    ("text", "other"),
    [
        ("уран", "Иран"),
        ("Токаев", "Токио"),
        ("Такаити", "Такаичи"),
        ("18,6", "186"),
        ("стол", "сталь"),
        ("стали", "сталь"),
        ("Мерц", "мерить"),
        ("Садова", "сад"),
    ],
)
def test_different_words_share_none(text: str, other: str) -> None:
    assert not lemmas(text) & lemmas(other)


def test_digits_grouped_by_spaces_are_one_number() -> None:
    (token,) = ANALYZER.tokens("1\u00a0200")
    assert token.lemmas == ("1200",)
    assert ANALYZER.lemmas("в 2024 году 100 тонн")[0] == "2024"


@pytest.mark.parametrize(
    "text",
    [
        "и не в на под о об из-за",
        "кто что когда сколько где какой какая почему зачем куда откуда",
        "он она они этот который весь свой",
        "что-то какой-нибудь во-первых",
        "ли же бы да нет увы",
        "Как? Что же? А почему?",
    ],
)
def test_words_of_grammar_are_left_out(text: str) -> None:
    assert ANALYZER.tokens(text) == []


@pytest.mark.parametrize("text", ["ООН", "один", "3", "C5+1", "JOGMEC", "Ивая", "Токио", "20"])
def test_names_and_numbers_are_kept(text: str) -> None:
    assert [text[token.start : token.stop] for token in ANALYZER.tokens(text)] == [text]


def test_a_name_typed_small_is_looked_up_as_a_name_only_where_asked() -> None:
    assert "токаев-" not in ANALYZER.lemmas("токаев")
    assert "токаев-" in ANALYZER.tokens("токаев", any_case=True)[0].lemmas
    assert "столов-" not in ANALYZER.lemmas("пять столов")


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("как сказал Маск", True),
        ("Илона Маска", True),
        ("И. Маску", True),
        ("Без масок: Маск", True),
        ("надели маску", False),
        ("Маска спадает. Маску", True),
        ("Запрет снят. Маска спадает", False),
        ("СНЯЛ МАСКА", False),
    ],
)
def test_a_capital_makes_a_name_where_it_does_not_begin_a_sentence(text: str, found: bool) -> None:
    assert ("маск-" in ANALYZER.lemmas(text)) is found


def test_a_word_of_grammar_with_a_capital_inside_a_sentence_is_a_name() -> None:
    assert "ли" in ANALYZER.lemmas("Ли прибыл в Сеул")
    assert "ли" not in ANALYZER.lemmas("прибыл ли")
    assert "ван" in ANALYZER.lemmas("встретил Ван И")
    assert len(ANALYZER.tokens("спросил Вас")) == 1
    assert not ANALYZER.tokens("после", any_case=True)


def test_a_surname_that_is_a_rare_reading_of_an_adjective_is_kept() -> None:
    assert "черных" in ANALYZER.lemmas("сообщила Черных")
    assert "черных" not in ANALYZER.lemmas("без черных")


def test_things_weigh_more_than_deeds_and_general_words_nothing() -> None:
    weights = {
        word: ANALYZER.tokens(word)[0].weight
        for word in ("Токио", "экспорт", "подписали", "впервые", "год")
    }
    assert sorted(weights, key=lambda word: -weights[word]) == list(weights)
    assert weights["год"] == 0 < weights["подписали"]


def test_offsets_are_into_the_text_as_given() -> None:
    text = "— «Токае\u0301в»\u00a0и премьер-министр: 18,6%"
    found = [text[token.start : token.stop] for token in ANALYZER.tokens(text)]
    assert found == ["Токае\u0301в", "премьер-министр", "18,6"]


@given(st.text())
@settings(deadline=None)
def test_any_text_gives_words_in_order_within_it(text: str) -> None:
    tokens = ANALYZER.tokens(text)
    edges = [edge for token in tokens for edge in (token.start, token.stop)]
    assert edges == sorted(edges)
    assert all(0 <= token.start < token.stop <= len(text) for token in tokens)
    assert all(all(token.lemmas) for token in tokens)


@given(st.text(st.sampled_from("абвёйТ5 -+,.'\u0301\u0306\u00ad\u200b’–cC1_"), max_size=30))
@settings(deadline=None)
def test_a_word_never_starts_or_stops_inside_another(text: str) -> None:
    for token in ANALYZER.tokens(text):
        assert not (text[: token.start][-1:].isalpha() and text[token.start].isalpha())
        assert not (text[token.stop - 1].isalpha() and text[token.stop :][:1].isalpha())


GARBAGE = [
    "а" * 50_000,
    "а-" * 20_000,
    "1 " * 20_000,
    "1," * 20_000,
    "+1" * 20_000,
    "5а" * 20_000,
    "а'" * 20_000,
    "а\u0301" * 20_000,
    "а" + "\u200b" * 50_000,
    "\u202eабв\ud800😀\x00" * 5_000,
]


@pytest.mark.timeout(5)
@pytest.mark.parametrize("text", GARBAGE, ids=lambda text: ascii(text[:3]))
def test_garbage_is_fast_and_harmless(text: str) -> None:
    assert isinstance(ANALYZER.lemmas(text), list)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Визит стал сигналом", True),
        ("Договор подписан", True),
        ("Стороны готовы", True),
        ("Это нужно обсудить", True),
        ("Времени нет", True),
        ("Общая оценка японских СМИ", False),
        ("Теплый прием в Императорском дворце", False),
        ("Прорывные инициативы в сфере ИИ и связи", False),
        ("По словам Нуржумой", False),
        ("Император Нарухито", False),
        ("", False),
    ],
)
def test_a_predicate_tells_a_sentence_from_a_headline(text: str, expected: bool) -> None:
    assert ANALYZER.has_predicate(text) is expected


def test_the_version_names_the_dictionary() -> None:
    assert ANALYZER.version == Analyzer().version
    assert "pymorphy3" in ANALYZER.version
