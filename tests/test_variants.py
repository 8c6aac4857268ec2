"""Other ways to write one word."""

import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from retrieval.mending.variants import japanese, readings, relayout, skeleton, sound


@pytest.mark.parametrize(
    ("typed", "meant"),
    [
        ("njrftd", "токаев"),
        ("rfpf[cnfy", "казахстан"),
        (";fhf d gfhbt", "жара в парие"),
        ("Ghbdtn", "Привет"),
        ("ьшеыгишырш", "mitsubishi"),
        ("",) * 2,
    ],
)
def test_the_other_layout(typed: str, meant: str) -> None:
    assert relayout(typed) == meant


@given(st.text("йцукенгшщзфывапролдячсмит ", min_size=1))
def test_a_layout_changed_twice_is_the_text_again(text: str) -> None:
    assert relayout(relayout(text)) == text


SAME_NAME = [
    "Tokayev Tokaev Toqayev Токаев",
    "Mirziyoyev Мирзиёев",
    "Shymkent Шымкент",
    "Marubeni Марубени",
    "JOGMEC Джогмек",
    "Toyota Тойота",
    "Mitsubishi Мицубиси Мицубиши",
    "Suzuki Судзуки Сузуки",
    "Junichiro Дзюнитиро Джуничиро",
    "Khrushchev Хрущёв",
    "Zhukov Жуков",
    "Pashinyan Пашинян",
    "Houston Хоустон",
    "Himmler Гиммлер",
    "William Уильям",
    "Michel Мишель",
]


@pytest.mark.parametrize("names", SAME_NAME, ids=lambda names: names.split()[0])
def test_a_name_in_two_alphabets_has_the_same_consonants(names: str) -> None:
    latin = [name.casefold() for name in names.split() if name.isascii()]
    russian = {skeleton(sound(n.casefold())) for n in names.split() if not n.isascii()}
    for name in latin:
        assert russian & {skeleton(sound(reading)) for reading in readings(name)}


def test_many_words_are_turned_as_one_by_one() -> None:
    words = ["тойота", "судзуки", "россия", "аббатство", "щёлочь"]
    assert sound("\n".join(words)).split("\n") == [sound(word) for word in words]
    latin = ["toyota", "tokyo", "churchill"]
    for number, read in enumerate(readings("\n".join(latin))):
        assert read.split("\n") == [list(readings(word))[number] for word in latin]


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("такаити", "такаичи"),
        ("мицубиси", "мицубиши"),
        ("синдзо", "шинзо"),
        ("хаяси", "хаяши"),
        ("дзюнъитиро", "джунъичиро"),
        ("тосиба", "тошиба"),
        ("судзуки", "сузуки"),
        ("асахи", "ашахи"),
        ("тиба", "чиба"),
        ("сёхэй", "шохей"),
        ("тосибой", "тошибой"),
        ("симбун", "шинбун"),
        ("хоккайдо", "хоккаидо"),
        ("сэппуку", "сеппуку"),
        ("тэккэн", "теккен"),
    ],
)
def test_two_systems_for_japanese(one: str, other: str) -> None:
    if one == "асахи":
        assert other not in japanese(one)
    else:
        assert other in japanese(one)
        assert one in japanese(other)


@pytest.mark.parametrize("word", ["взгляд", "spring", "токаев", "", "си-си", "а" * 30 + "ъъ"])
def test_what_has_no_japanese_syllables_has_no_other_ways(word: str) -> None:
    assert list(japanese(word)) == []


@pytest.mark.parametrize("word", ["Хоккайдо", "Саппоро", "Ниссан", "Тоттори", "Ниппон"])
def test_doubled_consonants_are_japanese_too(word: str) -> None:
    assert list(japanese(f"{word}си")) != []


def test_a_long_word_takes_no_time() -> None:
    begin = time.perf_counter()
    assert list(japanese("на" * 24 + "к")) == []
    assert time.perf_counter() - begin < 0.1


@given(st.text("сиштчдзжнбмаеёэй", max_size=40))
def test_the_ways_are_few_and_others(word: str) -> None:
    ways = list(japanese(word))
    assert len(ways) <= 64
    assert word not in ways
