"""The word of the archive that a typed word stands for; nothing where none is near enough."""

from collections import Counter

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from retrieval.analyzer import Analyzer
from retrieval.mending.corrections import Lexicon, Near
from retrieval.mending.retyping import retyped
from tests.vocabularies import lexicon

ANALYZER = Analyzer()
ARCHIVE = """
Жамбылова Мухтарханов Ганбаатар Лукашевич Достоевский Пашинян Мирзиёев Экибастуз Мангистау
Вакамацу Синодзуки Тэцудзи Кавасаки Тихиро Дзюндзабуро Абэ Nakanishi Yamazaki KEPCO Bloomberg
Шевроле инфраструктура правительство нефтепровод меморандум экспорт учёный будущее цена парад посол
вице-президент Ак-Булак сотрудничество строительство японец месторождение договариваться
"""


def counted(text: str = ARCHIVE, passages: int = 30) -> Counter[str]:
    counts: Counter[str] = Counter()
    for lemma in ANALYZER.lemmas(", ".join(text.split())):
        counts[lemma] += passages
    return counts


LEXICON = lexicon(counted())


def near(word: str, terms: Lexicon = LEXICON) -> Near | None:
    (token,) = ANALYZER.tokens(word, any_case=True)
    return terms.near(word, token, ANALYZER)


@pytest.mark.parametrize(
    ("typed", "meant", "kind"),
    [
        # mistypings, in any case form
        ("Жомбылова", "Жамбылова", "typo"),
        ("жомбыловой", "Жамбылова", "typo"),
        ("Мухтархнаову", "Мухтарханов", "typo"),
        ("Ганбатара", "Ганбаатар", "typo"),
        ("достаевскому", "Достоевский", "typo"),
        ("Икибастуз", "Экибастуз", "typo"),
        ("инфроструктуры", "инфраструктура", "typo"),
        ("инфрастуктура", "инфраструктура", "typo"),
        ("праветельству", "правительство", "typo"),
        ("эксопрт", "экспорт", "typo"),
        ("японци", "японец", "typo"),
        ("миморандумом", "меморандум", "typo"),
        # the other layout
        ("gjckf", "посол", "layout"),
        ("gfibyzy", "Пашинян", "layout"),
        ("тфлфтшырш", "Nakanishi", "layout"),
        ("ghfdtntkmcndj", "правительство", "layout"),
        # two alphabets
        ("Mirziyoyev", "Мирзиёев", "latin"),
        ("pashinyan", "Пашинян", "latin"),
        ("Ekibastuz", "Экибастуз", "latin"),
        ("Dostoevsky", "Достоевский", "latin"),
        ("Shinozuki", "Синодзуки", "latin"),
        ("Shevrole", "Шевроле", "latin"),
        ("Наканиси", "Nakanishi", "latin"),
        ("Наканиши", "Nakanishi", "latin"),
        ("кепко", "KEPCO", "latin"),
        ("Ямадзаки", "Yamazaki", "latin"),
        # two systems for Japanese
        ("Шинозуки", "Синодзуки", "japanese"),
        ("Тецуджи", "Тэцудзи", "japanese"),
        ("Чихиро", "Тихиро", "japanese"),
        ("Джунзабуро", "Дзюндзабуро", "japanese"),
        ("Абе", "Абэ", "japanese"),
        # hyphens
        ("вицепрезидента", "вице-президент", "hyphen"),
        ("акбулаке", "Ак-Булак", "hyphen"),
        ("экс-порт", "экспорт", "hyphen"),
    ],
)
def test_a_word_the_archive_lacks_is_taken_for_one_it_has(
    typed: str, meant: str, kind: str
) -> None:
    found = near(typed)
    assert found
    assert set(found.lemmas) & {t for k in ANALYZER.tokens(meant, any_case=True) for t in k.lemmas}
    assert found.kind == kind
    assert 0 < found.certainty <= 1
    assert all(lemma in LEXICON for lemma in found.lemmas)


@pytest.mark.parametrize(
    "typed",
    [
        *("жена", "Париж", "корова", "кампания", "телефонограмма", "банан", "экспонат"),
        *("Жумабаев", "Лукин", "Кулибеков", "Достоянский", "Петров", "Хирохито", "Иидзука"),
        *("qwerty", "IMF", "Washington", "kepi", "фывапр", "абв", "к2", "а" * 4096, "2025"),
    ],
)
def test_a_word_with_no_word_near_it_stays(typed: str) -> None:
    assert near(typed) is None


def test_a_word_the_archive_has_gives_way_only_to_a_much_commoner_one() -> None:
    typo = ANALYZER.lemmas("Мухтархонов")
    counts = dict.fromkeys(ANALYZER.lemmas("Мухтарханов"), 100)
    for passages, expected in ((1, True), (40, False)):
        terms = lexicon({**counts, **dict.fromkeys(typo, passages)})
        assert (near("Мухтархонов", terms) is not None) is expected


def test_of_many_terms_a_rare_one_is_near_by_chance() -> None:
    crowd = {f"я{'абвгдежз'[n % 8]}{n}": 1 for n in range(100_000)}
    rare, common = ({**crowd, "токаев-": passages} for passages in (1, 60))
    assert near("токаив", lexicon(rare)) is None
    assert near("токаив", lexicon(common))


def test_terms_of_several_segments_are_one_archive() -> None:
    counts = counted()
    parts = [[term for term in counts if len(term) % 2 == odd] for odd in (0, 1)]
    split = lexicon(counts, *parts)
    for typed in ("Жомбылова", "Ганбатара", "Tokayev", "Наканиси", "gjckf", "акбулаке", "жена"):
        assert near(typed, split) == near(typed)


@pytest.mark.parametrize("typed", ["Жомбылова", "Pashinyan", "Наканиси", "gjckf", "акбулаке"])
def test_what_no_passage_has_any_more_is_not_near(typed: str) -> None:
    counts = counted()
    found = near(typed, lexicon(counts))
    assert found
    gone = lexicon({**counts, **dict.fromkeys(found.lemmas, 0)})
    assert not any(lemma in gone for lemma in found.lemmas)
    assert near(typed, gone) is None


def test_an_empty_archive_has_nothing() -> None:
    assert near("импиратор", lexicon({})) is None
    assert retyped("Tokayev", lexicon({}), ANALYZER) == []


@pytest.mark.parametrize(
    ("typed", "meant"),
    [
        ("gjcjk", "посол"),
        ("rnj nfrjq gfibyzy?", "кто такой пашинян?"),
        ("цена 'rcgjhnf", "цена экспорта"),
        ("что сказал gfibyzy", "что сказал пашинян"),
        ("когда ghfdbntkmcndj", "когда правительство"),
        ("тфлфтшышр", "тфлфтшышр"),
        ("тфлфтшырш в японии", "nakanishi в японии"),
        ("Nakanishi KEPCO", "Nakanishi KEPCO"),
        ("экспорт (JCM), 2025", "экспорт (JCM), 2025"),
        ("привет, как дела", "привет, как дела"),
        ("https://ya.ru", "https://ya.ru"),
        (" ", " "),
    ],
)
def test_what_is_typed_in_the_other_layout_is_found_before_words_are(
    typed: str, meant: str
) -> None:
    text = typed
    for span, other in reversed(retyped(typed, LEXICON, ANALYZER)):
        text = text[: span.start] + other + text[span.stop :]
    assert text == meant


@given(st.text(max_size=60))
@settings(deadline=None)
def test_any_text_is_harmless(text: str) -> None:
    for span, other in retyped(text, LEXICON, ANALYZER):
        assert 0 <= span.start < span.stop <= len(text)
        assert other
    for token in ANALYZER.tokens(text, any_case=True):
        found = LEXICON.near(text[token.start : token.stop], token, ANALYZER)
        assert found is None or (found.lemmas and all(lemma in LEXICON for lemma in found.lemmas))


@pytest.mark.timeout(5)
@pytest.mark.parametrize("text", ["s " * 2000, "s" * 4096, "[" * 4096, "а-" * 2048, "'" * 4096])
def test_garbage_is_fast(text: str) -> None:
    assert isinstance(retyped(text, LEXICON, ANALYZER), list)
